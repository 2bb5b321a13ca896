//! The page beside this file says what is wrong and why.

use crate::lint::prelude::*;
use crate::rules::secret::inside::password_of_url;
use crate::rules::secret::text::{Meaning, flat, meaning_of_piece};
use crate::rules::secret::{Way, arrived_by, is_named_like_secret, is_read_from_file, of_unknown};

/// Shorter texts may stand in a script for other reasons.
const SHORTEST: usize = 8;

pub(crate) fn check(cx: &mut Cx<'_>) {
    for variable in cx.each("systemd.services.<name>.environment.<name>") {
        let Some(name) = variable.name().known().map(str::to_owned) else { continue };
        if !is_matrix(&unit_of(&variable)) && !is_matrix(&name) {
            continue;
        }
        for value in variable.alternatives() {
            let fires = fires(cx, &value, &name, None);
            report(cx, &value, fires, &name);
        }
    }
    for setting in cx.each("systemd.services.<name>.serviceConfig.Environment") {
        let unit = unit_of(&setting);
        let lines = setting.items();
        let lines = if lines.is_empty() { setting.alternatives() } else { lines };
        for line in &lines {
            let Some(text) = line.text().map(flat) else { continue };
            for (name, value) in assignments(&text) {
                if is_matrix(&unit) || is_matrix(&name) {
                    let fires = fires(cx, line, &name, Some(&value));
                    report(cx, line, fires, &name);
                }
            }
        }
    }
    judge_scripts(cx);
}

fn report(cx: &mut Cx<'_>, view: &OptionView<'_>, fires: Truth, name: &str) {
    cx.decide(fires, |finding| {
        let message =
            format!("`{name}` is written into a unit file in the Nix store, where everyone on the machine can read it");
        finding.message(message).primary(view, "this text ends up in the Nix store").secret()
    });
}

/// The variables that one `Environment=` sets: `A=x "B=y z" \` and so on, as systemd.exec(5) says.
fn assignments(line: &str) -> Vec<(String, String)> {
    let mut words = vec![String::new()];
    let mut quote = None;
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        let word = words.last_mut();
        match (c, quote) {
            ('\\', _) => match (chars.next(), word) {
                (Some('\n') | None, _) | (_, None) => {}
                (Some(escaped), Some(word)) => word.push(escaped),
            },
            ('"' | '\'', None) => quote = Some(c),
            (_, Some(open)) if open == c => quote = None,
            (_, None) if c.is_whitespace() => words.push(String::new()),
            _ => word.into_iter().for_each(|word| word.push(c)),
        }
    }
    words.iter().filter_map(|word| word.split_once('=')).map(|(name, value)| (name.into(), value.into())).collect()
}

/// The unit that an option below `systemd.services` belongs to.
fn unit_of(view: &OptionView<'_>) -> String {
    view.path().0.get(2).map(|segment| flat(&segment.to_str())).unwrap_or_default()
}

/// Whether a unit or a variable belongs to a service around Matrix, going by its name.
fn is_matrix(name: &str) -> bool {
    const WORDS: [&str; 18] = [
        "matrix",
        "synapse",
        "mautrix",
        "coturn",
        "turnserver",
        "livekit",
        "lk-jwt",
        "syncv3",
        "sliding-sync",
        "dendrite",
        "conduit",
        "hookshot",
        "maubot",
        "mjolnir",
        "draupnir",
        "heisenbridge",
        "sygnal",
        "maunium",
    ];
    let name = name.to_ascii_lowercase();
    WORDS.iter().any(|word| name.contains(word))
}

/// Whether a variable is given a secret; `piece` is its value, where that is a part of the view's text.
fn fires(cx: &Cx<'_>, view: &OptionView<'_>, name: &str, piece: Option<&str>) -> Truth {
    let is_secret = is_named_like_secret(name) || name.ends_with("_PASS") || name == "LIVEKIT_KEYS";
    let of_unknown = of_unknown(cx, view);
    let found = match &view.value().shape {
        Shape::Str(text) => {
            let flat = flat(text);
            let piece = piece.unwrap_or(&flat);
            if piece.contains("://") && piece == flat {
                password_of_url(text, &of_unknown)
            } else if let Some((_, rest)) = piece.split_once("password=") {
                let password = rest.split(char::is_whitespace).next().unwrap_or_default();
                meaning_of_piece(password.trim_matches('\''), text, &of_unknown)
            } else if is_secret && !piece.starts_with('%') && text.context.is_empty() {
                meaning_of_piece(piece, text, &of_unknown)
            } else {
                Meaning::Harmless
            }
        }
        Shape::Unknown(unknown) if is_secret => of_unknown(unknown),
        _ => Meaning::Harmless,
    };
    match found {
        Meaning::Harmless | Meaning::Path => Truth::False,
        _ if is_read_from_file(cx, view) => view.is_defined(),
        Meaning::Secret => Truth::True,
        Meaning::Unknown(unknown) => Truth::Unknown(unknown),
    }
}

