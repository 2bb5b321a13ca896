//! The command line: what may be said, and the help that teaches it.

mod mending;
mod output;
mod project;
mod setup;

pub(super) use mending::{BaselineArgs, FixArgs};
pub(super) use output::{OutputArgs, OutputFile};
pub(super) use project::ProjectArgs;
pub(super) use setup::{CompletionsArgs, InitArgs, LspArgs, ManArgs, Schema, SchemaArgs, SettingsArgs, Shell};

use super::evaluation::EvaluationArgs;
use crate::finding::Severity;
use clap::{ArgGroup, Args as Group, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// The option linter for NixOS configurations
///
/// Reads a configuration without Nix, follows its imports, and says what is wrong with the values its options get.
#[derive(Debug, Parser)]
#[command(name = "optlint", version, arg_required_else_help = true, max_term_width = 100)]
#[command(after_help = "Start with:\n  optlint check\n  optlint explain inline-registration-shared-secret")]
pub(super) struct Args {
    /// What to do
    #[command(subcommand)]
    pub(super) command: Command,

    /// When to write in colour
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, value_name = "WHEN")]
    pub(super) color: Color,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Look for mistakes in the configurations of a project
    ///
    /// The project around each path is read: from the nearest folder upwards that holds `flake.nix`, `.git` or
    /// `optlint.toml`. The paths restrict what is reported, so a pre-commit hook can pass the Nix files that changed.
    #[command(after_help = "Examples:\n  \
        optlint check\n  \
        optlint check hosts/matrix --fail-on error\n  \
        optlint check --format json | jq '.findings[].rule'\n  \
        optlint check --diff\n  \
        optlint check --format github --output sarif=optlint.sarif --strict\n\n\
        Exit status: 0 nothing at or above --fail-on, 1 findings, 2 could not run, 3 with --strict: could not \
        look at everything.")]
    Check(Box<CheckArgs>),
    /// List the configurations that were recognised, what was read for them, and what is missing
    ///
    /// Says of each how it was recognised and where it is made; then which imports could not be followed and what
    /// would be needed, which modules no configuration reaches, and what was seen and not understood.
    #[command(after_help = "Examples:\n  \
        optlint configurations\n  \
        optlint configurations --files ~/nixos\n  \
        optlint configurations --format json | jq -r '.configurations[].not_followed[].needs'")]
    Configurations(ConfigurationsArgs),
    /// Say what a rule is about, with examples
    #[command(after_help = "Example:\n  optlint explain element-shares-homeserver-origin")]
    Explain(ExplainArgs),
    /// List the rules
    #[command(after_help = "Examples:\n  optlint rules\n  optlint rules --format json | jq -r '.rules[].rule'")]
    Rules(RulesArgs),
    /// Run the examples of your own rule pages
    ///
    /// What carets mark in an example must be found, and nothing else. Exit status 1 if a page does not keep its word.
    #[command(after_help = "Example:\n  optlint test lint")]
    Test(TestArgs),
    /// Evaluate a Nix expression as far as it can be known without Nix
    ///
    /// What cannot be known is printed with its cause. An expression that Nix would refuse is an error, exit status 1.
    #[command(after_help = "Examples:\n  \
        optlint eval --expr '1 + 1'\n  \
        optlint eval --json --expr '{ a = builtins.getEnv \"HOME\"; }'\n  \
        optlint eval settings.nix")]
    Eval(EvalArgs),
    /// Show what is known of an option: its value, its definitions, what is missing
    ///
    /// Lists every definition with its place, priority and condition, those that lost, and where unknowns come from.
    #[command(after_help = "Examples:\n  \
        optlint show services.matrix-synapse.settings.server_name\n  \
        optlint show --configuration alpha 'services.nginx.virtualHosts.\"example.org\".root'\n  \
        optlint show --format json networking.domain networking.hostName | jq '.configurations[].options'")]
    Show(ShowArgs),
    /// List the virtual hosts of nginx, Caddy and Apache, and which of them lead to Synapse or serve Element
    ///
    /// Reads options and configuration text alike, in every configuration of the project.
    #[command(after_help = "Examples:\n  \
        optlint vhosts\n  \
        optlint vhosts --format json | jq '.configurations[].vhosts[].names'")]
    Vhosts(ProjectArgs),
    /// Show which settings are in force, and where each comes from
    #[command(after_help = "Examples:\n  \
        optlint settings\n  \
        optlint settings --format json | jq '.settings[] | select(.from != \"default\")'")]
    Settings(SettingsArgs),
    /// Write a settings file to start from, and say how to check before each commit
    #[command(after_help = "Example:\n  optlint init ~/nixos")]
    Init(InitArgs),
    /// Print the JSON schema of reports or of the settings file
    #[command(after_help = "Example:\n  optlint schema settings > .optlint.schema.json")]
    Schema(SchemaArgs),
    /// Serve an editor: findings as you type, fixes, what is known of an option
    ///
    /// Speaks the Language Server Protocol on standard input and output. Exit status 1 if the editor is gone without
    /// having said goodbye.
    #[command(after_help = "Example, in Neovim:\n  \
        vim.lsp.config('optlint', { cmd = { 'optlint', 'lsp' }, filetypes = { 'nix' } })\n  \
        vim.lsp.enable('optlint')")]
    Lsp(LspArgs),
    /// Print a script that completes commands and flags in a shell
    #[command(after_help = "Examples:\n  \
        optlint completions bash > ~/.local/share/bash-completion/completions/optlint\n  \
        optlint completions zsh > ~/.zfunc/_optlint\n  \
        optlint completions fish > ~/.config/fish/completions/optlint.fish\n  \
        optlint completions elvish >> ~/.config/elvish/rc.elv\n  \
        optlint completions nushell | save -f ~/.config/nushell/autoload/optlint.nu")]
    Completions(CompletionsArgs),
    /// Write the manual pages
    #[command(
        after_help = "Examples:\n  mkdir -p ~/.local/share/man/man1 && optlint man ~/.local/share/man/man1\n  optlint man | man -l -"
    )]
    Man(ManArgs),
}

