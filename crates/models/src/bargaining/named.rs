//! Options that can be spelt: enumerations whose values have a name in files and on command lines.

use std::fmt;

/// A name that no value of an option has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownName {
    /// The option.
    pub option: &'static str,
    /// What was given.
    pub found: String,
    /// The names there are.
    pub known: Vec<&'static str>,
}

impl fmt::Display for UnknownName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known = self.known.join(", ");
        write!(f, "no {} is called “{}”; there are {known}", self.option, self.found)
    }
}

impl std::error::Error for UnknownName {}

/// Declares an enumeration with `ALL`, `name`, `FromStr` and `Display`, all from one list of names.
macro_rules! named_options {
    ($(#[$doc:meta])* $option:ident { $($(#[$value_doc:meta])* $value:ident = $name:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $option {
            $($(#[$value_doc])* $value,)+
        }

        impl $option {
            /// Every value, in the order of this page.
            pub const ALL: &'static [$option] = &[$($option::$value),+];

            /// The value's name in files and on command lines.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $($option::$value => $name,)+
                }
            }
        }

        impl std::fmt::Display for $option {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.name())
            }
        }

        impl std::str::FromStr for $option {
            type Err = $crate::bargaining::UnknownName;

            fn from_str(name: &str) -> Result<$option, Self::Err> {
                $option::ALL
                    .iter()
                    .copied()
                    .find(|value| value.name().eq_ignore_ascii_case(name))
                    .ok_or_else(|| $crate::bargaining::UnknownName {
                        option: stringify!($option),
                        found: name.to_owned(),
                        known: $option::ALL.iter().map(|value| value.name()).collect(),
                    })
            }
        }
    };
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use crate::bargaining::smp::VotingRule;

    #[test]
    fn a_name_leads_back_to_its_value_in_any_case() {
        for &rule in VotingRule::ALL {
            assert_eq!(rule.name().parse(), Ok(rule));
            assert_eq!(rule.name().to_uppercase().parse(), Ok(rule));
        }
    }

    #[test]
    fn an_unknown_name_is_told_what_there_is() {
        let error = "Proportional".parse::<VotingRule>().unwrap_err();
        assert!(error.to_string().contains("PropBin"), "{error}");
    }
}
