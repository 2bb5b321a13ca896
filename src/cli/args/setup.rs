//! Commands around checking: settings, the language server, schemas, completions, man pages.

use super::{ListFormat, RuleSetArgs};
use clap::{Args as Group, ValueEnum};
use std::path::PathBuf;

/// `optlint settings`
#[derive(Debug, Group)]
pub(in crate::cli) struct SettingsArgs {
    /// The project, or a file or folder in it
    #[arg(default_value = ".", value_name = "PATH")]
    pub(in crate::cli) path: PathBuf,

    /// How to write them
    #[arg(long, value_enum, default_value_t = ListFormat::Text, value_name = "FORMAT")]
    pub(in crate::cli) format: ListFormat,

    #[command(flatten)]
    pub(in crate::cli) rule_set: RuleSetArgs,
}

/// `optlint init`
#[derive(Debug, Group)]
pub(in crate::cli) struct InitArgs {
    /// The project's folder
    #[arg(default_value = ".", value_name = "DIR")]
    pub(in crate::cli) folder: PathBuf,
}

/// `optlint schema`
#[derive(Debug, Group)]
pub(in crate::cli) struct SchemaArgs {
    /// Of what
    #[arg(value_enum, default_value_t = Schema::Report, value_name = "WHAT")]
    pub(in crate::cli) what: Schema,
}

/// What there is a JSON schema of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Schema {
    /// What `optlint check --format json` writes
    Report,
    /// The settings file `optlint.toml`
    Settings,
}

/// `optlint lsp`
#[derive(Debug, Group)]
pub(in crate::cli) struct LspArgs {
    /// Without effect: editors pass it, and there is no other way
    #[arg(long, hide = true)]
    pub(in crate::cli) stdio: bool,
}

/// `optlint completions`
#[derive(Debug, Group)]
pub(in crate::cli) struct CompletionsArgs {
    /// For which shell
    #[arg(value_enum, value_name = "SHELL")]
    pub(in crate::cli) shell: Shell,
}

/// Shells that complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[allow(missing_docs)]
pub(in crate::cli) enum Shell {
    Bash,
    Elvish,
    Fish,
    Nushell,
    Zsh,
}

/// `optlint man`
#[derive(Debug, Group)]
pub(in crate::cli) struct ManArgs {
    /// Where to write `optlint.1` and a page for each command; without it the first goes to standard output
    #[arg(value_name = "DIR")]
    pub(in crate::cli) folder: Option<PathBuf>,
}
