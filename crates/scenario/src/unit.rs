//! Units of quantities in expressions: which may be added and compared, and what products and quotients become.

use std::fmt;

/// The unit of a quantity, as powers of the base units; yes/no is a unit of its own that no arithmetic accepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unit {
    /// True or false.
    YesNo,
    /// A number with the powers of the base units, in the order of their list. All zero: a plain number (shares are plain numbers).
    Quantity([i8; 8]),
}

impl Unit {
    /// Names of the base units, in the order of the powers.
    pub(crate) const BASES: [&'static str; 8] =
        ["persons", "days", "points", "usd", "tonnes", "litres", "hours", "currency"];
    /// A plain number, a share, a probability, a utility.
    pub const NUMBER: Unit = Unit::Quantity([0; 8]);
    /// Heads.
    pub const PERSONS: Unit = Unit::Quantity([1, 0, 0, 0, 0, 0, 0, 0]);
    /// Days (a clock time within a day is a fraction).
    pub const DAYS: Unit = Unit::Quantity([0, 1, 0, 0, 0, 0, 0, 0]);
    /// A rate per day.
    pub const PER_DAY: Unit = Unit::Quantity([0, -1, 0, 0, 0, 0, 0, 0]);
    /// Points on a 0–100 line.
    pub const POINTS: Unit = Unit::Quantity([0, 0, 1, 0, 0, 0, 0, 0]);
    /// Money per day.
    pub(crate) const USD_PER_DAY: Unit = Unit::Quantity([0, -1, 0, 1, 0, 0, 0, 0]);
    /// A price by weight.
    pub(crate) const USD_PER_TONNE: Unit = Unit::Quantity([0, 0, 0, 1, -1, 0, 0, 0]);
    /// True or false.
    pub const YES_NO: Unit = Unit::YesNo;

    /// Reads a unit as files write it: `number`, `yes_no`, a base unit, or a product and quotient of base units like
    /// `persons / days` or `usd / tonnes`; `1 / days` for a rate.
    ///
    /// # Errors
    /// The word that is no unit.
    pub fn parse(text: &str) -> Result<Unit, String> {
        match text.trim() {
            "" | "number" | "share" => return Ok(Unit::NUMBER),
            "yes_no" => return Ok(Unit::YES_NO),
            _ => {}
        }
        let mut powers = [0i8; 8];
        for (i, part) in text.split('/').enumerate() {
            let sign = if i == 0 { 1 } else { -1 };
            for word in part.split('*').map(str::trim) {
                if word == "1" {
                    continue;
                }
                match Unit::BASES.iter().position(|base| *base == word) {
                    Some(at) => powers[at] += sign,
                    None => return Err(word.to_owned()),
                }
            }
        }
        Ok(Unit::Quantity(powers))
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Unit::Quantity(powers) = self else {
            return f.write_str("yes_no");
        };
        let side = |sign: i8| {
            let mut words = Vec::new();
            for (base, power) in Unit::BASES.iter().zip(powers) {
                for _ in 0..(power * sign).max(0) {
                    words.push(*base);
                }
            }
            words.join(" * ")
        };
        match (side(1), side(-1)) {
            (above, below) if above.is_empty() && below.is_empty() => f.write_str("number"),
            (above, below) if below.is_empty() => f.write_str(&above),
            (above, below) if above.is_empty() => write!(f, "1 / {}", below.replace(" * ", " / ")),
            (above, below) => write!(f, "{above} / {}", below.replace(" * ", " / ")),
        }
    }
}
