//! `optlint man`: manual pages, made of the same words as `--help`.

use super::args::{Args, ManArgs};
use super::{Cx, Exit, Failure};
use crate::source::load;
use clap::{Command, CommandFactory};
use std::io;

pub(super) fn run(args: &ManArgs, cx: &mut Cx<'_>) -> Result<Exit, Failure> {
    let pages = pages()?;
    let Some(folder) = &args.folder else {
        for (_, page) in pages.iter().take(1) {
            cx.out.write_all(page)?;
        }
        return Ok(Exit::Clean);
    };
    for (name, page) in pages {
        let path = folder.join(&name);
        load::write_atomically(&cx.surroundings.folder.join(&path), &page).map_err(|error| {
            let path = crate::report::escaped(&path.to_string_lossy());
            Failure(format!("cannot write `{path}`: {error}"))
        })?;
        writeln!(cx.err, "{}", crate::report::escaped(&path.to_string_lossy()))?;
    }
    Ok(Exit::Clean)
}

/// The program's own page, then one for each command, with the names of their files.
fn pages() -> io::Result<Vec<(String, Vec<u8>)>> {
    let mut program = Args::command().disable_help_subcommand(true);
    // Gives commands their full names and the flags that all of them have.
    program.build();
    let mut pages = vec![(format!("{}.1", program.get_name()), page(program.clone())?)];
    for command in program.get_subcommands().filter(|command| !command.is_hide_set()) {
        let name = command.get_display_name().unwrap_or_else(|| command.get_name());
        pages.push((format!("{name}.1"), page(command.clone())?));
    }
    Ok(pages)
}

fn page(command: Command) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    clap_mangen::Man::new(command.version(env!("CARGO_PKG_VERSION"))).render(&mut text)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::pages;

    #[test]
    fn every_command_has_a_page() {
        let pages = pages().unwrap();
        let names: Vec<&str> = pages.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names[0], "optlint.1");
        assert!(names.contains(&"optlint-check.1") && names.contains(&"optlint-explain.1"), "{names:?}");
        let check = pages.iter().find(|(name, _)| name == "optlint-check.1").unwrap();
        let text = String::from_utf8(check.1.clone()).unwrap();
        assert!(text.contains("\\-\\-fail\\-on") && text.contains("optlint check"), "{text}");
    }
}
