//! Numbers, and numbers in their units.

use equipoise_scenario::unit::Unit;

/// The step a number is rounded to: one unit of its second significant digit, below a tenth of its first. What is below a
/// millionth is nought.
pub(crate) fn step(value: f64) -> f64 {
    let digit = |nth: i32| 10f64.powi(value.abs().log10().floor() as i32 + 1 - nth);
    match value.abs() {
        size if size < LEAST => 0.01,
        size if size < 0.1 => digit(1),
        _ => digit(2),
    }
}

/// Smaller numbers are taken for rounding.
const LEAST: f64 = 1e-6;

/// A number to two significant digits, thousands apart: 9,950 is "9,900", 0.666 is "0.67", 3.04 is "3", 0.00456 is "0.005",
/// 5.53·10⁹ is "5.5 billion".
pub fn number(value: f64) -> String {
    // What would be rounded up to the larger word is said with it.
    let at_least = |size: f64| value.abs() > 0.995 * size && value.is_finite();
    if at_least(BILLION) {
        return format!("{} billion", number(value / BILLION));
    }
    if at_least(MILLION) {
        return format!("{} million", rounded(value / MILLION, step(value / MILLION)));
    }
    rounded(value, step(value))
}

const MILLION: f64 = 1e6;
const BILLION: f64 = 1e9;

/// A number of heads: as [`number`], in whole heads.
pub fn count(value: f64) -> String {
    rounded(value, step(value).max(1.0))
}

