//! Server names that Synapse does not accept.

use crate::lint::prelude::*;
use crate::rules::written::{quoted, replace_literal, values};
use std::net::Ipv6Addr;

pub(crate) fn check(cx: &mut Cx<'_>) {
    for definition in values(&cx.option("services.matrix-synapse.settings.server_name")) {
        let Some(text) = definition.text().cloned() else { continue };
        let fix = bare(cx, &definition, &text);
        cx.decide(!is_valid(&text), |finding| {
            finding
                .message(format!("{} is no server name: Synapse refuses to start", quoted(&text, "this")))
                .primary(&definition, what_is_wrong(&text))
                .fix(fix)
        });
    }
}

/// Whether Synapse accepts the name.
pub(crate) fn is_valid(name: &Str) -> Truth {
    match (name.known(), name.holes().next()) {
        (Some(known), _) => known_is_valid(known).into(),
        (None, Some(hole)) => {
            let allowed = |c: char| c.is_ascii_alphanumeric() || "-.:[]".contains(c);
            let texts = name.parts().iter().filter_map(|part| match part {
                Part::Text(text) => Some(text),
                Part::Hole(_) => None,
            });
            match texts.flat_map(|text| text.chars()).all(allowed) {
                true => Truth::Unknown(hole.clone()),
                false => Truth::False,
            }
        }
        (None, None) => Truth::False,
    }
}

fn known_is_valid(name: &str) -> bool {
    if let Some(inside) = name.strip_prefix('[') {
        let (address, port) = inside.split_once(']').unwrap_or(("", "x"));
        return address.parse::<Ipv6Addr>().is_ok() && (port.is_empty() || is_port(port.strip_prefix(':')));
    }
    let (host, port) = name.split_once(':').unwrap_or((name, ""));
    let label = |label: &str| !label.is_empty() && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    host.split('.').all(label) && (port.is_empty() || is_port(Some(port)))
}

fn is_port(port: Option<&str>) -> bool {
    port.is_some_and(|port| port.parse::<u32>().is_ok())
}

/// The name without scheme and trailing slash, if that is all that was wrong with it.
fn bare(cx: &Cx<'_>, definition: &OptionView<'_>, name: &Str) -> Option<Fix> {
    let name = name.known()?;
    let host = name.strip_prefix("https://").or_else(|| name.strip_prefix("http://")).unwrap_or(name);
    let host = host.strip_suffix('/').unwrap_or(host);
    let fix = || replace_literal(cx, definition, name, host, format!("name it `{host}`"));
    if known_is_valid(host) { fix() } else { None }
}

fn what_is_wrong(name: &Str) -> &'static str {
    let has = |text: &str| name.contains(text).is_true();
    if has("://") {
        "a server name has no scheme"
    } else if has("@") {
        "this looks like the name of a user"
    } else if has("/") {
        "a server name has no slash"
    } else if has("_") {
        "a server name has no underscore"
    } else {
        "a server name consists of letters, digits, hyphens and dots, perhaps with a port"
    }
}

#[cfg(test)]
mod tests {
    use super::known_is_valid;

    #[test]
    fn names() {
        for name in ["example.org", "localhost", "a.b:8448", "1.2.3.4", "[::1]", "[fe80::1]:8448", "EX-1.org"] {
            assert!(known_is_valid(name), "{name}");
        }
        for name in [
            "",
            "https://a.org",
            "a.org/",
            "a_b.org",
            "@me:a.org",
            "a..org",
            ".org",
            "a b",
            "a.org:x",
            "[::1",
            "[x]",
            "a:b:1",
        ] {
            assert!(!known_is_valid(name), "{name}");
        }
    }
}
