//! The page beside this file says what is wrong and why.

use crate::lint::prelude::*;
use crate::rules::secret::store_file::{Contents, StoreFile, secret_contents, store_file, unknown_place};
use crate::rules::secret::unquoted::is_unquoted;
use crate::rules::secret::{is_switched_off, of_unknown};
use crate::rules::written::written_or_unknown;

const ETC: &str = "environment.etc";

pub(crate) fn check(cx: &mut Cx<'_>) {
    for path in cx.listed() {
        if is_below_etc(&path) || path.name().known() == Some("enable") || is_switched_off(cx, &path) {
            continue;
        }
        for path in written_or_unknown(&path) {
            // One finding a place: a path without quotes has a rule of its own.
            if is_unquoted(cx, &path) {
                continue;
            }
            judge(cx, &path);
        }
    }
}

/// Whether a listed option is one of `environment.etc`: those are read to follow a
/// path under `/etc`, and hold no secret of Synapse by themselves.
pub(super) fn is_below_etc(option: &OptionView<'_>) -> bool {
    option.path().to_string().starts_with(ETC)
}

/// Reports a file of a secret that lies in the store.
pub(super) fn judge(cx: &mut Cx<'_>, path: &OptionView<'_>) {
    if let Some(stored) = store_file(path.value()) {
        let contents = secret_contents(&stored, &of_unknown(cx, path));
        cx.decide((contents != Contents::Harmless).into(), |finding| {
            let finding = finding.primary(path, stored.label());
            if contents == Contents::Encrypted { finding.message(ENCRYPTED).help(DECRYPT) } else { finding }
        });
        return;
    }
    let unknown = unknown_place(path.value(), &of_unknown(cx, path)).filter(|_| path.is_defined().is_true());
    if let Some(unknown) = unknown {
        return cx.decide(Truth::Unknown(unknown), |finding| finding.primary(path, ""));
    }
    let Some(name) = path.text().and_then(Str::known).and_then(|text| text.strip_prefix("/etc/")) else { return };
    for (entry, stored) in etc_sources(cx, name) {
        let contents = secret_contents(&stored, &of_unknown(cx, path));
        cx.decide((contents != Contents::Harmless).into(), |finding| {
            finding
                .primary(path, "this file under /etc is a link into the Nix store")
                .related(&entry, "it is made here")
        });
    }
}

const ENCRYPTED: &str =
    "this file goes to the Nix store as it is, encrypted, so the service takes the ciphertext for the secret";
const DECRYPT: &str = "name the path of the decrypted file, such as `config.sops.secrets.<name>.path`";

/// The definitions that put something of the store at `/etc/<name>`.
fn etc_sources<'a>(cx: &Cx<'a>, name: &str) -> Vec<(OptionView<'a>, StoreFile)> {
    let mut sources = Vec::new();
    for entry in cx.each("environment.etc.<name>") {
        let target = entry.at("target");
        let is_target = target.is_defined().is_true() && target.text().and_then(Str::known) == Some(name);
        if entry.name().known() != Some(name) && !is_target {
            continue;
        }
        let (text, source) = (entry.at("text"), entry.at("source"));
        if let Some(known) = text.text() {
            sources.push((text.clone(), StoreFile { text: Some(known.clone()), copied: false }));
        } else if let Some(stored) = store_file(source.value()) {
            sources.push((source, stored));
        }
    }
    sources
}
