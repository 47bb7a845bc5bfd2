//! Scenario folders: file formats, checking, and the evidence behind every number.
//!
//! [`load()`] reads a folder into a checked [`Scenario`] or reports everything that is wrong with it in one go.

pub mod chronicle;
pub mod diagnostic;
mod draw;
pub mod evidence;
pub mod expression;
mod format;
mod load;
mod policy;
pub mod scenario;
mod schema;
pub mod sheet;
mod template;
pub mod treaty;
pub mod unit;
pub mod vocabulary;
pub mod votes;

pub use diagnostic::{Diagnostic, Diagnostics, nearest};
pub use draw::Distribution;
pub use load::{FOLDERS, load, load_files, outside_files};
pub use policy::UnknownPolicy;
pub use scenario::Scenario;
pub use schema::{schemas, vocabulary};
pub use sheet::Sheet;
pub use template::template;
