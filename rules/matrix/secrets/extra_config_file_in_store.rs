//! The page beside this file says what is wrong and why.

use crate::lint::prelude::*;
use crate::rules::secret::store_file::{Contents, settings_contents, store_file, unknown_place};
use crate::rules::secret::unquoted::is_unquoted;
use crate::rules::secret::{is_switched_off, of_unknown};
use crate::rules::written;

pub(crate) fn check(cx: &mut Cx<'_>) {
    for list in cx.listed() {
        if list.name().known() == Some("enable") || is_switched_off(cx, &list) {
            continue;
        }
        let (files, others) = written::items(&list);
        for file in files.iter().flat_map(OptionView::alternatives) {
            judge(cx, &file);
        }
        if let Some(unknown) = others {
            cx.decide(Truth::Unknown(unknown), |finding| finding.primary(&list, ""));
        }
    }
}

fn judge(cx: &mut Cx<'_>, file: &OptionView<'_>) {
    // One finding a place: a path without quotes has a rule of its own.
    if is_unquoted(cx, file) {
        return;
    }
    let Some(stored) = store_file(file.value()) else {
        let unknown = unknown_place(file.value(), &of_unknown(cx, file));
        if let Some(unknown) = unknown {
            cx.decide(Truth::Unknown(unknown), |finding| finding.primary(file, ""));
        }
        return;
    };
    let contents = settings_contents(&stored, &of_unknown(cx, file));
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
        let label =
            if stored.copied { "this file is copied to the Nix store" } else { "this file is made in the Nix store" };
        let finding = finding.message(message).help(help).primary(file, label);
        if certain { finding } else { finding.possible() }
    });
}