/// A number within a range of this width: rounded to the coarsest power of ten, 1 at most, that is no more than a fiftieth of
/// the width, so that it can be told where in the range it lies. 100.27 of 67 wide is "100", 0.01234 of 0.01 wide is
/// "0.0123".
pub(crate) fn within(value: f64, width: f64) -> String {
    if !(width > 0.0 && width.is_finite()) {
        return exact(value);
    }
    let decimals = (50.0 / width).log10().ceil().clamp(0.0, 12.0) as usize;
    let text = format!("{value:.decimals$}");
    let text = if decimals > 0 { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    thousands(if text == "-0" { "0" } else { text })
}

/// A whole number as it is, thousands apart: 10000 is "10,000".
pub fn whole(value: u64) -> String {
    thousands(&value.to_string())
}

/// A number in its unit: heads are whole and carry no unit word, plain numbers carry none either.
pub(crate) fn amount(value: f64, unit: Unit) -> String {
    match unit {
        Unit::PERSONS => count(value),
        Unit::NUMBER => number(value),
        Unit::YesNo => if value >= 0.5 { "yes" } else { "no" }.to_owned(),
        other => format!("{} {}", number(value), unit_word(other)),
    }
}

/// An interval in its unit, the unit said once: "40–900", "2–19 hours", "−0.2 to −0.07".
pub(crate) fn interval(low: f64, high: f64, unit: Unit) -> String {
    let bare = |value| if unit == Unit::PERSONS { count(value) } else { number(value) };
    let (low, high) = (bare(low), bare(high));
    // "120–130 million": the large word once.
    let word = [" million", " billion"].into_iter().find(|word| low.ends_with(word) && high.ends_with(word));
    let joined = match word.and_then(|word| low.strip_suffix(word)) {
        _ if low == high => low,
        // A dash beside a minus would be read twice.
        _ if low.starts_with('−') => format!("{low} to {high}"),
        Some(number) => format!("{number}–{high}"),
        None => format!("{low}–{high}"),
    };
    match unit {
        Unit::PERSONS | Unit::NUMBER | Unit::YesNo => joined,
        other => format!("{joined} {}", unit_word(other)),
    }
}

/// A number in its unit with the range around it, the unit said once: "20 points (11–29)".
pub(crate) fn amount_within(centre: f64, low: f64, high: f64, unit: Unit) -> String {
    let bare = if unit == Unit::PERSONS { unit } else { Unit::NUMBER };
    format!("{} ({})", amount(centre, unit), interval(low, high, bare))
}

/// A claimed interval: as [`interval`], but digits are kept as the source gave them, and an open end is said in words.
pub(crate) fn claimed(low: f64, high: f64, unit: &str) -> String {
    let text = match (low.is_finite(), high.is_finite()) {
        (true, true) if low == high => exact(low),
        (true, true) => format!("{}–{}", exact(low), exact(high)),
        (true, false) => format!("at least {}", exact(low)),
        (false, true) => format!("at most {}", exact(high)),
        (false, false) => "unknown".to_owned(),
    };
    if unit.is_empty() || unit == "persons" || unit == "number" {
        text
    } else {
        format!("{text} {}", unit.replace('_', " "))
    }
}

/// A number as given, thousands apart, at most three decimals.
pub fn exact(value: f64) -> String {
    let text = format!("{value:.3}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    thousands(if text == "-0" { "0" } else { text })
}

/// As [`exact`], short enough for an axis: 150,000,000 is "150 m", 2,500,000,000 is "2.5 bn".
pub(crate) fn short(value: f64) -> String {
    match value.abs() {
        size if size >= BILLION => format!("{} bn", exact(value / BILLION)),
        size if size >= MILLION => format!("{} m", exact(value / MILLION)),
        _ => exact(value),
    }
}

/// The words of a unit.
pub fn unit_word(unit: Unit) -> String {
    match unit {
        Unit::YesNo => "yes or no".to_owned(),
        Unit::PERSONS => "people".to_owned(),
        Unit::NUMBER => String::new(),
        Unit::PER_DAY => "per day".to_owned(),
        other => {
            let text = other.to_string().replace("persons", "people").replace("usd", "dollars");
            text.replace(" / days", " a day")
                .replace(" / tonnes", " a tonne")
                .replace(" / ", " per ")
                .replace("1 per ", "per ")
        }
    }
}

/// A number with its sign, to two significant digits: "+0.31", "−1.2".
pub(crate) fn signed(value: f64) -> String {
    with_sign(value, step(value))
}

/// A number rounded to a step, with its sign; nought has none.
pub(super) fn with_sign(value: f64, step: f64) -> String {
    let decimals = (-step.log10()).ceil().max(0.0) as usize;
    let text = format!("{:.*}", decimals, (value.abs() / step).round() * step);
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    let sign = match text {
        "0" => "",
        _ if value < 0.0 => "−",
        _ => "+",
    };
    format!("{sign}{}", thousands(text))
}

fn rounded(value: f64, step: f64) -> String {
    let steps = value.abs() / step;
    let mut whole = steps.floor();
    if steps - whole > 0.5 {
        whole += 1.0;
    }
    let size = whole * step;
    let text = if step >= 1.0 {
        format!("{size:.0}")
    } else {
        let text = format!("{:.*}", (-step.log10()).ceil() as usize, size);
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    };
    if text == "0" || value >= 0.0 { thousands(&text) } else { format!("−{}", thousands(&text)) }
}

/// Puts a comma between thousands of the whole part.
fn thousands(text: &str) -> String {
    let (sign, text) = text.strip_prefix('-').map_or(("", text), |rest| ("−", rest));
    let (whole, rest) = text.split_at(text.find('.').unwrap_or(text.len()));
    let mut out = String::from(sign);
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What a reader takes the text to mean.
    pub(in crate::wording) fn read(text: &str) -> f64 {
        let scales = [(" billion", 1e9), (" million", 1e6)];
        let scaled = scales.iter().find_map(|(word, scale)| Some((text.strip_suffix(word)?, *scale)));
        let (text, scale) = scaled.unwrap_or((text, 1.0));
        scale * text.replace(',', "").replace('−', "-").parse::<f64>().unwrap()
    }

    #[test]
    fn numbers_are_rounded_as_a_person_would() {
        let said: Vec<String> =
            [0.0, 3e-7, 0.004_56, 0.023, 0.666, 3.04, 41.7, 225.0, 9_950.0, 123_456.0, -1_234.0]
                .map(number)
                .to_vec();
        assert_eq!(said, ["0", "0", "0.005", "0.02", "0.67", "3", "42", "220", "9,900", "120,000", "−1,200"]);
        assert_eq!(number(-5.53e9), "−5.5 billion");
        assert_eq!(number(127_400_000.0), "130 million");
        assert_eq!(number(999_900_000.0), "1 billion");
        assert_eq!(number(994_000.0), "990,000");
        assert_eq!(count(3.4), "3");
        assert_eq!(exact(9_950.0), "9,950");
        assert_eq!(exact(0.85), "0.85");
    }

    #[test]
    fn open_claims_say_so() {
        assert_eq!(interval(121e6, 134e6, Unit::NUMBER), "120–130 million");
        assert_eq!(interval(-0.21, -0.07, Unit::NUMBER), "−0.21 to −0.07");
        assert_eq!(interval(950e3, 1.34e6, Unit::NUMBER), "950,000–1.3 million");
        assert_eq!(claimed(225.0, f64::INFINITY, "persons"), "at least 225");
        assert_eq!(claimed(2.0, 12.0, "hours"), "2–12 hours");
        assert_eq!(amount_within(20.0, 11.0, 29.0, Unit::POINTS), "20 points (11–29)");
        assert_eq!(claimed(f64::NEG_INFINITY, f64::INFINITY, ""), "unknown");
    }

    proptest! {
        #[test]
        fn a_rounded_number_is_never_off_by_more_than_half_its_step(value in -1e12f64..1e12) {
            prop_assert!((read(&number(value)) - value).abs() <= step(value) * (0.5 + 1e-9));
        }

        #[test]
        fn small_numbers_too(value in prop_oneof![-2.0f64..200.0, -0.1f64..0.1, -1e-4f64..1e-4]) {
            prop_assert!((read(&number(value)) - value).abs() <= step(value) * (0.5 + 1e-9));
            prop_assert!((read(&count(value)) - value).abs() <= step(value).max(1.0) * (0.5 + 1e-9));
        }
    }
}
