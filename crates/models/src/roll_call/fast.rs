//! The fast estimator: the posterior's mode by turns, deterministic.
//!
//! Given resolutions, the ideal points have a posterior that is nearly normal: its mode and curvature are found by
//! Newton's method, one number per seat, with its variance from the curvature (Laplace's approximation). Given these, each
//! resolution's parameters have one too, in three numbers. Each side sees the other as uncertain: it maximises the
//! *expected* log-posterior over the other's normal approximation, by three-point Gauss–Hermite quadrature, which is what
//! keeps the ends of the line from running away on resolutions with few votes against. Each sweep takes one Newton step
//! of each side: a coordinate ascent as in variational Bayes, with curvatures in place of optimised variances.
//!
//! The derivation is our own. The nearest literature is the variational EM algorithms for ideal points of Imai, Lo and
//! Olmsted (2016, "Fast Estimation of Ideal Points with Massive Data", American Political Science Review 110(4);
//! recalled), which augment by latent utilities as the sampler does: simpler steps, but many more of them.
//!
//! What it leaves out: correlations between ideal points and resolutions, so that standard deviations are a little small
//! where sessions hang together weakly.

use rayon::prelude::*;

use super::chamber::{Chamber, Classes};
use super::error::RollCallError;
use super::estimate::{Estimate, Resolution};
use super::ordinal::{Item, Scores, dot};
use super::start::principal_direction;
use super::votes::Vote;

/// How long the fast estimator goes on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FastSettings {
    /// It has come to rest when no ideal point moves more than this in a sweep.
    pub tolerance: f64,
    /// It gives up coming to rest after this many sweeps.
    pub most_sweeps: usize,
}

impl Default for FastSettings {
    /// 10⁻⁴, a thousandth of a usual standard deviation; 400 sweeps.
    fn default() -> FastSettings {
        FastSettings { tolerance: 1e-4, most_sweeps: 400 }
    }
}

/// Where cutpoints end, as published.
pub(super) const FARTHEST_CUT: f64 = 7.0;
/// Where ideal points end, as published.
pub(super) const FARTHEST_POINT: f64 = 5.0;
/// The least distance kept between cutpoints that abstentions hold apart.
const LEAST_GAP: f64 = 1e-3;
/// Precision of the prior of a slope, as published.
const SLOPE_PRECISION: f64 = 1.0;
/// The longest step in one parameter in one sweep.
const LONGEST_STEP: f64 = 1.0;
/// Nodes of three-point Gauss–Hermite quadrature in standard deviations, with their weights.
const NODES: [(f32, f64); 3] = [(-1.732_050_8, 1.0 / 6.0), (0.0, 2.0 / 3.0), (1.732_050_8, 1.0 / 6.0)];

/// Estimates ideal points; the same on any number of threads.
///
/// # Errors
/// The settings are not positive, or all ideal points come out alike.
pub fn fast(chamber: &Chamber, settings: FastSettings) -> Result<Estimate, RollCallError> {
    if !(settings.tolerance > 0.0 && settings.most_sweeps > 0) {
        return Err(RollCallError::Settings { why: "tolerance and number of sweeps must be positive" });
    }
    let mut state = State::start(chamber);
    let (mut rounds, mut converged) = (0, false);
    while rounds < settings.most_sweeps && !converged {
        let moved = state.sweep(chamber)?;
        rounds += 1;
        // The first steps are cut short and say nothing of rest.
        converged = moved < settings.tolerance && rounds > 5;
    }
    state.orient(chamber);
    let resolutions = state.items.iter().map(Item::as_resolution).collect();
    Ok(Estimate { means: state.means, sds: state.sds, resolutions, rounds, converged })
}

/// Ideal points and resolutions on their way.
pub(super) struct State {
    pub means: Vec<f64>,
    pub sds: Vec<f64>,
    pub items: Vec<Item>,
    /// How uncertain each resolution is, given the ideal points.
    spreads: Vec<Spread>,
}

/// Covariances of a resolution's parameters.
#[derive(Clone, Copy, Debug, Default)]
struct Spread {
    /// Variances of γ₁ and γ₂, and their covariance.
    cuts: [f32; 2],
    between_cuts: f32,
    /// Covariances of γ₁ and γ₂ with β.
    with_slope: [f32; 2],
    /// Variance of β.
    slope: f32,
}

