//! Element that calls one's own homeserver matrix.org.

use crate::lint::prelude::*;
use crate::rules::field::{Field, field};
use crate::rules::matrix::element_web::{elements, is_set, point_at, url_of};
use crate::rules::matrix::synapse_settings::setting;
use crate::rules::web::vhost::vhosts;
use crate::rules::written::{add_attribute, users_values};

pub(crate) fn check(cx: &mut Cx<'_>) {
    let vhosts = vhosts(cx);
    let name = setting(cx, "server_name");
    let is_written = !users_values(cx, &name).is_empty();
    let is_plain = |name: &&str| name.chars().all(|c| c.is_ascii_alphanumeric() || ".:-".contains(c));
    let name = name.text().and_then(Str::known).filter(|_| is_written).filter(is_plain);
    for element in elements(cx, &vhosts) {
        let Some((base_url, server_name)) = element.homeserver() else { continue };
        let Field::There(value) = base_url else { continue };
        let Some(url) = url_of(&base_url) else { continue };
        // A host that is partly unknown is somebody's own: nobody computes the name of matrix.org.
        let theirs = matches!(url.host.known(), Some("matrix.org" | "matrix-client.matrix.org"));
        let looked_up = element.conf().map_or(Truth::False, |conf| is_set(&field(conf, &["default_server_name"])));
        let fires = !server_name.is_there() & Truth::from(!theirs) & !looked_up & !element.has_other_config();
        let set = element.conf().map(|conf| field(conf, &["default_server_config", "m.homeserver"]));
        let fix = match (set, name) {
            (Some(Field::There(set)), Some(name)) => {
                let attribute = format!("server_name = \"{name}\";");
                add_attribute(cx, set.origin, &attribute, "call the homeserver by its name", Safety::Suggestion)
            }
            _ => None,
        };
        cx.decide(fires, |finding| {
            let finding = finding.message(
                "Element's login page says `matrix.org` above your own homeserver, as `server_name` is missing",
            );
            point_at(finding, &element.view, Some(value), "there is no `server_name` beside this").fix(fix)
        });
    }
}
