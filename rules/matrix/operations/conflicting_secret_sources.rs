//! The page beside this file says what is wrong and why.

use crate::lint::prelude::*;
use crate::rules::secret::text::Meaning;
use crate::rules::secret::{is_switched_off, of_unknown};
use crate::rules::written::values;

pub(crate) fn check(cx: &mut Cx<'_>) {
    for inline in cx.listed() {
        let name = inline.name();
        let Some(name) = name.known().filter(|name| !is_file(name) && *name != "enable") else { continue };
        if is_switched_off(cx, &inline) {
            continue;
        }
        let twin = if name == "static-auth-secret" { format!("{name}-file") } else { format!("{name}_path") };
        let mut path = inline.path().clone();
        path.0.pop();
        path.0.push(Segment::Name(twin.as_str().into()));
        judge(cx, &inline, twin_of(cx, &inline, &path, &twin).as_ref(), name, &twin);
    }
}

fn is_file(name: &str) -> bool {
    name.ends_with("_path") || name.ends_with("_file") || name.ends_with("-file")
}

/// The twin beside a setting, also where both are in an element of a list.
fn twin_of<'a>(cx: &Cx<'a>, inline: &OptionView<'a>, path: &OptionPath, twin: &str) -> Option<OptionView<'a>> {
    if !inline.path().0.iter().any(|segment| matches!(segment, Segment::Index(_))) {
        return Some(cx.option(&path.to_string()));
    }
    let same = |view: &OptionView<'a>| view.path().to_string() == path.to_string() && view.name().known() == Some(twin);
    cx.listed().into_iter().find(same)
}

fn judge(cx: &mut Cx<'_>, inline: &OptionView<'_>, twin: Option<&OptionView<'_>>, name: &str, twin_name: &str) {
    let Some(twin) = twin else { return };
    let is_given = |view: &OptionView<'_>| match view.unknown() {
        // Whatever the path of a file is, it is no empty text.
        Some(unknown) if of_unknown(cx, view)(&unknown) == Meaning::Path => view.is_defined(),
        _ => view.is_defined() & !(view.is_null() | view.is_text("")),
    };
    let fires = is_given(inline) & is_given(twin);
    let first = |view: &OptionView<'_>| values(view).first().map(|value| value.place());
    let (Some(_), Some(at)) = (first(inline), first(twin)) else { return };
    cx.decide(fires, |finding| {
        finding
            .message(format!("both `{name}` and `{twin_name}` are given: the service refuses to start"))
            .primary(inline, "the secret itself")
            .related_at(at, "the file that holds it")
            .secret()
    });
}
