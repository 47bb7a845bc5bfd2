//! What was tried, as files: a policy as a scenario's folder holds it, and a whole scenario with the trial in it.

use std::fs;
use std::io::Write;
use std::path::Path;

use axum::http::StatusCode;
use equipoise_scenario::{Scenario, load_files};
use serde::Deserialize;
use toml::Spanned;

use crate::refusal::Refusal;
use crate::trial::{REASON, Trial};

/// Longest id of a policy.
const LONGEST: usize = 60;

/// Whether a text can be the id of a policy, and so the name of its file.
pub fn is_id(text: &str) -> bool {
    text.len() <= LONGEST
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

/// A trial as the file of a policy. Credences are beliefs and no policy can change them: they are told in a remark.
///
/// # Errors
/// The levers do not fit the scenario (422).
pub fn text(scenario: &Scenario, trial: &Trial, title: &str) -> Result<String, Refusal> {
    trial.changes(scenario)?;
    let mut text = format!("# Tried in the studio on {}.\n", scenario.id);
    if !trial.credences.is_empty() {
        text += "# The accounts had other credences there, which a policy cannot hold:";
        for (account, share) in scenario.evidence.accounts.iter().zip(trial.shares(scenario)?) {
            text += &format!(" {} {share:.3}", account.id);
        }
        text.push('\n');
    }
    text += &format!("title = {}\n", quoted(title));
    if !trial.policies.is_empty() {
        let ids: Vec<String> = trial.policies.iter().map(|id| quoted(id)).collect();
        text += &format!("includes = [{}]\n", ids.join(", "));
    }
    let mut changes = Vec::new();
    for (id, date) in &trial.shocks {
        changes.push(match date {
            Some(date) => format!("{{ move = {}, to = {date} }}", quoted(id)),
            None => format!("{{ cancel = {} }}", quoted(id)),
        });
    }
    for (id, value) in &trial.parameters {
        changes.push(format!(
            "{{ parameter = {}, range = [{value:?}, {value:?}], reason = {} }}",
            quoted(id),
            quoted(REASON)
        ));
    }
    if !changes.is_empty() {
        text += "changes = [\n";
        changes.iter().for_each(|change| text += &format!("    {change},\n"));
        text += "]\n";
    }
    Ok(text)
}

/// The scenario with the trial in it: its policy in `policies/`, and the credences in `accounts.toml`. So a run of it can
/// be made again from its own files.
///
/// # Errors
/// The levers do not fit, or there is a policy of that id already (409).
pub fn with_trial(scenario: &Scenario, trial: &Trial, id: &str, title: &str) -> Result<Scenario, Refusal> {
    if scenario.policies.iter().any(|policy| policy.id == id) {
        return Err(Refusal::new(StatusCode::CONFLICT, format!("there is a policy `{id}` already")));
    }
    let mut files = scenario.files.clone();
    files.push((format!("policies/{id}.toml"), text(scenario, trial, title)?.into_bytes()));
    if !trial.credences.is_empty() {
        let shares = trial.shares(scenario)?;
        for (path, bytes) in &mut files {
            if path == "accounts.toml" {
                *bytes = with_credences(&String::from_utf8_lossy(bytes), &shares)?.into_bytes();
            }
        }
    }
    load_files(&scenario.id, files).map_err(|mistakes| Refusal::mistakes(&scenario.id, &mistakes))
}

/// Keeps a policy as a new file in the folder of its scenario. Nothing that is there is written over.
///
/// # Errors
/// The id cannot name a file (422), there is such a policy already (409), or the folder cannot be written to (500).
pub fn keep(
    folder: &Path,
    scenario: &Scenario,
    trial: &Trial,
    id: &str,
    title: &str,
) -> Result<String, Refusal> {
    if !is_id(id) {
        return Err(Refusal::unfit("a policy is named by small letters, digits and -, a letter first"));
    }
    let text = text(scenario, trial, title)?;
    // The policy alone is kept, so it must be sound without the credences.
    with_trial(scenario, &Trial { credences: Default::default(), ..trial.clone() }, id, title)?;
    let failed = |_| {
        Refusal::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "the policy could not be written into the scenario's folder",
        )
    };
    let policies = folder.join("policies");
    fs::create_dir_all(&policies).map_err(failed)?;
    // A folder that leads elsewhere is not the scenario's own.
    let inside = policies.canonicalize().and_then(|real| Ok(real.parent() == Some(&*folder.canonicalize()?)));
    if !inside.map_err(failed)? {
        return Err(Refusal::new(
            StatusCode::FORBIDDEN,
            "the folder policies/ leads out of the scenario's folder",
        ));
    }
    let name = format!("policies/{id}.toml");
    let file = fs::OpenOptions::new().write(true).create_new(true).open(folder.join(&name));
    let mut file = match file {
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            return Err(Refusal::new(StatusCode::CONFLICT, format!("there is a policy `{id}` already")));
        }
        file => file.map_err(failed)?,
    };
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(failed)?;
    Ok(name)
}

