//! Outbursts: when many are active at once, and how long it is quiet in between.

/// One outburst.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outburst {
    /// First tick with more actives than the limit.
    pub start: u32,
    /// First tick after it with fewer than the limit, or the tick after the last one.
    pub end: u32,
    /// Sum of actives over its ticks.
    pub activation: u64,
    /// Ticks since the end of the one before; `None` for the first.
    pub wait: Option<u32>,
}

/// The outbursts of a series of actives; the series begins at tick 1. An outburst begins above the limit and ends below it
/// (Epstein 2002: a limit of 50 on 1,600 sites). One that the series cuts off is left out, as its size is unknown.
#[must_use]
pub fn outbursts(active: &[u32], limit: u32) -> Vec<Outburst> {
    let mut found: Vec<Outburst> = Vec::new();
    let mut open: Option<(u32, u64)> = None;
    for (tick, &count) in (1u32..).zip(active) {
        match &mut open {
            None if count > limit => open = Some((tick, u64::from(count))),
            None => {}
            Some((start, activation)) if count < limit => {
                let wait = found.last().map(|last| *start - last.end);
                found.push(Outburst { start: *start, end: tick, activation: *activation, wait });
                open = None;
            }
            Some((_, activation)) => *activation += u64::from(count),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outbursts_begin_above_the_limit_and_end_below_it() {
        let found = outbursts(&[0, 60, 90, 50, 10, 0, 70, 40, 80], 50);
        assert_eq!(
            found,
            [
                Outburst { start: 2, end: 5, activation: 200, wait: None },
                Outburst { start: 7, end: 8, activation: 70, wait: Some(2) },
            ]
        );
        assert!(outbursts(&[50, 50], 50).is_empty());
    }
}
