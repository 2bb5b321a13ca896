//! A key of Element's configuration that contradicts the ones beside it.

use crate::lint::prelude::*;
use crate::rules::matrix::element_web::{elements, with_key};
use crate::rules::web::vhost::vhosts;

pub(crate) fn check(cx: &mut Cx<'_>) {
    let vhosts = vhosts(cx);
    for element in elements(cx, &vhosts) {
        let Some(conf) = element.conf().and_then(Value::as_attrs) else { continue };
        let Some(url) = conf.get("default_hs_url") else { continue };
        let fix = moved(cx, conf, url);
        cx.decide(is_set(url) & !others_are_unset(conf), |finding| {
            finding
                .fix(fix)
                .message("Element shows an error in place of its login page, as it gets two default homeservers")
                .about(&element.view)
                .primary_at(url.origin, "the other one is `default_server_config`, which nixpkgs always sets")
        });
    }
}

/// The address in the place where it belongs, if nothing else is there.
fn moved(cx: &Cx<'_>, conf: &Attrs, url: &Value) -> Option<Fix> {
    let is_free = ["default_server_config", "default_server_name"].iter().all(|key| conf.get(key).is_none());
    let new = "default_server_config.\"m.homeserver\".base_url";
    with_key(cx, url, "default_hs_url", new, "write it where Element looks for it").filter(|_| is_free)
}

/// Whether JavaScript takes the value for one that is there.
fn is_set(value: &Value) -> Truth {
    match &value.shape {
        Shape::Null | Shape::Bool(false) => Truth::False,
        Shape::Str(text) => !text.equals(&Str::default()),
        Shape::Unknown(unknown) => Truth::Unknown(unknown.clone()),
        Shape::OneOf(several) => match several.iter().find_map(|(condition, _)| condition.literals().next()) {
            Some((unknown, _)) => Truth::Unknown(unknown.clone()),
            None => Truth::True,
        },
        _ => Truth::True,
    }
}

/// Whether the default that nixpkgs sets was taken away, and none put in its place.
fn others_are_unset(conf: &Attrs) -> Truth {
    let config = conf.get("default_server_config").map_or(Truth::True, is_set);
    let name = conf.get("default_server_name").map_or(Truth::False, is_set);
    !config & !name
}
