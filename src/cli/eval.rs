//! `optlint eval`: the evaluator by itself.

use super::args::EvalArgs;
use super::{Cx, Exit, Failure};
use crate::eval::{Eval, Limits, Thunk};
use crate::resolve::Resolver;
use crate::rules::STAND_IN;
use crate::source::files::Disk;
use crate::source::load;
use std::path::Path;

pub(super) fn run(args: &EvalArgs, cx: &mut Cx<'_>) -> Result<Exit, Failure> {
    let folder = load::absolute(&cx.surroundings.folder);
    let (mut eval, thunk) = match (&args.file, &args.expr) {
        (Some(file), _) => file_thunk(&load::absolute(&folder.join(file)))?,
        (None, Some(text)) => {
            let mut eval = evaluator(&folder);
            let thunk = eval.text_as(folder.join("(expression)"), text);
            (eval, thunk)
        }
        (None, None) => return Err(Failure("nothing to evaluate".into())),
    };
    if let Some((path, message)) = syntax_error(&eval) {
        writeln!(cx.err, "error: {path}: {message}")?;
        return Ok(Exit::Found);
    }
    let text = match args.json {
        true => eval.json_text(&thunk),
        false => eval.nix_text(&thunk),
    };
    match text {
        Ok(text) => {
            writeln!(cx.out, "{text}")?;
            Ok(Exit::Clean)
        }
        Err(failure) => {
            writeln!(cx.err, "error: {}{}", failure.message, place(&eval, &failure.at))?;
            Ok(Exit::Found)
        }
    }
}

/// Reads the project around `path`. Who asks for one value waits longer for it than who asks for
/// thousands.
fn evaluator(path: &Path) -> Eval {
    let limits = Limits { steps: 40_000_000, total: 40_000_000, ..Limits::default() };
    let mut eval = Eval::with_limits(Box::new(Disk::new(vec![load::project_root(path)])), limits);
    // It gives `lib` the functions that evaluate modules.
    Resolver::new(&mut eval, STAND_IN);
    eval
}

/// A file, read with the project around it.
fn file_thunk(path: &Path) -> Result<(Eval, Thunk), Failure> {
    let text = load::read_text(path).map_err(|error| Failure(format!("{}: {error}", path.display())))?;
    let mut eval = evaluator(path);
    let thunk = eval.text_as(path.to_path_buf(), &text);
    Ok((eval, thunk))
}

/// The first syntax error of what was asked for, or name that nothing binds; Nix refuses the whole
/// expression.
fn syntax_error(eval: &Eval) -> Option<(String, String)> {
    eval.parsed().find_map(|tree| {
        let error = tree.errors.first().or(tree.unbound.first())?;
        let span = tree.at(error.range);
        let position = eval.sources.position(span.file, span.start);
        let path = &eval.sources.file(span.file).path;
        Some((format!("{}:{}:{}", path.display(), position.line, position.column), error.message.clone()))
    })
}

fn place(eval: &Eval, at: &crate::source::Origin) -> String {
    match at.span() {
        Some(span) => {
            let position = eval.sources.position(span.file, span.start);
            let path = &eval.sources.file(span.file).path;
            format!(" ({}:{}:{})", path.display(), position.line, position.column)
        }
        None => String::new(),
    }
}
