//! How exactly a run knows what it is to know, from the shards that are complete.

use std::path::Path;

use crate::error::LabError;
use crate::precision::Until;
use crate::read::shard_outcome;
use crate::run_directory::Columns;

/// The values of the outcomes whose precision is stated, shard after shard.
pub(super) struct Exactness<'c> {
    columns: &'c Columns,
    until: Until,
    /// For each goal, the outcome's value in every history so far.
    values: Vec<Vec<f64>>,
}

impl<'c> Exactness<'c> {
    pub(super) fn new(until: Until, columns: &'c Columns) -> Exactness<'c> {
        let values = vec![Vec::new(); until.goals.len()];
        Exactness { columns, until, values }
    }

    /// Takes in a complete shard; shards come in their order.
    pub(super) fn add(&mut self, dir: &Path, shard: u64) -> Result<(), LabError> {
        for (goal, values) in self.until.goals.iter().zip(&mut self.values) {
            values.extend(shard_outcome(dir, shard, self.columns, &goal.wanted.outcome)?);
        }
        Ok(())
    }

    /// Looks: whether every goal is reached by the histories so far.
    pub(super) fn is_reached(&mut self) -> bool {
        for (goal, values) in self.until.goals.iter_mut().zip(&self.values) {
            goal.reached = goal.wanted.half_width_of(values);
        }
        self.until.is_reached()
    }

    /// The goals with what was reached.
    pub(super) fn finish(self) -> Until {
        self.until
    }
}
