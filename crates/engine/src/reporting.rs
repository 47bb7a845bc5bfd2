//! What is reported of deaths, injuries and arrests: late, short of the truth and with errors, more so while the internet
//! is off.
//!
//! Own construction. Of N cases so far, those that can be known are K = max(K, N·(1 − u)), u the share missed, larger
//! offline: what has been counted once is not forgotten when the internet goes. Each day the report R closes a part of
//! the gap,
//!
//! ```text
//! R ← R + (1 − e^(−1/d))·(K − R)·e^(σz − σ²/2)
//! ```
//!
//! with d the delay in days, larger offline, z standard normal and new every day for each kind of case. The error has mean
//! one, so reports are right on average; one that went too far is taken back on the days after, as happens.

use equipoise_models::noise::Noise;
use equipoise_scenario::Scenario;
use equipoise_scenario::scenario::Reporting;

use crate::keys::REPORT;
use crate::world::World;

/// What is known and reported, of one kind of case.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Report {
    known: f64,
    /// The figure of today.
    pub reported: f64,
}

/// All kinds of case that are reported.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Reports {
    pub killed: Report,
    pub injured: Report,
    pub detained: Report,
}

/// A gap of less than a person is closed: what follows would be rounding.
const NEGLIGIBLE: f64 = 0.5;

/// The reports of the day.
pub(crate) fn step(world: &mut World, scenario: &Scenario, noise: &Noise) {
    let totals = world.totals;
    let Some(rules) = &scenario.reporting else {
        world.reports = Reports {
            killed: Report::true_to(totals.killed),
            injured: Report::true_to(totals.injured),
            detained: Report::true_to(totals.detained),
        };
        return;
    };
    let terms = Terms::today(world, rules);
    let day = world.day;
    let reports = &mut world.reports;
    let kinds = [
        (&mut reports.killed, totals.killed),
        (&mut reports.injured, totals.injured),
        (&mut reports.detained, totals.detained),
    ];
    for (kind, (report, cases)) in kinds.into_iter().enumerate() {
        report.follow(cases, &terms, || noise.normal(REPORT, kind as u32, day, 0));
    }
}

/// What the day is like for those who count.
struct Terms {
    missed: f64,
    delay: f64,
    error: f64,
}

impl Terms {
    fn today(world: &World, rules: &Reporting) -> Terms {
        let value = |id: usize| world.parameters[id];
        let offline = 1.0 - world.state.internet.value;
        Terms {
            missed: (value(rules.missed_share) + offline * value(rules.offline_missed_share)).clamp(0.0, 1.0),
            delay: (value(rules.delay) + offline * value(rules.offline_delay)).max(0.0),
            error: (value(rules.error) + offline * value(rules.offline_error)).max(0.0),
        }
    }
}

impl Report {
    fn true_to(cases: f64) -> Report {
        Report { known: cases, reported: cases }
    }

    fn follow(&mut self, cases: f64, terms: &Terms, z: impl FnOnce() -> f64) {
        self.known = self.known.max(cases * (1.0 - terms.missed));
        let gap = self.known - self.reported;
        if gap.abs() < NEGLIGIBLE {
            self.reported = self.known;
            return;
        }
        let part = -(-1.0 / terms.delay).exp_m1();
        let error = (terms.error * z() - 0.5 * terms.error * terms.error).exp();
        self.reported = (self.reported + part * gap * error).max(0.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(days: u32, cases: f64, terms: &Terms) -> Report {
        let mut report = Report::default();
        for _ in 0..days {
            report.follow(cases, terms, || 0.0);
        }
        report
    }

    #[test]
    fn without_delay_and_error_the_report_is_the_truth_less_what_is_missed() {
        let terms = Terms { missed: 0.1, delay: 0.0, error: 0.0 };
        assert!((after(1, 200.0, &terms).reported - 180.0).abs() < 1e-9);
    }

    #[test]
    fn a_longer_delay_never_reports_more_by_the_same_day() {
        let by_day = |delay| after(3, 1000.0, &Terms { missed: 0.0, delay, error: 0.0 }).reported;
        assert!(by_day(1.0) > by_day(3.0) && by_day(3.0) > by_day(9.0));
        assert!(
            (by_day(3.0) - 1000.0 * (1.0 - (-1.0_f64).exp())).abs() < 1e-9,
            "three days of a delay of three"
        );
    }

    #[test]
    fn all_that_can_be_known_is_reported_in_the_end() {
        let terms = Terms { missed: 0.05, delay: 4.0, error: 0.0 };
        assert!((after(100, 238.0, &terms).reported - 0.95 * 238.0).abs() < 1e-9);
    }

    #[test]
    fn what_was_counted_is_not_forgotten_when_the_internet_goes() {
        let online = Terms { missed: 0.0, delay: 0.0, error: 0.0 };
        let offline = Terms { missed: 0.5, delay: 5.0, error: 0.0 };
        let mut report = after(1, 100.0, &online);
        report.follow(120.0, &offline, || 0.0);
        assert!((report.reported - 100.0).abs() < 1e-9);
    }

    #[test]
    fn a_report_that_went_too_far_is_taken_back() {
        let terms = Terms { missed: 0.0, delay: 1.0, error: 0.8 };
        let mut report = Report::default();
        report.follow(100.0, &terms, || 2.5);
        let too_many = report.reported;
        assert!(too_many > 100.0);
        report.follow(100.0, &terms, || 0.0);
        assert!(report.reported < too_many);
    }

    #[test]
    fn errors_leave_the_mean_of_a_first_report_alone() {
        let noise = Noise::new(1, 0);
        let terms = Terms { missed: 0.0, delay: 2.0, error: 0.5 };
        let first = |day: u32| {
            let mut report = Report::default();
            report.follow(1000.0, &terms, || noise.normal(REPORT, 0, day, 0));
            report.reported
        };
        let mean = (0..20_000).map(first).sum::<f64>() / 20_000.0;
        assert!((mean / (1000.0 * -(-0.5_f64).exp_m1()) - 1.0).abs() < 0.02, "{mean}");
    }
}
