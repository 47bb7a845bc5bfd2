//! accounts.toml: coherent views of what to believe where claims conflict.

use super::value::Word;
use super::{At, table};
use crate::evidence::Status;

table! {
    /// accounts.toml: coherent views of what to believe where claims conflict.
    AccountsFile
    required {
        /// The accounts; their credences sum to one.
        accounts: Vec<At<AccountTable>>,
    }
    optional {}
}

table! {
    /// An account: its prior weight and whom it trusts.
    AccountTable
    required {
        /// Short name for files and the command line.
        id: String,
        /// Name for people.
        title: String,
        /// Who tells it so, and why this credence.
        explanation: String,
        /// Prior weight, 0 to 1; all sum to one.
        credence: f64,
    }
    optional {
        /// Rules, of which the first that matches a claim gives its trust. A claim that none matches has the trust of
        /// its status.
        trust: Vec<At<TrustTable>>,
    }
}

table! {
    /// How far an account trusts some claims; a selector left out matches every claim.
    TrustTable
    required {
        /// Trust, 0 to 1.
        weight: f64,
    }
    optional {
        /// Conflict group.
        group: String,
        /// Ids of claims.
        claims: Vec<At<String>>,
        /// Ids of sources.
        sources: Vec<At<String>>,
        /// Names in the attribution chain, any link.
        attributions: Vec<At<String>>,
        /// How the source puts it.
        statuses: Vec<At<Word<Status>>>,
    }
}
