//! Who stands on a site, in one byte, and how a citizen's temper becomes a class of behaviour.

use super::super::rules::{Ratio, Rules};
use super::super::setting::Setting;

/// Bits of the class.
pub(super) const CLASS: u8 = 0x1f;
/// The class that marks a cop.
pub(super) const COP: u8 = 31;
/// Whether a citizen is active.
pub(super) const ACTIVE: u8 = 0x20;
/// Whether the agent was last activated in an odd tick.
pub(super) const STAMP: u8 = 0x40;
/// Whether there is anybody.
pub(super) const PRESENT: u8 = 0x80;
/// Classes of citizens: 0 never active, the last active whatever it sees (or to be worked out).
const CLASSES: usize = 31;
/// Steps of the exact ratio that a class stands for.
const STEP: f64 = 0.125;

/// What is kept of a citizen's hardship and risk aversion.
pub(super) trait Temper: Copy + Default + Send + Sync + std::fmt::Debug {
    /// Whether anything is.
    const KEPT: bool;
    /// Of a newborn.
    fn new(hardship: f64, risk_aversion: f64) -> Self;
    /// Hardship and risk aversion.
    fn read(self) -> (f64, f64);
}

/// Nothing: the class says it all.
impl Temper for () {
    const KEPT: bool = false;
    fn new(_: f64, _: f64) {}
    fn read(self) -> (f64, f64) {
        (0.0, 0.0)
    }
}

/// Twelve bits each.
impl Temper for [u8; 3] {
    const KEPT: bool = true;
    fn new(hardship: f64, risk_aversion: f64) -> [u8; 3] {
        let grid = |share: f64| ((share * 4096.0) as u32).min(4095);
        let [low, middle, high, _] = (grid(hardship) | grid(risk_aversion) << 12).to_le_bytes();
        [low, middle, high]
    }
    fn read(self) -> (f64, f64) {
        let [low, middle, high] = self;
        let both = u32::from_le_bytes([low, middle, high, 0]);
        let share = |grid: u32| (f64::from(grid & 0xfff) + 0.5) / 4096.0;
        (share(both), share(both >> 12))
    }
}

/// How classes decide: a citizen of a class that counts n actives (itself included) is active with fewer than `sure` cops in
/// sight, quiet with `possible` or more, and between the two its temper decides. For whole ratios the two are the same.
#[derive(Debug, Clone)]
pub(super) struct Classes {
    ratio: Ratio,
    threshold: f64,
    arrest_constant: f64,
    /// Grievance of hardship 1.
    pub illegitimacy: f64,
    /// Estimated probabilities of arrest at the ratios that bound classes.
    arrest: [f64; CLASSES],
    /// By class and n.
    pub sure: Box<[u8; 32 * 256]>,
    /// By class and n.
    pub possible: Box<[u8; 32 * 256]>,
}

impl Classes {
    /// Classes at a legitimacy.
    pub fn new(rules: &Rules, setting: &Setting, legitimacy: f64) -> Classes {
        let factor = if rules.threshold_factor { 1.0 - setting.threshold } else { 1.0 };
        let step = if rules.ratio == Ratio::Exact { STEP } else { 1.0 };
        let mut classes = Classes {
            ratio: rules.ratio,
            threshold: setting.threshold,
            arrest_constant: setting.arrest_constant,
            illegitimacy: (1.0 - legitimacy) * factor,
            arrest: std::array::from_fn(|at| arrest(setting.arrest_constant, step * at as f64)),
            sure: Box::new([0; 32 * 256]),
            possible: Box::new([0; 32 * 256]),
        };
        for actives in 1..256usize {
            let at = |class: usize| class << 8 | actives;
            for cops in 0..255u8 {
                let bounds = rounded(rules.ratio, f64::from(cops), actives as f64) / step;
                // A class is surely active up to the bound below it, and possibly before its own.
                for (table, first) in
                    [(&mut classes.sure, bounds.ceil()), (&mut classes.possible, bounds.floor())]
                {
                    let first = first as usize + 1;
                    if first < CLASSES {
                        table[at(first)] = cops + 1;
                    }
                }
            }
            for class in 2..CLASSES {
                classes.sure[at(class)] = classes.sure[at(class)].max(classes.sure[at(class - 1)]);
                classes.possible[at(class)] =
                    classes.possible[at(class)].max(classes.possible[at(class - 1)]);
            }
            classes.possible[at(CLASSES - 1)] = u8::MAX;
            if !needs_temper(rules, setting) {
                classes.sure[at(CLASSES - 1)] = u8::MAX;
            }
        }
        classes
    }

