//! `optlint show`: what is known of an option.

use super::args::ShowArgs;
use super::{Cx, Exit, Failure};

pub(super) fn run(args: &ShowArgs, cx: &mut Cx<'_>) -> Result<Exit, Failure> {
    let _ = (&args.option, &args.configuration, &args.path, &cx.surroundings.folder);
    Err(Failure("`show` does not read configurations yet".into()))
}
