//! A parliament that must ratify: its quorum and its votes.

use super::TreatyError;

/// A parliament's rule for ratifying.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chamber {
    /// Seats in all.
    pub seats: u32,
    /// Members who must be present for a valid vote.
    pub quorum: u32,
    /// Votes for that carry the motion.
    pub votes_needed: u32,
}

/// What a chamber's vote came to; whoever is present and not for counts as against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ratification {
    /// Too few were present.
    NoQuorum,
    /// The motion fell.
    Failed {
        /// Votes for.
        yes: u32,
        /// Present and not for.
        no: u32,
    },
    /// The motion carried.
    Passed {
        /// Votes for.
        yes: u32,
        /// Present and not for.
        no: u32,
    },
}

/// Puts a motion to a chamber with `present` members present, `yes` of them for.
///
/// # Errors
/// A quorum or a number of votes needed above the seats, more present than seats, or more for than present.
pub fn ratify(chamber: &Chamber, present: u32, yes: u32) -> Result<Ratification, TreatyError> {
    let Chamber { seats, quorum, votes_needed } = *chamber;
    for (what, count, limit_name, limit) in [
        ("votes needed", votes_needed, "seats", seats),
        ("quorum", quorum, "seats", seats),
        ("members present", present, "seats", seats),
        ("votes for", yes, "members present", present),
    ] {
        if count > limit {
            return Err(TreatyError::AboveLimit { what, count, limit_name, limit });
        }
    }
    let no = present - yes;
    Ok(if present < quorum {
        Ratification::NoQuorum
    } else if yes >= votes_needed {
        Ratification::Passed { yes, no }
    } else {
        Ratification::Failed { yes, no }
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_chamber_needs_its_quorum_and_its_votes() {
        let chamber = Chamber { seats: 107, quorum: 72, votes_needed: 54 };
        assert_eq!(ratify(&chamber, 71, 71), Ok(Ratification::NoQuorum));
        assert_eq!(ratify(&chamber, 80, 54), Ok(Ratification::Passed { yes: 54, no: 26 }));
        assert_eq!(ratify(&chamber, 80, 53), Ok(Ratification::Failed { yes: 53, no: 27 }));
        assert!(ratify(&chamber, 108, 60).is_err());
        assert!(ratify(&chamber, 80, 81).is_err());
    }

    #[test]
    fn a_threshold_above_the_chamber_is_an_error() {
        let chamber = Chamber { seats: 100, quorum: 50, votes_needed: 101 };
        let error = ratify(&chamber, 100, 100).unwrap_err();
        assert_eq!(error.to_string(), "votes needed: 101, expected at most the seats, 100");
    }
}
