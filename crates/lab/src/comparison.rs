//! Comparisons: the same histories under several policies, each a run directory of its own, in one folder.
//!
//! ```text
//! COMPARISON/
//!   comparison.json           what is compared: scenario, histories, and the policies, the baseline first
//!   none/                     the run without a policy
//!   no-request/ …             one run directory per policy, named for it
//! ```
//!
//! `comparison.json` is written whole before the first run begins, and each run directory is safe by itself, so a
//! comparison that was killed at any instant is finished by resuming its runs one after the other.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use equipoise_scenario::Scenario;
use serde::{Deserialize, Serialize};

use crate::design::Design;
use crate::ensemble::{Plan, under_policy};
use crate::error::LabError;
use crate::read::Run;
use crate::run_directory::{FORMAT_VERSION, Manifest, ScenarioKey, is_temporary, write_atomically};

/// Stands for "without a policy" among the names of policies.
pub const NO_POLICY: &str = "none";

/// Name of the file that makes a folder a comparison.
const FILE: &str = "comparison.json";

/// A comparison's folder, finished or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    dir: PathBuf,
    file: ComparisonFile,
}

/// What is compared, as `comparison.json` says it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComparisonFile {
    /// Version of the layout, that of run directories.
    pub format: u32,
    /// The scenario.
    pub scenario: ScenarioKey,
    /// The only account that is drawn, if one was asked for.
    pub account: Option<String>,
    /// Seed of the design and of every history.
    pub seed: u64,
    /// Kind of design.
    pub design: Design,
    /// Number of histories under each policy.
    pub histories: u64,
    /// The policies by name, the baseline first; [`NO_POLICY`] for the run without one. Each is the name of a folder.
    pub policies: Vec<String>,
}

impl Comparison {
    /// Begins a comparison in a folder that is new or empty: `policies` by name, the baseline first. The plan's own
    /// policy is not looked at.
    ///
    /// # Errors
    /// A policy is unknown, named twice or called [`NO_POLICY`], there is nothing to compare with the baseline, the plan
    /// asks for 0 histories or has a structured design, or the folder holds something or cannot be written.
    pub fn begin(
        scenario: &Scenario,
        plan: &Plan,
        policies: &[String],
        dir: &Path,
    ) -> Result<Comparison, LabError> {
        check_policies(scenario, policies)?;
        if plan.histories == 0 {
            return Err(LabError::BadPlan {
                why: "0 histories were asked for, and at least one is needed".to_owned(),
            });
        }
        if plan.design.is_structured() {
            return Err(LabError::BadPlan {
                why: format!(
                    "the histories of the design {} belong together in groups, and a comparison needs such as stand on their own; choose --design sobol, lhs or random",
                    plan.design
                ),
            });
        }
        fs::create_dir_all(dir).map_err(LabError::io("create", dir))?;
        let mut entries = fs::read_dir(dir).map_err(LabError::io("read", dir))?;
        // A process killed while it wrote comparison.json leaves no more than a temporary file, which is written over.
        if entries.any(|entry| entry.map_or(true, |entry| !is_temporary(&entry.path()))) {
            return Err(LabError::NotEmpty { path: dir.to_owned() });
        }
        let comparison = Comparison { dir: dir.to_owned(), file: file_of(scenario, plan, policies)? };
        comparison.write()?;
        Ok(comparison)
    }

    fn write(&self) -> Result<(), LabError> {
        let mut text = serde_json::to_vec_pretty(&self.file).map_err(|error| LabError::BadPlan {
            why: format!("the comparison cannot be encoded ({error})"),
        })?;
        text.push(b'\n');
        write_atomically(&self.dir.join(FILE), &text)?;
        Ok(())
    }