impl State {
    /// The principal direction of the votes, and for each resolution cutpoints at its shares of votes (as published).
    pub fn start(chamber: &Chamber) -> State {
        let means = principal_direction(chamber);
        let items = chamber
            .items
            .iter()
            .map(|item| {
                let n = item.all().len() as f32;
                let yes = item.of(Vote::Yes).len() as f32 / n;
                let abstain = item.of(Vote::Abstain).len() as f32 / n;
                Item { cuts: [2.0 * yes - 1.0, 2.0 * (yes + abstain) - 1.0], slope: 0.0 }
            })
            .collect();
        State {
            sds: vec![0.3; means.len()],
            means,
            items,
            spreads: vec![Spread::default(); chamber.items.len()],
        }
    }

    /// One turn of resolutions, then ideal points; the furthest that one of these moved.
    pub fn sweep(&mut self, chamber: &Chamber) -> Result<f64, RollCallError> {
        let (points, sds) = (single(&self.means), single(&self.sds));
        let most = chamber.items.iter().map(|item| item.all().len()).max().unwrap_or(0);
        self.items.par_iter_mut().zip(&mut self.spreads).zip(&chamber.items).for_each_init(
            || Desk::with_room(most),
            |desk, ((item, spread), votes)| {
                let bend = desk.bend_of_item(item, *votes, &chamber.seat_of, &points, &sds, SLOPE_PRECISION);
                *spread = take_step(item, *votes, &bend);
            },
        );
        let most = chamber.ballots.iter().map(|ballot| ballot.all().len()).max().unwrap_or(0);
        let old = &self.means;
        let (items, spreads) = (&self.items, &self.spreads);
        let improved: Vec<(f64, f64)> = (0..chamber.seats.len())
            .into_par_iter()
            .map_init(
                || Desk::with_room(most),
                |desk, seat| desk.improve_point(chamber, seat, items, spreads, old),
            )
            .collect();
        let before = std::mem::take(&mut self.means);
        (self.means, self.sds) = improved.into_iter().unzip();
        self.standardise()?;
        Ok(before.iter().zip(&self.means).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max))
    }

    /// Gives the ideal points the mean 0 and, uncertainty included, the standard deviation 1; the resolutions follow, so
    /// that no probability changes.
    fn standardise(&mut self) -> Result<(), RollCallError> {
        let n = self.means.len() as f64;
        let mean = self.means.iter().sum::<f64>() / n;
        let between = self.means.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n;
        let within = self.sds.iter().map(|sd| sd * sd).sum::<f64>() / n;
        let spread = (between + within).sqrt();
        if !(between > 1e-12 && spread.is_finite()) {
            return Err(RollCallError::NoSpread);
        }
        self.means.iter_mut().for_each(|x| *x = (*x - mean) / spread);
        self.sds.iter_mut().for_each(|sd| *sd /= spread);
        for item in &mut self.items {
            let shift = item.slope * mean as f32;
            item.cuts = item.cuts.map(|cut| (cut - shift).clamp(-FARTHEST_CUT as f32, FARTHEST_CUT as f32));
            item.slope *= spread as f32;
        }
        Ok(())
    }

    /// Turns the line round if it lies the wrong way.
    pub fn orient(&mut self, chamber: &Chamber) {
        let slopes: Vec<f64> = self.items.iter().map(|item| f64::from(item.slope)).collect();
        if chamber.is_reversed(&self.means, &slopes) {
            self.means.iter_mut().for_each(|x| *x = -*x);
            self.items.iter_mut().for_each(|item| item.slope = -item.slope);
        }
    }
}

impl Item {
    /// The same in double precision.
    pub fn as_resolution(&self) -> Resolution {
        Resolution { cutpoints: self.cuts.map(f64::from), slope: f64::from(self.slope) }
    }
}

/// Numbers in single precision.
pub(super) fn single(numbers: &[f64]) -> Vec<f32> {
    numbers.iter().map(|x| *x as f32).collect()
}

/// Room for the rows of one resolution or one seat.
struct Desk {
    points: Vec<f32>,
    low: Vec<f32>,
    high: Vec<f32>,
    slopes: Vec<f32>,
    /// How far a standard deviation of a vote's distance moves the slope, and what is left of the slope's variance.
    tilts: Vec<f32>,
    residues: Vec<f32>,
    /// Standard deviation of each vote's distance from its cutpoints.
    widths: Vec<f32>,
    ones: Vec<f32>,
    scores: Scores,
}