impl Args {
    /// With all that `--verbose` stands for.
    pub(super) fn with_verbose(mut self) -> Self {
        if let Command::Check(check) = &mut self.command {
            check.undecided |= check.verbose;
            check.allowed |= check.verbose;
        }
        self
    }
}

/// `optlint check`
#[derive(Debug, Default, Group)]
pub(super) struct CheckArgs {
    /// Files and folders to report on
    #[arg(default_value = ".", value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,

    /// The least severity that makes the exit status 1
    #[arg(long, value_enum, default_value_t = FailOn::Warning, value_name = "SEVERITY")]
    pub(super) fail_on: FailOn,

    /// The least severity that is reported: what is below it counts for nothing
    #[arg(long, value_enum, value_name = "SEVERITY", conflicts_with_all = ["fix", "diff", "write_baseline"])]
    pub(super) min_severity: Option<Least>,

    /// Also write what rules could not decide, and why
    #[arg(long)]
    pub(super) undecided: bool,

    /// Also write what comments and the baseline allow; in SARIF as suppressed results
    #[arg(long)]
    pub(super) allowed: bool,

    /// Write findings only: no closing line, not what could not be read
    #[arg(long, short)]
    pub(super) quiet: bool,

    /// Say more: also what is undecided and what is allowed, each file that was read, all that could not be, and
    /// which settings count
    #[arg(long, short, conflicts_with = "quiet")]
    pub(super) verbose: bool,

    /// Also read Nix files that imports and symlinks reach outside the project
    #[arg(long)]
    pub(super) allow_outside: bool,

    /// Exit with status 3 if anything could not be read, followed or decided, or if there was nothing to read
    #[arg(long)]
    pub(super) strict: bool,

    /// Exit with status 0 whatever is found: for steps that only upload
    #[arg(long, conflicts_with = "strict")]
    pub(super) exit_zero: bool,

