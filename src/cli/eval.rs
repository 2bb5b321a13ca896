//! `optlint eval`: the evaluator by itself.

use super::args::EvalArgs;
use super::{Cx, Exit, Failure};

pub(super) fn run(args: &EvalArgs, cx: &mut Cx<'_>) -> Result<Exit, Failure> {
    let _ = (&args.file, &args.expr, args.json, &cx.surroundings.folder);
    Err(Failure("`eval` does not evaluate yet".into()))
}
