//! `optlint check`: findings on standard output, the closing line on standard error.

use super::args::{CheckArgs, OutputFile};
use super::baseline;
use super::prepared::Prepared;
use super::progress;
use super::strict::unresolved;
use super::summary::{closing_lines, exit, problem_lines, read_lines};
use super::surroundings::Surroundings;
use super::{Cx, Exit, Failure};
use crate::check::Request;
use crate::finding::{Report, Severity};
use crate::recall::{Recall, Said};
use crate::report::{self, Format, Options};
use crate::source::{Sources, load};
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// Columns of text in files.
const FILE_WIDTH: usize = 100;

pub(super) fn run(args: &CheckArgs, cx: &mut Cx<'_>) -> Result<Exit, Failure> {
    if args.fixes.fix || args.fixes.diff {
        return super::fix::run(args, cx);
    }
    if args.watch {
        return super::watch::run(args, cx);
    }
    once(args, cx).map(|(exit, _)| exit)
}

/// Looks once. Also the files that what was found may depend on.
pub(super) fn once(args: &CheckArgs, cx: &mut Cx<'_>) -> Result<(Exit, Vec<PathBuf>), Failure> {
    let started = Instant::now();
    let prepared = Prepared::new(args, &cx.surroundings)?;
    let Said { mut report, sources, again } = look(args, &prepared, cx)?;
    prepared.are_read(&sources)?;
    let mut said = baseline::apply(args, &mut report, &sources, &prepared.scope(), cx)?;
    said.extend(args.min_severity.and_then(|least| left_out(&mut report, least.into())));
    if args.verbose {
        said.push(prepared.settings_line());
        if again {
            said.push("Remembered: nothing has changed since an earlier run (`--no-cache` looks anew)".to_owned());
        }
    }
    let exit = conclude(&report, &sources, args, (started.elapsed(), said), cx)?;
    let read = sources.iter().filter(|(_, file)| !file.embedded).map(|(_, file)| file.path.clone());
    Ok((exit, read.chain(prepared.pages).collect()))
}

/// Leaves out what is less severe than `least`; says how much that is.
fn left_out(report: &mut Report, least: Severity) -> Option<String> {
    let left_out = match report.leave_out_below(least) {
        0 => return None,
        1 => "1 finding is".to_owned(),
        several => format!("{several} findings are"),
    };
    Some(format!("{left_out} below `--min-severity {}`", least.as_str()))
}

/// Asks the rules, with Nix if wanted.
fn look(args: &CheckArgs, prepared: &Prepared, cx: &mut Cx<'_>) -> Result<Said, Failure> {
    let rules = prepared.rules();
    let request = &prepared.request(&rules);
    let (settings, file) = prepared.scope().settings;
    let evaluation = args.evaluation.with_settings(settings, file, cx)?;
    let Some(bridge) = evaluation.bridge(cx)? else {
        let request = &Request { last: !args.watch, ..request.clone() };
        let recall = evaluation.cache(cx)?.filter(|_| !args.watch).and_then(|folder| Recall::new(&folder, program()?));
        return progress::during("checking", args.quiet, cx, || match recall {
            Some(recall) => recall.run(request, args.verbose || prepared.others().next().is_some()),
            None => Said::anew(crate::check::run(request)),
        });
    };
    let patterns = crate::lint::patterns(request.rules);
    let mut resolved = crate::check::resolve(request.paths, &patterns, &request.wishes);
    let names = args.configurations.clone();
    let secrets = super::show::secret_options()?;
    let differences = evaluation.evaluate(&bridge, names, &mut resolved, (&patterns, &secrets), cx)?;
    if args.debug {
        for (name, difference) in &differences {
            writeln!(cx.err, "{name} {}", super::show::difference_line(difference, &secrets))?;
        }
    }
    Ok(Said::anew(crate::check::report(resolved, request)))
}

/// What tells this program from any other that was here, or will be.
fn program() -> Option<String> {
    let path = std::env::current_exe().ok()?;
    Some(format!("{} {:?}", env!("CARGO_PKG_VERSION"), load::Stamp::new([path])))
}

