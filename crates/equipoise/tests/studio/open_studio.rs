//! The real program, serving a scenario of its own.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// Keeps the address the same when a studio is started again.
const TOKEN: &str = "testing0testing0testing0testing0";

/// Histories of a whole picture: enough to see effects, few enough for a slow machine.
pub const HISTORIES: u64 = 400;

/// A folder to work in, with a small scenario of our own.
pub struct Desk {
    root: tempfile::TempDir,
}

impl Desk {
    pub fn new() -> Desk {
        let root = tempfile::tempdir().unwrap();
        let made = Command::new(program()).args(["new", "strait"]).current_dir(root.path()).output().unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        Desk { root }
    }

    pub fn path(&self, inside: &str) -> PathBuf {
        self.root.path().join(inside)
    }

    /// What the command line prints as JSON.
    pub fn json(&self, args: &[&str]) -> serde_json::Value {
        let done =
            Command::new(program()).args(args).arg("--json").current_dir(self.root.path()).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        serde_json::from_slice(&done.stdout).unwrap()
    }
}

/// A studio that is open; stopped when dropped.
pub struct Studio {
    child: Child,
    pub address: String,
}

impl Studio {
    /// Opens the scenario of a desk, on any port that is free (0) or on a certain one.
    pub fn open(desk: &Desk, port: u16) -> Studio {
        Studio::open_in(desk.root.path(), &["strait"], port)
    }

    fn open_in(folder: &Path, scenario: &[&str], port: u16) -> Studio {
        let mut child = Command::new(program())
            .arg("studio")
            .args(scenario)
            .args(["--no-browser", "--threads", "2"])
            .args(["--port", &port.to_string(), "--histories", &HISTORIES.to_string()])
            .env("EQUIPOISE_STUDIO_TOKEN", TOKEN)
            .current_dir(folder)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let address = lines
            .map_while(Result::ok)
            .map(|line| line.trim().to_owned())
            .find(|line| line.starts_with("http"));
        Studio { child, address: address.expect("the studio says its address") }
    }

    pub fn port(&self) -> u16 {
        self.address.split(':').nth(2).unwrap().split('/').next().unwrap().parse().unwrap()
    }
}

impl Drop for Studio {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn program() -> &'static str {
    env!("CARGO_BIN_EXE_equipoise")
}
