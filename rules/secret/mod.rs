//! What the rules about secrets share: which settings hold a secret, and how its
//! text got into the configuration.
//!
//! Every secret setting belongs to one of three rules at a time: its `inline-*` rule,
//! `read-file-secret` or `path-as-secret`. The first of them also answers for values
//! that nobody knows, so that these are undecided once and not three times.

pub(crate) mod declared;
pub(crate) mod inside;
pub(crate) mod manager;
pub(crate) mod moved;
pub(crate) mod outline;
pub(crate) mod section;
pub(crate) mod settings;
pub(crate) mod store_file;
pub(crate) mod text;
pub(crate) mod twins;
pub(crate) mod unquoted;

use crate::lint::prelude::*;
use crate::rules::written::values;
use text::Meaning;

/// How deep settings of third-party modules are searched for secrets.
const DEPTH: u32 = 8;

/// How a secret's text got into the configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// It is written out.
    Inline,
    /// It is read from a file during evaluation.
    ReadFile,
    /// A file's path stands in its place.
    Path,
}

/// Reports the listed secrets that are written out.
pub(crate) fn inline(cx: &mut Cx<'_>) {
    report(cx, Way::Inline, "this text ends up in the Nix store");
}

/// Reports the listed secrets that got there by `way`.
pub(crate) fn report(cx: &mut Cx<'_>, way: Way, label: &str) {
    for setting in listed(cx) {
        for secret in setting.alternatives() {
            let fires = arrived_by(cx, &secret, way);
            let fix = match (way, fires.is_true()) {
                (Way::Inline, true) => moved::moved(cx, &setting).or_else(|| section::moved(cx, &setting)),
                (Way::Path, true) => moved::renamed(cx, &setting),
                _ => None,
            };
            cx.decide(fires, |finding| finding.primary(&secret, label).secret().fix(fix));
        }
    }
}

/// The listed settings that hold a secret and are in use. Of settings whose keys nobody
/// declares (a module's `config`), those that are named like a secret.
pub(crate) fn listed<'a>(cx: &Cx<'a>) -> Vec<OptionView<'a>> {
    let mut secrets = Vec::new();
    for view in cx.listed() {
        let last = view.name();
        match last.known() {
            _ if moved::is_for_fixes(&view) => {}
            Some("enable" | "algorithm") => {}
            _ if is_switched_off(cx, &view) => {}
            Some("config" | "ldap_config" | "spam_checker") => named_like_secrets(&view, DEPTH, &mut secrets),
            _ => secrets.push(view),
        }
    }
    secrets
}

/// Whether the service that a setting belongs to is known to be off.
pub(crate) fn is_switched_off(cx: &Cx<'_>, view: &OptionView<'_>) -> bool {
    let path = view.path();
    let names: Vec<String> = path.0.iter().map(|segment| segment.to_str().to_string()).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let off = |service: &str| cx.option(&format!("services.{service}.enable")).is_false().is_true();
    match names[..] {
        ["services", service @ ("matrix-synapse" | "coturn" | "matrix-authentication-service" | "livekit"), ..] => {
            off(service)
        }
        ["services", bridge, "environmentFile"] => off(bridge),
        ["services", bot @ ("draupnir" | "matrix-hookshot" | "mjolnir"), ..] => off(bot),
        ["services", bridge, "instances", instance, ..] => off(&format!("{bridge}.instances.{instance:?}")),
        ["services", "redis", "servers", server, ..] => off(&format!("redis.servers.{server:?}")),
        _ => false,
    }
}

/// The settings below `view` that are named like a secret.
fn named_like_secrets<'a>(view: &OptionView<'a>, depth: u32, found: &mut Vec<OptionView<'a>>) {
    let Some(depth) = depth.checked_sub(1) else { return };
    for child in view.children() {
        if child.name().known().is_some_and(is_named_like_secret) {
            found.push(child);
        } else {
            named_like_secrets(&child, depth, found);
        }
    }
    for item in view.items() {
        named_like_secrets(&item, depth, found);
    }
}

/// Whether a key promises a secret: `bind_password`, `secretAccessKey`, `token`.
pub(crate) fn is_named_like_secret(key: &str) -> bool {
    let words = words(key);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    matches!(
        words[..],
        [.., "secret" | "password" | "passwd" | "passphrase" | "token" | "pepper"]
            | [.., "access" | "private" | "secret" | "api" | "customer" | "encryption" | "shared", "key"]
    )
}

/// The words of a key in `snake_case`, `kebab-case` or `camelCase`, in small letters.
fn words(key: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut after_small = false;
    for c in key.chars() {
        if matches!(c, '_' | '-' | '.') || (c.is_uppercase() && after_small) {
            words.push(String::new());
        }
        if c.is_alphanumeric() {
            words.last_mut().into_iter().for_each(|word| word.extend(c.to_lowercase()));
        }
        after_small = c.is_lowercase();
    }
    words
}