    /// How many threads look at configurations side by side; all say the same [default: as many as are worth it, at
    /// most one a processor and 8]
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u8).range(1..))]
    pub(super) threads: Option<u8>,

    /// Check again whenever a file changes, until Ctrl-C
    #[arg(long, conflicts_with_all = ["stdin_filename", "fix", "diff", "write_baseline"])]
    pub(super) watch: bool,

    #[command(flatten)]
    pub(super) output: OutputArgs,

    /// Read the text of FILE, which need not exist, from standard input and report on it alone, as a part of its
    /// project: for editors
    #[arg(long, value_name = "FILE", conflicts_with_all = ["paths", "eval", "fix", "diff", "write_baseline"])]
    pub(super) stdin_filename: Option<PathBuf>,

    #[command(flatten)]
    pub(super) fixes: FixArgs,

    #[command(flatten)]
    pub(super) baselines: BaselineArgs,

    #[command(flatten)]
    pub(super) rule_set: RuleSetArgs,

    #[command(flatten)]
    pub(super) evaluation: EvaluationArgs,

    /// Evaluate only these configurations [default: all that can be]
    #[arg(long = "configuration", value_name = "NAME", requires = "eval", help_heading = "Evaluation with Nix")]
    pub(super) configurations: Vec<String>,

    /// Say where Nix and what is known without it differ: each is a mistake of this program
    #[arg(long, requires = "eval", help_heading = "Evaluation with Nix")]
    pub(super) debug: bool,
}

/// Which rules there are, and which of them are on.
#[derive(Debug, Default, Group)]
#[command(next_help_heading = "Rules")]
pub(super) struct RuleSetArgs {
    /// Ask only these rules, categories or tiers (`default`, `pedantic`, `all`)
    #[arg(long, value_name = "RULE,…", value_delimiter = ',')]
    pub(super) select: Option<Vec<String>>,

    /// Ask these as well
    #[arg(long, value_name = "RULE,…", value_delimiter = ',')]
    pub(super) enable: Vec<String>,

    /// Do not ask these
    #[arg(long, value_name = "RULE,…", value_delimiter = ',')]
    pub(super) disable: Vec<String>,

    /// Also load the rule pages in this folder, or this page
    #[arg(long = "rules", value_name = "DIR")]
    pub(super) folders: Vec<PathBuf>,
}

/// `optlint configurations`
#[derive(Debug, Group)]
pub(super) struct ConfigurationsArgs {
    /// The project, or a file or folder in it
    #[arg(default_value = ".", value_name = "PATH")]
    pub(super) path: PathBuf,

    /// How to write them
    #[arg(long, value_enum, default_value_t = ListFormat::Text, value_name = "FORMAT")]
    pub(super) format: ListFormat,

    /// Name every file that was read and every place that was not followed
    #[arg(long, short = 'v')]
    pub(super) files: bool,

    /// Also read Nix files that imports and symlinks reach outside the project
    #[arg(long)]
    pub(super) allow_outside: bool,
}

/// `optlint test`
#[derive(Debug, Group)]
pub(super) struct TestArgs {
    /// Folders with rule pages, or pages
    #[arg(required = true, value_name = "DIR")]
    pub(super) paths: Vec<PathBuf>,
}

/// `optlint explain`
#[derive(Debug, Group)]
pub(super) struct ExplainArgs {
    /// The rule's name, as `optlint rules` lists it
    #[arg(value_name = "RULE")]
    pub(super) rule: String,

    /// Also load the rule pages in this folder, or this page
    #[arg(long = "rules", value_name = "DIR")]
    pub(super) folders: Vec<PathBuf>,
}

/// `optlint rules`
#[derive(Debug, Group)]
pub(super) struct RulesArgs {
    /// How to write them
    #[arg(long, value_enum, default_value_t = ListFormat::Text, value_name = "FORMAT")]
    pub(super) format: ListFormat,

    #[command(flatten)]
    pub(super) rule_set: RuleSetArgs,
}

