//! The page beside this file says what is wrong and why.

use super::secret_path_in_store::{is_below_etc, judge};
use crate::lint::prelude::*;
use crate::rules::secret::unquoted::is_unquoted;
use crate::rules::secret::{Way, arrived_by, is_switched_off};

pub(crate) fn check(cx: &mut Cx<'_>) {
    for key in cx.listed() {
        if is_below_etc(&key) || key.name().known() == Some("enable") || is_switched_off(cx, &key) {
            continue;
        }
        let is_text = key.name().known() == Some("signing_key");
        for key in key.alternatives() {
            if is_text {
                let fires = arrived_by(cx, &key, Way::Inline) | arrived_by(cx, &key, Way::ReadFile);
                cx.decide(fires, |finding| finding.message(INLINE).primary(&key, "this text ends up in the Nix store"));
            } else if !is_unquoted(cx, &key) {
                judge(cx, &key);
            }
        }
    }
}

const INLINE: &str =
    "the signing key is written into the configuration, so everyone on the machine can pose as this homeserver";
