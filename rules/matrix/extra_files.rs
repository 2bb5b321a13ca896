//! The extra configuration files, which may say what the settings do not.

use crate::lint::prelude::*;
use crate::rules::written::{items, values};

/// `extraConfigFiles`, if there may be any: their content may settle what the settings leave open.
pub(crate) fn extra_files<'a>(cx: &Cx<'a>) -> Option<OptionView<'a>> {
    let files = cx.option("services.matrix-synapse.extraConfigFiles");
    let (listed, more) = items(&files);
    if listed.is_empty() && more.is_none() { None } else { values(&files).into_iter().next() }
}