/// `optlint eval`
#[derive(Debug, Group)]
#[command(group = ArgGroup::new("input").required(true).args(["file", "expr"]))]
pub(super) struct EvalArgs {
    /// The file that holds the expression
    #[arg(value_name = "FILE")]
    pub(super) file: Option<PathBuf>,

    /// The expression itself; paths in it start from the current folder
    #[arg(long, short = 'E', value_name = "E", allow_hyphen_values = true)]
    pub(super) expr: Option<String>,

    /// Write JSON, unknown parts as {"$unknown": {"cause": …}}
    #[arg(long)]
    pub(super) json: bool,
}

/// `optlint show`
#[derive(Debug, Group)]
pub(super) struct ShowArgs {
    /// The options, written as in a module
    #[arg(value_name = "OPTION.PATH", required = true)]
    pub(super) options: Vec<String>,

    #[command(flatten)]
    pub(super) project: ProjectArgs,

    #[command(flatten)]
    pub(super) evaluation: EvaluationArgs,
}

/// `--format` of lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ListFormat {
    /// Lines, for people
    Text,
    /// One object, for programs
    Json,
}

/// `--fail-on`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum FailOn {
    /// Errors only
    Error,
    /// Errors and warnings
    #[default]
    Warning,
    /// Any finding
    Info,
    /// Nothing
    Never,
}

/// `--min-severity`
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Least {
    /// Errors only
    Error,
    /// Errors and warnings
    Warning,
    /// Any finding
    Info,
}

impl From<Least> for Severity {
    fn from(least: Least) -> Severity {
        match least {
            Least::Error => Severity::Error,
            Least::Warning => Severity::Warning,
            Least::Info => Severity::Info,
        }
    }
}

/// `--color`
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    /// On a terminal, unless NO_COLOR is set; also elsewhere if CLICOLOR_FORCE is
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

#[cfg(test)]
mod tests {
    use super::Args;
    use clap::{CommandFactory, Parser};

    #[test]
    fn the_definition_holds_together() {
        Args::command().debug_assert();
    }

    #[test]
    fn what_is_accepted() {
        let check = |line: &str, accepted: bool| {
            let words = std::iter::once("optlint").chain(line.split_whitespace());
            assert_eq!(Args::try_parse_from(words).is_ok(), accepted, "optlint {line}");
        };
        check("check", true);
        check("check a b --format json --fail-on never -q --undecided", true);
        check("--color never check", true);
        check("check --color always", true);
        check("check --eval --configuration a --configuration b --nix-option cores 1 --eval-timeout 5", true);
        check("check --eval-file a.nix", false);
        check("check --fix --unsafe a", true);
        check("check --diff", true);
        check("check --unsafe", false);
        check("check --baseline a --fix", true);
        check("check --baseline a --write-baseline b", false);
        check("check --stdin-filename a.nix --baseline b", true);
        check("check --stdin-filename a.nix b.nix", false);
        check("check --stdin-filename a.nix --fix", false);
        check("check --format xml", false);
        check("check --format github --output sarif=a --output junit=b --strict", true);
        check("check --output sarif", false);
        check("check --strict --exit-zero", false);
        check("check --fail-on sometimes", false);
        check("explain", false);
        check("explain some-rule", true);
        check("rules --format json", true);
        check("rules --select secrets,tls --enable pedantic --disable a --rules lint", true);
        check("test lint", true);
        check("test", false);
        check("eval", false);
        check("eval a.nix --json", true);
        check("eval --expr -1", true);
        check("eval a.nix --expr 1", false);
        check("show a.b --configuration x --path y", true);
        check("show a.b c.d --format json", true);
        check("show", false);
        check("vhosts --configuration x --format json", true);
        check("vhosts a", false);
        check("settings hosts --format json --select tls", true);
        check("init a", true);
        check("schema", true);
        check("schema xml", false);
        check("completions nushell", true);
        check("completions", false);
        check("man", true);
        check("chekc", false);
    }
}
