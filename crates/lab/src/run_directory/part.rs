//! Parts: a run divided among machines, each with whole blocks, so that the parts join to what one machine would write.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// One part of a run, such as the third of sixteen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Which, from 1.
    pub number: u64,
    /// Of how many.
    pub of: u64,
}

impl Part {
    /// The histories of this part: whole blocks, as even as they can be; none where there are fewer blocks than parts.
    #[must_use]
    pub fn range(self, histories: u64, block: u64) -> Range<u64> {
        let blocks = histories.div_ceil(block.max(1));
        let end = |parts: u64| {
            let at = u128::from(blocks) * u128::from(parts) / u128::from(self.of.max(1));
            (at as u64).saturating_mul(block).min(histories)
        };
        end(self.number.saturating_sub(1))..end(self.number)
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.number, self.of)
    }
}

impl FromStr for Part {
    type Err = String;

    fn from_str(text: &str) -> Result<Part, String> {
        let both = text.split_once('/').map(|(number, of)| (number.trim().parse(), of.trim().parse()));
        match both {
            Some((Ok(number), Ok(of))) if (1..=of).contains(&number) => Ok(Part { number, of }),
            _ => Err("expected a number and how many there are, such as 3/16, counted from 1".to_owned()),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn parts_follow_each_other_and_cut_between_blocks(
            histories in 1u64..1_000_000_000, block in 1u64..4096, of in 1u64..200,
        ) {
            let mut end = 0;
            for number in 1..=of {
                let range = Part { number, of }.range(histories, block);
                prop_assert_eq!(range.start, end);
                prop_assert!(range.start.is_multiple_of(block) || range.start == histories);
                end = range.end;
            }
            prop_assert_eq!(end, histories);
        }
    }

    #[test]
    fn parts_are_counted_from_one() {
        assert_eq!("3/16".parse::<Part>().unwrap(), Part { number: 3, of: 16 });
        for wrong in ["0/4", "5/4", "4", "a/b", ""] {
            assert!(wrong.parse::<Part>().unwrap_err().contains("such as 3/16"));
        }
    }
}
