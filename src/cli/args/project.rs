//! What commands that show a project's configurations have in common.

use super::ListFormat;
use clap::Args as Group;
use std::path::PathBuf;

/// Which configurations to show, and how.
#[derive(Debug, Group)]
pub(in crate::cli) struct ProjectArgs {
    /// How to write what is known
    #[arg(long, value_enum, default_value_t = ListFormat::Text, value_name = "FORMAT")]
    pub(in crate::cli) format: ListFormat,

    /// Only in this configuration [default: in all]
    #[arg(long, value_name = "NAME")]
    pub(in crate::cli) configuration: Option<String>,

    /// Where the project is
    #[arg(long, default_value = ".", value_name = "DIR")]
    pub(in crate::cli) path: PathBuf,

    /// Also read Nix files that imports and symlinks reach outside the project
    #[arg(long)]
    pub(in crate::cli) allow_outside: bool,
}