    /// The class of a temper: at how many of the bounding ratios it would be active.
    pub fn of(&self, hardship: f64, risk_aversion: f64) -> u8 {
        let grievance = hardship * self.illegitimacy;
        let active = |arrest: &&f64| grievance - risk_aversion * **arrest > self.threshold;
        self.arrest[..CLASSES - 1].iter().take_while(active).count() as u8
    }

    /// Rule A in full, for a citizen whose class leaves it open.
    #[cold]
    pub fn decide(&self, (hardship, risk_aversion): (f64, f64), cops: u8, actives: u8) -> bool {
        let ratio = rounded(self.ratio, f64::from(cops), f64::from(actives));
        let arrest = arrest(self.arrest_constant, ratio);
        hardship * self.illegitimacy - risk_aversion * arrest > self.threshold
    }
}

/// Whether a class can leave the decision open, or tempers be put in other classes later.
pub(super) fn needs_temper(rules: &Rules, setting: &Setting) -> bool {
    // Beyond the last class the probability of arrest differs from one by less than numbers can tell.
    let open = (-setting.arrest_constant * (CLASSES - 2) as f64).exp() > 1e-15;
    rules.ratio == Ratio::Exact
        || open
        || setting.legitimacy_course != super::super::setting::Course::Constant
}

fn arrest(constant: f64, ratio: f64) -> f64 {
    1.0 - (-constant * ratio).exp()
}

fn rounded(ratio: Ratio, cops: f64, actives: f64) -> f64 {
    let quotient = cops / actives;
    match ratio {
        Ratio::Exact => quotient,
        Ratio::Floor => quotient.floor(),
        Ratio::Round => quotient.round_ties_even(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_class_decides_as_the_rule_does(
            hardship in 0.0..1.0f64, risk_aversion in 0.0..1.0f64, legitimacy in 0.0..0.95f64,
            cops in 0u8..150, actives in 1u8..150, kind in 0usize..3, constant in 0.05..4.0f64,
        ) {
            let ratio = [Ratio::Exact, Ratio::Floor, Ratio::Round][kind];
            let rules = Rules { ratio, ..Rules::PNAS_2002 };
            let setting = Setting { arrest_constant: constant, ..Setting::published(2, true).unwrap() };
            let classes = Classes::new(&rules, &setting, legitimacy);
            let kept = <[u8; 3] as Temper>::new(hardship, risk_aversion);
            for (narrow, temper) in [(true, (hardship, risk_aversion)), (false, kept.read())] {
                if narrow && needs_temper(&rules, &setting) {
                    continue;
                }
                let class = usize::from(classes.of(temper.0, temper.1));
                prop_assert!(class < usize::from(COP));
                let at = class << 8 | usize::from(actives);
                let by_class = if cops < classes.sure[at] {
                    true
                } else if cops >= classes.possible[at] {
                    false
                } else {
                    prop_assert!(!narrow);
                    classes.decide(temper, cops, actives)
                };
                prop_assert_eq!(by_class, classes.decide(temper, cops, actives));
            }
            let (h, r) = kept.read();
            prop_assert!((h - hardship).abs() <= 1.0 / 8192.0 + 1e-12 && (r - risk_aversion).abs() <= 1.0 / 8192.0 + 1e-12);
        }
    }
}
