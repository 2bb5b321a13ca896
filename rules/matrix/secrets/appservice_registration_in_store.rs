//! The page beside this file says what is wrong and why.

use crate::lint::prelude::*;
use crate::rules::secret::store_file::{Contents, StoreFile, each_stored, settings_contents};
use crate::rules::secret::{is_switched_off, of_unknown};

pub(crate) fn check(cx: &mut Cx<'_>) {
    let list = cx.option("services.matrix-synapse.settings.app_service_config_files");
    if is_switched_off(cx, &list) {
        return;
    }
    each_stored(cx, &list, judge);
}

fn judge(cx: &mut Cx<'_>, file: &OptionView<'_>, stored: &StoreFile) {
    // No registration is without its tokens, so one whose text nobody knows has them too.
    let contents = settings_contents(stored, &of_unknown(cx, file));
    cx.decide((contents != Contents::Harmless).into(), |finding| {
        let finding = finding.primary(file, stored.label());
        if contents == Contents::Encrypted { finding.message(ENCRYPTED).help(DECRYPT) } else { finding }
    });
}

const ENCRYPTED: &str =
    "this file goes to the Nix store as it is, encrypted, so Synapse reads ciphertext where it expects a registration";
const DECRYPT: &str = "list the path of the decrypted file, such as `config.sops.secrets.\"bridge.yaml\".path`";
