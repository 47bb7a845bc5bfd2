//! The Expected Utility Model: on one issue, actors threaten each other and give way by what a challenge is
//! worth.
//!
//! Bueno de Mesquita 1994 as restated by Scholz, Calbert and Smith 2011, with x positions, c capabilities,
//! s saliences (0–1), D the range of the first positions, μ the centre, and r the risk exponent:
//!
//! ```text
//! Uˢ = 2 − 4(½ − ½|xᵢ−xⱼ|/D)^r    success      Uᵇ = 2 − 4(½ − ¼(|xᵢ−μ|+|xᵢ−xⱼ|)/D)^r   a better status quo
//! Uᶠ = 2 − 4(½ + ½|xᵢ−xⱼ|/D)^r    failure      Uʷ = 2 − 4(½ + ¼(|xᵢ−μ|+|xᵢ−xⱼ|)/D)^r   a worse one
//! Uᵠ = 2 − 4(½)^r                 the same one
//! Eᵢⱼ = sⱼ(PᵢⱼUˢ + (1−Pᵢⱼ)Uᶠ) + (1−sⱼ)Uˢ − Q·Uᵠ − (1−Q)(T·Uᵇ + (1−T)Uʷ)
//! Rᵢ = (2Σⱼ Eⱼᵢ − max − min)/(max − min) with all r = 1,   rᵢ = (1 − Rᵢ/3)/(1 + Rᵢ/3), within ½–2
//! ```
//!
//! Where the text and its replications part, [`Options`] has a name for each side. A round costs O(n³) for
//! n actors, O(n⁴) under [`RiskBasis::OwnPositions`]. The model need not settle: it often cycles.

mod options;
mod round;
mod scene;

pub use options::{
    Alternatives, Capitulation, Centre, Choice, Options, OptionsError, Perspective, Probability, RiskBasis,
};
pub use round::{Offer, OfferKind, Turn, run};