/// The program that comes with Synapse and makes accounts.
const REGISTER: &str = "register_new_matrix_user";

const SECRETS: [&str; 9] = [
    "services.matrix-synapse.settings.registration_shared_secret",
    "services.matrix-synapse.settings.macaroon_secret_key",
    "services.matrix-synapse.settings.form_secret",
    "services.matrix-synapse.settings.turn_shared_secret",
    "services.matrix-synapse.settings.redis.password",
    "services.matrix-synapse.settings.email.smtp_pass",
    "services.matrix-synapse.settings.matrix_authentication_service.secret",
    "services.coturn.static-auth-secret",
    "services.matrix-authentication-service.settings.matrix.secret",
];

/// Reports scripts of units that hold the text of another secret setting, or give a program one.
fn judge_scripts(cx: &mut Cx<'_>) {
    let mut secrets = Vec::new();
    for secret in SECRETS.iter().flat_map(|path| cx.option(path).alternatives()) {
        let is_secret = arrived_by(cx, &secret, Way::Inline) | arrived_by(cx, &secret, Way::ReadFile);
        if is_secret.is_true() {
            secrets.push(secret);
        }
    }
    for key in ["script", "preStart", "postStart", "serviceConfig.ExecStart", "serviceConfig.ExecStartPre"] {
        for script in cx.each(&format!("systemd.services.<name>.{key}")) {
            let lines = script.items();
            let lines = if lines.is_empty() { script.alternatives() } else { lines };
            for line in &lines {
                let Some(text) = line.text() else { continue };
                let known = secrets.iter().find(|secret| holds(text, secret));
                let fires = if known.is_some() { Truth::True } else { registers_with_secret(cx, line, text) };
                cx.decide(fires, |finding| {
                    let finding = finding
                        .message("a secret is put into a unit's script, which lies in the Nix store, where everyone on the machine can read it")
                        .primary(line, "this script holds the secret")
                        .secret();
                    match known {
                        Some(secret) => finding.about(secret),
                        None => finding,
                    }
                });
            }
        }
    }
}

/// Whether a script gives Synapse's `register_new_matrix_user` the registration secret, or a
/// password, in so many words.
fn registers_with_secret(cx: &Cx<'_>, line: &OptionView<'_>, text: &Str) -> Truth {
    let of_unknown = of_unknown(cx, line);
    let flat = flat(text);
    let calls = flat.match_indices(REGISTER).map(|(at, _)| flat.get(at..).unwrap_or_default());
    Truth::any(calls.flat_map(|call| {
        let mut words = call.lines().next().unwrap_or_default().split_whitespace().map(|w| w.trim_matches(['"', '\'']));
        let mut given = Vec::new();
        while let Some(word) = words.next() {
            match word.split_once('=') {
                Some(("--shared-secret" | "--password", value)) => given.push(value),
                None if matches!(word, "-k" | "--shared-secret" | "-p" | "--password") => given.extend(words.next()),
                _ => {}
            }
        }
        given.into_iter().map(|value| match meaning_of_piece(value, text, &of_unknown) {
            Meaning::Secret => Truth::from(!value.starts_with(['$', '`'])),
            Meaning::Harmless | Meaning::Path => Truth::False,
            Meaning::Unknown(unknown) => Truth::Unknown(unknown),
        })
    }))
}

/// Whether a script holds the text of a secret, known or not.
fn holds(script: &Str, secret: &OptionView<'_>) -> bool {
    let whole = secret.unknown();
    let same = |unknown: &Unknown| whole.as_ref().is_some_and(|whole| whole.id == unknown.id);
    let known = secret.text().and_then(Str::known).filter(|text| text.trim().len() >= SHORTEST);
    script.holes().any(same) || known.is_some_and(|known| flat(script).contains(known.trim()))
}
