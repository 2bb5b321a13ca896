//! The option linter for NixOS configurations.
//!
//! Sources become syntax; syntax becomes values; values become option
//! definitions; two resolvers fill one `Configuration`; rules ask it
//! questions; findings are written out. The modules below stand in that order.

pub mod hash;

pub mod source;

pub mod syntax;

pub mod value;

pub mod option;

pub mod eval;

pub mod resolve;

pub mod bridge;

pub mod finding;

pub mod lint;

#[path = "../rules/mod.rs"]
pub mod rules;

pub mod settings;

pub mod baseline;

pub mod report;

pub mod shown;

pub mod verify;

pub mod check;

pub mod recall;

pub mod fix;

pub mod lsp;

pub mod cli;
