//! Sessions: each has one simulation at a time, and a newer request cancels the older.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use axum::http::StatusCode;

use crate::refusal::Refusal;

/// Most simulations that are under way or waiting at once.
const MOST: usize = 64;

/// Longest name of a session.
const LONGEST: usize = 64;

/// The simulations under way, by session.
#[derive(Debug, Clone, Default)]
pub struct Sessions(Arc<Mutex<HashMap<String, Arc<AtomicBool>>>>);

/// Stands for one simulation: it is cancelled when this is dropped, and when its session asks for another.
#[derive(Debug)]
pub struct Ticket {
    sessions: Sessions,
    session: String,
    cancel: Arc<AtomicBool>,
}

impl Sessions {
    /// Begins a simulation of a session, and cancels the one before.
    ///
    /// # Errors
    /// Too many are under way (503), or the session has no proper name (422).
    pub fn begin(&self, session: &str) -> Result<Ticket, Refusal> {
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
        if session.is_empty() || session.len() > LONGEST || !session.chars().all(plain) {
            return Err(Refusal::unfit("a session is named by at most 64 letters, digits and -"));
        }
        let cancel = Arc::new(AtomicBool::new(false));
        // A thread that panicked while it held the lock left the map whole: it is only ever inserted into or removed from.
        let mut sessions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if sessions.len() >= MOST && !sessions.contains_key(session) {
            return Err(Refusal::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "too many simulations are under way; try again in a moment",
            ));
        }
        if let Some(older) = sessions.insert(session.to_owned(), cancel.clone()) {
            older.store(true, Ordering::Relaxed);
        }
        drop(sessions);
        Ok(Ticket { sessions: self.clone(), session: session.to_owned(), cancel })
    }

    /// How many simulations are under way or waiting.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }
}

impl Ticket {
    /// The flag that says whether anybody still waits for the answer.
    pub fn cancel(&self) -> Arc<AtomicBool> {
        self.cancel.clone()
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.cancel.store(true, Ordering::Relaxed);
        let mut sessions = self.sessions.0.lock().unwrap_or_else(PoisonError::into_inner);
        if sessions.get(&self.session).is_some_and(|newest| Arc::ptr_eq(newest, &self.cancel)) {
            sessions.remove(&self.session);
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn is_cancelled(ticket: &Ticket) -> bool {
        ticket.cancel.load(Ordering::Relaxed)
    }

    #[test]
    fn a_newer_request_cancels_the_older_of_its_session_only() {
        let sessions = Sessions::default();
        let (first, other) = (sessions.begin("a").unwrap(), sessions.begin("b").unwrap());
        let second = sessions.begin("a").unwrap();
        assert!(is_cancelled(&first) && !is_cancelled(&second) && !is_cancelled(&other));
        drop(first);
        assert_eq!(sessions.len(), 2, "the newer one is still under way");
        drop((second, other));
        assert_eq!(sessions.len(), 0);
    }

    #[test]
    fn who_goes_away_cancels() {
        let sessions = Sessions::default();
        let ticket = sessions.begin("a").unwrap();
        let cancel = ticket.cancel();
        drop(ticket);
        assert!(cancel.load(Ordering::Relaxed));
    }

    #[test]
    fn there_is_an_end_to_sessions_and_to_their_names() {
        let sessions = Sessions::default();
        let tickets: Vec<Ticket> = (0..MOST).map(|at| sessions.begin(&at.to_string()).unwrap()).collect();
        assert_eq!(sessions.begin("more").unwrap_err().status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(sessions.begin("1").is_ok(), "who is in may go on");
        drop(tickets);
        for name in ["", "a b", &"x".repeat(65), "../a"] {
            assert_eq!(sessions.begin(name).unwrap_err().status, StatusCode::UNPROCESSABLE_ENTITY);
        }
    }
}
