//! `--eval` and what goes with it: how the user wants Nix to be asked.

use super::{Cx, Failure};
use crate::bridge::{Bridge, Nix};
use crate::source::load;
use clap::Args as Group;
use std::path::PathBuf;
use std::time::Duration;

/// The program, unless another one is named.
const PROGRAM: &str = "nix-instantiate";
/// Seconds for one configuration, unless told otherwise.
const TIMEOUT: u64 = 120;

/// Whether and how Nix is asked.
#[derive(Debug, Default, Group)]
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

    /// Let Nix read nothing but the project and its search path, and no network
    #[arg(long, requires = "eval")]
    pub(super) restrict_eval: bool,
}

impl EvaluationArgs {
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
        };
        Bridge::new(nix, &cx.surroundings.folder).map(Some).map_err(Failure)
    }

    /// The file to evaluate, as an absolute path.
    pub(super) fn file(&self, cx: &Cx<'_>) -> Result<Option<PathBuf>, Failure> {
        let Some(file) = &self.eval_file else { return Ok(None) };
        let absolute = load::normalize(&cx.surroundings.folder.join(file));
        match load::exists(&absolute) {
            true => Ok(Some(absolute)),
            false => Err(Failure(format!("`{}` does not exist", file.display()))),
        }
    }
}
