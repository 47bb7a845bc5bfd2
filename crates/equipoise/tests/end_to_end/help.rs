//! What `--help` says, and what a broken scenario looks like: kept as snapshots.

use crate::workshop::Workshop;

#[test]
fn help_of_every_command() {
    let shop = Workshop::empty();
    insta::assert_snapshot!("help", shop.equipoise(&["--help"]).succeeds().stdout);
    for command in ["run", "compare", "why", "evidence", "check", "new", "schema", "completions", "man"] {
        insta::assert_snapshot!(
            format!("help_{command}"),
            shop.equipoise(&[command, "--help"]).succeeds().stdout
        );
    }
}

#[test]
fn the_version_is_told() {
    let told = Workshop::empty().equipoise(&["--version"]).succeeds().stdout;
    assert_eq!(told, format!("equipoise {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn every_shell_gets_a_script_that_knows_the_commands() {
    let shop = Workshop::empty();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = shop.equipoise(&["completions", shell]).succeeds().stdout;
        for word in ["compare", "civil-violence", "robust", "--histories"] {
            let spelt = word.trim_start_matches('-');
            assert!(script.contains(spelt), "{shell} does not know {word}");
        }
    }
    let told = shop.equipoise(&["completions", "fish", "--json"]).succeeds().json();
    assert_eq!(told["shell"], "fish");
    shop.equipoise(&["completions", "cmd"]).fails_with(&["cmd", "bash"]);
    // A shell that is there says whether it can read its script.
    shop.shell("$EQUIPOISE completions bash > equipoise.bash && bash -n equipoise.bash").succeeds();
}

#[test]
fn every_command_gets_a_manual_page() {
    let shop = Workshop::empty();
    let page = shop.equipoise(&["man"]).succeeds().stdout;
    assert!(page.contains(".TH equipoise 1") && page.contains("equipoise new my"), "{page}");
    let told = shop.equipoise(&["man", "--out", "share/man1", "--json"]).succeeds().json();
    assert!(told["files"].as_array().unwrap().len() > 20);
    for (name, words) in [
        ("equipoise", "EXIT"),
        ("equipoise-run", "\\-\\-histories"),
        ("equipoise-model-roll-call-predict", "\\-\\-texts"),
    ] {
        let page = shop.read(&format!("share/man1/{name}.1"));
        assert!(page.to_uppercase().contains(&words.to_uppercase()), "{name}: {page}");
    }
    shop.write("taken", "");
    shop.equipoise(&["man", "--out", "taken"]).fails_with(&["cannot make taken"]);
}

#[test]
fn a_broken_scenario_is_shown_with_a_pointed_finger() {
    let shop = Workshop::with_varnia();
    shop.edit("scenario.toml", "actor = \"government\"", "actor = \"goverment\"");
    shop.edit("places.csv", "900000", "-900000");
    shop.edit("accounts.toml", "credence = 0.4", "credence = 0.5");
    let found = shop.equipoise(&["check", "varnia"]);
    assert_eq!(found.code, Some(1));
    insta::assert_snapshot!("check_of_a_broken_scenario", found.stdout);
}
