//! Rules: pages that are loaded, asked of a configuration, and answered with findings.
//!
//! A rule is a Markdown page ([`Page`]); one that is a search has a Rust
//! function besides ([`Check`]). Both see a configuration through [`Cx`] and
//! report through [`Cx::decide`], so that neither handles the unknown itself.

mod alternatives;
mod bound;
mod builder;
mod concern;
mod condition;
mod cx;
mod digest;
mod header;
mod ingredient;
mod listed;
pub mod markdown;
mod meant;
mod memo;
mod module;
mod page;
mod part;
pub mod prelude;
mod question;
mod rule;
mod run;
mod selection;
mod shelf;
mod suppress;
#[cfg(test)]
mod tests;
mod view;

pub use builder::FindingBuilder;
pub use cx::Cx;
pub use listed::Listed;
pub use meant::{likeness, meant};
pub use module::Module;
pub use page::{Category, Page, PageError, Question, Tier};
pub use rule::{Rule, Shipped, load, patterns, subjects};
pub use run::{Outcome, Session, bears_on, run};
pub use selection::{Selection, select, vocabulary};
pub use suppress::{Asked, Suppression, Suppressions, allowing};
pub use view::OptionView;

/// The Rust part of a rule that is a search.
pub type Check = fn(&mut Cx<'_>);
