//! A folder of its own for each test, with scenarios to run and to break.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use assert_cmd::cargo::cargo_bin;
use tempfile::TempDir;

/// The tables of a run.
pub const TABLES: [&str; 4] = ["outcomes.parquet", "parameters.parquet", "series.parquet", "events.parquet"];

/// A temporary folder that is the working directory of every command.
pub struct Workshop {
    dir: TempDir,
}

impl Workshop {
    /// An empty folder.
    pub fn empty() -> Workshop {
        Workshop { dir: tempfile::tempdir().unwrap() }
    }

    /// A folder with the scenario `varnia`, made from the template.
    pub fn with_varnia() -> Workshop {
        let shop = Workshop::empty();
        for (path, text) in equipoise_scenario::template("varnia") {
            shop.write(&format!("varnia/{path}"), &text);
        }
        shop
    }

    /// Where something lies.
    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Text of a file.
    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// Writes a file, and the folders it lies in.
    pub fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Replaces the first occurrence of a text in a file of `varnia`.
    pub fn edit(&self, file: &str, from: &str, to: &str) {
        let name = format!("varnia/{file}");
        let text = self.read(&name);
        assert!(text.contains(from), "{file} has no {from:?}");
        self.write(&name, &text.replacen(from, to, 1));
    }

    /// A command of the binary in this folder, away from what the environment says of colour and width.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(cargo_bin!("equipoise"));
        command.args(args).current_dir(self.dir.path()).stdin(Stdio::null());
        command.env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE").env_remove("COLUMNS");
        command
    }

    /// Runs the binary to its end.
    pub fn equipoise(&self, args: &[&str]) -> Finished {
        Finished::new(self.command(args).output().unwrap())
    }

    /// Runs a shell script in this folder, with the binary as `$EQUIPOISE`.
    pub fn shell(&self, script: &str) -> Finished {
        let mut command = Command::new("sh");
        command.args(["-c", script]).current_dir(self.dir.path()).stdin(Stdio::null());
        command.env("EQUIPOISE", cargo_bin!("equipoise"));
        Finished::new(command.output().unwrap())
    }

    /// The bytes of all tables and of the report of a run.
    pub fn results(&self, run: &str) -> Vec<Vec<u8>> {
        let files = TABLES.iter().copied().chain(["report.html"]);
        files
            .map(|file| fs::read(self.path(run).join(file)).unwrap_or_else(|_| panic!("{run} has no {file}")))
            .collect()
    }

    /// Histories in the complete shards of an unfinished run.
    pub fn kept(&self, run: &str) -> u64 {
        let manifest: serde_json::Value =
            serde_json::from_str(&self.read(&format!("{run}/manifest.json"))).unwrap();
        self.markers(run).len() as u64 * manifest["shard_size"].as_u64().unwrap()
    }

    /// Names of the commit markers of an unfinished run.
    pub fn markers(&self, run: &str) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.path(run).join("shards")).into_iter().flatten().flatten();
        entries.map(|entry| entry.path()).filter(|path| has_ending(path, "json")).collect()
    }
}

/// Whether a path ends so.
pub fn has_ending(path: &Path, ending: &str) -> bool {
    path.extension().is_some_and(|extension| extension == ending)
}

/// What a command left behind.
#[derive(Debug)]
pub struct Finished {
    /// Exit code; `None` if a signal ended it.
    pub code: Option<i32>,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl Finished {
    /// Reads what a process left; none may panic.
    pub fn new(output: Output) -> Finished {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        let finished =
            Finished { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) };
        assert!(!finished.stderr.contains("panicked"), "{}", finished.stderr);
        finished
    }

    /// It did what was asked.
    #[track_caller]
    pub fn succeeds(self) -> Finished {
        assert_eq!(self.code, Some(0), "stdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        self
    }

    /// It ended with exit code 2 and one message with all these parts, and printed nothing on standard output.
    #[track_caller]
    pub fn fails_with(self, parts: &[&str]) -> Finished {
        assert_eq!(self.code, Some(2), "stdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        assert_eq!(self.stdout, "");
        let labels = self.stderr.lines().filter(|line| line.starts_with("error: ")).count();
        assert!(labels >= 1, "{}", self.stderr);
        for part in parts {
            assert!(self.stderr.contains(part), "{part:?} is missing in:\n{}", self.stderr);
        }
        self
    }

    /// Standard output is one JSON object, this one.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        let value: serde_json::Value = serde_json::from_str(&self.stdout).unwrap();
        assert!(value.is_object());
        value
    }
}
