//! The language server: what an editor holds, and answers about it.
//!
//! One thread reads messages, one looks at projects, and the one that [`serve`] is called on holds the
//! state between them and writes. Nothing is looked at while the editor waits for something else.

mod actions;
mod capabilities;
mod client;
mod cursor;
mod diagnostics;
mod documents;
mod edits;
mod option;
mod position;
mod project;
mod published;
mod questions;
mod server;
mod transport;
mod uri;
mod worker;
mod workspace;

pub use project::{Load, Ruled};
pub use server::serve;
