//! Whether what a page promises holds: its examples are run, and what is found is
//! compared with what carets say must be found.

pub mod expect;
