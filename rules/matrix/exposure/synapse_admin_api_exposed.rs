//! Synapse's admin API within everybody's reach.

use crate::lint::prelude::*;
use crate::rules::matrix::homeserver::Homeserver;
use crate::rules::web::access::{answers, is_guarded, is_public};
use crate::rules::web::passed_on::keeps_path;
use crate::rules::web::url::Url;
use crate::rules::web::vhost::{Location, vhosts};
use crate::rules::written::quoted;

/// One request to the admin API.
const PATH: &str = "/_synapse/admin/v2/users/@someone:example.org";

pub(crate) fn check(cx: &mut Cx<'_>) {
    let homeserver = Homeserver::of(cx);
    for vhost in vhosts(cx).iter() {
        for location in vhost.parts() {
            let reached = answers(vhost, location, PATH);
            if reached.is_false() {
                continue;
            }
            let (behind, statement) = homeserver.behind_for(location, &[PATH], Some("client"));
            let Some(statement) = statement else { continue };
            // nginx may write another path in its place.
            let kept =
                Truth::any(location.proxies().map(|(_, target)| keeps_path(location, &Url::parse(target), PATH)));
            let open = !is_guarded(cx, vhost, location);
            let fix = narrower(cx, location);
            cx.decide(reached & behind & kept & open & is_public(cx, vhost), |finding| {
                let name = vhost.names_of(location).first().map_or("this host".into(), |name| quoted(name, "this host"));
                finding
                    .message(format!(
                        "Synapse's admin API is open to the internet on {name}: a stolen admin token is all it takes to \
                         take over every account"
                    ))
                    .primary(&statement.view, "requests for `/_synapse/admin` are passed on here")
                    .fix(fix)
            });
        }
    }
}

/// The location of nginx for what clients and other servers need.
fn narrower(cx: &Cx<'_>, location: &Location<'_>) -> Option<Fix> {
    let (old, new) = match location.key.known()? {
        "/" => ("\"/\"", "\"~ ^(/_matrix|/_synapse/client)\""),
        "/_synapse" => ("\"/_synapse\"", "\"/_synapse/client\""),
        "/_synapse/" => ("\"/_synapse/\"", "\"/_synapse/client/\""),
        _ => return None,
    };
    let site = location.view.site();
    let written = cx.written(site);
    let is_name = location.view.path().to_string().starts_with("services.nginx.") && written.matches(old).count() == 1;
    let edit = Edit { span: site.span().filter(|_| is_name)?, text: written.replacen(old, new, 1) };
    Fix::new("pass on what clients and other servers need", Safety::Suggestion, vec![edit])
}