/// Gradient and Hessian by γ₁, γ₂ and β.
#[derive(Default)]
struct Bend {
    gradient: [f64; 3],
    hessian: [[f64; 3]; 3],
}

impl Desk {
    fn with_room(votes: usize) -> Desk {
        let row = || vec![0.0; votes];
        Desk {
            points: row(),
            low: row(),
            high: row(),
            slopes: row(),
            tilts: row(),
            residues: row(),
            widths: row(),
            ones: vec![1.0; votes],
            scores: Scores::with_room(votes),
        }
    }

    /// Gradient and Hessian of a resolution's expected log-posterior.
    fn bend_of_item(
        &mut self,
        item: &Item,
        votes: Classes,
        seats: &[u32],
        points: &[f32],
        sds: &[f32],
        precision: f64,
    ) -> Bend {
        let mut bend = Bend::default();
        for vote in Vote::ALL {
            let seats = &seats[votes.of(vote)];
            if seats.is_empty() {
                continue;
            }
            for (node, weight) in NODES {
                self.score_item(item, vote, seats, |seat| points[seat] + node * sds[seat]);
                self.add_to(&mut bend, vote, seats.len(), weight);
            }
        }
        bend.gradient[2] -= precision * f64::from(item.slope);
        bend.hessian[2][2] -= precision;
        bend
    }

    /// Scores of one kind of vote on a resolution, with the ideal points `point_of` seats.
    fn score_item(&mut self, item: &Item, vote: Vote, seats: &[u32], point_of: impl Fn(usize) -> f32) {
        let n = seats.len();
        for (point, &seat) in self.points[..n].iter_mut().zip(seats) {
            *point = point_of(seat as usize);
        }
        for ((low, high), point) in self.low.iter_mut().zip(&mut self.high).zip(&self.points[..n]) {
            *low = item.cuts[0] - item.slope * point;
            *high = item.cuts[1] - item.slope * point;
        }
        self.scores.fill(vote, &self.low[..n], &self.high[..n]);
    }

    fn add_to(&mut self, bend: &mut Bend, vote: Vote, n: usize, weight: f64) {
        let points = &self.points[..n];
        let ones = &self.ones[..n];
        let squares = &mut self.low[..n];
        squares.iter_mut().zip(points).for_each(|(square, point)| *square = point * point);
        let mut add = |cut: usize, other: usize, curve: &[f32], times: f64| {
            let (sum, first, second) = (dot(curve, ones), dot(curve, points), dot(curve, squares));
            bend.hessian[cut][other] += times * sum;
            if cut != other {
                bend.hessian[other][cut] += times * sum;
                bend.hessian[other][2] -= times * first;
                bend.hessian[2][other] -= times * first;
                bend.hessian[2][2] += times * second;
            }
            bend.hessian[cut][2] -= times * first;
            bend.hessian[2][cut] -= times * first;
            bend.hessian[2][2] += times * second;
        };
        for cut in bounding(vote) {
            add(*cut, *cut, &self.scores.curve[*cut][..n], weight);
        }
        if vote == Vote::Abstain {
            add(0, 1, &self.scores.mixed[..n], weight);
        }
        for cut in bounding(vote) {
            let score = &self.scores.score[*cut][..n];
            bend.gradient[*cut] += weight * dot(score, ones);
            bend.gradient[2] -= weight * dot(score, points);
        }
    }

    /// One Newton step of a seat's ideal point: its new mean and standard deviation.
    fn improve_point(
        &mut self,
        chamber: &Chamber,
        seat: usize,
        items: &[Item],
        spreads: &[Spread],
        means: &[f64],
    ) -> (f64, f64) {
        let lean = chamber.leans[seat];
        let centre = lean.on.map_or(0.0, |other| means[other as usize]);
        let point = means[seat];
        let mut slope = -lean.precision * (point - centre);
        let mut curve = -lean.precision;
        for vote in Vote::ALL {
            let voted_on = &chamber.cast_on[chamber.ballots[seat].of(vote)];
            if !voted_on.is_empty() {
                self.weigh(vote, voted_on, items, spreads, point as f32);
                let (first, second) = self.bend_of_point(vote, voted_on, items, point as f32);
                slope += first;
                curve += second;
            }
        }
        let step = (-slope / curve).clamp(-LONGEST_STEP, LONGEST_STEP);
        ((point + step).clamp(-FARTHEST_POINT, FARTHEST_POINT), (-1.0 / curve).sqrt())
    }

