//! Whether what a page promises holds: its examples are run, and what is found is
//! compared with what carets say must be found.

mod compare;
pub mod expect;
mod failure;
mod page;
mod place;
mod project;
mod value;

pub use compare::compare;
pub use failure::{Failure, Miss};
pub use page::check;
pub use place::Place;
pub use project::{Project, Workbench};
pub use value::check_values;