/// `accounts.toml`, as far as credences go.
#[derive(Deserialize)]
struct Accounts {
    accounts: Vec<Account>,
}

#[derive(Deserialize)]
struct Account {
    credence: Spanned<f64>,
}

/// The text of `accounts.toml` with other credences in place and everything else as it is.
fn with_credences(text: &str, shares: &[f64]) -> Result<String, Refusal> {
    let read: Accounts = toml::from_str(text).map_err(|_| Refusal::unfit("accounts.toml cannot be read"))?;
    let mut changed = text.to_owned();
    for (account, share) in read.accounts.iter().zip(shares).rev() {
        changed.replace_range(account.credence.span(), &format!("{share:?}"));
    }
    Ok(changed)
}

/// A text as TOML writes it.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::trial::tests::small;

    /// A trial with every kind of lever.
    fn everything(scenario: &Scenario) -> Trial {
        let parameter = &scenario.parameters[0];
        serde_json::from_value(serde_json::json!({
            "policies": [scenario.policies[0].id],
            "parameters": { (&parameter.id): parameter.lowest() },
            "shocks": { (&scenario.shocks[0].id): scenario.date(3) },
            "credences": { (&scenario.evidence.accounts[0].id): 1.0 },
        }))
        .unwrap()
    }

    #[test]
    fn a_policy_file_does_what_the_levers_do() {
        let scenario = small();
        let trial = everything(&scenario);
        let saved = with_trial(&scenario, &trial, "tried", "Tried: \"quotes\" and\nlines").unwrap();
        let by_file = saved.with_policy("tried").unwrap();
        let by_lever = trial.variant(&scenario).unwrap().scenario;
        assert_eq!(format!("{:?}", by_file.parameters), format!("{:?}", by_lever.parameters));
        assert_eq!(format!("{:?}", by_file.shocks), format!("{:?}", by_lever.shocks));
        assert_eq!(format!("{:?}", by_file.decisions), format!("{:?}", by_lever.decisions));
        for (a, b) in by_file.evidence.accounts.iter().zip(&by_lever.evidence.accounts) {
            assert!((a.credence - b.credence).abs() < 1e-12);
        }
    }

    #[test]
    fn a_policy_is_kept_once_and_inside_its_folder_only() {
        let root = tempfile::tempdir().unwrap();
        let scenario = small();
        let trial = Trial { credences: Default::default(), ..everything(&scenario) };
        assert_eq!(keep(root.path(), &scenario, &trial, "tried", "t").unwrap(), "policies/tried.toml");
        assert_eq!(
            keep(root.path(), &scenario, &trial, "tried", "t").unwrap_err().status,
            StatusCode::CONFLICT
        );
        let taken = scenario.policies[0].id.clone();
        assert_eq!(
            keep(root.path(), &scenario, &trial, &taken, "t").unwrap_err().status,
            StatusCode::CONFLICT
        );
        for id in ["../out", "a/b", "", "A", "a.toml", "1a", &"a".repeat(61)] {
            let refusal = keep(root.path(), &scenario, &trial, id, "t").unwrap_err();
            assert_eq!(refusal.status, StatusCode::UNPROCESSABLE_ENTITY, "{id}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_link_that_leads_out_of_the_folder_is_not_followed() {
        let (root, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        std::os::unix::fs::symlink(elsewhere.path(), root.path().join("policies")).unwrap();
        let refusal = keep(root.path(), &small(), &Trial::default(), "tried", "t").unwrap_err();
        assert_eq!(refusal.status, StatusCode::FORBIDDEN);
        assert_eq!(fs::read_dir(elsewhere.path()).unwrap().count(), 0);
    }
}
