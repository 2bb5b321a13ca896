//! The page beside this file says what is wrong and why.

use crate::lint::prelude::*;
use crate::rules::secret::store_file::{Contents, settings_contents, store_file, unknown_place};
use crate::rules::secret::unquoted::is_unquoted;
use crate::rules::secret::{is_switched_off, of_unknown};
use crate::rules::written;

pub(crate) fn check(cx: &mut Cx<'_>) {
    let list = cx.option("services.matrix-synapse.settings.app_service_config_files");
    if is_switched_off(cx, &list) {
        return;
    }
    let (files, others) = written::items(&list);
    for file in files.iter().flat_map(OptionView::alternatives) {
        judge(cx, &file);
    }
    if let Some(unknown) = others {
        cx.decide(Truth::Unknown(unknown), |finding| finding.primary(&list, ""));
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
    // No registration is without its tokens, so one whose text nobody knows has them too.
    let contents = settings_contents(&stored, &of_unknown(cx, file));
    cx.decide((contents != Contents::Harmless).into(), |finding| {
        let label =
            if stored.copied { "this file is copied to the Nix store" } else { "this file is made in the Nix store" };
        let finding = finding.primary(file, label);
        if contents == Contents::Encrypted { finding.message(ENCRYPTED).help(DECRYPT) } else { finding }
    });
}

const ENCRYPTED: &str =
    "this file goes to the Nix store as it is, encrypted, so Synapse reads ciphertext where it expects a registration";
const DECRYPT: &str = "list the path of the decrypted file, such as `config.sops.secrets.\"bridge.yaml\".path`";