    /// The same comparison of more histories, if every run of it is finished; its runs are then made longer by
    /// [`resume`](crate::resume), one after the other. Otherwise, and where `histories` are no more, it stays as it is.
    ///
    /// # Errors
    /// A manifest cannot be read, or `comparison.json` cannot be written.
    pub fn lengthen(&mut self, histories: u64) -> Result<(), LabError> {
        if histories <= self.file.histories {
            return Ok(());
        }
        for policy in &self.file.policies {
            let dir = self.run_dir(policy);
            if !dir.join("manifest.json").is_file() || !Manifest::read(&dir)?.complete {
                return Ok(());
            }
        }
        self.file.histories = histories;
        self.write()
    }

    /// Reads what a folder compares, whether its runs are finished or not.
    ///
    /// # Errors
    /// The folder is no comparison, or one of a version this one cannot read.
    pub fn read(dir: &Path) -> Result<Comparison, LabError> {
        let path = dir.join(FILE);
        let no_comparison = |why: String| LabError::NotAComparison { path: dir.to_owned(), why };
        let text = match fs::read(&path) {
            Ok(text) => text,
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
                let single = dir.join("manifest.json").is_file();
                return Err(no_comparison(
                    if single { "it is a single run" } else { "it has no comparison.json" }.to_owned(),
                ));
            }
            Err(error) => return Err(LabError::io("read", &path)(error)),
        };
        let file: ComparisonFile = serde_json::from_slice(&text)
            .map_err(|error| no_comparison(format!("its comparison.json is not one of ours ({error})")))?;
        if file.format != FORMAT_VERSION {
            return Err(no_comparison(format!(
                "its format is version {}, and this Equipoise reads version {FORMAT_VERSION}",
                file.format
            )));
        }
        // Names become paths: one that leads elsewhere is none of ours.
        let plain = |name: &String| !name.is_empty() && !name.contains(['/', '\\']) && !name.starts_with('.');
        if file.policies.is_empty() || !file.policies.iter().all(plain) {
            return Err(no_comparison("its comparison.json names no policies".to_owned()));
        }
        Ok(Comparison { dir: dir.to_owned(), file })
    }

    /// The comparisons under one account each that lie in a folder, in folders named for their accounts, as `compare
    /// --each-account` leaves them; none where the folder holds something else.
    ///
    /// # Errors
    /// The folder or a comparison in it cannot be read.
    pub fn under_accounts(dir: &Path) -> Result<Vec<Comparison>, LabError> {
        let Ok(entries) = fs::read_dir(dir) else { return Ok(Vec::new()) };
        let mut folders: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        folders.retain(|folder| folder.join(FILE).is_file());
        folders.sort();
        let all: Vec<Comparison> =
            folders.iter().map(|folder| Comparison::read(folder)).collect::<Result<_, _>>()?;
        let named = |one: &Comparison| {
            one.dir.file_name().and_then(|name| name.to_str()) == one.file.account.as_deref()
        };
        Ok(all.into_iter().filter(named).collect())
    }

    /// Whether two comparisons are the same but for their accounts.
    #[must_use]
    pub fn differs_by_account(&self, other: &Comparison) -> bool {
        ComparisonFile { account: None, ..self.file.clone() }
            == ComparisonFile { account: None, ..other.file.clone() }
    }

    /// Checks that this comparison is the one that is asked for, before it is gone on with.
    ///
    /// # Errors
    /// The scenario, an option or a policy differs; both values are named.
    pub fn check_same(&self, scenario: &Scenario, plan: &Plan, policies: &[String]) -> Result<(), LabError> {
        let now = file_of(scenario, plan, policies)?;
        let kept = &self.file;
        if kept.scenario != now.scenario {
            return Err(self.other_scenario(&kept.scenario, &now.scenario));
        }
        let or_none = |name: &Option<String>| name.clone().unwrap_or_else(|| NO_POLICY.to_owned());
        let options = [
            ("--seed", kept.seed.to_string(), now.seed.to_string()),
            ("--design", kept.design.to_string(), now.design.to_string()),
            ("--histories", kept.histories.to_string(), now.histories.to_string()),
            ("--account", or_none(&kept.account), or_none(&now.account)),
            ("--baseline", kept.policies[0].clone(), now.policies[0].clone()),
            ("the policies", kept.policies[1..].join(" "), now.policies[1..].join(" ")),
        ];
        for (option, found, expected) in options {
            if found != expected {
                return Err(LabError::OtherPlan { path: self.dir.clone(), option, found, expected });
            }
        }
        Ok(())
    }

    /// Where it lies.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// What is compared.
    #[must_use]
    pub fn file(&self) -> &ComparisonFile {
        &self.file
    }

    /// The folder of the run under a policy.
    #[must_use]
    pub fn run_dir(&self, policy: &str) -> PathBuf {
        self.dir.join(policy)
    }

    /// The plan of the run under a policy, with the threads and shards of `plan`.
    #[must_use]
    pub fn plan_under(&self, plan: &Plan, policy: &str) -> Plan {
        Plan { policy: (policy != NO_POLICY).then(|| policy.to_owned()), ..plan.clone() }
    }

    /// Opens the runs, the baseline first.
    ///
    /// # Errors
    /// A run is missing, unfinished or damaged, or is one of another scenario, seed, design or policy.
    pub fn open(&self) -> Result<Vec<Run>, LabError> {
        self.file.policies.iter().map(|policy| self.open_run(policy)).collect()
    }

    fn open_run(&self, policy: &str) -> Result<Run, LabError> {
        let dir = self.run_dir(policy);
        if !dir.join("manifest.json").is_file() {
            return Err(LabError::Unfinished { path: dir });
        }
        let manifest = Manifest::read(&dir)?;
        if manifest.scenario != self.file.scenario {
            return Err(self.other_scenario(&manifest.scenario, &self.file.scenario));
        }
        let run = Run::open(&dir)?;
        let file = &self.file;
        let under = manifest.policy.as_deref().unwrap_or(NO_POLICY);
        let same = manifest.seed == file.seed
            && manifest.design == file.design
            && manifest.histories == file.histories
            && manifest.account == file.account
            && under == policy;
        if !same {
            return Err(LabError::NotAComparison {
                path: self.dir.clone(),
                why: format!("the run in {} is not the one its comparison.json names", dir.display()),
            });
        }
        Ok(run)
    }

    fn other_scenario(&self, found: &ScenarioKey, expected: &ScenarioKey) -> LabError {
        let both = |key: &ScenarioKey| [key.id.clone(), key.hash.clone()];
        LabError::OtherScenario { path: self.dir.clone(), found: both(found), expected: both(expected) }
    }
}

