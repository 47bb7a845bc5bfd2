//! What is believed of the parameters before any date is seen: weak, the same for every table, and stated.

use super::Rates;
use crate::contagion::Spread;

/// A parameter of the risk of first protest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Parameter {
    /// a, per day.
    Shock,
    /// γ.
    Size,
    /// r, per day.
    Growth,
    /// b, per day.
    Contagion,
    /// d₀, km.
    ScaleKm,
    /// δ.
    Exponent,
    /// m.
    MediaShare,
}

/// How a standard normal number becomes a value.
#[derive(Clone, Copy)]
enum Form {
    Normal,
    LogNormal,
    LogitNormal,
}

impl Parameter {
    /// Its name, with its unit.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Parameter::Shock => "shock_per_day",
            Parameter::Size => "size_exponent",
            Parameter::Growth => "growth_per_day",
            Parameter::Contagion => "contagion_per_day",
            Parameter::ScaleKm => "scale_km",
            Parameter::Exponent => "distance_exponent",
            Parameter::MediaShare => "media_share",
        }
    }

    /// Median and spread of the prior. Rates are free over three orders of magnitude, distances from tens to hundreds of
    /// kilometres, the exponent around 1, and media carry anything between a tenth and nine tenths.
    fn prior(self) -> (Form, f64, f64) {
        match self {
            Parameter::Shock => (Form::LogNormal, 0.05, 1.5),
            Parameter::Size => (Form::Normal, 0.5, 0.5),
            Parameter::Growth => (Form::Normal, 0.0, 1.0),
            Parameter::Contagion => (Form::LogNormal, 0.3, 1.5),
            Parameter::ScaleKm => (Form::LogNormal, 100.0, 1.0),
            Parameter::Exponent => (Form::LogNormal, 1.0, 0.5),
            Parameter::MediaShare => (Form::LogitNormal, 0.5, 1.5),
        }
    }

    /// The value at a standard normal number `z`.
    #[must_use]
    pub fn value(self, z: f64) -> f64 {
        let (form, median, spread) = self.prior();
        match form {
            Form::Normal => median + spread * z,
            Form::LogNormal => median * (spread * z).exp(),
            Form::LogitNormal => {
                let odds = median / (1.0 - median) * (spread * z).exp();
                odds / (1.0 + odds)
            }
        }
    }
}

impl Rates {
    /// Without any effect; fields are then filled in.
    const NOTHING: Rates = Rates {
        shock: 0.0,
        growth: 0.0,
        size: 0.0,
        contagion: 0.0,
        spread: Spread { scale_km: 1.0, exponent: 1.0, media_share: 0.0 },
    };

    /// The rates at standard normal numbers, one for each of the parameters.
    pub(super) fn at(parameters: &[Parameter], z: &[f64]) -> Rates {
        let mut rates = Rates::NOTHING;
        for (parameter, z) in parameters.iter().zip(z) {
            let value = parameter.value(*z);
            match parameter {
                Parameter::Shock => rates.shock = value,
                Parameter::Size => rates.size = value,
                Parameter::Growth => rates.growth = value,
                Parameter::Contagion => rates.contagion = value,
                Parameter::ScaleKm => rates.spread.scale_km = value,
                Parameter::Exponent => rates.spread.exponent = value,
                Parameter::MediaShare => rates.spread.media_share = value,
            }
        }
        rates
    }
}
