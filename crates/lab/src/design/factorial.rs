//! A full factorial over policies and accounts: every policy under every account, on the same inputs and chance.

/// The cells of a full factorial design, repeated at one base point after another.
///
/// Rows run through the accounts, then the policies, then the base points, so that any number of whole rounds is
/// balanced and a smaller design is the beginning of a larger one. All cells of a base point share its inputs and its
/// chance: what differs between two of them is due to policy and account alone. Histories per account are equal here,
/// not proportional to credence: whatever is averaged over accounts must be weighted by credence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Factorial {
    /// Number of policies, the baseline among them.
    pub policies: usize,
    /// Number of accounts.
    pub accounts: usize,
}

/// What one row of the design stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    /// The base point: gives inputs and chance.
    pub point: u64,
    /// The policy, from 0.
    pub policy: usize,
    /// The account, from 0.
    pub account: usize,
}

impl Factorial {
    /// Rows of one base point.
    #[must_use]
    pub fn rows_per_point(&self) -> usize {
        self.policies * self.accounts
    }

    /// The cell of a row; `None` where there are no policies or no accounts.
    #[must_use]
    pub fn cell(&self, row: u64) -> Option<Cell> {
        let (policies, accounts) = (self.policies as u64, self.accounts as u64);
        let point = row.checked_div(policies * accounts)?;
        Some(Cell { point, policy: (row / accounts % policies) as usize, account: (row % accounts) as usize })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_policy_meets_every_account_once_at_each_point() {
        let design = Factorial { policies: 3, accounts: 4 };
        let cells: Vec<Cell> = (0..36).filter_map(|row| design.cell(row)).collect();
        let distinct: BTreeSet<_> =
            cells.iter().map(|cell| (cell.point, cell.policy, cell.account)).collect();
        assert_eq!(distinct.len(), 36);
        assert!(cells.iter().enumerate().all(|(row, cell)| cell.point == row as u64 / 12));
    }

    #[test]
    fn without_accounts_there_is_nothing_to_cross() {
        assert_eq!(Factorial { policies: 3, accounts: 0 }.cell(5), None);
    }
}
