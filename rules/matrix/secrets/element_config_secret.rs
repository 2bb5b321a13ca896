//! Secrets in the configuration that Element hands to every visitor.

use crate::lint::prelude::*;
use crate::rules::matrix::element_web::elements;
use crate::rules::web::vhost::vhosts;

/// Sets inside sets that are searched.
const DEEPEST: usize = 8;
/// Endings of keys that promise a secret.
const SECRET: &[&str] =
    &["secret", "password", "passphrase", "access_token", "accessToken", "private_key", "privateKey"];

pub(crate) fn check(cx: &mut Cx<'_>) {
    let vhosts = vhosts(cx);
    for element in elements(cx, &vhosts) {
        let mut found = vec![];
        if let Some(conf) = element.conf() {
            search(conf, DEEPEST, &mut found);
        }
        for (key, value) in found {
            cx.decide(is_text(value), |finding| {
                finding
                    .message(format!("`{key}` is handed to every visitor in Element's `config.json`"))
                    .about(&element.view)
                    .primary_at(value.place, "anybody can read this")
                    .secret()
            });
        }
    }
}

/// The values whose key promises a secret.
fn search<'v>(value: &'v Value, depth: usize, found: &mut Vec<(&'v str, &'v Value)>) {
    let (Some(attrs), Some(depth)) = (value.as_attrs(), depth.checked_sub(1)) else { return };
    for (key, value) in &attrs.known {
        if SECRET.iter().any(|ending| key.ends_with(ending)) {
            found.push((key, value));
        }
        search(value, depth, found);
    }
}

fn is_text(value: &Value) -> Truth {
    match &value.shape {
        Shape::Str(text) => !text.equals(&Str::default()),
        Shape::Unknown(unknown) => Truth::Unknown(unknown.clone()),
        _ => Truth::False,
    }
}
