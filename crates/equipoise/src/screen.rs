//! Standard output and standard error: what goes where, in colour or plain, and what happens when nobody listens.

use std::io::{self, IsTerminal, Write};

use equipoise_view::terminal::Style;

use crate::args::Colour;
use crate::failure::Failure;

/// Columns where the output is no terminal, and the most that is used of a wide one.
const WIDTH: usize = 100;

/// Where a command prints.
#[derive(Debug, Clone, Copy)]
pub struct Screen {
    /// Whether standard output is kept for one JSON object.
    pub json: bool,
    /// How text is set on standard output.
    pub out: Style,
    /// How text is set on standard error.
    pub err: Style,
}

impl Screen {
    /// Looks at the terminal, the environment and the options.
    pub fn new(json: bool, colour: Colour) -> Screen {
        let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
            || std::env::var_os("TERM").is_some_and(|value| value == "dumb");
        let style = |is_terminal: bool, width: Option<(terminal_size::Width, terminal_size::Height)>| Style {
            colour: match colour {
                Colour::Auto => is_terminal && !plain,
                Colour::Always => true,
                Colour::Never => false,
            },
            width: width
                .filter(|_| is_terminal)
                .map_or(WIDTH, |(width, _)| usize::from(width.0).clamp(40, WIDTH)),
        };
        Screen {
            json,
            out: style(io::stdout().is_terminal(), terminal_size::terminal_size_of(io::stdout())),
            err: style(io::stderr().is_terminal(), terminal_size::terminal_size_of(io::stderr())),
        }
    }

    /// Prints text on standard output.
    ///
    /// # Errors
    /// Nobody reads it any more, or it cannot be written.
    pub fn print(&self, text: &str) -> Result<(), Failure> {
        let mut out = io::stdout().lock();
        let newline = if text.ends_with('\n') { "" } else { "\n" };
        let written = write!(out, "{text}{newline}").and_then(|()| out.flush());
        written.map_err(|error| match error.kind() {
            io::ErrorKind::BrokenPipe => Failure::Unheard,
            _ => Failure::Wrong(format!("cannot write to standard output: {error}")),
        })
    }

    /// Prints a JSON value on standard output.
    ///
    /// # Errors
    /// As [`Screen::print`].
    pub fn print_json(&self, value: &serde_json::Value) -> Result<(), Failure> {
        self.print(&format!("{value:#}"))
    }

    /// Prints a line on standard error; where that is closed, nothing is lost.
    pub fn note(&self, text: &str) {
        let _ = writeln!(io::stderr().lock(), "{text}");
    }

    /// Prints what ended a command early on standard error.
    pub fn complain(&self, failure: &Failure) {
        let label = if self.err.colour { "\u{1b}[1;31merror:\u{1b}[0m" } else { "error:" };
        match failure {
            Failure::Unheard => {}
            Failure::Interrupted { .. } | Failure::Stopped(_) => self.note(&failure.to_string()),
            Failure::Wrong(message) => self.note(&format!("{label} {message}")),
            Failure::Mistakes { scenario, found } => {
                let shown = equipoise_view::terminal::diagnostics(found, self.err);
                self.note(&format!("{}\n{label} {scenario} cannot be used as it is", shown.trim_end()));
            }
        }
    }
}
