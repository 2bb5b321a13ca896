//! The user's Nix: which program, which version, with which switches.

use super::process::{self, Ended, Job};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// How the user wants Nix to be run.
#[derive(Clone, Debug)]
pub struct Nix {
    /// The program: `nix-instantiate`, or a path.
    pub program: String,
    /// Settings of Nix, as its `--option` takes them.
    pub options: Vec<(String, String)>,
    /// How long one configuration may take.
    pub timeout: Duration,
    /// Refuse to read anything but the project and what is on the search path.
    pub restrict: bool,
    /// The folder where answers may be remembered.
    pub cache: Option<PathBuf>,
    /// The environment variables that Nix heeds.
    pub environment: Vec<(String, String)>,
}

/// One run.
pub(super) struct Run<'a> {
    pub expression: String,
    pub version: Version,
    /// Where Nix works.
    pub folder: &'a Path,
    /// The folders it may read in any case.
    pub allowed: &'a [PathBuf],
    /// Whether to do without a store.
    pub without_store: bool,
    /// Whether there is to be no search path.
    pub without_search_path: bool,
    pub deadline: Instant,
}

/// A version of Nix.
pub(super) type Version = (u32, u32);

/// Before it, Nix has no machine-readable log.
const OLDEST: Version = (2, 4);
/// From it on, `--show-trace` costs nothing.
const TRACES: Version = (2, 18);
/// The most that Nix may keep of values.
const HEAP: u64 = 3 << 30;
/// The most it may ask of the system, code and stacks included.
const MEMORY: u64 = HEAP + (3 << 30);
/// The most it may write.
const MOST_WRITTEN: u64 = 256 << 20;

impl Nix {
    /// The program that evaluates: beside `nix` there is one.
    fn evaluator(&self) -> String {
        match self.program.strip_suffix("nix") {
            Some(folder) if folder.is_empty() || folder.ends_with('/') => format!("{folder}nix-instantiate"),
            _ => self.program.clone(),
        }
    }

    /// Asks for the version; a sentence if there is no Nix, or one that is too old.
    pub(super) fn version(&self, folder: &Path) -> Result<(String, Version), String> {
        let program = self.evaluator();
        let mut said = String::new();
        // What a program says of itself is on standard output: a shell joins the two.
        let arguments = ["-c", "exec \"$0\" --version >&2", &program].map(String::from);
        let job = Job {
            program: "sh",
            arguments: &arguments,
            environment: &[],
            folder,
            input: String::new(),
            deadline: Instant::now() + Duration::from_secs(20).min(self.timeout),
            most: 1 << 16,
            memory: MEMORY,
        };
        let ended = process::run(job, &mut |line| said.push_str(&format!("{}\n", String::from_utf8_lossy(line))));
        match ended {
            Ok(Ended::Well) => {}
            Ok(Ended::TooLate) => return Err(format!("`{program} --version` gives no answer")),
            Ok(Ended::Badly | Ended::TooMuch) | Err(_) => {
                let hint = "install Nix, name it with `--nix PROGRAM`, or leave out `--eval`";
                return Err(format!("`--eval` needs Nix, and `{program}` cannot be run; {hint}"));
            }
        }
        let line = said.lines().find(|line| line.contains("Nix")).unwrap_or_default();
        let Some((name, version)) = line.rsplit_once(' ').and_then(|(_, number)| Some((number, parse(number)?))) else {
            return Err(format!("`{program} --version` says {:?}, which names no version of Nix", said.trim()));
        };
        if version < OLDEST {
            let (major, minor) = OLDEST;
            return Err(format!("`{program}` is Nix {name}; `--eval` needs Nix {major}.{minor} or later"));
        }
        Ok((name.to_owned(), version))
    }

    /// Evaluates an expression; `line` gets what Nix logs.
    pub(super) fn evaluate(&self, run: Run<'_>, line: &mut dyn FnMut(&[u8])) -> Result<Ended, String> {
        let Run { expression, folder, deadline, .. } = run;
        let arguments = self.arguments(run.version, run.allowed, run.without_store);
        let mut environment = vec![("GC_MAXIMUM_HEAP_SIZE", HEAP.to_string()), ("GIT_TERMINAL_PROMPT", "0".to_owned())];
        if run.without_search_path {
            environment.push(("NIX_PATH", String::new()));
        }
        let program = self.evaluator();
        let job = Job {
            program: &program,
            arguments: &arguments,
            environment: &environment,
            folder,
            input: expression,
            deadline,
            most: MOST_WRITTEN,
            memory: MEMORY,
        };
        process::run(job, line).map_err(|error| format!("`{program}` cannot be run: {error}"))
    }

    /// Everything that keeps evaluation from building, writing and asking.
    fn arguments(&self, version: Version, allowed: &[PathBuf], without_store: bool) -> Vec<String> {
        let mut arguments = ["--eval", "--readonly-mode", "--log-format", "internal-json"].map(String::from).to_vec();
        let mut option = |name: &str, value: &str| {
            arguments.extend(["--option", name, value].map(String::from));
        };
        for (name, value) in &self.options {
            option(name, value);
        }
        // After the user's: these hold whatever he says.
        option("allow-import-from-derivation", "false");
        option("accept-flake-config", "false");
        option("extra-experimental-features", "flakes");
        if self.restrict {
            option("restrict-eval", "true");
        }
        for (at, path) in allowed.iter().enumerate().filter(|_| self.restrict) {
            arguments.extend(["-I".to_owned(), format!("project-{at}={}", path.display())]);
        }
        if version >= TRACES {
            arguments.push("--show-trace".to_owned());
        }
        if without_store {
            arguments.extend(["--store", "dummy://"].map(String::from));
        }
        arguments.push("-".to_owned());
        arguments
    }
}

/// `2.18.1`, `2.24pre…`: the first two numbers.
fn parse(text: &str) -> Option<Version> {
    let mut numbers = text.split('.').map(|part| {
        let digits: String = part.chars().take_while(char::is_ascii_digit).collect();
        digits.parse().ok()
    });
    Some((numbers.next()??, numbers.next()??))
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn versions() {
        let check = |text: &str, expected| assert_eq!(parse(text), expected, "{text}");
        check("2.8.0", Some((2, 8)));
        check("2.24pre20240801_abc", Some((2, 24)));
        check("3.0", Some((3, 0)));
        check("unstable", None);
    }
}
