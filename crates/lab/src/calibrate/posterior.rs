//! A posterior as others use it: equally weighted sets of account and parameters, in a folder of two files.
//!
//! ```text
//! posterior.csv       account and every parameter, one row per particle
//! calibration.json    scenario, settings, tolerances, fit; the checksum of posterior.csv
//! ```

use std::fmt::Write;
use std::fs;
use std::io;
use std::path::Path;

use equipoise_scenario::Scenario;
use serde_json::Value;

use crate::error::LabError;
use crate::run_directory::write_atomically;

const TABLE: &str = "posterior.csv";
const DESCRIPTION: &str = "calibration.json";

/// Parameters that agree with part of the record, all equally probable.
#[derive(Debug, Clone, PartialEq)]
pub struct Posterior {
    /// Checksum of the table (BLAKE3, hexadecimal): says which posterior a run was made with.
    pub checksum: String,
    /// The particles.
    pub particles: Vec<PosteriorParticle>,
}

/// One set of parameters.
#[derive(Debug, Clone, PartialEq)]
pub struct PosteriorParticle {
    /// Its account, an index into the evidence.
    pub account: usize,
    /// One value per parameter, in the scenario's order.
    pub parameters: Vec<f64>,
}

impl Posterior {
    /// Writes a posterior into a folder, with a description that gets the scenario and the checksum added.
    ///
    /// # Errors
    /// The folder cannot be made or written.
    pub fn write(
        scenario: &Scenario,
        particles: Vec<PosteriorParticle>,
        mut description: serde_json::Map<String, Value>,
        dir: &Path,
    ) -> Result<Posterior, LabError> {
        fs::create_dir_all(dir).map_err(LabError::io("create", dir))?;
        let mut table = String::from("account");
        for parameter in &scenario.parameters {
            let _ = write!(table, ",{}", parameter.id);
        }
        for particle in &particles {
            table.push('\n');
            table += &scenario.evidence.accounts[particle.account].id;
            for value in &particle.parameters {
                let _ = write!(table, ",{value}");
            }
        }
        table.push('\n');
        let seal = write_atomically(&dir.join(TABLE), table.as_bytes())?;
        description.insert("scenario".to_owned(), scenario.id.clone().into());
        description.insert("hash".to_owned(), scenario.hash.clone().into());
        description.insert("posterior".to_owned(), seal.blake3.clone().into());
        let text = format!("{:#}\n", Value::Object(description));
        write_atomically(&dir.join(DESCRIPTION), text.as_bytes())?;
        Ok(Posterior { checksum: seal.blake3, particles })
    }

    /// Reads the posterior of a scenario from a folder.
    ///
    /// # Errors
    /// There is none, it belongs to another scenario or another version of it, or it is damaged.
    pub fn read(scenario: &Scenario, dir: &Path) -> Result<Posterior, LabError> {
        let bad = |why: String| LabError::NotAPosterior { path: dir.to_owned(), why };
        let path = dir.join(DESCRIPTION);
        let text = match fs::read(&path) {
            Ok(text) => text,
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
                return Err(bad(format!("it has no {DESCRIPTION}")));
            }
            Err(error) => return Err(LabError::io("read", &path)(error)),
        };
        let description: Value = serde_json::from_slice(&text)
            .map_err(|error| bad(format!("its {DESCRIPTION} cannot be read ({error})")))?;
        let field = |name: &str| description.get(name).and_then(Value::as_str).unwrap_or("").to_owned();
        if field("hash") != scenario.hash {
            let short = |hash: &str| hash.get(..12).unwrap_or(hash).to_owned();
            return Err(bad(format!(
                "it is of {} (hash {}), not of {} (hash {}); calibrate again",
                field("scenario"),
                short(&field("hash")),
                scenario.id,
                short(&scenario.hash)
            )));
        }
        let path = dir.join(TABLE);
        let table = fs::read(&path).map_err(LabError::io("read", &path))?;
        let checksum = blake3::hash(&table).to_hex().to_string();
        if checksum != field("posterior") {
            return Err(bad(format!("its {TABLE} is not the one that was written: the checksum differs")));
        }
        let text = String::from_utf8_lossy(&table);
        let accounts = &scenario.evidence.accounts;
        let particles = text.lines().skip(1).map(|line| {
            let mut cells = line.split(',');
            let account = cells.next().and_then(|id| accounts.iter().position(|account| account.id == id));
            let parameters: Vec<f64> = cells.filter_map(|cell| cell.parse().ok()).collect();
            match account {
                Some(account) if parameters.len() == scenario.parameters.len() => {
                    Ok(PosteriorParticle { account, parameters })
                }
                _ => Err(bad(format!("a row of its {TABLE} does not fit the scenario"))),
            }
        });
        let particles: Vec<PosteriorParticle> = particles.collect::<Result<_, _>>()?;
        if particles.is_empty() {
            return Err(bad(format!("its {TABLE} has no rows")));
        }
        Ok(Posterior { checksum, particles })
    }
}
