//! `optlint completions`: what shells have to know to complete commands and flags.

use super::args::{Args, CompletionsArgs, Shell};
use super::{Cx, Exit, Failure};
use clap::CommandFactory;
use clap_complete::{generate, shells};

/// The name of the program.
const NAME: &str = "optlint";

pub(super) fn run(args: &CompletionsArgs, cx: &mut Cx<'_>) -> Result<Exit, Failure> {
    cx.out.write_all(&script(args.shell))?;
    Ok(Exit::Clean)
}

/// The script, whole: what generates it does not expect that writing fails.
fn script(shell: Shell) -> Vec<u8> {
    let (mut command, mut text) = (Args::command(), Vec::new());
    match shell {
        Shell::Bash => generate(shells::Bash, &mut command, NAME, &mut text),
        Shell::Elvish => generate(shells::Elvish, &mut command, NAME, &mut text),
        Shell::Fish => generate(shells::Fish, &mut command, NAME, &mut text),
        Shell::Nushell => generate(clap_complete_nushell::Nushell, &mut command, NAME, &mut text),
        Shell::Zsh => generate(shells::Zsh, &mut command, NAME, &mut text),
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{Shell, script};
    use clap::ValueEnum;

    #[test]
    fn every_shell_knows_commands_and_flags() {
        for shell in Shell::value_variants() {
            let text = String::from_utf8(script(*shell)).unwrap();
            for word in ["optlint", "explain", "fail-on", "sarif"] {
                assert!(text.contains(word), "{shell:?} does not know `{word}`");
            }
        }
    }
}