    /// How uncertain the distances of a seat's votes are. A distance is a = γ − βθ; for an abstention both distances move
    /// with the middle of the cutpoints.
    fn weigh(&mut self, vote: Vote, voted_on: &[u32], items: &[Item], spreads: &[Spread], point: f32) {
        let rows = self.widths.iter_mut().zip(&mut self.tilts).zip(&mut self.residues).zip(&mut self.slopes);
        for ((((width, tilt), residue), slope), &on) in rows.zip(voted_on) {
            let spread = spreads[on as usize];
            let (cut, with_slope) = match vote {
                Vote::Yes => (spread.cuts[0], spread.with_slope[0]),
                Vote::No => (spread.cuts[1], spread.with_slope[1]),
                Vote::Abstain => (
                    0.25 * (spread.cuts[0] + spread.cuts[1] + 2.0 * spread.between_cuts),
                    0.5 * (spread.with_slope[0] + spread.with_slope[1]),
                ),
            };
            let variance = (cut - 2.0 * point * with_slope + point * point * spread.slope).max(1e-12);
            *width = variance.sqrt();
            *tilt = (with_slope - point * spread.slope) / *width;
            *residue = (spread.slope - *tilt * *tilt).max(0.0);
            *slope = items[on as usize].slope;
        }
    }

    /// First and second derivative of the expected log-probability of a seat's votes of one kind.
    fn bend_of_point(&mut self, vote: Vote, voted_on: &[u32], items: &[Item], point: f32) -> (f64, f64) {
        let n = voted_on.len();
        let (mut slope, mut curve) = (0.0, 0.0);
        for (node, weight) in NODES {
            let rows = self.low.iter_mut().zip(&mut self.high).zip(&self.widths);
            for (((low, high), width), &on) in rows.zip(voted_on) {
                let item = items[on as usize];
                let shift = node * width - item.slope * point;
                *low = item.cuts[0] + shift;
                *high = item.cuts[1] + shift;
            }
            self.scores.fill(vote, &self.low[..n], &self.high[..n]);
            // The slope at this node, and the mean of its square.
            let (slopes, squares) = (&mut self.low[..n], &mut self.high[..n]);
            let rows = slopes.iter_mut().zip(squares.iter_mut()).zip(&self.slopes).zip(&self.tilts);
            for ((((at_node, square), slope), tilt), residue) in rows.zip(&self.residues) {
                *at_node = slope + node * tilt;
                *square = *at_node * *at_node + residue;
            }
            for cut in bounding(vote) {
                slope -= weight * dot(&self.scores.score[*cut][..n], slopes);
                curve += weight * dot(&self.scores.curve[*cut][..n], squares);
            }
            if vote == Vote::Abstain {
                curve += 2.0 * weight * dot(&self.scores.mixed[..n], squares);
            }
        }
        (slope, curve)
    }
}

/// The cutpoints next to a vote.
fn bounding(vote: Vote) -> &'static [usize] {
    match vote {
        Vote::Yes => &[0],
        Vote::Abstain => &[0, 1],
        Vote::No => &[1],
    }
}

