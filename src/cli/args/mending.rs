//! The flags for what is mended, and for what is known already.

use clap::{ArgGroup, Args as Group};
use std::path::PathBuf;

/// What is mended.
#[derive(Debug, Default, Group)]
#[command(next_help_heading = "Fixes", group = ArgGroup::new("mending").multiple(true).args(["fix", "diff"]))]
pub(in crate::cli) struct FixArgs {
    /// Mend what can be mended without changing what the configuration means, and report the rest
    #[arg(long, conflicts_with = "eval")]
    pub(in crate::cli) fix: bool,

    /// With --fix or --diff: also what is right in most configurations only, and wants a look
    #[arg(long = "unsafe", requires = "mending")]
    pub(in crate::cli) suggested: bool,

    /// Show what --fix would change, and change nothing
    #[arg(long, conflicts_with = "eval")]
    pub(in crate::cli) diff: bool,
}

/// What is known already.
#[derive(Debug, Default, Group)]
#[command(next_help_heading = "Baseline")]
pub(in crate::cli) struct BaselineArgs {
    /// Do not report the findings that this file holds
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) baseline: Option<PathBuf>,

    /// Write all findings to this file, to report from now on only what is new
    #[arg(long, value_name = "FILE", conflicts_with_all = ["baseline", "fix", "diff"])]
    pub(in crate::cli) write_baseline: Option<PathBuf>,
}
