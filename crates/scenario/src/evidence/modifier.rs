//! Hedges: the one table of rules that turns what a source says into an interval.

use serde::{Deserialize, Serialize};

use super::SubjectKind;

/// Hedges, each with one rule that turns a value into an interval. The rules are this project's own judgement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Modifier {
    /// The value itself.
    #[default]
    Exactly,
    /// A tenth to either side; for a share 0.05, for a date two days.
    About,
    /// As "about", said of an estimate.
    Estimated,
    /// The value or more.
    AtLeast,
    /// More than the value.
    MoreThan,
    /// The value or less.
    AtMost,
    /// From nine tenths of the value up to it.
    Almost,
    /// 24 to 99, whatever the value.
    Dozens,
    /// 200 to 999, whatever the value.
    Hundreds,
    /// 2,000 to 9,999, whatever the value.
    SeveralThousand,
    /// More than half: for shares, and numbers that are shares.
    Most,
    /// At least two; as a share 0.02 to 0.5.
    Some,
    /// 2 to 12.
    FewHours,
    /// From zero up to the value.
    Within,
    /// From three quarters of the value up to it.
    Hardly,
    /// 2 to 9.
    Several,
    /// Both ends are given.
    Between,
}

impl Modifier {
    /// The interval a value under this hedge leaves open, closed where it can be; an open end is infinite.
    ///
    /// `value` is in the subject's unit (dates: days since 1970-01-01). Hedges that are words of quantity (dozens,
    /// most, several …) need none; for the others there is no interval without a value, and [`Modifier::Between`]
    /// never has one: its ends are written out. Shares stay within 0 and 1. Yes/no and words of a category have no
    /// interval.
    pub fn interval(self, value: Option<f64>, kind: SubjectKind) -> Option<[f64; 2]> {
        if matches!(kind, SubjectKind::YesNo | SubjectKind::Category) {
            return None;
        }
        let share = kind == SubjectKind::Share;
        let margin = |x: f64| match kind {
            SubjectKind::Share => 0.05,
            SubjectKind::Date => 2.0,
            _ => 0.1 * x.abs(),
        };
        let [low, high] = match (self, value) {
            (Modifier::Dozens, _) => [24.0, 99.0],
            (Modifier::Hundreds, _) => [200.0, 999.0],
            (Modifier::SeveralThousand, _) => [2000.0, 9999.0],
            (Modifier::Several, _) => [2.0, 9.0],
            (Modifier::FewHours, _) => [2.0, 12.0],
            (Modifier::Most, _) => [0.5, 1.0],
            (Modifier::Some, _) if share => [0.02, 0.5],
            (Modifier::Some, _) => [2.0, f64::INFINITY],
            (Modifier::Between, _) | (_, None) => return None,
            (Modifier::Exactly, Some(x)) => [x, x],
            (Modifier::About | Modifier::Estimated, Some(x)) => [x - margin(x), x + margin(x)],
            (Modifier::AtLeast | Modifier::MoreThan, Some(x)) => [x, f64::INFINITY],
            (Modifier::AtMost, Some(x)) => [f64::NEG_INFINITY, x],
            (Modifier::Almost, Some(x)) => ordered(0.9 * x, x),
            (Modifier::Hardly, Some(x)) => ordered(0.75 * x, x),
            (Modifier::Within, Some(x)) => ordered(0.0, x),
        };
        Some(if share { [low.clamp(0.0, 1.0), high.clamp(0.0, 1.0)] } else { [low, high] })
    }
}

fn ordered(a: f64, b: f64) -> [f64; 2] {
    [a.min(b), a.max(b)]
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn each_hedge_has_its_rule() {
        let number = |hedge: Modifier, value| hedge.interval(Some(value), SubjectKind::Number).unwrap();
        let share = |hedge: Modifier, value| hedge.interval(Some(value), SubjectKind::Share).unwrap();
        assert_eq!(number(Modifier::Exactly, 225.0), [225.0, 225.0]);
        assert_eq!(number(Modifier::About, 1000.0), [900.0, 1100.0]);
        assert_eq!(number(Modifier::About, -10.0), [-11.0, -9.0]);
        assert_eq!(share(Modifier::About, 0.98), [0.98 - 0.05, 1.0]);
        assert_eq!(number(Modifier::Almost, 10.0), [9.0, 10.0]);
        assert_eq!(number(Modifier::Hardly, 4.0), [3.0, 4.0]);
        assert_eq!(number(Modifier::Within, 7.0), [0.0, 7.0]);
        assert_eq!(number(Modifier::AtLeast, 7.0), [7.0, f64::INFINITY]);
        assert_eq!(Modifier::Dozens.interval(None, SubjectKind::Number), Some([24.0, 99.0]));
        assert_eq!(Modifier::Some.interval(None, SubjectKind::Share), Some([0.02, 0.5]));
        assert_eq!(Modifier::About.interval(None, SubjectKind::Number), None);
        assert_eq!(Modifier::Exactly.interval(Some(1.0), SubjectKind::YesNo), None);
    }
}
