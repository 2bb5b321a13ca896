//! The page beside this file says what is wrong and why.

use crate::lint::prelude::*;
use crate::rules::secret::{self, Way};

pub(crate) fn check(cx: &mut Cx<'_>) {
    secret::report(cx, Way::Path, "the secret is this very text, not what the file says");
}
