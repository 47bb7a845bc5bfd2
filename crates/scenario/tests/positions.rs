//! Mistakes in issues, bargaining and votes: each is reported at its line.
#![allow(clippy::unwrap_used)]

use equipoise_scenario::scenario::Vote;
use equipoise_scenario::{Diagnostics, Scenario, load_files, template};

const ADDED: &str = include_str!("fixtures/positions/added.toml");
const LAND: &str = include_str!("fixtures/positions/land.csv");
const STATES: &str = include_str!("fixtures/positions/states.csv");
const RESOLUTIONS: &str = include_str!("fixtures/positions/resolutions.csv");
const BALLOTS: &str = include_str!("fixtures/positions/ballots.csv");

/// The small scenario with an issue and an assembly, with one text replaced by another in one file.
fn read(file: &str, old: &str, new: &str) -> Result<Scenario, Diagnostics> {
    let mut files: Vec<(String, String)> = template("Varnia").into_iter().collect();
    files.iter_mut().find(|(path, _)| path == "scenario.toml").unwrap().1.push_str(ADDED);
    for (path, text) in [
        ("issues/land.csv", LAND),
        ("votes/states.csv", STATES),
        ("votes/resolutions.csv", RESOLUTIONS),
        ("votes/ballots.csv", BALLOTS),
    ] {
        files.push((path.to_owned(), text.to_owned()));
    }
    let changed = &mut files.iter_mut().find(|(path, _)| path == file).unwrap().1;
    assert!(changed.contains(old), "{file} has no {old}");
    *changed = changed.replacen(old, new, 1);
    load_files("varnia", files)
}

#[test]
fn issues_bargaining_and_votes_are_read() {
    let scenario = read("issues/land.csv", "VAR", "VAR").unwrap();
    assert_eq!(scenario.issues[0].standings.len(), 4);
    assert!(scenario.issues[0].standings[3].weight.is_none());
    assert_eq!(scenario.bargaining.unwrap().dates.len(), 2);
    let voting = scenario.voting.unwrap();
    assert_eq!(voting.resolutions[0].record, [Some(Vote::For), Some(Vote::Against), Some(Vote::Absent)]);
    // A state with no known vote is no mistake: its last vote counts as none.
    assert_eq!(voting.resolutions[1].record, [Some(Vote::Abstain), None, None]);
    assert_eq!(voting.resolutions[2].predecessor, Some(1));
}

#[test]
fn every_mistake_is_pointed_at() {
    let toml = "scenario.toml";
    for (file, old, new, place, message) in [
        (
            "votes/ballots.csv",
            "first,VAR,for",
            "first,VAR,fro",
            "votes/ballots.csv:2:",
            "there is no word `fro` here; expected one of for, abstain, against, absent; did you mean `for`?",
        ),
        (
            "votes/ballots.csv",
            "first,VAR,for",
            "frist,VAR,for",
            "votes/ballots.csv:2:",
            "there is no resolution `frist`; did you mean `first`?",
        ),
        (
            "votes/ballots.csv",
            "first,ORD",
            "first,ORT",
            "votes/ballots.csv:3:",
            "there is no state that votes `ORT`; did you mean `ORD`?",
        ),
        ("votes/ballots.csv", "first,ORD", "first,VAR", "votes/ballots.csv:3:", "stands here twice"),
        ("votes/states.csv", "LIS,care", "LYS,care", "votes/states.csv:4:", "there is no actor `LYS`"),
        ("votes/states.csv", "0 - care", "0 - 3", "votes/states.csv:3:", "3"),
        (
            "votes/resolutions.csv",
            "text_strength,first",
            "text_strength,thrid",
            "votes/resolutions.csv:3:",
            "there is no resolution `thrid`; did you mean `third`?",
        ),
        (
            "votes/resolutions.csv",
            "text_strength,first",
            "text_strength,third",
            "votes/resolutions.csv:3:",
            "is no earlier text",
        ),
        (
            "votes/resolutions.csv",
            "2030-04-02",
            "2031-04-02",
            "votes/resolutions.csv:3:",
            "is not a simulated day",
        ),
        ("votes/resolutions.csv", "text_strength", "offence", "votes/resolutions.csv:2:", "is in points"),
        ("issues/land.csv", "ORD,stand_ordmark", "ORD,power", "issues/land.csv:3:", "is in number"),
        (
            "issues/land.csv",
            "LIS,stand_lisse",
            "ORD,stand_lisse",
            "issues/land.csv:4:",
            "stands on this issue twice",
        ),
        (
            "issues/land.csv",
            "government,stand_own,,",
            "government,stand_own,power,",
            "issues/land.csv:5:",
            "only one of capability and salience",
        ),
        ("issues/land.csv", "power,care", "50,care", "issues/land.csv:2:", "50"),
        (
            toml,
            "issues/land.csv",
            "issues/lnad.csv",
            "scenario.toml:",
            "there is no file `issues/lnad.csv`; did you mean `issues/land.csv`?",
        ),
        (toml, "model = \"smp\"", "model = \"spm\"", "scenario.toml:", "there is no bargaining model `spm`"),
        (toml, "model = \"smp\"", "model = \"eum:publshed\"", "scenario.toml:", "publshed"),
        (toml, "2030-03-20", "2029-03-20", "scenario.toml:", "2029-03-20 is not a simulated day"),
        (toml, "position(VAR, land)", "position(VAR, lnad)", "scenario.toml:", "there is no issue `lnad`"),
        (toml, "vote_for(second.VAR)", "vote_for(second)", "scenario.toml:", "`second` is not a vote"),
        (
            toml,
            "vote_for(second.VAR)",
            "vote_for(second.VRA)",
            "scenario.toml:",
            "there is no state that votes `VRA`",
        ),
        (toml, "issue = \"land\"", "issue = \"lad\"", "scenario.toml:", "there is no issue `lad`"),
    ] {
        let found = read(file, old, new).map(|_| ()).unwrap_err();
        let text = found.to_string();
        // A state that is renamed is also missing where its votes stand.
        assert!(found.len() <= 2, "{new}: {text}");
        assert!(text.lines().any(|line| line.starts_with(place) && line.contains(message)), "{new}: {text}");
    }
}
