//! `optlint init`: a settings file to start from, and how to run the program before each commit.

use super::args::InitArgs;
use super::{Cx, Exit, Failure};
use crate::settings;
use crate::source::load;

/// What Git's hooks are told by <https://pre-commit.com>.
const HOOK: &str = "\
To check before every commit, add this to `.pre-commit-config.yaml`:

  repos:
    - repo: local
      hooks:
        - id: optlint
          name: optlint
          entry: optlint check
          language: system
          types: [nix]
          require_serial: true

or without pre-commit, once in each clone:

  printf '#!/bin/sh\\nexec optlint check\\n' > .git/hooks/pre-commit && chmod +x .git/hooks/pre-commit
";

pub(super) fn run(args: &InitArgs, cx: &mut Cx<'_>) -> Result<Exit, Failure> {
    let folder = load::normalize(&cx.surroundings.folder.join(&args.folder));
    let file = folder.join(settings::FILE);
    let shown = super::rule_set::relative(&file, &cx.surroundings.folder);
    if load::exists(&file) {
        return Err(Failure(format!("`{shown}` is there already; `optlint settings` shows what it says")));
    }
    load::write_atomically(&file, settings::COMMENTED.as_bytes())
        .map_err(|error| Failure(format!("cannot write `{shown}`: {error}")))?;
    writeln!(cx.out, "Wrote `{shown}`: everything in it is a comment, and says what can be set.\n")?;
    write!(cx.out, "{HOOK}")?;
    Ok(Exit::Clean)
}