fn check_policies(scenario: &Scenario, policies: &[String]) -> Result<(), LabError> {
    let refuse = |why: String| Err(LabError::BadPlan { why });
    if scenario.policies.iter().any(|policy| policy.id == NO_POLICY) {
        return refuse(format!(
            "the scenario has a policy called {NO_POLICY}, which here means: without a policy; call it otherwise"
        ));
    }
    if policies.len() < 2 {
        return refuse("there is nothing to compare with the baseline; name a policy".to_owned());
    }
    for (at, policy) in policies.iter().enumerate() {
        if policy != NO_POLICY {
            under_policy(scenario, policy)?;
        }
        if policies[..at].contains(policy) {
            return refuse(format!("the policy {policy} would be compared with itself; name it once"));
        }
    }
    Ok(())
}

fn file_of(scenario: &Scenario, plan: &Plan, policies: &[String]) -> Result<ComparisonFile, LabError> {
    let accounts = &scenario.evidence.accounts;
    let account = match plan.account {
        None => None,
        Some(at) => {
            Some(accounts.get(at).map(|account| account.id.clone()).ok_or_else(|| LabError::Unknown {
                what: "account",
                name: at.to_string(),
                known: accounts.iter().map(|account| account.id.clone()).collect(),
            })?)
        }
    };
    Ok(ComparisonFile {
        format: FORMAT_VERSION,
        scenario: ScenarioKey { id: scenario.id.clone(), hash: scenario.hash.clone() },
        account,
        seed: plan.seed,
        design: plan.design,
        histories: plan.histories,
        policies: policies.to_vec(),
    })
}
