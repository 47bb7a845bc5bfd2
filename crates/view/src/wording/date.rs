//! Dates and ranges of dates.

use jiff::civil::Date;

/// A date: "6 Jan 2022".
pub fn date(date: Date) -> String {
    format!("{} {}", day_and_month(date), date.year())
}

/// A date without its year: "6 Jan".
pub(crate) fn day_and_month(date: Date) -> String {
    format!("{} {}", date.day(), month(date))
}

/// The month's short English name.
pub(crate) fn month(date: Date) -> &'static str {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    MONTHS[usize::from(date.month().unsigned_abs()) - 1]
}

/// A range of dates with nothing said twice: "5–8 Jan 2022", "5 Jan – 3 Feb 2022", "30 Dec 2021 – 2 Jan 2022".
pub(crate) fn dates(from: Date, until: Date) -> String {
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
pub(crate) fn date_within(centre: Date, from: Date, until: Date) -> String {
    let range = dates(from, until);
    let one_year = centre.year() == from.year() && from.year() == until.year();
    let range = range.strip_suffix(&format!(" {}", centre.year())).filter(|_| one_year).unwrap_or(&range);
    format!("{} ({range})", date(centre))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use jiff::civil::date as day;

    use super::*;

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
}
