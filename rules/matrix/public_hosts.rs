//! Virtual hosts that clients or other servers ask: those of the homeserver, of Element, of a well-known.

use super::element::element_shares_homeserver_origin::element;
use super::homeserver::Homeserver;
use super::well_known::{CLIENT, SERVER, answers};
use crate::lint::prelude::*;
use crate::rules::web::vhost::Vhost;

/// What makes a virtual host one that the Matrix world asks.
pub(crate) struct Role<'a> {
    /// Whether it does so.
    pub(crate) truth: Truth,
    /// What it does, for a label: "requests for … here".
    pub(crate) what: &'static str,
    /// What does it.
    pub(crate) view: OptionView<'a>,
}

/// What a virtual host does for Matrix, the surest first; None if nothing.
pub(crate) fn role<'a>(homeserver: &Homeserver<'a>, vhost: &Vhost<'a>) -> Option<Role<'a>> {
    let mut best: Option<Role<'a>> = None;
    for role in roles(homeserver, vhost) {
        match role.truth {
            Truth::True => return Some(role),
            Truth::False => {}
            Truth::Unknown(_) => best = best.or(Some(role)),
        }
    }
    best
}

fn roles<'a>(homeserver: &Homeserver<'a>, vhost: &Vhost<'a>) -> Vec<Role<'a>> {
    let mut roles = vec![];
    for location in vhost.parts() {
        if let (truth, Some(statement)) = homeserver.behind(location) {
            let what = "requests for the homeserver are passed on here";
            roles.push(Role { truth, what, view: statement.view.clone() });
        }
    }
    if let Some((truth, _, statement)) = element(vhost) {
        roles.push(Role { truth, what: "Element is served here", view: statement.view.clone() });
    }
    for path in [SERVER, CLIENT] {
        for answer in answers(std::slice::from_ref(vhost), path) {
            let what = "this says where the homeserver is";
            roles.push(Role { truth: answer.used, what, view: answer.statement.view.clone() });
        }
    }
    roles
}
