//! Element that leads to somebody else's homeserver.

use crate::lint::prelude::*;
use crate::rules::field::{Field, field};
use crate::rules::matrix::element_web::{Element, elements, is_set, point_at};
use crate::rules::web::vhost::vhosts;

pub(crate) fn check(cx: &mut Cx<'_>) {
    let vhosts = vhosts(cx);
    let for_all = cx.option("nixpkgs.config").at("element-web").is_defined();
    for element in elements(cx, &vhosts) {
        let (fires, value) = match element.conf() {
            Some(conf) => leads_to_matrix_org(conf),
            None => (unchanged(&element, &for_all), None),
        };
        cx.decide(fires & !element.has_other_config(), |finding| {
            let finding = finding.message(
                "Element takes matrix.org for its homeserver: people who log in here send their passwords there, and \
                 find no account",
            );
            point_at(finding, &element.view, value, "no `base_url` of a homeserver is given")
        });
    }
}

/// Whether nothing was changed of the package's own configuration.
fn unchanged(element: &Element<'_, '_>, for_all: &Truth) -> Truth {
    let altered = element.package.altered || !element.package.overrides.is_empty();
    Truth::from(!altered) & !for_all.clone()
}

/// Whether the address in the sample configuration stays, and the nearest value that was given.
fn leads_to_matrix_org(conf: &Value) -> (Truth, Option<&Value>) {
    let config = field(conf, &["default_server_config"]);
    let homeserver = field(conf, &["default_server_config", "m.homeserver"]);
    let base_url = field(conf, &["default_server_config", "m.homeserver", "base_url"]);
    let taken_away = [&config, &homeserver, &base_url].map(|field| field.test(false, |value| is_null(value).into()));
    let others = ["default_server_name", "default_hs_url"].map(|key| is_set(&field(conf, &[key])));
    let fires = !base_url.is_there() & !Truth::any(taken_away) & !Truth::any(others);
    let near = [homeserver, config].into_iter().find_map(|field| match field {
        Field::There(value) => Some(value),
        _ => None,
    });
    (fires, near.or(Some(conf)))
}

fn is_null(value: &Value) -> bool {
    matches!(value.shape, Shape::Null)
}
