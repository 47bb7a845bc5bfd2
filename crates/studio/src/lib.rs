//! The studio: a local web app in which levers are moved and a thousand histories answer at once.
//!
//! [`serve`] listens on this machine only. What comes in is checked in `guard.rs`; what is asked for is found in the
//! [`Library`] and simulated in memory, beside a baseline that is kept, on threads of its own; what is told goes out as
//! JSON, coarse answers before fine ones. The pages in `web/` are plain HTML, CSS and small modules, part of the program.

mod asked;
mod assets;
mod baseline;
mod describe;
mod evidence;
mod export;
mod guard;
mod histories;
mod library;
mod pictures;
mod policy_file;
mod refusal;
mod routes;
mod server;
mod sessions;
mod simulate;
mod told;
mod trial;

pub use guard::Token;
pub use library::{Bundled, Library};
pub use server::{Options, Studio, serve};
pub use simulate::picture;
pub use trial::Trial;
