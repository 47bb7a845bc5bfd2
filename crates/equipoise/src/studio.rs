//! `equipoise studio`: the local web app.

use std::io;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};

use clap::Args;
use equipoise_studio::{Options, Token, serve};
use serde_json::json;

use crate::failure::Failure;
use crate::run::SEED;
use crate::screen::Screen;
use crate::{interrupt, library};

/// Environment variable that keeps the address the same from one start to the next.
const TOKEN: &str = "EQUIPOISE_STUDIO_TOKEN";

/// What `studio` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  equipoise studio                            the bundled scenario, in the browser
  equipoise studio my-crisis                  a scenario of your own; policies can be kept in its folder
  equipoise studio scenarios --port 8817      every scenario of a folder, always on the same port
  equipoise studio --no-browser --json        print the address and wait

The studio answers this machine only, and only at the address it prints. With EQUIPOISE_STUDIO_TOKEN set to 24
letters and digits or more, and --port, that address stays the same, so that links go on working after a
restart. Ctrl-C stops it.")]
pub struct StudioArgs {
    /// A scenario's folder, a folder of scenarios, or the name of a bundled scenario [default: kazakhstan-2022].
    #[arg(value_name = "SCENARIO|FOLDER")]
    pub scenario: Option<String>,
    /// The port on this machine; 0 for any that is free.
    #[arg(long, value_name = "PORT", default_value_t = 0)]
    pub port: u16,
    /// Do not open the browser.
    #[arg(long)]
    pub no_browser: bool,
    /// Histories of a whole picture.
    #[arg(long, short = 'n', value_name = "N", default_value_t = 1000, value_parser = clap::value_parser!(u64).range(1..=100_000))]
    pub histories: u64,
    /// Threads that simulate [default: one per core].
    #[arg(long, value_name = "T")]
    pub threads: Option<NonZeroUsize>,
}

/// Serves until Ctrl-C.
///
/// # Errors
/// There is no such scenario, the port is taken, or nobody reads the address.
pub fn studio(args: &StudioArgs, screen: &Screen) -> Result<ExitCode, Failure> {
    let options = Options {
        library: library::shelf(args.scenario.as_deref())?,
        token: token()?,
        port: args.port,
        histories: args.histories,
        seed: SEED,
        threads: args.threads.map_or(0, NonZeroUsize::get),
        runs: PathBuf::from("runs"),
    };
    let stop = interrupt::listen();
    let mut heard = Ok(());
    let ready = |address: &str| {
        heard = announce(address, args, screen);
    };
    serve(options, ready, stop).map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => Failure::Wrong(format!(
            "port {} is taken; choose another with --port, or leave it out",
            args.port
        )),
        _ => Failure::Wrong(format!("the studio cannot start: {error}")),
    })?;
    heard?;
    Ok(ExitCode::SUCCESS)
}

/// The secret of the address: the one in the environment, or a new one.
fn token() -> Result<Token, Failure> {
    match std::env::var(TOKEN) {
        Ok(given) => Token::given(&given).ok_or_else(|| {
            Failure::Wrong(format!("{TOKEN} is to be 24 letters and digits or more, and nothing else"))
        }),
        Err(_) => Token::random()
            .map_err(|error| Failure::Wrong(format!("the system gives no random numbers: {error}"))),
    }
}

/// Prints the address and opens the browser.
fn announce(address: &str, args: &StudioArgs, screen: &Screen) -> Result<(), Failure> {
    if screen.json {
        screen.print_json(&json!({ "address": address }))?;
    } else {
        screen.print(&format!("The studio is open at\n  {address}\nCtrl-C stops it."))?;
    }
    if !args.no_browser && !open_browser(address) {
        screen.note("No browser could be opened; open the address yourself.");
    }
    Ok(())
}

/// Asks the system to show an address; whether somebody was there to ask.
fn open_browser(address: &str) -> bool {
    let (program, before): (&str, &[&str]) = if cfg!(target_os = "macos") {
        ("open", &[])
    } else if cfg!(windows) {
        ("cmd", &["/c", "start", ""])
    } else {
        ("xdg-open", &[])
    };
    let mut command = Command::new(program);
    command.args(before).arg(address).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().is_ok()
}
