//! Options of `services.matrix-synapse` that NixOS no longer has.

use crate::lint::prelude::*;
use crate::rules::matrix::synapse_settings::{text_of, texts};
use crate::rules::written::{rename, values};

pub(crate) fn check(cx: &mut Cx<'_>) {
    let Shape::List(removed) = &cx.data().shape else { return };
    for item in removed {
        let Item::One(Value { shape: Shape::Attrs(option), .. }) = item else { continue };
        let Some(old) = option.get("old").map(path) else { continue };
        for definition in values(&cx.option(&old)) {
            let fix = renamed(cx, option, definition.site());
            let (fires, note) = (definition.is_defined(), text_of(option, "note").unwrap_or_default());
            let message = match option.get("new").map(path).filter(|new| !new.is_empty()) {
                Some(new) => format!("NixOS has removed `{old}`, its place is `{new}`: the system no longer builds"),
                None => format!("NixOS has removed `{old}`: the system no longer builds"),
            };
            cx.decide(fires, |finding| {
                finding
                    .about(&definition)
                    .primary_at(definition.site(), "this option is gone")
                    .message(message)
                    .help(note.trim_end_matches('.'))
                    .fix(fix)
            });
        }
    }
}

/// The new name, where the value may stay as it is.
fn renamed(cx: &Cx<'_>, option: &Attrs, site: Origin) -> Option<Fix> {
    let (old, new) = (texts(option.get("old")?), texts(option.get("new")?));
    let common = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let may_move = option.get("oneToOne").and_then(Value::as_bool) == Some(true);
    if may_move { rename(cx, site, (&old, &new), common, Safety::Safe) } else { None }
}

/// An option path given as a list of names.
fn path(names: &Value) -> String {
    let segments = texts(names).into_iter().map(|name| Segment::Name(name.into())).collect();
    OptionPath(segments).to_string()
}
