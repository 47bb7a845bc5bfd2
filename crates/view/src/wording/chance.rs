//! Shares, probabilities, how often something happens, and changes with their intervals.

use super::counted;
use super::number::{count, step, whole, with_sign};

/// The fractions people say, from 1 in 10 to 9 in 10.
const FRACTIONS: [(u32, u32); 19] = [
    (1, 10),
    (1, 9),
    (1, 8),
    (1, 7),
    (1, 6),
    (1, 5),
    (1, 4),
    (3, 10),
    (1, 3),
    (2, 5),
    (1, 2),
    (3, 5),
    (2, 3),
    (7, 10),
    (3, 4),
    (4, 5),
    (5, 6),
    (7, 8),
    (9, 10),
];

/// A share in words: "never", "about 1 in 40", "about 7 in 10", "all but about 1 in 40", "always".
pub fn share_in_words(share: f64) -> String {
    let distance = |(part, of): (u32, u32)| (share - f64::from(part) / f64::from(of)).abs();
    if share <= 0.0 {
        "never".to_owned()
    } else if share >= 1.0 {
        "always".to_owned()
    } else if share < 0.095 {
        format!("about 1 in {}", one_in(share))
    } else if share > 0.905 {
        format!("all but about 1 in {}", one_in(1.0 - share))
    } else {
        let nearest = FRACTIONS.into_iter().min_by(|a, b| distance(*a).total_cmp(&distance(*b)));
        let (part, of) = nearest.unwrap_or((1, 2));
        format!("about {part} in {of}")
    }
}

/// A share of things, read as a noun: "no rows", "about 3 in 4 rows", "all rows".
pub fn share_of(share: f64, things: &str) -> String {
    if share <= 0.0 {
        format!("no {things}")
    } else if share >= 1.0 {
        format!("all {things}")
    } else {
        format!("{} {things}", share_in_words(share))
    }
}

/// How many there are to one: in fives from 20 on, else to two significant digits.
fn one_in(share: f64) -> String {
    let many = 1.0 / share;
    if (20.0..100.0).contains(&many) { whole(((many / 5.0).round() * 5.0) as u64) } else { count(many) }
}

/// A probability with its interval: "about 7 in 10 (0.66–0.72)".
pub(crate) fn probability(share: f64, low: f64, high: f64) -> String {
    format!("{} ({})", share_in_words(share), probability_interval(low, high))
}

/// Bounds of a probability, rounded outwards to two decimals, or to as many as the nearer end of the line needs.
pub(crate) fn probability_interval(low: f64, high: f64) -> String {
    // The bound nearest to an end of the line without lying on it must be told from that end.
    let room_below = if low > 0.0 { low } else { high };
    let room_above = if high < 1.0 { 1.0 - high } else { 1.0 - low };
    let room = room_below.min(room_above).max(1e-6);
    let decimals = ((-room.log10()).ceil() as i32).clamp(2, 6);
    let scale = 10f64.powi(decimals);
    // A hair of slack, so that 0.66 written in binary does not become 0.65.
    let down = ((low * scale + 1e-9).floor() / scale).max(0.0);
    let up = ((high * scale - 1e-9).ceil() / scale).min(1.0);
    let digits = |value: f64| {
        let text = format!("{value:.*}", decimals as usize);
        // Two decimals are kept as they stand, more only as far as they say something.
        if value == 0.0 || value == 1.0 {
            format!("{value}")
        } else if decimals > 2 {
            text.trim_end_matches('0').to_owned()
        } else {
            text
        }
    };
    let (down, up) = (digits(down), digits(up));
    if down == up { down } else { format!("{down}–{up}") }
}

/// A share in per cent, whole, but never "0 %" or "100 %" of what is neither nothing nor all.
pub fn percent(share: f64) -> String {
    let whole = (share * 100.0).round();
    if share > 0.0 && whole < 1.0 {
        "under 1 %".to_owned()
    } else if share < 1.0 && whole > 99.0 {
        "over 99 %".to_owned()
    } else {
        format!("{whole} %")
    }
}

/// A difference with its interval, each with its sign, rounded to what the interval can tell and its bounds outwards:
/// "+123 (+111 to +135)", "−0.694 (−0.703 to −0.685)", "0 (−0.01 to +0.01)".
pub(crate) fn change(difference: f64, low: f64, high: f64) -> String {
    if !difference.is_finite() {
        return "–".to_owned();
    }
    let half = (high - low) / 2.0;
    if !half.is_finite() {
        return format!("{} (unknown)", with_sign(difference, step(difference)));
    }
    let step =
        if half > 0.0 { 10f64.powi((half / 2.0).log10().floor().max(-6.0) as i32) } else { step(difference) };
    // A hair of slack, so that a bound that is round already stays what it is.
    let (down, up) = ((low / step + 1e-9).floor() * step, (high / step - 1e-9).ceil() * step);
    if half == 0.0 {
        return with_sign(difference, step);
    }
    format!("{} ({} to {})", with_sign(difference, step), with_sign(down, step), with_sign(up, step))
}

