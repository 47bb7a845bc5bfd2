//! Full disks, read-only folders, damaged files, closed pipes: one clear message, and nothing complete is lost.
#![cfg(unix)]

use std::fs;
use std::process::Stdio;
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::workshop::{Finished, Workshop, has_ending};

/// Runs a script where file systems can be mounted for it alone: as root, or in a user namespace. Says so and gives
/// nothing where neither is allowed.
fn with_mounts(shop: &Workshop, script: &str) -> Option<Finished> {
    for unshare in ["unshare --mount", "unshare --user --map-root-user --mount"] {
        let can = format!("mkdir -p try && {unshare} sh -c 'mount -t tmpfs tmpfs try'");
        if shop.shell(&can).code == Some(0) {
            shop.write("script.sh", script);
            return Some(shop.shell(&format!("{unshare} sh script.sh")));
        }
    }
    println!("skipped: neither root nor user namespaces are at hand to mount a small file system");
    None
}

#[test]
fn a_full_disk_stops_a_run_that_can_go_on_when_there_is_room() {
    let shop = Workshop::with_varnia();
    shop.equipoise(&["run", "varnia", "-n", "512", "--out", "whole", "-q"]).succeeds();
    let needed: u64 = shop.results("whole").iter().map(|file| file.len() as u64).sum();
    let script = format!(
        "mkdir disk out && mount -t tmpfs -o size={} tmpfs disk || exit 99
         \"$EQUIPOISE\" run varnia -n 512 --shard-size 64 --out disk/it -q
         echo $? > code
         mkdir -p out/before/shards && cp disk/it/manifest.json out/before/ && cp disk/it/shards/*.json out/before/shards/
         mount -o remount,size={} disk && \"$EQUIPOISE\" run varnia -n 512 --out disk/it --resume --json > answer
         echo $? > code-resumed
         cp -r disk/it out/",
        needed * 7 / 10 + (128 << 10),
        needed * 8,
    );
    let Some(done) = with_mounts(&shop, &script) else { return };
    assert_eq!(shop.read("code").trim(), "2", "{}", done.stderr);
    assert!(done.stderr.contains("the disk is full") && done.stderr.contains("--resume"), "{}", done.stderr);
    assert_eq!(shop.read("code-resumed").trim(), "0", "{}", done.stderr);
    let kept = shop.kept("out/before");
    assert!(kept > 0);
    let answer: serde_json::Value = serde_json::from_str(&shop.read("answer")).unwrap();
    assert_eq!(answer["simulated"], 512 - kept);
    assert!(shop.results("out/it") == shop.results("whole"));
}

#[test]
fn a_read_only_file_system_is_named() {
    let shop = Workshop::with_varnia();
    let script = "mkdir disk && mount -t tmpfs -o ro tmpfs disk || exit 99
                  \"$EQUIPOISE\" run varnia -n 32 --out disk/it -q";
    let Some(done) = with_mounts(&shop, script) else { return };
    done.fails_with(&["disk/it", "read-only", "--out"]);
}

#[test]
fn a_file_in_place_of_the_folder_is_named_and_kept() {
    let shop = Workshop::with_varnia();
    shop.write("notes", "mine");
    shop.equipoise(&["run", "varnia", "-n", "32", "--out", "notes", "-q"]).fails_with(&["notes"]);
    shop.equipoise(&["run", "varnia", "-n", "32", "--out", "notes/it", "-q"]).fails_with(&["notes/it"]);
    shop.equipoise(&["new", "notes/it"]).fails_with(&["notes"]);
    assert_eq!(shop.read("notes"), "mine");
}

#[test]
fn a_truncated_shard_is_named_and_nothing_is_thrown_away() {
    let shop = Workshop::with_varnia();
    let args =
        ["run", "varnia", "-n", "640", "--shard-size", "64", "--threads", "1", "--out", "it", "--quiet"];
    let mut child = shop.command(&args).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let patience = Instant::now() + Duration::from_secs(60);
    while shop.markers("it").len() < 2 && Instant::now() < patience {
        sleep(Duration::from_millis(2));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let damaged = shop.path("it/shards/00000.outcomes.parquet");
    let bytes = fs::read(&damaged).unwrap();
    fs::write(&damaged, &bytes[..bytes.len() / 2]).unwrap();
    let files = || {
        let all = fs::read_dir(shop.path("it/shards")).unwrap().flatten().map(|entry| entry.path());
        let mut whole: Vec<_> = all.filter(|path| !has_ending(path, "partial")).collect();
        whole.sort();
        whole
    };
    let before = files();
    shop.equipoise(&["run", "varnia", "--out", "it", "--resume", "-q"]).fails_with(&[
        "00000.outcomes.parquet",
        &format!("{} bytes expected", bytes.len()),
        &format!("{} bytes found", bytes.len() / 2),
    ]);
    assert_eq!(files(), before);
    fs::write(&damaged, &bytes).unwrap();
    shop.equipoise(&["run", "varnia", "--out", "it", "--resume", "-q"]).succeeds();
}

#[test]
fn a_truncated_table_of_a_finished_run_is_named() {
    let shop = Workshop::with_varnia();
    shop.equipoise(&["run", "varnia", "-n", "32", "--out", "it", "-q"]).succeeds();
    let table = shop.path("it/events.parquet");
    let bytes = fs::read(&table).unwrap();
    fs::write(&table, &bytes[..bytes.len() - 7]).unwrap();
    shop.equipoise(&["why", "it", "--outcome", "killed"]).fails_with(&["events.parquet", "damaged"]);
    shop.equipoise(&["run", "varnia", "--out", "it", "--resume", "-q"])
        .fails_with(&["events.parquet", "damaged"]);
}

#[test]
fn a_reader_that_has_gone_is_met_with_silence() {
    let shop = Workshop::empty();
    let mut child =
        shop.command(&["evidence", "--json"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let done = Finished::new(child.wait_with_output().unwrap());
    assert_eq!((done.code, done.stderr.as_str()), (Some(0), ""));
}

#[test]
fn standard_output_that_cannot_be_written_is_an_error() {
    let shop = Workshop::empty();
    let Ok(full) = fs::File::options().write(true).open("/dev/full") else {
        println!("skipped: this system has no /dev/full");
        return;
    };
    let output =
        shop.command(&["schema"]).stdout(full).stderr(Stdio::piped()).spawn().unwrap().wait_with_output();
    Finished::new(output.unwrap()).fails_with(&["standard output"]);
}
