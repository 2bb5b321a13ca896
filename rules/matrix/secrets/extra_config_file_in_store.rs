//! The page beside this file says what is wrong and why.

use crate::lint::prelude::*;
use crate::rules::secret::store_file::{Contents, StoreFile, each_stored, settings_contents};
use crate::rules::secret::{is_switched_off, of_unknown};

pub(crate) fn check(cx: &mut Cx<'_>) {
    for list in cx.listed() {
        if list.name().known() == Some("enable") || is_switched_off(cx, &list) {
            continue;
        }
        each_stored(cx, &list, judge);
    }
}

fn judge(cx: &mut Cx<'_>, file: &OptionView<'_>, stored: &StoreFile) {
    let contents = settings_contents(stored, &of_unknown(cx, file));
    let certain = contents != Contents::Unknown;
    let (message, help) = match contents {
        Contents::Harmless => return,
        Contents::Secret(key) => (
            format!("`{key}` stands in a file in the Nix store, where everyone on the machine can read it"),
            "keep the file out of the store: let sops-nix or agenix write it at run time, and list its path as a string",
        ),
        Contents::Encrypted => (
            "this file goes to the Nix store as it is, encrypted, so the service reads ciphertext where it expects settings"
                .to_owned(),
            "list the path of the decrypted file, such as `config.sops.secrets.\"synapse.yaml\".path`",
        ),
        Contents::Unknown => (
            "this file goes to the Nix store, where everyone on the machine can read the secrets it may hold".to_owned(),
            "if it holds secrets, let sops-nix or agenix write it at run time, and list its path as a string",
        ),
    };
    cx.decide(Truth::True, |finding| {
        let finding = finding.message(message).help(help).primary(file, stored.label());
        if certain { finding } else { finding.possible() }
    });
}
