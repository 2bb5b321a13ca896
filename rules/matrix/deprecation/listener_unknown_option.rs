//! A key in a listener that NixOS has no option for.

use crate::lint::prelude::*;
use crate::rules::matrix::homeserver::Homeserver;

/// What a listener may hold.
const LISTENER: &[&str] = &["bind_addresses", "mode", "path", "port", "resources", "tls", "type", "x_forwarded"];
/// What one of its resources may hold.
const RESOURCE: &[&str] = &["compress", "names"];

pub(crate) fn check(cx: &mut Cx<'_>) {
    for listener in Homeserver::of(cx).listeners() {
        judge(cx, &listener.view, LISTENER);
        for resource in listener.view.at("resources").items() {
            judge(cx, &resource, RESOURCE);
        }
    }
}

fn judge(cx: &mut Cx<'_>, set: &OptionView<'_>, known: &[&str]) {
    for child in set.children() {
        let name = child.name();
        let Some(name) = name.known().filter(|name| !known.contains(name)) else { continue };
        let fix = plural(cx, set, &child, name);
        cx.decide(Truth::True, |finding| {
            finding
                .message(format!("a listener has no option `{name}`: the configuration cannot be built"))
                .primary(&child, "NixOS does not know this")
                .fix(fix)
        });
    }
}

/// Other services call it `bind_address`, and take one.
fn plural(cx: &Cx<'_>, listener: &OptionView<'_>, child: &OptionView<'_>, name: &str) -> Option<Fix> {
    let (mut span, text) = (listener.born().span()?, cx.written(listener.born()));
    let value = cx.written(child.born());
    let before = format!("{name} = {value};");
    if name != "bind_address" || !value.starts_with('"') || text.matches(&before).count() != 1 {
        return None;
    }
    span.start += u32::try_from(text.find(&before)?).ok()?;
    span.end = span.start + u32::try_from(before.len()).ok()?;
    let edit = Edit { span, text: format!("bind_addresses = [ {value} ];") };
    Fix::new("`bind_addresses` is a list", Safety::Safe, vec![edit])
}
