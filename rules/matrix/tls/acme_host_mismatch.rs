//! A certificate that is not there, or is for other names.

use crate::lint::prelude::*;
use crate::rules::matrix::homeserver::Homeserver;
use crate::rules::matrix::public_hosts::role;
use crate::rules::web::text::lower_case;
use crate::rules::web::tls::asked;
use crate::rules::web::vhost::{Server, Vhost, vhosts};

pub(crate) fn check(cx: &mut Cx<'_>) {
    if !cx.is_whole() {
        return;
    }
    let homeserver = Homeserver::of(cx);
    for vhost in vhosts(cx).iter() {
        let name = vhost.view.at("useACMEHost");
        let Some(wanted) = name.text().cloned() else { continue };
        let Some(role) = role(&homeserver, vhost) else { continue };
        let used = match vhost.server {
            Server::Nginx | Server::Httpd => asked(vhost).0,
            Server::Caddy => Truth::True,
        };
        let used = vhost.server.is_enabled(cx) & used & role.truth;
        let certs = cx.option("security.acme.certs");
        let certs: (Vec<_>, _) = (certs.children(), certs.others());
        judge_presence(cx, used.clone(), &name, &wanted, &certs);
        let cert = certs.0.iter().find(|cert| cert.name().equals(&wanted).is_true());
        if let Some(cert) = cert {
            judge_names(cx, &used, vhost, &name, cert);
        }
    }
}

/// Whether there is a certificate of that name at all.
fn judge_presence<'a>(
    cx: &mut Cx<'a>,
    used: Truth,
    name: &OptionView<'a>,
    wanted: &Str,
    (certs, others): &(Vec<OptionView<'a>>, Option<Unknown>),
) {
    let there = certs.iter().map(|cert| cert.name().equals(wanted));
    // Apache's virtual hosts ask for certificates as well.
    let apache = cx.option("services.httpd.enable").is_true();
    let there = Truth::any(there.chain(others.clone().map(Truth::Unknown))) | apache;
    cx.decide(used & !there, |finding| {
        finding
            .message(format!("there is no certificate `{wanted}`: the configuration cannot be built"))
            .primary(name, "this is the name of an entry of `security.acme.certs`")
    });
}

/// Whether the certificate is for the names of the virtual host.
fn judge_names<'a>(cx: &mut Cx<'a>, used: &Truth, vhost: &Vhost<'a>, option: &OptionView<'a>, cert: &OptionView<'a>) {
    let (domain, more) = (cert.at("domain"), cert.at("extraDomainNames"));
    let extra = more.items();
    let cert_at = if cx.is_users(cert.place()) { cert.place() } else { Origin::Default };
    for name in &vhost.names {
        // Patterns and names without a dot are of no public host.
        let plain = name.text.known().is_none_or(|known| known.contains('.') && !known.contains(['*', '~', '_']));
        if !plain {
            continue;
        }
        let covers = |have: &OptionView<'_>| have.is_string_where(|have| covers(&lower_case(have), &name.text));
        let covered = std::iter::once(&domain).chain(&extra).map(covers);
        let hidden = more.has_unknown_items().map(Truth::Unknown);
        let covered = Truth::any(covered.chain(hidden));
        cx.decide(used.clone() & !covered, |finding| {
            finding
                .message(format!("the certificate is not for `{}`: browsers and other servers refuse it", name.text))
                .primary(option, "this certificate is used")
                .related_at(cert_at, "it is for other names")
        });
    }
}

/// Whether a certificate for `have`, perhaps a wildcard, is good for `name`.
fn covers(have: &Str, name: &Str) -> Truth {
    let Some(zone) = have.known().and_then(|have| have.strip_prefix("*.")) else {
        return match have.known_prefix().starts_with("*.") {
            true => have.holes().next().cloned().map_or(Truth::False, Truth::Unknown),
            false => have.equals(name),
        };
    };
    match name.known() {
        // A wildcard stands for one label.
        Some(known) => known.split_once('.').is_some_and(|(_, rest)| rest == zone).into(),
        None => name.holes().next().cloned().map_or(Truth::False, Truth::Unknown),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards() {
        for (have, name, expected) in [
            ("a.org", "a.org", true),
            ("*.a.org", "m.a.org", true),
            ("*.a.org", "a.org", false),
            ("*.a.org", "x.m.a.org", false),
            ("a.org", "m.a.org", false),
        ] {
            assert_eq!(covers(&Str::new(have), &Str::new(name)), expected.into(), "{have} {name}");
        }
    }
}
