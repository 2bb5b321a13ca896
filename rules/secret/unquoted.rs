//! Absolute paths that stand in the configuration without quotes.

use crate::lint::prelude::*;

/// Whether the value is a path that is written out from the root of the file system,
/// `/run/secrets/x`, rather than as a string. Nix copies the file behind it.
pub(crate) fn is_unquoted(cx: &Cx<'_>, view: &OptionView<'_>) -> bool {
    matches!(view.value().shape, Shape::Path(_)) && cx.is_users(view.born()) && cx.written(view.born()).starts_with('/')
}
