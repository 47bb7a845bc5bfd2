//! What `--help` says, and what a broken scenario looks like: kept as snapshots.

use crate::workshop::Workshop;

#[test]
fn help_of_every_command() {
    let shop = Workshop::empty();
    insta::assert_snapshot!("help", shop.equipoise(&["--help"]).succeeds().stdout);
    for command in ["run", "compare", "why", "evidence", "check", "new", "schema"] {
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
fn a_broken_scenario_is_shown_with_a_pointed_finger() {
    let shop = Workshop::with_varnia();
    shop.edit("scenario.toml", "actor = \"government\"", "actor = \"goverment\"");
    shop.edit("places.csv", "900000", "-900000");
    shop.edit("accounts.toml", "credence = 0.4", "credence = 0.5");
    let found = shop.equipoise(&["check", "varnia"]);
    assert_eq!(found.code, Some(1));
    insta::assert_snapshot!("check_of_a_broken_scenario", found.stdout);
}
