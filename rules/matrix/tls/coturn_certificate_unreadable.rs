//! The page beside this file says what is wrong and why.

use crate::lint::prelude::*;
use crate::rules::matrix::coturn::Coturn;
use crate::rules::written::{items, users_values, values};

/// Where NixOS puts certificates, and the group that coturn runs in.
const FOLDER: &str = "/var/lib/acme/";
const GROUP: &str = "turnserver";

pub(crate) fn check(cx: &mut Cx<'_>) {
    let Some(coturn) = Coturn::of(cx) else { return };
    if !cx.is_whole() {
        return;
    }
    let service = cx.option("systemd.services.coturn.serviceConfig");
    let changed = ["Group", "LoadCredential", "SupplementaryGroups", "User", "BindReadOnlyPaths"];
    let changed = changed.iter().any(|key| !users_values(cx, &service.at(key)).is_empty());
    let certificates = cx.option("security.acme.certs");
    for file in ["cert", "pkey"].iter().flat_map(|key| values(&coturn.options.at(key))) {
        let Some(name) = file.text().and_then(Str::known).and_then(name) else { continue };
        let Some(certificate) = certificates.children().into_iter().find(|one| one.name().known() == Some(name)) else {
            continue;
        };
        let group = certificate.at("group");
        let readable = group.is_text(GROUP) | is_member(cx, &group);
        cx.decide(coturn.is_on.clone() & !readable & Truth::from(!changed), |finding| {
            let finding = finding.primary(&file, "only the group of the certificate may read this file");
            let written = values(&group).into_iter().next();
            match written {
                Some(group) => finding.related(&group, "not coturn's group, `turnserver`"),
                None => finding.related(&certificate, "its group is not coturn's, `turnserver`"),
            }
        });
    }
}

/// The name of the certificate that a file belongs to.
fn name(path: &str) -> Option<&str> {
    path.strip_prefix(FOLDER)?.split('/').next()
}

/// Whether coturn's user belongs to a group.
fn is_member(cx: &Cx<'_>, group: &OptionView<'_>) -> Truth {
    let (groups, more) = items(&cx.option("users.users.turnserver.extraGroups"));
    let Some(known) = group.text().and_then(Str::known) else {
        return group.unknown().map_or(Truth::False, Truth::Unknown);
    };
    let (members, others) = items(&cx.option("users.groups").at(&format!("\"{known}\"")).at("members"));
    let named = groups.iter().map(|one| one.is_text(known)).chain(members.iter().map(|one| one.is_text(GROUP)));
    Truth::any(named.chain(more.map(Truth::Unknown)).chain(others.map(Truth::Unknown)))
}
