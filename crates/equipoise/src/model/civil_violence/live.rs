//! The live view: while societies run, each has a row with its recent actives, drawn over and over on a terminal.

use std::fmt::Write as _;
use std::io::Write as _;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use equipoise_models::civil_violence::Tick;
use equipoise_view::terminal::{Style, sparkline};

/// How often the rows are drawn.
const REDRAWN: Duration = Duration::from_millis(120);
/// Rows at most.
const ROWS: usize = 16;
/// Columns of a row beside its sparkline and its ticks.
const FIGURES: usize = 39;
/// Ticks of a bar.
const STRETCH: usize = 4;

/// What is seen of running societies.
#[derive(Debug)]
pub(super) struct Live {
    first: u64,
    ticks: u32,
    citizens: f64,
    rows: Mutex<Vec<Row>>,
}

#[derive(Debug, Clone, Default)]
struct Row {
    /// Active shares so far.
    active: Vec<f64>,
    jailed: f64,
    arrests: u32,
}

impl Live {
    /// Rows for societies with seeds from `first` on.
    pub(super) fn new(first: u64, seeds: u64, ticks: u32, citizens: usize) -> Live {
        let rows = vec![Row::default(); (seeds as usize).min(ROWS)];
        Live { first, ticks, citizens: citizens as f64, rows: Mutex::new(rows) }
    }

    /// Takes down a tick.
    pub(super) fn seen(&self, seed: u64, tick: &Tick, arrests: u32) {
        let mut rows = self.rows.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(row) = rows.get_mut((seed - self.first) as usize) {
            row.active.push(f64::from(tick.active) / self.citizens);
            row.jailed = f64::from(tick.jailed) / self.citizens;
            row.arrests = arrests;
        }
    }

    /// Draws the rows on standard output while `work` runs, and takes them away at its end.
    pub(super) fn during<T>(&self, style: Style, work: impl FnOnce() -> T) -> T {
        let finished = AtomicBool::new(false);
        std::thread::scope(|scope| {
            // Dropped after the work, even where that panics: the scope would wait for the drawing for ever.
            let _end = Finish(&finished);
            scope.spawn(|| self.draw(style, &finished));
            work()
        })
    }

    fn draw(&self, style: Style, finished: &AtomicBool) {
        let mut lines = 0;
        let mut show = |text: &str| {
            let mut out = std::io::stdout().lock();
            // Up over what was drawn before, and away with it. Where nobody watches any more, nothing is lost.
            let up = if lines > 0 { format!("\x1b[{lines}A") } else { String::new() };
            let _ = write!(out, "{up}\x1b[J{text}").and_then(|()| out.flush());
            lines = text.lines().count();
        };
        while !finished.load(Ordering::Relaxed) {
            show(&self.rows(style.width));
            std::thread::sleep(REDRAWN);
        }
        show("");
    }

    /// All rows as text.
    fn rows(&self, width: usize) -> String {
        let rows = self.rows.lock().unwrap_or_else(PoisonError::into_inner);
        // "40/300" is longest at the end.
        let ticks = 2 * self.ticks.to_string().len() + 1;
        let room = width.saturating_sub(FIGURES + ticks).max(8);
        let mut text = format!("{:11}{:<room$} {:>8} {:>8} {:>8}\n", "", "", "active", "jailed", "arrests");
        for (seed, row) in (self.first..).zip(rows.iter()) {
            // Bars begin at whole stretches, so that they move along and do not flicker.
            let begin = row.active.len().saturating_sub(STRETCH * (room - 1)).next_multiple_of(STRETCH);
            let recent = row.active[begin.min(row.active.len())..].chunks(STRETCH);
            let bars: Vec<f64> = recent.map(|stretch| stretch.iter().copied().fold(0.0, f64::max)).collect();
            let _ = writeln!(
                text,
                "seed {seed:<6}{:<room$} {:>6.1} % {:>6.1} % {:>8} {:>ticks$}",
                sparkline(&bars, room),
                100.0 * row.active.last().unwrap_or(&0.0),
                100.0 * row.jailed,
                row.arrests,
                format!("{}/{}", row.active.len(), self.ticks),
            );
        }
        text
    }
}

/// Ends the drawing when it goes out of scope.
struct Finish<'a>(&'a AtomicBool);

impl Drop for Finish<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_society_has_a_row_with_its_shares_and_arrests() {
        let live = Live::new(7, 2, 300, 1000);
        for tick in 1..=40 {
            let seen = Tick {
                tick,
                active: tick * 2,
                jailed: 50,
                quiet: 950 - tick * 2,
                cops: 40,
                groups: [0, 0],
                legitimacy: 0.8,
                tension: 0.1,
            };
            live.seen(8, &seen, 12);
        }
        let rows = live.rows(90);
        let lines: Vec<&str> = rows.lines().collect();
        assert_eq!(lines.len(), 3);
        assert!(lines[0].ends_with("  active   jailed  arrests"), "{rows}");
        assert!(lines[1].starts_with("seed 7") && lines[1].ends_with("  0/300"), "{rows}");
        assert!(lines[2].ends_with("   8.0 %    5.0 %       12  40/300"), "{rows}");
        assert!(lines[2].contains(" ▁") && lines[2].contains("█ "), "{rows}");
        assert!(lines.iter().all(|line| line.chars().count() <= 90), "{rows}");
    }
}
