//! How numbers, probabilities and dates are said to people: rounded as a person would, never finer than the data.
//!
//! Two significant digits, a tie to the smaller number; bounds of a probability are rounded outwards, so that what is
//! printed never claims more certainty than there is. The rules are our own.

use equipoise_models::treaty::Rule;
use equipoise_scenario::nearest;
use equipoise_scenario::scenario::Obligation;
use equipoise_scenario::unit::Unit;
use jiff::civil::Date;

/// The step a number is rounded to: one unit of its second significant digit (0.01 at the finest).
pub fn step(value: f64) -> f64 {
    let magnitude = value.abs();
    if magnitude < 0.1 { 0.01 } else { 10f64.powi(magnitude.log10().floor() as i32 - 1) }
}

/// A number to two significant digits, thousands apart: 9,950 is "9,900", 0.666 is "0.67", 3.04 is "3", 5.53·10⁹ is
/// "5.5 billion".
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
pub fn within(value: f64, width: f64) -> String {
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
pub fn amount(value: f64, unit: Unit) -> String {
    match unit {
        Unit::PERSONS => count(value),
        Unit::NUMBER => number(value),
        Unit::YesNo => if value >= 0.5 { "yes" } else { "no" }.to_owned(),
        other => format!("{} {}", number(value), unit_word(other)),
    }
}

/// An interval in its unit, the unit said once: "40–900", "2–19 hours".
pub fn interval(low: f64, high: f64, unit: Unit) -> String {
    let bare = |value| if unit == Unit::PERSONS { count(value) } else { number(value) };
    let (low, high) = (bare(low), bare(high));
    // "120–130 million": the large word once.
    let word = [" million", " billion"].into_iter().find(|word| low.ends_with(word) && high.ends_with(word));
    let joined = match word.and_then(|word| low.strip_suffix(word)) {
        _ if low == high => low,
        Some(number) => format!("{number}–{high}"),
        None => format!("{low}–{high}"),
    };
    match unit {
        Unit::PERSONS | Unit::NUMBER | Unit::YesNo => joined,
        other => format!("{joined} {}", unit_word(other)),
    }
}

/// A number in its unit with the range around it, the unit said once: "20 points (11–29)".
pub fn amount_within(centre: f64, low: f64, high: f64, unit: Unit) -> String {
    let bare = if unit == Unit::PERSONS { unit } else { Unit::NUMBER };
    format!("{} ({})", amount(centre, unit), interval(low, high, bare))
}

/// A claimed interval: as [`interval`], but digits are kept as the source gave them, and an open end is said in words.
pub fn claimed(low: f64, high: f64, unit: &str) -> String {
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
pub fn short(value: f64) -> String {
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

/// How many there are to one: in fives from 20 on, else to two significant digits.
fn one_in(share: f64) -> String {
    let many = 1.0 / share;
    if (20.0..100.0).contains(&many) { whole(((many / 5.0).round() * 5.0) as u64) } else { count(many) }
}

/// A probability with its interval: "about 7 in 10 (0.66–0.72)".
pub fn probability(share: f64, low: f64, high: f64) -> String {
    format!("{} ({})", share_in_words(share), probability_interval(low, high))
}

/// Bounds of a probability, rounded outwards to two decimals, or to as many as the nearer end of the line needs.
pub fn probability_interval(low: f64, high: f64) -> String {
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

/// A difference with its interval, each with its sign, rounded to what the interval can tell and its bounds outwards:
/// "+123 (+111 to +135)", "−0.694 (−0.703 to −0.685)", "0 (−0.01 to +0.01)".
pub fn change(difference: f64, low: f64, high: f64) -> String {
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

/// A number with its sign, to two significant digits: "+0.31", "−1.2".
pub fn signed(value: f64) -> String {
    with_sign(value, step(value))
}

/// A number rounded to a step, with its sign; nought has none.
fn with_sign(value: f64, step: f64) -> String {
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

/// A date: "6 Jan 2022".
pub fn date(date: Date) -> String {
    format!("{} {}", day_and_month(date), date.year())
}

/// A date without its year: "6 Jan".
pub fn day_and_month(date: Date) -> String {
    format!("{} {}", date.day(), month(date))
}

/// The month's short English name.
pub fn month(date: Date) -> &'static str {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    MONTHS[usize::from(date.month().unsigned_abs()) - 1]
}

/// A range of dates with nothing said twice: "5–8 Jan 2022", "5 Jan – 3 Feb 2022", "30 Dec 2021 – 2 Jan 2022".
pub fn dates(from: Date, until: Date) -> String {
    if from == until {
        date(from)
    } else if from.year() != until.year() {
        format!("{} – {}", date(from), date(until))
    } else if from.month() != until.month() {
        format!("{} – {}", day_and_month(from), date(until))
    } else {
        format!("{}–{}", from.day(), date(until))
    }
}

/// A date and the range around it, the year said once where it is one: "8 Jan 2022 (6–15 Jan)".
pub fn date_within(centre: Date, from: Date, until: Date) -> String {
    let range = dates(from, until);
    let one_year = centre.year() == from.year() && from.year() == until.year();
    let range = range.strip_suffix(&format!(" {}", centre.year())).filter(|_| one_year).unwrap_or(&range);
    format!("{} ({range})", date(centre))
}

/// A rule of decision.
pub fn rule(rule: Rule) -> String {
    match rule {
        Rule::Consensus => "consensus".to_owned(),
        Rule::Unanimity => "unanimity of those present".to_owned(),
        Rule::Majority => "majority".to_owned(),
        Rule::Weighted { threshold_share } => format!("{} of all weight", percent(threshold_share)),
        Rule::EachForItself => "each member for itself".to_owned(),
        Rule::Lead => "the leading member alone".to_owned(),
    }
}

/// What an obligation is to.
pub fn obligation(obligation: Obligation) -> &'static str {
    match obligation {
        Obligation::Defence => "defence",
        Obligation::Offence => "war at a member's side",
        Obligation::Neutrality => "neutrality",
        Obligation::NonAggression => "no force among members",
        Obligation::Consultation => "consultation",
        Obligation::Aid => "aid",
        Obligation::CustomsUnion => "a customs union",
    }
}

/// How often something happens: "It happens in 4,200 of 10,000 histories".
pub fn occurrence(occurs: u64, histories: u64) -> String {
    format!("It happens in {} of {}", whole(occurs), counted(histories, "history", "histories"))
}

/// How many of those in which it happens share its chain of causes, as a sentence of its own.
pub fn same_chain(same: u64, occurs: u64) -> String {
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

/// "1 history", "2 histories": a count with its noun.
pub fn counted(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", whole(number), if number == 1 { one } else { many })
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
        let text = format!("{size:.2}");
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

/// That a name is none of the known ones, with the nearest of them.
pub fn unknown(what: &str, name: &str, known: &[&str]) -> String {
    let message = format!("there is no {what} `{name}`");
    if let Some(near) = nearest(name, known.iter().copied()) {
        format!("{message}; did you mean `{near}`?")
    } else if known.is_empty() {
        format!("{message}; there are none")
    } else {
        format!("{message}; there are: {}", known.join(", "))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use jiff::civil::date as day;
    use proptest::prelude::*;

    use super::*;

    /// What a reader takes the text to mean.
    fn read(text: &str) -> f64 {
        let scales = [(" billion", 1e9), (" million", 1e6)];
        let scaled = scales.iter().find_map(|(word, scale)| Some((text.strip_suffix(word)?, *scale)));
        let (text, scale) = scaled.unwrap_or((text, 1.0));
        scale * text.replace(',', "").replace('−', "-").parse::<f64>().unwrap()
    }

    #[test]
    fn numbers_are_rounded_as_a_person_would() {
        let said: Vec<String> =
            [0.0, 0.004, 0.666, 3.04, 41.7, 225.0, 9_950.0, 123_456.0, -1_234.0].map(number).to_vec();
        assert_eq!(said, ["0", "0", "0.67", "3", "42", "220", "9,900", "120,000", "−1,200"]);
        assert_eq!(number(-5.53e9), "−5.5 billion");
        assert_eq!(number(127_400_000.0), "130 million");
        assert_eq!(number(999_900_000.0), "1 billion");
        assert_eq!(number(994_000.0), "990,000");
        assert_eq!(count(3.4), "3");
        assert_eq!(exact(9_950.0), "9,950");
        assert_eq!(exact(0.85), "0.85");
    }

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

    #[test]
    fn dates_say_nothing_twice() {
        assert_eq!(dates(day(2022, 1, 5), day(2022, 1, 8)), "5–8 Jan 2022");
        assert_eq!(dates(day(2022, 1, 5), day(2022, 2, 3)), "5 Jan – 3 Feb 2022");
        assert_eq!(dates(day(2021, 12, 30), day(2022, 1, 2)), "30 Dec 2021 – 2 Jan 2022");
        assert_eq!(dates(day(2022, 1, 6), day(2022, 1, 6)), "6 Jan 2022");
        assert_eq!(
            date_within(day(2022, 1, 8), day(2022, 1, 6), day(2022, 2, 5)),
            "8 Jan 2022 (6 Jan – 5 Feb)"
        );
        assert_eq!(
            date_within(day(2021, 12, 31), day(2021, 12, 30), day(2022, 1, 2)),
            "31 Dec 2021 (30 Dec 2021 – 2 Jan 2022)"
        );
    }

    #[test]
    fn open_claims_say_so() {
        assert_eq!(interval(121e6, 134e6, Unit::NUMBER), "120–130 million");
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
        fn small_numbers_too(value in -2.0f64..200.0) {
            prop_assert!((read(&number(value)) - value).abs() <= step(value) * (0.5 + 1e-9));
            prop_assert!((read(&count(value)) - value).abs() <= step(value).max(1.0) * (0.5 + 1e-9));
        }

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
