//! The language server, asked by a client over pipes.
#![allow(clippy::unwrap_used)] // a test fails by panicking

#[path = "lsp/actions.rs"]
mod actions;
#[path = "lsp/client.rs"]
mod client;
#[path = "lsp/diagnostics.rs"]
mod diagnostics;
#[path = "lsp/hostile.rs"]
mod hostile;
#[path = "lsp/options.rs"]
mod options;
#[path = "lsp/project.rs"]
mod project;
