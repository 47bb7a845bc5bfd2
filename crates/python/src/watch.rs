//! Long work away from the interpreter: the lock is released, progress is told, and Ctrl-C is heard at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use equipoise_lab::{Control, LabError};
use pyo3::prelude::*;

use crate::failure::of_lab;

/// How often signals are looked for and progress is told.
const TICK: Duration = Duration::from_millis(100);

/// What a piece of work is watched by.
#[derive(Default)]
pub struct Watched {
    cancel: AtomicBool,
    done: AtomicU64,
}

impl Watched {
    /// The handles that the lab takes.
    pub fn control(&self) -> Control<'_> {
        Control { cancel: &self.cancel, done: &self.done }
    }
}

/// Does some work of the lab on a thread of its own, as [`attend`] does.
///
/// # Errors
/// What the work, the progress or a signal handler raises.
pub fn watch<T: Send + 'static>(
    py: Python<'_>,
    progress: Option<Py<PyAny>>,
    work: impl FnOnce(&Watched) -> Result<T, LabError> + Send + 'static,
) -> PyResult<T> {
    attend(py, progress, move |watched| work(watched).map_err(|error| of_lab(&error)))
}

/// Does some work on a thread of its own. `progress` is called with the number of histories done. On Ctrl-C the work is
/// told to stop, and what is complete on disk stays; work that does not look is left to end by itself.
///
/// # Errors
/// What the work, the progress or a signal handler raises.
pub fn attend<T: Send + 'static>(
    py: Python<'_>,
    progress: Option<Py<PyAny>>,
    work: impl FnOnce(&Watched) -> PyResult<T> + Send + 'static,
) -> PyResult<T> {
    let watched = Arc::new(Watched::default());
    let (tell, told) = channel();
    let of_worker = Arc::clone(&watched);
    let worker = thread::spawn(move || {
        let result = work(&of_worker);
        // Nobody waits any more for what was interrupted.
        let _ = tell.send(result);
    });
    py.detach(move || {
        loop {
            match told.recv_timeout(TICK) {
                Ok(result) => {
                    if let Some(progress) = &progress {
                        call(progress, &watched)?;
                    }
                    return result;
                }
                Err(RecvTimeoutError::Timeout) => {
                    let heard = Python::attach(|py| {
                        py.check_signals()?;
                        progress.as_ref().map_or(Ok(()), |progress| call(progress, &watched))
                    });
                    if let Err(interruption) = heard {
                        watched.cancel.store(true, Ordering::Relaxed);
                        // Long enough for a history to end and files to be closed, short enough for a person.
                        let _ = told.recv_timeout(Duration::from_millis(500));
                        return Err(interruption);
                    }
                }
                Err(RecvTimeoutError::Disconnected) => match worker.join() {
                    Err(panic) => std::panic::resume_unwind(panic),
                    Ok(()) => unreachable!("a worker that ends without a panic has told its result"),
                },
            }
        }
    })
}

fn call(progress: &Py<PyAny>, watched: &Watched) -> PyResult<()> {
    Python::attach(|py| progress.call1(py, (watched.done.load(Ordering::Relaxed),)).map(|_| ()))
}
