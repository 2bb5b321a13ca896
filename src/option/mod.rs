//! The common option model: what both resolvers fill and rules ask.

mod configuration;
mod deferred;
mod definition;
mod path;
mod priority;

pub use configuration::{Configuration, EntryPoint, Gap, OptionEntry, Purpose, Resolver};
pub use deferred::{Ask, Asked, Deferred, Wish};
pub use definition::Definition;
pub use path::{OptionPath, OptionPattern, PatternStep, Segment, write_name};
pub use priority::{Order, Priority};
