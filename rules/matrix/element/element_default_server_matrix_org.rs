//! Element that leads to somebody else's homeserver.

use crate::lint::prelude::*;
use crate::rules::field::{Field, field};
use crate::rules::matrix::element_web::{Element, elements, is_set, point_at};
use crate::rules::matrix::synapse_settings::setting;
use crate::rules::web::vhost::vhosts;
use crate::rules::written::users_values;

pub(crate) fn check(cx: &mut Cx<'_>) {
    let vhosts = vhosts(cx);
    let for_all = cx.option("nixpkgs.config").at("element-web").is_defined();
    for element in elements(cx, &vhosts) {
        let (fires, value) = match element.conf() {
            Some(conf) => leads_to_matrix_org(conf),
            None => (unchanged(&element, &for_all), None),
        };
        let fix = with_homeserver(cx, element.view.place());
        cx.decide(fires & !element.has_other_config(), |finding| {
            let finding = finding.message(
                "Element takes matrix.org for its homeserver: people who log in here send their passwords there, and \
                 find no account",
            );
            point_at(finding, &element.view, value, "no `base_url` of a homeserver is given").fix(fix)
        });
    }
}

/// Gives Synapse's address and name to a package that stands there as it is.
fn with_homeserver(cx: &Cx<'_>, at: Origin) -> Option<Fix> {
    let written = |key: &str| {
        let option = setting(cx, key);
        let users = users_values(cx, &option);
        let text = option.text().and_then(Str::known).filter(|_| !users.is_empty())?;
        text.chars().all(|c| c.is_ascii_alphanumeric() || "./:-".contains(c)).then(|| text.to_owned())
    };
    let (base_url, server_name) = (written("public_baseurl")?, written("server_name")?);
    let span = at.span().filter(|_| cx.written(at) == "pkgs.element-web")?;
    let text = format!(
        "pkgs.element-web.override {{ conf.default_server_config.\"m.homeserver\" = {{ base_url = \"{base_url}\"; \
         server_name = \"{server_name}\"; }}; }}"
    );
    Fix::new("lead Element to your homeserver", Safety::Suggestion, vec![Edit { span, text }])
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
