//! The command line: reads arguments, writes output, decides the exit status.
//!
//! Everything below is a function of its input; what comes from outside
//! (terminal, environment, current folder, clock) is asked for here.

mod args;
mod baseline;
mod check;
mod completions;
mod configurations;
mod eval;
mod evaluation;
mod explain;
mod fix;
mod init;
mod known;
mod lsp;
mod man;
mod near;
mod prepared;
mod progress;
mod rule_set;
mod rules;
mod schema;
mod settings;
mod show;
mod strict;
mod suggest;
mod summary;
mod surroundings;
mod test;
mod vhosts;
mod watch;
mod wishes;

use args::{Args, Command};
use clap::Parser;
use std::fmt;
use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use surroundings::Surroundings;

/// Runs the program with the arguments of the process.
pub fn run() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args.with_verbose(),
        Err(message) => {
            // Also `--help` and `--version`, which go to standard output and are no failure.
            let _ = message.print();
            return ExitCode::from(if message.use_stderr() { Exit::Failed.status() } else { Exit::Clean.status() });
        }
    };
    let mut out = io::BufWriter::new(Patient(io::stdout().lock()));
    // Not locked: a thread that breaks down says so, and would wait for ever.
    let mut err = Patient(io::stderr());
    let outcome = surroundings(&args).and_then(|surroundings| {
        let mut cx = Cx { surroundings, out: &mut out, err: &mut err };
        let exit = dispatch(&args.command, &mut cx)?;
        out.flush()?;
        Ok(exit)
    });
    let exit = outcome.unwrap_or_else(|failure| {
        let _ = out.flush();
        let _ = writeln!(err, "error: {failure}");
        Exit::Failed
    });
    ExitCode::from(exit.status())
}

fn dispatch(command: &Command, cx: &mut Cx<'_>) -> Result<Exit, Failure> {
    match command {
        Command::Check(args) => check::run(args, cx),
        Command::Configurations(args) => configurations::run(args, cx),
        Command::Explain(args) => explain::run(args, cx),
        Command::Rules(args) => rules::run(args, cx),
        Command::Test(args) => test::run(args, cx),
        Command::Eval(args) => eval::run(args, cx),
        Command::Show(args) => show::run(args, cx),
        Command::Vhosts(args) => vhosts::run(args, cx),
        Command::Settings(args) => settings::run(args, cx),
        Command::Init(args) => init::run(args, cx),
        Command::Schema(args) => schema::run(args, cx),
        Command::Lsp(_) => Ok(lsp::run(cx)),
        Command::Completions(args) => completions::run(args, cx),
        Command::Man(args) => man::run(args, cx),
    }
}

fn surroundings(args: &Args) -> Result<Surroundings, Failure> {
    let folder = std::env::current_dir().map_err(|error| Failure(format!("no current folder: {error}")))?;
    let width = terminal_size::terminal_size().map(|(width, _)| width.0.into());
    let variable = |name: &str| std::env::var(name).ok();
    let found = Surroundings::new(folder, args.color, io::stdout().is_terminal(), width, variable);
    // Who wants no colour wants no other escape sequences either.
    let links = found.color && supports_hyperlinks::on(supports_hyperlinks::Stream::Stdout);
    Ok(Surroundings { links, ..found })
}

/// What a command works with.
struct Cx<'a> {
    surroundings: Surroundings,
    /// Standard output: what was asked for.
    out: &'a mut dyn Write,
    /// Standard error: what is to be said about it.
    err: &'a mut dyn Write,
}

/// How the program ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Exit {
    /// As it should.
    Clean,
    /// Something was found at or above `--fail-on`; or Nix would refuse the expression.
    Found,
    /// Could not run.
    Failed,
    /// Could not look at everything, which was asked for.
    Incomplete,
}

impl Exit {
    fn status(self) -> u8 {
        match self {
            Exit::Clean => 0,
            Exit::Found => 1,
            Exit::Failed => 2,
            Exit::Incomplete => 3,
        }
    }
}

/// Why the program could not run, in one sentence.
#[derive(Debug)]
struct Failure(String);

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self(format!("cannot write: {error}"))
    }
}

/// A stream whose reader may leave (`optlint check | head`) without anybody minding:
/// the exit status still says what was found.
struct Patient<W>(W);

/// Whether a reader has left.
static LEFT: AtomicBool = AtomicBool::new(false);

impl<W: Write> Write for Patient<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.0.write(bytes) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                LEFT.store(true, Relaxed);
                Ok(bytes.len())
            }
            other => other,
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self.0.flush() {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                LEFT.store(true, Relaxed);
                Ok(())
            }
            other => other,
        }
    }
}
