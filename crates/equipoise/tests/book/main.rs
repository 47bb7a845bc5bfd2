//! The book in `docs/`: what it tells people to type is typed, what it shows is what comes back, what it names exists.
//!
//! `BOOK=write` writes the pages that are made from the program itself; without it they are compared.

#![cfg(unix)]
#![allow(clippy::unwrap_used)]

mod links;
mod made;
mod names;
mod page;
mod typed;
