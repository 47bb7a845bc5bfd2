//! A run divided among machines: parts are idempotent, and joined they are what one machine would have written.

use std::fs;

use crate::workshop::{TABLES, Workshop};

const RUN: [&str; 6] = ["run", "varnia", "-n", "300", "--quiet", "--json"];

/// A workshop with all parts of a run of `varnia`, and their folders.
fn parted(of: usize, more: &[&str]) -> (Workshop, Vec<String>) {
    let shop = Workshop::with_varnia();
    let dirs: Vec<String> = (1..=of).map(|number| format!("parts/{number}")).collect();
    for (at, dir) in dirs.iter().enumerate() {
        let part = format!("{}/{of}", at + 1);
        let told =
            shop.equipoise(&[&RUN[..], &["--shard", &part, "--out", dir], more].concat()).succeeds().json();
        assert_eq!(told["part"]["number"], at + 1);
        assert_eq!(told["histories"], 300);
    }
    (shop, dirs)
}

fn merge(shop: &Workshop, dirs: &[String], out: &str) -> crate::workshop::Finished {
    let dirs: Vec<&str> = dirs.iter().map(String::as_str).collect();
    shop.equipoise(&[&["merge"], &dirs[..], &["--out", out, "--json"]].concat())
}

#[test]
fn joined_parts_are_the_run_of_one_machine_byte_for_byte() {
    for (of, more) in [(1, &[][..]), (3, &[]), (5, &["--design", "lhs", "--policy", "late-and-alone"])] {
        let (shop, mut dirs) = parted(of, more);
        dirs.reverse();
        let told = merge(&shop, &dirs, "joined").succeeds().json();
        assert_eq!((&told["histories"], &told["parts"]), (&300.into(), &of.into()));
        shop.equipoise(&[&RUN[..], &["--out", "plain"], more].concat()).succeeds();
        for file in TABLES.iter().chain(&["manifest.json"]) {
            let [joined, plain] = ["joined", "plain"].map(|run| fs::read(shop.path(run).join(file)).unwrap());
            assert!(joined == plain, "{file} of {of} parts");
        }
        // Under that policy the alliance is never asked.
        if more.is_empty() {
            shop.equipoise(&["why", "joined", "--event", "granted"]).succeeds();
        }
    }
}

#[test]
fn a_part_asked_for_again_is_left_as_it_is_and_a_half_done_one_is_finished() {
    let (shop, dirs) = parted(2, &[]);
    let before = fs::read(shop.path("parts/2/series.parquet")).unwrap();
    let again =
        shop.equipoise(&[&RUN[..], &["--shard", "2/2", "--out", "parts/2"]].concat()).succeeds().json();
    assert_eq!(again["simulated"], 0);
    assert!(fs::read(shop.path("parts/2/series.parquet")).unwrap() == before);
    let other = shop.equipoise(&[&RUN[..], &["--shard", "1/2", "--out", "parts/2"]].concat());
    other.fails_with(&["--shard 2/2, not 1/2"]);
    // A machine that died while joining leaves tables and no manifest.
    merge(&shop, &dirs, "joined").succeeds();
    fs::remove_file(shop.path("joined/manifest.json")).unwrap();
    fs::write(shop.path("joined/series.parquet"), "half").unwrap();
    merge(&shop, &dirs, "joined").succeeds();
    merge(&shop, &dirs, "joined").fails_with(&["is not empty"]);
}

#[test]
fn parts_that_do_not_belong_together_are_told_apart() {
    let (shop, dirs) = parted(3, &[]);
    merge(&shop, &dirs[..2], "out").fails_with(&["parts are missing: 3/3"]);
    merge(&shop, &[&dirs[..], &dirs[..1]].concat(), "out").fails_with(&["it is part 1/3, as is"]);
    shop.equipoise(&[&RUN[..], &["--shard", "3/3", "--seed", "2", "--out", "other"]].concat()).succeeds();
    let mixed = [&dirs[..2], &["other".to_owned()]].concat();
    merge(&shop, &mixed, "out").fails_with(&["a part of another run"]);
    shop.equipoise(&["why", "parts/1", "--event", "granted"])
        .fails_with(&["`equipoise merge` joins the parts"]);
    let path = shop.path("parts/2/events.parquet");
    let mut bytes = fs::read(&path).unwrap();
    bytes[20] ^= 1;
    fs::write(&path, bytes).unwrap();
    merge(&shop, &dirs, "out").fails_with(&["the checksum differs"]);
    assert!(!shop.path("out/manifest.json").exists());
    let many = shop.equipoise(&[&RUN[..], &["--shard", "1/99", "--out", "many"]].concat());
    many.fails_with(&["cannot be divided into more parts"]);
    shop.equipoise(&[&RUN[..], &["--shard", "4/3"]].concat()).fails_with(&["such as 3/16"]);
}
