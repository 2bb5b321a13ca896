//! `--eval` and what goes with it: how the user wants Nix to be asked.

use super::rule_set::relative;
use super::{Cx, Failure};
use crate::bridge::{Bridge, Nix};
use crate::check::{Differences, Evaluation, Resolved};
use crate::option::OptionPattern;
use crate::report::escaped;
use crate::settings::Settings;
use crate::source::load;
use clap::Args as Group;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// The program, unless another one is named.
const PROGRAM: &str = "nix-instantiate";
/// Seconds for one configuration, unless told otherwise.
const TIMEOUT: u64 = 120;
/// Evaluations side by side, unless told otherwise: each may take a gigabyte.
const MOST_JOBS: usize = 4;
/// How often progress is told.
const TICK: Duration = Duration::from_millis(100);

/// Whether and how Nix is asked.
#[derive(Clone, Debug, Default, Group)]
#[command(next_help_heading = "Evaluation with Nix")]
pub(super) struct EvaluationArgs {
    /// Also ask your own Nix; this runs the code of the configurations
    #[arg(long)]
    pub(super) eval: bool,

    /// Evaluate this expression, which gives `{ options, config, … }`
    #[arg(long, value_name = "FILE", requires = "eval")]
    pub(super) eval_file: Option<PathBuf>,

    /// The `nix-instantiate` to run, or the `nix` beside it [default: nix-instantiate]
    #[arg(long, value_name = "PROGRAM", requires = "eval")]
    pub(super) nix: Option<String>,

    /// A setting for Nix; may be given several times
    #[arg(long, num_args = 2, value_names = ["NAME", "VALUE"], requires = "eval")]
    pub(super) nix_option: Vec<String>,

    /// How long one configuration may take [default: 120]
    #[arg(long, value_name = "SECONDS", requires = "eval")]
    pub(super) eval_timeout: Option<u64>,

    /// How many configurations are evaluated side by side [default: one a core, at most 4]
    #[arg(long, value_name = "NUMBER", requires = "eval")]
    pub(super) jobs: Option<usize>,

    /// Let Nix read nothing but the project and its search path, and no network
    #[arg(long, requires = "eval")]
    pub(super) restrict_eval: bool,

    /// Neither remember what was found, or what Nix said under `--restrict-eval`, nor tell what is
    /// remembered; setting OPTLINT_NO_CACHE does the same
    #[arg(long)]
    pub(super) no_cache: bool,

    /// Where that is remembered [default: optlint in the user's cache folder]
    #[arg(long, value_name = "FOLDER", conflicts_with = "no_cache")]
    pub(super) cache_dir: Option<PathBuf>,
}

impl EvaluationArgs {
    /// With what the settings in `file` say where no flag does. That Nix is asked they cannot say.
    pub(super) fn with_settings(&self, settings: &Settings, file: Option<&Path>, cx: &Cx<'_>) -> Result<Self, Failure> {
        let mut args = self.clone();
        args.eval_timeout = args.eval_timeout.or(settings.eval_timeout);
        if let (true, None, Some(path), Some(file)) = (args.eval, &args.eval_file, &settings.eval_file, file) {
            let root = file.parent().unwrap_or(&cx.surroundings.folder);
            let absolute = load::normalize(&root.join(path));
            let of_settings = relative(file, &cx.surroundings.folder);
            if !absolute.starts_with(root) {
                let path = escaped(path);
                return Err(Failure(format!("{of_settings}: the `eval-file` `{path}` lies outside the project")));
            }
            if !load::exists(&absolute) {
                return Err(Failure(format!("{of_settings}: the `eval-file` `{}` does not exist", escaped(path))));
            }
            args.eval_file = Some(absolute);
        }
        Ok(args)
    }

    /// The Nix to ask; `None` if none is to be asked.
    pub(super) fn bridge(&self, cx: &Cx<'_>) -> Result<Option<Bridge>, Failure> {
        if !self.eval {
            return Ok(None);
        }
        let pairs = self.nix_option.chunks_exact(2);
        let nix = Nix {
            program: self.nix.clone().unwrap_or_else(|| PROGRAM.to_owned()),
            options: pairs.map(|pair| (pair[0].clone(), pair[1].clone())).collect(),
            timeout: Duration::from_secs(self.eval_timeout.unwrap_or(TIMEOUT).max(1)),
            restrict: self.restrict_eval,
            cache: self.cache(cx)?,
            environment: cx.surroundings.nix.clone(),
        };
        Bridge::new(nix, &cx.surroundings.folder).map(Some).map_err(Failure)
    }

    /// Has Nix evaluate configurations of `resolved`: those of `names`, or all. Says on a terminal how far it is.
    /// Wanted are options, and of those that hold secrets what they hold, so that it is not repeated.
    pub(super) fn evaluate(
        &self,
        bridge: &Bridge,
        names: Vec<String>,
        resolved: &mut Resolved,
        (patterns, secrets): (&[OptionPattern], &[OptionPattern]),
        cx: &mut Cx<'_>,
    ) -> Result<Differences, Failure> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let jobs = self.jobs.unwrap_or(cores.min(MOST_JOBS)).max(1);
        let evaluation = Evaluation { bridge, file: self.file(cx)?, names, jobs, secrets };
        let terminal = io::stderr().is_terminal();
        let mut said: Option<Instant> = None;
        let mut progress = |name: &str, told: usize, of: Option<usize>| {
            if terminal && said.is_none_or(|said| said.elapsed() >= TICK) {
                said = Some(Instant::now());
                let of = of.map(|of| format!(" of {of}")).unwrap_or_default();
                // Whether anybody sees it does not matter.
                let _ = write!(cx.err, "\r\x1b[Kevaluating {}: {told}{of} options", escaped(name));
                let _ = cx.err.flush();
            }
        };
        let differences = crate::check::evaluate(resolved, &evaluation, patterns, &mut progress);
        if terminal {
            write!(cx.err, "\r\x1b[K")?;
        }
        differences.map_err(Failure)
    }

    /// Where answers are remembered, if they may be.
    pub(super) fn cache(&self, cx: &Cx<'_>) -> Result<Option<PathBuf>, Failure> {
        let Some(folder) = &self.cache_dir else {
            return Ok(cx.surroundings.cache.clone().filter(|_| !self.no_cache));
        };
        // Somebody relies on it; without it they would wait in vain.
        let absolute = load::normalize(&cx.surroundings.folder.join(folder));
        match load::Kept::new(&absolute) {
            Ok(_) => Ok(Some(absolute)),
            Err(why) => {
                Err(Failure(format!("`--cache-dir {}` cannot be used: {why}", escaped(&folder.to_string_lossy()))))
            }
        }
    }

    /// The file to evaluate, as an absolute path.
    fn file(&self, cx: &Cx<'_>) -> Result<Option<PathBuf>, Failure> {
        let Some(file) = &self.eval_file else { return Ok(None) };
        let absolute = load::normalize(&cx.surroundings.folder.join(file));
        match load::exists(&absolute) {
            true => Ok(Some(absolute)),
            false => Err(Failure(format!("`{}` does not exist", file.display()))),
        }
    }
}