/// How often something happens: "It happens in 4,200 of 10,000 histories".
pub(crate) fn occurrence(occurs: u64, histories: u64) -> String {
    format!("It happens in {} of {}", whole(occurs), counted(histories, "history", "histories"))
}

/// How many of those in which it happens share its chain of causes, as a sentence of its own.
pub(crate) fn same_chain(same: u64, occurs: u64) -> String {
    match same {
        0 => "in none of them from the same chain of causes.".to_owned(),
        _ if same == occurs => "in all of them from the same chain of causes.".to_owned(),
        _ => format!(
            "in {} of them ({}) from the same chain of causes.",
            whole(same),
            percent(same as f64 / occurs as f64)
        ),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::super::number::tests::read;
    use super::*;

    #[test]
    fn rare_and_common_are_said_without_zero_or_certainty() {
        assert_eq!(probability(0.69, 0.6601, 0.7199), "about 7 in 10 (0.66–0.72)");
        assert_eq!(share_in_words(0.14), "about 1 in 7");
        assert_eq!(share_in_words(0.024), "about 1 in 40");
        assert_eq!(share_in_words(0.999), "all but about 1 in 1,000");
        assert_eq!(probability(0.0, 0.0, 0.0004), "never (0–0.0004)");
        assert_eq!(probability(1.0, 0.9996, 1.0), "always (0.9996–1)");
        assert_eq!(probability(0.01, 0.0034, 0.029), "about 1 in 100 (0.003–0.029)");
        assert_eq!(percent(0.001), "under 1 %");
    }

    #[test]
    fn a_change_is_told_as_finely_as_its_interval_allows() {
        assert_eq!(change(123.4, 111.2, 135.6), "+123 (+111 to +136)");
        assert_eq!(change(-0.6942, -0.7031, -0.6853), "−0.694 (−0.704 to −0.685)");
        assert_eq!(change(0.0, -0.0098, 0.0098), "0 (−0.01 to +0.01)");
        assert_eq!(change(-1_534.0, -1_861.0, -1_207.0), "−1,500 (−1,900 to −1,200)");
        assert_eq!(change(1.0, 1.0, 1.0), "+1");
        assert_eq!(change(3.0, f64::NEG_INFINITY, f64::INFINITY), "+3 (unknown)");
        assert_eq!(change(f64::NAN, 0.0, 0.0), "–");
    }

    proptest! {
        #[test]
        fn a_printed_change_holds_its_interval(middle in -1e6f64..1e6, half in 1e-5f64..1e6) {
            let text = change(middle, middle - half, middle + half);
            let (_, bounds) = text.split_once(" (").unwrap();
            let (low, high) = bounds.trim_end_matches(')').split_once(" to ").unwrap();
            let slack = 1e-6 * (1.0 + middle.abs());
            prop_assert!(read(&low.replace('+', "")) <= middle - half + slack, "{text}");
            prop_assert!(read(&high.replace('+', "")) >= middle + half - slack, "{text}");
        }

        #[test]
        fn a_printed_probability_interval_holds_the_real_one(a in 0.0f64..=1.0, b in 0.0f64..=1.0) {
            let (low, high) = (a.min(b), a.max(b));
            let text = probability_interval(low, high);
            let (down, up) = text.split_once('–').unwrap_or((&text, &text));
            prop_assert!(read(down) <= low + 1e-9 && high <= read(up) + 1e-9, "{text}");
        }

        #[test]
        fn words_for_a_share_are_right_to_a_twentieth(share in 0.0f64..=1.0) {
            let text = share_in_words(share);
            let meant = match text.as_str() {
                "never" => 0.0,
                "always" => 1.0,
                text => {
                    let (part, of) = text.trim_start_matches("all but ").trim_start_matches("about ").split_once(" in ").unwrap();
                    let part = read(part) / read(of);
                    if text.starts_with("all but") { 1.0 - part } else { part }
                }
            };
            prop_assert!((meant - share).abs() <= 0.05 + 1e-9, "{text}");
            prop_assert!((share > 0.0) == (meant > 0.0) && (share < 1.0) == (meant < 1.0));
        }
    }
}
