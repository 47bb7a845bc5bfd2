//! A series as one line of blocks.

const BLOCKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// A line of at most `width` blocks: each stands for the largest value of its stretch, from nothing to the largest of all.
pub fn sparkline(values: &[f64], width: usize) -> String {
    let largest = values.iter().copied().filter(|value| value.is_finite()).fold(0.0, f64::max);
    let columns = width.clamp(1, values.len().max(1));
    let block = |column: usize| {
        let stretch = &values[column * values.len() / columns..(column + 1) * values.len() / columns];
        let value = stretch.iter().copied().filter(|value| value.is_finite()).fold(0.0, f64::max);
        let share = if largest > 0.0 { value / largest } else { 0.0 };
        BLOCKS[((share * 8.0) as usize).min(7)]
    };
    if values.is_empty() { String::new() } else { (0..columns).map(block).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_outburst_is_seen_in_a_long_series() {
        let mut values = vec![0.0; 1000];
        values[503] = 9.0;
        assert_eq!(sparkline(&values, 10), "▁▁▁▁▁█▁▁▁▁");
        assert_eq!(sparkline(&[], 10), "");
        assert_eq!(sparkline(&[0.0, f64::NAN], 10), "▁▁");
    }
}