/// Moves a resolution by Newton's step in the parameters that votes inform: both cutpoints together where nobody
/// abstained, only one where nobody voted on the other's side, which then stays at the end of its range. Gives the
/// covariances before the step.
fn take_step(item: &mut Item, votes: Classes, bend: &Bend) -> Spread {
    let any = Vote::ALL.map(|vote| !votes.of(vote).is_empty());
    let slope = [0.0, 0.0, 1.0];
    let directions: Vec<[f64; 3]> = match any {
        [_, false, _] => vec![[1.0, 1.0, 0.0], slope],
        [false, ..] => vec![[0.0, 1.0, 0.0], slope],
        [.., false] => vec![[1.0, 0.0, 0.0], slope],
        _ => vec![[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], slope],
    };
    let inverse = inverse_within(bend, &directions);
    let step = inverse.map(|row| row.iter().zip(&bend.gradient).map(|(a, b)| a * b).sum::<f64>());
    let mut cuts = item.cuts.map(f64::from);
    match any {
        [_, false, _] => cuts = [(cuts[0] + cuts[1]) / 2.0; 2],
        [false, ..] => cuts[0] = -FARTHEST_CUT,
        [.., false] => cuts[1] = FARTHEST_CUT,
        _ => {}
    }
    let least = if any[1] { LEAST_GAP } else { 0.0 };
    let longest = step.iter().fold(0.0_f64, |most, x| most.max(x.abs()));
    let mut length = if longest > LONGEST_STEP { LONGEST_STEP / longest } else { 1.0 };
    // Never across the other cutpoint, nor more than half the way to it.
    let (gap, closing) = (cuts[1] - cuts[0], step[0] - step[1]);
    if any[1] && closing * length > gap / 2.0 {
        length = (gap / 2.0) / closing;
    }
    let low = (cuts[0] + length * step[0]).clamp(-FARTHEST_CUT, FARTHEST_CUT - least);
    let high = (cuts[1] + length * step[1]).clamp(low + least, FARTHEST_CUT);
    item.cuts = [low as f32, high as f32];
    item.slope += (length * step[2]) as f32;
    let entry = |i: usize, j: usize| inverse[i][j] as f32;
    Spread {
        cuts: [entry(0, 0), entry(1, 1)],
        between_cuts: entry(0, 1),
        with_slope: [entry(0, 2), entry(1, 2)],
        slope: entry(2, 2),
    }
}

/// −H⁻¹ within the span of some directions; 0 where rounding has left −H without a Cholesky factor.
#[allow(clippy::needless_range_loop)] // rows and columns of a triangle read best by number
fn inverse_within(bend: &Bend, directions: &[[f64; 3]]) -> [[f64; 3]; 3] {
    let n = directions.len();
    let apply = |d: &[f64; 3], v: &[f64; 3]| d.iter().zip(v).map(|(a, b)| a * b).sum::<f64>();
    // L with L·Lᵀ = −DᵀHD, then L⁻¹, both lower triangular.
    let mut factor = [[0.0_f64; 3]; 3];
    let mut undone = [[0.0_f64; 3]; 3];
    for i in 0..n {
        for j in 0..=i {
            let column = bend.hessian.map(|row| apply(&row, &directions[j]));
            let before: f64 = (0..j).map(|k| factor[i][k] * factor[j][k]).sum();
            let entry = -apply(&directions[i], &column) - before;
            if i != j {
                factor[i][j] = entry / factor[j][j];
            } else if entry > 1e-9 {
                factor[i][i] = entry.sqrt();
            } else {
                return [[0.0; 3]; 3];
            }
        }
        undone[i][i] = 1.0 / factor[i][i];
        for j in 0..i {
            let before: f64 = (j..i).map(|k| factor[i][k] * undone[k][j]).sum();
            undone[i][j] = -before / factor[i][i];
        }
    }
    // (L·Lᵀ)⁻¹ = Σ rᵀr over the rows r of L⁻¹, spread over the directions.
    let mut inverse = [[0.0; 3]; 3];
    for row in &undone[..n] {
        let spread: [f64; 3] =
            std::array::from_fn(|axis| row.iter().zip(directions).map(|(entry, d)| entry * d[axis]).sum());
        for (i, out) in inverse.iter_mut().enumerate() {
            for (j, out) in out.iter_mut().enumerate() {
                *out += spread[i] * spread[j];
            }
        }
    }
    inverse
}

/// The resolution that fits some votes best at given ideal points: the refit by which estimates are compared. The slope
/// has a weak prior, N(0, 25), so that votes which a point on the line divides perfectly do not drive it to infinity.
pub(super) fn refit(votes: Classes, seats: &[u32], points: &[f32], start: Item) -> Item {
    const WEAK: f64 = 0.04;
    const STEPS: usize = 40;
    let certain = vec![0.0; points.len()];
    let mut desk = Desk::with_room(votes.end);
    let mut item = start;
    for _ in 0..STEPS {
        let before = item;
        let bend = desk.bend_of_item(&item, votes, seats, points, &certain, WEAK);
        take_step(&mut item, votes, &bend);
        if (item.slope - before.slope).abs() < 1e-4 && (item.cuts[0] - before.cuts[0]).abs() < 1e-4 {
            break;
        }
    }
    item
}
