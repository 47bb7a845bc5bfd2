//! Histories that are not independent of each other: which of them belong together, and how many independent ones they
//! are worth for an interval.

use std::collections::HashMap;

use crate::design::{Design, DesignTable, Layout};
use crate::draws::changed_by;
use crate::error::LabError;
use crate::quantile::Z;
use crate::read::Run;
use crate::student::quantile_975;

/// Which histories belong together.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Kin {
    /// Of each history; `None` where each stands on its own.
    members: Option<Vec<Member>>,
}

/// A history of a family.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Member {
    family: u64,
    /// Whether it shares no more with others of its family that do than chance would have it.
    apart: bool,
}

impl Kin {
    /// Those of a run: histories of one base point of a structured design, of one line of a posterior, of one number for
    /// chance in a table. Each stands on its own in any other.
    ///
    /// # Errors
    /// The parameters, or the table of the design, cannot be read.
    pub fn of(run: &Run) -> Result<Kin, LabError> {
        let (manifest, scenario) = (run.manifest(), run.scenario());
        let histories = 0..manifest.histories;
        if manifest.design.is_structured() {
            let named = |id: &String| scenario.evidence.accounts.iter().position(|account| account.id == *id);
            let account = manifest.account.as_ref().and_then(named);
            let rows = Layout::of(scenario, manifest.design, account).rows_per_point();
            let last = if manifest.design == Design::Morris { 0 } else { rows - 1 };
            let member = |history: u64| Member {
                family: history / rows,
                apart: [0, last].contains(&(history % rows)),
            };
            return Ok(Kin { members: Some(histories.map(member).collect()) });
        }
        if manifest.posterior.is_some() {
            let drawn_apart = changed_by(scenario, manifest.policy.as_deref());
            let mut lines: Vec<Vec<u64>> = vec![Vec::new(); manifest.histories as usize];
            for (at, column) in run.first_parameters(manifest.histories as usize)?.iter().enumerate() {
                if !drawn_apart.contains(&at) {
                    lines.iter_mut().zip(column).for_each(|(line, value)| line.push(value.to_bits()));
                }
            }
            let mut known = HashMap::new();
            let family = |line: Vec<u64>| {
                let next = known.len() as u64;
                Member { family: *known.entry(line).or_insert(next), apart: true }
            };
            return Ok(Kin { members: Some(lines.into_iter().map(family).collect()) });
        }
        let Some(checksum) = &manifest.design_table else { return Ok(Kin::default()) };
        let table = DesignTable::read(scenario, checksum, run.dir())?;
        let member = |history| Member { family: table.chance(history), apart: true };
        Ok(Kin { members: Some(histories.map(member).collect()) })
    }

    /// The kin of the histories for which `counts` holds.
    pub fn only(&self, counts: impl Fn(usize) -> bool) -> Kin {
        let of = |members: &Vec<Member>| {
            members.iter().enumerate().filter(|(at, _)| counts(*at)).map(|(_, member)| *member).collect()
        };
        Kin { members: self.members.as_ref().map(of) }
    }

    /// How many independent histories would tell a share as exactly as these, of which each is one that counts or not.
    ///
    /// By the variance of a ratio of family totals, with the number of families for the degrees of freedom (Korn and
    /// Graubard 1998, the effective size of a clustered sample; recalled), and never more than stand apart from each other:
    /// of a few families whose histories hardly differ the variance says little. Where all are alike, one for each family.
    pub fn worth(&self, count: impl Iterator<Item = bool>) -> f64 {
        let Some(members) = &self.members else { return count.count() as f64 };
        let mut totals: HashMap<u64, (f64, f64)> = HashMap::new();
        for (member, counts) in members.iter().zip(count) {
            let (of, all) = totals.entry(member.family).or_default();
            *of += f64::from(u8::from(counts));
            *all += 1.0;
        }
        // In the order of the families: sums must not depend on how a map lies in memory.
        let mut totals: Vec<(u64, (f64, f64))> = totals.into_iter().collect();
        totals.sort_unstable_by_key(|(family, _)| *family);
        let (groups, n) = (totals.len() as f64, members.len() as f64);
        if groups < 2.0 {
            return groups.min(n) * (Z / quantile_975(1)).powi(2);
        }
        let share = totals.iter().map(|(_, (of, _))| of).sum::<f64>() / n;
        let squares: f64 = totals.iter().map(|(_, (of, all))| (of - share * all).powi(2)).sum();
        let variance = groups / (groups - 1.0) * squares / (n * n);
        let alike = share * (1.0 - share);
        let size = if alike > 0.0 && variance > 0.0 { alike / variance } else { groups };
        let apart = members.iter().filter(|member| member.apart).count().max(1) as f64;
        size.min(apart) * (Z / quantile_975(totals.len() as u32 - 1)).powi(2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn families(of: &[u64]) -> Kin {
        Kin { members: Some(of.iter().map(|family| Member { family: *family, apart: true }).collect()) }
    }

    #[test]
    fn histories_that_stand_on_their_own_count_in_full() {
        assert_eq!(Kin::default().worth([true, false, false].into_iter()), 3.0);
    }

    #[test]
    fn families_that_all_do_the_same_are_worth_one_history_each() {
        // Two hundred families of ten: by the variance of their totals as exact as two hundred, but for the freedom.
        let of: Vec<u64> = (0..2000).map(|at| at / 10).collect();
        let worth = families(&of).worth(of.iter().map(|family| family % 4 == 0));
        assert!((worth / 200.0 - 1.0).abs() < 0.02, "{worth}");
        // Where nobody differs there is no variance to go by.
        let alike = families(&of).worth(of.iter().map(|_| true));
        assert!((alike / 200.0 - 1.0).abs() < 0.02, "{alike}");
    }

    #[test]
    fn families_without_a_likeness_are_worth_nearly_all_their_histories() {
        let of: Vec<u64> = (0..2000).map(|at| at / 10).collect();
        let mut word = 1u64;
        let mixed: Vec<bool> = (0..2000)
            .map(|_| {
                word = word.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                word >> 62 == 0
            })
            .collect();
        let worth = families(&of).worth(mixed.into_iter());
        assert!(worth > 1500.0 && worth <= 2000.0, "{worth}");
    }

    #[test]
    fn one_family_tells_next_to_nothing() {
        assert!(families(&[7; 300]).worth((0..300).map(|at| at < 100)) < 0.1);
    }
}
