//! Ctrl-C: once to stop and keep what is complete, twice to be gone at once.

use std::sync::atomic::{AtomicBool, Ordering};

/// Set by the first Ctrl-C (or a request to terminate).
static STOP: AtomicBool = AtomicBool::new(false);

/// Exit code of a program that was interrupted.
const INTERRUPTED: i32 = 130;

/// Listens for Ctrl-C from now on, and gives the flag that it sets.
pub fn listen() -> &'static AtomicBool {
    let listening = ctrlc::set_handler(|| {
        if STOP.swap(true, Ordering::Relaxed) {
            std::process::exit(INTERRUPTED);
        }
    });
    // Without a handler Ctrl-C kills at once, and a killed run can be resumed: no reason to give up.
    let _ = listening;
    &STOP
}

/// From now on one Ctrl-C is enough: everything that was to be kept is.
pub fn let_go() {
    STOP.store(true, Ordering::Relaxed);
}
