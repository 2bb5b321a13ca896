//! The page beside this file says what is wrong and why.

use crate::lint::prelude::*;
use crate::rules::web::vhost::{Vhost, vhosts};
use crate::rules::written::rename;

/// An option that has another name by now.
struct Renamed {
    old: &'static [&'static str],
    new: &'static [&'static str],
    /// Whether the value means the same under the new name.
    same: bool,
    /// Whether all releases of NixOS that are cared for know the new name.
    everywhere: bool,
}

const RENAMED: &[Renamed] = &[
    Renamed {
        old: &["services", "postgresql", "port"],
        new: &["services", "postgresql", "settings", "port"],
        same: true,
        everywhere: true,
    },
    Renamed {
        old: &["services", "lk-jwt-service", "port"],
        new: &["services", "lk-jwt-service", "environment", "LIVEKIT_JWT_BIND"],
        same: false,
        everywhere: false,
    },
    Renamed {
        old: &["services", "lk-jwt-service", "keyFile"],
        new: &["services", "lk-jwt-service", "environment", "LIVEKIT_KEY_FILE"],
        same: true,
        everywhere: false,
    },
    Renamed {
        old: &["services", "lk-jwt-service", "livekitUrl"],
        new: &["services", "lk-jwt-service", "environment", "LIVEKIT_URL"],
        same: true,
        everywhere: false,
    },
];

pub(crate) fn check(cx: &mut Cx<'_>) {
    for option in RENAMED {
        let (old, new) = (option.old.join("."), option.new.join("."));
        for definition in cx.option(&old).definitions() {
            let common = option.old.len() - 1;
            let safety = if option.everywhere { Safety::Safe } else { Safety::Suggestion };
            let fix = rename(cx, definition.site(), (option.old, option.new), common, safety).filter(|_| option.same);
            cx.decide(definition.is_defined(), |finding| {
                let finding = finding
                    .about(&definition)
                    .primary_at(definition.site(), "the old name")
                    .message(format!("NixOS calls `{old}` by another name now, `{new}`, and warns of the old one"))
                    .help(format!("write it as `{new}`"))
                    .fix(fix);
                if option.everywhere { finding } else { finding.severity(Severity::Info).possible() }
            });
        }
    }
    for vhost in vhosts(cx).iter() {
        judge_roots(cx, vhost);
    }
}

fn judge_roots(cx: &mut Cx<'_>, vhost: &Vhost<'_>) {
    for root in vhost.parts().flat_map(|location| location.roots()) {
        cx.decide(root.is_package("riot-web"), |finding| {
            finding
                .primary(&root.view, "the old name")
                .message("the package `riot-web` is called `element-web` since 2020: the system no longer builds")
                .help("write `pkgs.element-web`")
                .severity(Severity::Error)
        });
    }
}
