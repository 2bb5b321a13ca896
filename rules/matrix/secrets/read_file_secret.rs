//! The page beside this file says what is wrong and why.

use crate::lint::prelude::*;
use crate::rules::secret::{self, Way};

pub(crate) fn check(cx: &mut Cx<'_>) {
    secret::report(cx, Way::ReadFile, "the text of the file ends up in the Nix store");
}
