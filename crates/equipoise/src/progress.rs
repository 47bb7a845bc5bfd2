//! The progress bar of a run: share, rate, time left; only on a terminal.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use indicatif::{HumanDuration, ProgressBar, ProgressDrawTarget, ProgressStyle};

/// How often the bar is drawn.
const TICK: Duration = Duration::from_millis(100);

/// Draws the number of histories done on standard error while `work` runs.
pub fn during<T>(total: u64, done: &AtomicU64, cancel: &AtomicBool, work: impl FnOnce() -> T) -> T {
    during_of(total, "histories", done, cancel, work)
}

/// As [`during`], of something else than histories.
pub fn during_of<T>(
    total: u64,
    what: &str,
    done: &AtomicU64,
    cancel: &AtomicBool,
    work: impl FnOnce() -> T,
) -> T {
    let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr());
    if bar.is_hidden() {
        return work();
    }
    // The template is fixed; should it ever be refused, the plain bar of the library does.
    if let Ok(style) =
        ProgressStyle::with_template(&format!("{{bar:30}} {{human_pos}}/{{human_len}} {what}  {{msg}}"))
    {
        bar.set_style(style.progress_chars("━╸ "));
    }
    let finished = AtomicBool::new(false);
    std::thread::scope(|scope| {
        // Dropped after the work, even where that panics: the scope would wait for the drawing for ever.
        let _end = Finish(&finished);
        scope.spawn(|| draw(&bar, done, cancel, &finished));
        work()
    })
}

/// Ends the drawing when it goes out of scope.
struct Finish<'a>(&'a AtomicBool);

impl Drop for Finish<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

fn draw(bar: &ProgressBar, done: &AtomicU64, cancel: &AtomicBool, finished: &AtomicBool) {
    // What an earlier attempt left is counted as done at once and says nothing of the rate.
    let mut first: Option<(Instant, u64)> = None;
    while !finished.load(Ordering::Relaxed) {
        let now = done.load(Ordering::Relaxed);
        bar.set_position(now);
        if cancel.load(Ordering::Relaxed) {
            bar.set_message("stopping; Ctrl-C again to quit at once");
        } else if now > 0 {
            let (since, before) = *first.get_or_insert_with(|| (Instant::now(), now));
            let rate = (now - before) as f64 / since.elapsed().as_secs_f64();
            if rate > 0.0 && rate.is_finite() {
                let left = bar.length().unwrap_or(now).saturating_sub(now) as f64 / rate;
                bar.set_message(match left {
                    left if left > 0.0 => {
                        let left =
                            HumanDuration(Duration::try_from_secs_f64(left.ceil()).unwrap_or_default());
                        format!("{rate:.0}/s  {left} left")
                    }
                    _ => format!("{rate:.0}/s  nearly done"),
                });
            }
        }
        std::thread::sleep(TICK);
    }
    bar.finish_and_clear();
}