/// Whether the text of a secret got there by `way`.
pub(crate) fn arrived_by(cx: &Cx<'_>, secret: &OptionView<'_>, way: Way) -> Truth {
    let found = match meaning(secret, &of_unknown(cx, secret)) {
        Meaning::Harmless => return Truth::False,
        // What a file says is nobody's to know; that it was read is. An import that was
        // not read names a file too, and defines nothing that anybody saw.
        Meaning::Secret | Meaning::Unknown(_) if secret.is_defined().is_true() && is_read_from_file(cx, secret) => {
            Way::ReadFile
        }
        // A piece of a text, given by name.
        Meaning::Unknown(hole) if secret.is_defined().is_true() && reads_file(cx.written(hole.at)) => Way::ReadFile,
        Meaning::Unknown(unknown) if way == Way::Inline && secret.is_defined().is_true() => {
            return Truth::Unknown(unknown);
        }
        Meaning::Unknown(_) => return Truth::False,
        Meaning::Secret => Way::Inline,
        // What nobody wrote is not known to be a path, whatever stands beside it.
        Meaning::Path if secret.unknown().is_some() && !secret.is_defined().is_true() => return Truth::False,
        Meaning::Path => Way::Path,
    };
    if found == way { is_used_as_secret(cx, secret) } else { Truth::False }
}

/// What the value of a secret setting means. A few settings hold the secret among other things.
fn meaning(secret: &OptionView<'_>, of_unknown: text::OfUnknown<'_>) -> Meaning {
    let last = secret.name();
    match (&secret.value().shape, last.known()) {
        (Shape::Str(url), Some("uri" | "http_proxy" | "https_proxy")) => inside::password_of_url(url, of_unknown),
        // Whatever a module that was not read may add to the lines: those that somebody wrote are judged.
        (Shape::Str(_), Some("extraConfig")) => {
            inside::secret_of_turnserver(values(secret).iter().filter_map(OptionView::text), of_unknown)
        }
        (Shape::Str(password), Some("cli-password")) if text::is_hash(&text::flat(password)) => Meaning::Harmless,
        (Shape::Str(secret), _) => text::meaning(secret, of_unknown),
        (Shape::Path(_) | Shape::Package(_), _) => Meaning::Path,
        (Shape::Unknown(unknown), _) => of_unknown(unknown),
        _ => Meaning::Harmless,
    }
}

/// Judges unknown values by the expressions that give them: for a piece of a text where it
/// became unknown, otherwise what is written for `view`.
pub(crate) fn of_unknown<'c>(cx: &'c Cx<'_>, view: &OptionView<'_>) -> impl Fn(&Unknown) -> Meaning + 'c {
    let whole = view.unknown().map(|_| cx.written(view.born()));
    move |unknown| text::meaning_of_unknown(unknown, whole.unwrap_or_else(|| cx.written(unknown.at)))
}

/// Whether the expression that made the value reads a file.
pub(crate) fn is_read_from_file(cx: &Cx<'_>, view: &OptionView<'_>) -> bool {
    if let Some(unknown) = view.unknown()
        && unknown.cause.is_contents()
    {
        return true;
    }
    let expression = cx.written(view.born());
    // What a library function reads is born where the file is named. An unknown value at
    // such a place may be a module that was not read.
    let names_file = ["./", "../", "/", "~/", "<"].iter().any(|start| expression.starts_with(start));
    (names_file && view.unknown().is_none()) || reads_file(expression)
}

/// Whether `expression` calls a function that reads a file during evaluation.
pub(crate) fn reads_file(expression: &str) -> bool {
    const READERS: [&str; 4] = ["readFile", "fileContents", "importJSON", "importTOML"];
    let mut words = expression.split(|c: char| !(c.is_alphanumeric() || "_-'".contains(c)));
    words.any(|word| READERS.contains(&word))
}

/// Whether a setting that may hold a secret does: the `secret` of `jwt_config` is a
/// public key unless the algorithm is a keyed hash.
fn is_used_as_secret(cx: &Cx<'_>, secret: &OptionView<'_>) -> Truth {
    const JWT: &str = "services.matrix-synapse.settings.jwt_config";
    if secret.path().to_string() != format!("{JWT}.secret") {
        return Truth::True;
    }
    cx.option(&format!("{JWT}.algorithm")).is_string_where(|algorithm| algorithm.starts_with("HS"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        let check = |key: &str, expected: bool| assert_eq!(is_named_like_secret(key), expected, "{key}");
        for key in ["password", "bind_password", "secretAccessKey", "access_token", "private_key", "sse_customer_key"] {
            check(key, true);
        }
        for key in ["password_file", "bind_password_path", "access_key_id", "token_endpoint", "key", "public_key"] {
            check(key, false);
        }
    }

    #[test]
    fn readers() {
        let check = |text: &str, expected: bool| assert_eq!(reads_file(text), expected, "{text}");
        check("builtins.readFile ./x", true);
        check("lib.removeSuffix \"\\n\" (lib.fileContents ./x)", true);
        check("(lib.importJSON ./secrets.json).turn", true);
        check("\"threadFiles\"", false);
    }
}
