//! The address of a program that no longer exists.

use crate::lint::prelude::*;
use crate::rules::field::field;
use crate::rules::matrix::well_known::{CLIENT, answers};
use crate::rules::web::vhost::vhosts;
use crate::rules::written::{remove, values};

const KEY: &str = "org.matrix.msc3575.proxy";
const EXTRA: &str = "services.matrix-synapse.settings.extra_well_known_client_content";

pub(crate) fn check(cx: &mut Cx<'_>) {
    let message = "clients are sent to a sliding sync proxy, which Synapse no longer needs and NixOS no longer has";
    // Other homeservers may need the proxy.
    let enabled = cx.option("services.matrix-synapse.enable").is_true();
    let vhosts = (!enabled.is_false()).then(|| vhosts(cx));
    for answer in vhosts.iter().flat_map(|vhosts| answers(vhosts, CLIENT)) {
        let body = answer.json();
        let fires = field(&body, &[KEY]).test(false, |value| (!matches!(value.shape, Shape::Null)).into());
        cx.decide(answer.used.clone() & fires & enabled.clone(), |finding| {
            finding.message(message).primary(&answer.statement.view, format!("this answer has a `{KEY}`"))
        });
    }
    for extra in values(&cx.option(EXTRA)) {
        let fires = field(extra.value(), &[KEY]).test(false, |value| (!matches!(value.shape, Shape::Null)).into());
        let fix = remove(cx, &cx.option(&format!("{EXTRA}.{KEY:?}.url")), "take the address out", Safety::Safe);
        cx.decide(fires, |finding| {
            finding.message(message).primary(&extra.at(&format!("{KEY:?}")), "the address of the proxy").fix(fix)
        });
    }
}