/// Writes what was found and says how it ends.
pub(super) fn conclude(
    report: &Report,
    sources: &Sources,
    args: &CheckArgs,
    (elapsed, said): (Duration, Vec<String>),
    cx: &mut Cx<'_>,
) -> Result<Exit, Failure> {
    let (format, options) = (format(args, &cx.surroundings), options(args, &cx.surroundings));
    report::write(format, report, sources, &options, cx.out)?;
    // What was found stands before what is said about it, also where both go to one terminal.
    cx.out.flush()?;
    for file in &args.output.files {
        write_file(file, report, sources, &options)?;
    }
    let unresolved = if args.strict { unresolved(report) } else { vec![] };
    if !args.quiet {
        let spaced = format == Format::Pretty && (!report.findings.is_empty() || args.undecided || args.allowed);
        if spaced && cx.surroundings.terminal {
            writeln!(cx.err)?;
        }
        let folder = &cx.surroundings.folder;
        let mut lines = if args.verbose { read_lines(sources, folder) } else { vec![] };
        lines.extend(problem_lines(&report.problems, sources, folder, args.verbose));
        lines.extend(closing_lines(&report.summary, elapsed, args.undecided));
        if !unresolved.is_empty() {
            lines.push(format!("--strict: {}", unresolved.join(", ")));
        }
        for line in lines.into_iter().chain(said) {
            writeln!(cx.err, "{line}")?;
        }
    }
    Ok(match exit(&report.summary, args.fail_on) {
        _ if args.exit_zero => Exit::Clean,
        // Also if something was found: what was found is then not all there is.
        _ if !unresolved.is_empty() => Exit::Incomplete,
        exit => exit,
    })
}

/// Writes one of the files that were asked for, as plain text.
fn write_file(file: &OutputFile, report: &Report, sources: &Sources, options: &Options) -> Result<(), Failure> {
    let options = Options { color: false, links: false, width: FILE_WIDTH, ..options.clone() };
    let mut bytes = Vec::new();
    report::write(file.format.into(), report, sources, &options, &mut bytes)?;
    load::write_atomically(&options.base.join(&file.path), &bytes).map_err(|error| {
        let path = report::escaped(&file.path.to_string_lossy());
        Failure(format!("cannot write `{path}`: {error}"))
    })
}

fn format(args: &CheckArgs, surroundings: &Surroundings) -> Format {
    match args.output.format {
        Some(format) => format.into(),
        None if surroundings.terminal => Format::Pretty,
        None => Format::Compact,
    }
}

pub(super) fn options(args: &CheckArgs, surroundings: &Surroundings) -> Options {
    let Surroundings { folder, color, links, unicode, width, .. } = surroundings.clone();
    Options { base: folder, width, color, links, unicode, undecided: args.undecided, allowed: args.allowed }
}

#[cfg(test)]
mod tests {
    use super::{Cx, Duration, Exit, Report, Sources, conclude};
    use crate::cli::args::{CheckArgs, Color};
    use crate::cli::surroundings::Surroundings;
    use crate::finding::{Finding, Label, Problem, Severity};
    use crate::source::Origin;

    fn check(args: &CheckArgs, expected_out: &str, expected_err: &str) {
        let mut sources = Sources::default();
        let file = sources.add("/p/a.nix".into(), "{ }");
        let finding = Finding::new("some-rule", Severity::Warning, "wrong", Label::new(Origin::File(file), ""));
        let problems = vec![Problem::not_read("/p/b.nix", "is not UTF-8")];
        let mut report = Report { findings: vec![finding], problems, ..Report::default() };
        report.summary.configurations = 1;
        report.sort_and_merge(&sources);
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let surroundings = Surroundings::new("/p".into(), Color::Auto, false, None, |_| None);
        let mut cx = Cx { surroundings, out: &mut out, err: &mut err };
        let exit = conclude(&report, &sources, args, (Duration::ZERO, vec![]), &mut cx).unwrap();
        assert_eq!(exit, Exit::Found);
        assert_eq!(String::from_utf8(out).unwrap(), expected_out);
        assert_eq!(String::from_utf8(err).unwrap(), expected_err);
    }

    #[test]
    fn findings_and_the_rest_go_separate_ways() {
        let found = "a.nix:1:1: warning: wrong [some-rule]\n";
        let closing = "not read: b.nix: is not UTF-8\n\
            Checked 1 configuration in 0 files, 0 ms: 1 warning; 1 path not read\n";
        check(&CheckArgs::default(), found, closing);
        check(&CheckArgs { quiet: true, ..CheckArgs::default() }, found, "");
    }
}
