//! What stands in the extra configuration files, as far as it is known before the machine runs.

use crate::lint::prelude::*;
use crate::rules::secret::declared::template;
use crate::rules::secret::outline::{Outline, outline};
use crate::rules::secret::store_file::store_file;
use crate::rules::written::{items, leave_open};
use std::collections::BTreeMap;

/// An extra configuration file whose keys are known.
pub(crate) struct ExtraContent<'a> {
    /// The element of `extraConfigFiles`.
    pub(crate) file: OptionView<'a>,
    /// The option that holds the text, if it is not written into the list.
    pub(crate) content: Option<OptionView<'a>>,
    pub(crate) keys: BTreeMap<String, Outline>,
}

/// The files of `extraConfigFiles` that are templates of sops-nix or lie in the store. Where nobody knows which
/// files there are, the rule that asks has not decided about the others.
pub(crate) fn extra_contents<'a>(cx: &mut Cx<'a>) -> Vec<ExtraContent<'a>> {
    let listed = cx.option("services.matrix-synapse.extraConfigFiles");
    let (files, more) = items(&listed);
    leave_open(cx, &listed, more);
    let read = |file: OptionView<'a>| {
        let content = template(cx, &file);
        let stored = || store_file(file.value()).and_then(|stored| stored.text);
        let text = content.as_ref().and_then(|content| content.text().cloned()).or_else(stored)?;
        outline(&text).map(|keys| ExtraContent { file, content, keys })
    };
    files.iter().flat_map(OptionView::alternatives).filter_map(read).collect()
}
