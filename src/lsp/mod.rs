//! The language server: what an editor holds, and answers about it.
//!
//! One thread reads messages, one looks at projects, and the one that [`serve`] is called on holds the
//! state between them and writes. Nothing is looked at while the editor waits for something else.

mod capabilities;
mod client;
mod diagnostics;
mod documents;
mod position;
mod project;
mod published;
mod server;
mod transport;
mod uri;
mod worker;
mod workspace;

pub use project::{Load, Ruled};
pub use server::serve;
