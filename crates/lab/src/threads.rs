//! Work in a pool of as many threads as asked for.

use std::num::NonZeroUsize;

use crate::error::LabError;

/// Does some work in a rayon pool of so many threads; of as many as there are cores if none are asked for.
///
/// # Errors
/// The threads cannot be started.
pub fn in_threads<T: Send>(
    threads: Option<NonZeroUsize>,
    work: impl FnOnce() -> T + Send,
) -> Result<T, LabError> {
    let Some(threads) = threads else { return Ok(work()) };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads.get()).build().map_err(|error| {
        LabError::BadPlan { why: format!("{threads} threads cannot be started: {error}") }
    })?;
    Ok(pool.install(work))
}
