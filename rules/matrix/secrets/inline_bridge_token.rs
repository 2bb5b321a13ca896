//! The page beside this file says what is wrong and why.

use crate::lint::prelude::*;
use crate::rules::secret::inside::password_of_url;
use crate::rules::secret::text::{Meaning, flat, is_hash, meaning, meaning_of_piece};
use crate::rules::secret::{is_named_like_secret, is_read_from_file, of_unknown};

/// How deep the settings of bridges are searched.
const DEPTH: u32 = 10;
const OF_MXISD: &str =
    "this secret of the identity server is written into the configuration, so everyone on the machine can read it";
const OF_URL: &str =
    "the password in this address is written into the configuration, so everyone on the machine can read it";

pub(crate) fn check(cx: &mut Cx<'_>) {
    for settings in cx.listed() {
        if settings.name().known() == Some("enable") || is_off(cx, &settings) {
            continue;
        }
        let mut found = Vec::new();
        search(&settings, false, DEPTH, &mut found);
        for (leaf, is_secret) in found {
            for leaf in leaf.alternatives() {
                let fires = fires(cx, &leaf, is_secret);
                let of_mxisd = settings.path().to_string().starts_with("services.mxisd.");
                let of_url = leaf.text().is_some_and(|text| is_url(&flat(text)));
                cx.decide(fires, |finding| {
                    let finding = finding.primary(&leaf, "this text ends up in the Nix store").secret();
                    match (of_url, of_mxisd) {
                        (true, _) => finding.message(OF_URL),
                        (_, true) => finding.message(OF_MXISD),
                        _ => finding,
                    }
                });
            }
        }
    }
}

/// Whether the bridge is known to be off.
fn is_off(cx: &Cx<'_>, settings: &OptionView<'_>) -> bool {
    let mut path = settings.path().clone();
    path.0.pop();
    path.0.push(Segment::Name("enable".into()));
    cx.option(&path.to_string()).is_false().is_true()
}

/// Collects the texts among the settings, and whether each is named like a secret.
fn search<'a>(view: &OptionView<'a>, in_secrets: bool, depth: u32, found: &mut Vec<(OptionView<'a>, bool)>) {
    let Some(depth) = depth.checked_sub(1) else { return };
    let children = view.children();
    for child in children.into_iter().chain(view.items()) {
        let name = child.name();
        let name = name.known().unwrap_or_default();
        let is_secret = in_secrets || is_token(name);
        if matches!(child.value().shape, Shape::Attrs(_) | Shape::List(_)) {
            search(&child, holds_secrets(name), depth, found);
        } else {
            found.push((child, is_secret));
        }
    }
}

/// Whether a bridge's setting holds a secret.
fn is_token(name: &str) -> bool {
    is_named_like_secret(name) || matches!(name, "api_hash" | "pickle_key" | "signing_key" | "server_key")
}

/// Whether the values in a set are secrets, whatever their names are.
fn holds_secrets(name: &str) -> bool {
    // The accounts in maubot's `admins` have their passwords as values.
    matches!(name, "login_shared_secret_map" | "shared_secret_map" | "secrets" | "admins")
}

fn fires(cx: &Cx<'_>, leaf: &OptionView<'_>, is_secret: bool) -> Truth {
    let of_unknown = of_unknown(cx, leaf);
    let found = match &leaf.value().shape {
        Shape::Str(text) if is_url(&flat(text)) => password_of_url(text, &of_unknown),
        Shape::Str(text) if is_secret => {
            let flat = flat(text);
            match flat.strip_prefix("as_token:") {
                _ if is_hash(&flat) || is_nothing(&flat) => Meaning::Harmless,
                Some(token) => meaning_of_piece(token, text, &of_unknown),
                None => meaning(text, &of_unknown),
            }
        }
        Shape::Unknown(unknown) if is_secret => of_unknown(unknown),
        _ => Meaning::Harmless,
    };
    match found {
        Meaning::Harmless | Meaning::Path => Truth::False,
        _ if is_read_from_file(cx, leaf) => leaf.is_defined(),
        Meaning::Secret => Truth::True,
        Meaning::Unknown(unknown) => Truth::Unknown(unknown),
    }
}

fn is_url(text: &str) -> bool {
    let scheme = text.split_once("://").map(|(scheme, _)| scheme);
    scheme.is_some_and(|scheme| scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c)))
}

/// What bridges and their example settings write where there is no secret, or one that
/// everybody knows.
fn is_nothing(text: &str) -> bool {
    let text = text.trim();
    text.trim_matches(['\'', '"']).is_empty()
        || text.starts_with("This value is generated")
        // Telegram Desktop's, which its packages give to everybody.
        || text == "d524b414d21f4d37f08684c1df41ac9c"
        || matches!(text, "disabled" | "none" | "off" | "mautrix.bridge.e2ee")
        || text.starts_with("maunium.net/go/mautrix-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for name in ["as_token", "hs_token", "shared_secret", "bot_token", "botToken", "api_hash", "pickle_key"] {
            assert!(is_token(name), "{name}");
        }
        for name in ["id", "server_name", "bot_username", "pickle_key_path", "sender_localpart"] {
            assert!(!is_token(name), "{name}");
        }
    }
}
