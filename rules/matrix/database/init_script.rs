//! The SQL that PostgreSQL runs on its first start: `services.postgresql.initialScript`.

use crate::lint::prelude::*;
use crate::rules::secret::store_file::store_file;
use crate::rules::secret::text::flat;
use crate::rules::sql::{self, Script};
use crate::rules::web::text::not_followed;
use crate::rules::written::{users_values, values};

/// A script whose text is known, save for holes.
pub(crate) struct InitScript<'a> {
    /// The option.
    pub(crate) view: OptionView<'a>,
    /// Its text.
    pub(crate) text: Str,
    /// What it does.
    pub(crate) script: Script,
}

/// The scripts that are written down, and why there may be one whose text nobody knows.
pub(crate) fn init_scripts<'a>(cx: &Cx<'a>) -> (Vec<InitScript<'a>>, Option<Unknown>) {
    let (mut scripts, mut unknown) = (vec![], None);
    // Modules that come with NixOS switch it on, too: what somebody wrote counts.
    let enable = users_values(cx, &cx.option("services.postgresql.enable"));
    if !enable.is_empty() && enable.iter().all(|enable| enable.is_false().is_true()) {
        return (scripts, unknown);
    }
    for view in values(&cx.option("services.postgresql.initialScript")) {
        let text = store_file(view.value()).and_then(|file| file.text);
        match text {
            Some(text) => {
                let script = sql::read(&flat(&text));
                unknown = unknown.or_else(|| text.holes().next().cloned().filter(|_| script.may_hold_more));
                scripts.push(InitScript { view, text, script });
            }
            None if view.is_null().is_true() => {}
            None => {
                let unread = || not_followed("a script that is not in the project", view.place());
                unknown = unknown.or_else(|| Some(view.unknown().unwrap_or_else(unread)));
            }
        }
    }
    (scripts, unknown)
}
