//! Files that lie in the Nix store because of how they are written down, and what is in them.

use crate::lint::prelude::*;
use crate::rules::secret::settings::settings;
use crate::rules::secret::text::{HOLE, Meaning, OfUnknown, flat, meaning_of_piece};
use crate::rules::secret::unquoted::is_unquoted;
use crate::rules::secret::{is_named_like_secret, of_unknown};
use crate::rules::written::items;
use std::sync::Arc;

/// A file in the Nix store.
#[derive(Clone, Debug)]
pub(crate) struct StoreFile {
    /// Its text, if it can be known.
    pub(crate) text: Option<Str>,
    /// Whether it is a file of the project that is copied, rather than a generated one.
    pub(crate) copied: bool,
}

/// What a file in the store gives away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Contents {
    /// Nothing secret.
    Harmless,
    /// The value of this key, or the whole text.
    Secret(String),
    /// Ciphertext, which the program that reads the file takes for the real thing.
    Encrypted,
    /// Nobody knows.
    Unknown,
}

/// The file that a value names, if it is known to lie in the store.
pub(crate) fn store_file(value: &Value) -> Option<StoreFile> {
    match &value.shape {
        Shape::Path(path) => Some(first(path.context.iter()).unwrap_or(StoreFile { text: None, copied: true })),
        Shape::Package(package) => {
            Some(first(package.context.iter()).unwrap_or(StoreFile { text: None, copied: false }))
        }
        Shape::Str(text) => first(text.context.iter()).or_else(|| {
            text.known_prefix().starts_with("/nix/store/").then_some(StoreFile { text: None, copied: false })
        }),
        _ => None,
    }
}

/// Why it cannot be told whether a value names a file in the store.
pub(crate) fn unknown_place(value: &Value, of_unknown: OfUnknown<'_>) -> Option<Unknown> {
    let hole = match &value.shape {
        Shape::Unknown(unknown) => unknown,
        Shape::Str(text) if text.known_prefix().is_empty() => text.holes().next()?,
        _ => return None,
    };
    matches!(of_unknown(hole), Meaning::Unknown(_)).then(|| hole.clone())
}

/// Asks `judge` of every file of a list that lies in the store. Of a file whose place nobody
/// knows, and of files that nobody sees, the rule is undecided.
pub(crate) fn each_stored<'a>(
    cx: &mut Cx<'a>,
    list: &OptionView<'a>,
    judge: impl Fn(&mut Cx<'a>, &OptionView<'a>, &StoreFile),
) {
    let (files, others) = items(list);
    for file in files.iter().flat_map(OptionView::alternatives) {
        // One finding a place: a path without quotes has a rule of its own.
        if is_unquoted(cx, &file) {
            continue;
        }
        if let Some(stored) = store_file(file.value()) {
            judge(cx, &file, &stored);
            continue;
        }
        let unknown = unknown_place(file.value(), &of_unknown(cx, &file));
        if let Some(unknown) = unknown {
            cx.decide(Truth::Unknown(unknown), |finding| finding.primary(&file, ""));
        }
    }
    if let Some(unknown) = others {
        cx.decide(Truth::Unknown(unknown), |finding| finding.primary(list, ""));
    }
}

impl StoreFile {
    /// How it got into the store.
    pub(crate) fn label(&self) -> &'static str {
        if self.copied { "this file is copied to the Nix store" } else { "this file is made in the Nix store" }
    }
}

/// The first of the store objects that a text drags along.
fn first<'o>(mut objects: impl Iterator<Item = &'o Arc<StoreObject>>) -> Option<StoreFile> {
    let object = objects.next()?;
    let copied = matches!(object.kind, StoreKind::Copied(_) | StoreKind::CopiedUnknown);
    Some(StoreFile { text: object.text.get().cloned().flatten(), copied })
}

/// What a store file of YAML or JSON settings gives away.
pub(crate) fn settings_contents(file: &StoreFile, of_unknown: OfUnknown<'_>) -> Contents {
    let Some(text) = &file.text else { return Contents::Unknown };
    let flat = flat(text);
    if is_encrypted(&flat) {
        return Contents::Encrypted;
    }
    let mut unknown = has_unknown_lines(&flat);
    for setting in settings(&flat) {
        if !holds_secret(&setting.key, &setting.value) {
            continue;
        }
        match meaning_of_piece(&setting.value, text, of_unknown) {
            Meaning::Secret => return Contents::Secret(setting.key),
            Meaning::Unknown(_) => unknown = true,
            Meaning::Harmless | Meaning::Path => {}
        }
    }
    if unknown { Contents::Unknown } else { Contents::Harmless }
}

/// What a store file that holds one secret and nothing else gives away.
pub(crate) fn secret_contents(file: &StoreFile, of_unknown: OfUnknown<'_>) -> Contents {
    let Some(text) = &file.text else { return Contents::Unknown };
    let flat = flat(text);
    if is_encrypted(&flat) {
        return Contents::Encrypted;
    }
    match meaning_of_piece(&flat, text, of_unknown) {
        Meaning::Harmless => Contents::Harmless,
        Meaning::Unknown(_) => Contents::Unknown,
        Meaning::Secret | Meaning::Path => Contents::Secret(String::new()),
    }
}

/// Whether `key` is a secret of Synapse's or of the Matrix Authentication Service's
/// that is given by `value`.
fn holds_secret(key: &str, value: &str) -> bool {
    let secret = is_named_like_secret(key) || matches!(key, "smtp_pass" | "encryption" | "signing_key");
    let no_text = matches!(value, "" | "~" | "null" | "true" | "false");
    (secret && !no_text) || value.contains("PRIVATE KEY-----")
}

/// Whether some line is unknown from its first column, so that it may hold any key.
fn has_unknown_lines(flat: &str) -> bool {
    flat.lines().any(|line| line.trim_start().starts_with(HOLE))
}

/// Whether `text` is the output of sops, age, Ansible Vault or git-crypt.
fn is_encrypted(text: &str) -> bool {
    let starts = ["age-encryption.org/", "-----BEGIN AGE ENCRYPTED FILE-----", "$ANSIBLE_VAULT;", "\0GITCRYPT"];
    text.contains("ENC[AES256_GCM,") || starts.iter().any(|start| text.trim_start().starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Contents) {
        let file = StoreFile { text: Some(Str::new(text)), copied: false };
        assert_eq!(settings_contents(&file, &|unknown| Meaning::Unknown(unknown.clone())), expected, "{text}");
    }

    #[test]
    fn contents() {
        let secret = |key: &str| Contents::Secret(key.to_owned());
        check("registration_shared_secret: not-a-real-one", secret("registration_shared_secret"));
        check("{\"email\":{\"smtp_pass\":\"not-a-real-one\"}}", secret("smtp_pass"));
        check("turn_shared_secret: ENC[AES256_GCM,data:x,iv:y]\nsops:\n  mac: z", Contents::Encrypted);
        for text in [
            "",
            "max_upload_size: 50M",
            "turn_shared_secret: ''",
            "password_config:\n  enabled: true",
            "form_secret: !!form!!",
            "form_secret_path: /run/secrets/form",
            "# form_secret: not-a-real-one",
        ] {
            check(text, Contents::Harmless);
        }
    }
}
