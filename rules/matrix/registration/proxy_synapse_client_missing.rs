//! Pages of Synapse's own that no web server passes on.

use crate::lint::prelude::*;
use crate::rules::matrix::extra_files::extra_files;
use crate::rules::matrix::homeserver::Homeserver;
use crate::rules::matrix::synapse_settings::setting;
use crate::rules::web::front::has_front;
use crate::rules::web::vhost::{Location, vhosts};
use crate::rules::written::{add_to, items, values};

/// What sends people to Synapse's own pages, and one of these pages.
const USES: &[(&str, &str)] = &[
    ("oidc_providers", "/_synapse/client/oidc/callback"),
    ("saml2_config", "/_synapse/client/saml2/authn_response"),
    ("email", "/_synapse/client/password_reset/email/submit_token"),
];

pub(crate) fn check(cx: &mut Cx<'_>) {
    let enabled = cx.option("services.matrix-synapse.enable").is_true();
    let delegated = values(&setting(cx, "matrix_authentication_service.enabled"));
    if !cx.is_whole() || enabled.is_false() || delegated.iter().any(|value| !value.is_false().is_true()) {
        return;
    }
    let homeserver = Homeserver::of(cx);
    let vhosts = vhosts(cx);
    let locations: Vec<&Location<'_>> = vhosts.iter().flat_map(|vhost| vhost.parts()).collect();
    let entrance = locations.iter().find(|location| {
        let asked = location.matcher.matches("/_matrix/client/versions") & passes_on(&homeserver, location);
        asked.is_true()
    });
    let Some(entrance) = entrance else { return };
    for (key, page) in USES {
        let option = setting(cx, key);
        let Some(written) = values(&option).into_iter().find(|value| !value.is_null().is_true()) else { continue };
        if matches!(written.value().shape, Shape::List(_)) && items(&option).0.is_empty() {
            continue;
        }
        let served = locations.iter().map(|location| {
            let gaps = location.gaps.iter().cloned().map(Truth::Unknown);
            (location.matcher.matches(page) & passes_on(&homeserver, location)) | Truth::any(gaps)
        });
        let fires = enabled.clone() & !Truth::any(served) & !has_front(cx);
        let fix = beside(cx, entrance);
        let elsewhere = extra_files(cx).is_some() && *key != "oidc_providers";
        cx.decide(fires, |finding| {
            let finding = finding
                .message(format!(
                    "nobody gets back from where `{key}` sends them: the web server does not pass `/_synapse/client` on"
                ))
                .primary(&written, format!("this needs `{page}`"))
                .related(&entrance.view, "other requests are passed on here")
                .fix(fix);
            if elsewhere { finding.possible() } else { finding }
        });
    }
}

/// Whether a location passes requests on to Synapse, or to something that may be Synapse.
fn passes_on(homeserver: &Homeserver<'_>, location: &Location<'_>) -> Truth {
    Truth::any(location.proxies().map(|(_, target)| homeserver.listens_at(target)))
}

/// A location of nginx that passes these requests on to where the others go.
fn beside(cx: &Cx<'_>, entrance: &Location<'_>) -> Option<Fix> {
    const LOCATION: usize = 4;
    let path = entrance.view.path();
    let (_, target) = entrance.proxies().next()?;
    let is_nginx = path.to_string().starts_with("services.nginx.virtualHosts.");
    let vhost = OptionPath(path.0.get(..LOCATION).filter(|_| is_nginx)?.to_vec());
    let target = target.known().filter(|target| target.starts_with("http") && !target.contains(['"', '$', '\\']))?;
    let locations = cx.option(&format!("{vhost}.locations"));
    let title = "pass `/_synapse/client` on as well";
    let proxy = format!("\"/_synapse/client\".proxyPass = \"{target}\";");
    add_to(cx, &locations, &proxy, title, Safety::Suggestion).or_else(|| {
        add_to(cx, &cx.option(&vhost.to_string()), &format!("locations.{proxy}"), title, Safety::Suggestion)
    })
}
