//! A virtual host for Matrix that is only there without TLS, beside others that have it.

use crate::lint::prelude::*;
use crate::rules::matrix::homeserver::Homeserver;
use crate::rules::matrix::own_names::base_urls;
use crate::rules::matrix::public_hosts::role;
use crate::rules::web::access::{is_public, is_public_name};
use crate::rules::web::front::{has_front, has_tunnel};
use crate::rules::web::tls::{acme, speaks};
use crate::rules::web::url::Url;
use crate::rules::web::vhost::{Door, Server, Vhost, same_host, vhosts};
use crate::rules::written::{add_to, items, values};

/// Options of nginx in which anything may be said about TLS.
const TEXTS: &[&str] = &["config", "appendConfig", "prependConfig", "httpConfig", "streamConfig", "commonHttpConfig"];

pub(crate) fn check(cx: &mut Cx<'_>) {
    // In a guest the host answers; another program in front may speak TLS for this one.
    if !cx.is_whole() || cx.is_guest() || has_tunnel(cx) || speaks_elsewhere(cx) {
        return;
    }
    let homeserver = Homeserver::of(cx);
    let vhosts = vhosts(cx);
    let servers = [Server::Nginx, Server::Caddy].map(|server| server.is_enabled(cx));
    // Two web servers: one may be in front of the other.
    if servers.iter().all(|enabled| !enabled.is_false()) || !has_front(cx).is_false() {
        return;
    }
    for vhost in vhosts.iter() {
        let Some(fault) = judge(cx, &homeserver, &vhosts, vhost) else { continue };
        let title = "get a certificate, and send plain HTTP to HTTPS";
        let fix = || add_to(cx, &vhost.view, "forceSSL = true;\nenableACME = true;", title, Safety::Suggestion);
        let fix = if fault.gets_certificates { fix() } else { None };
        cx.decide(fault.truth & vhost.server.is_enabled(cx), |finding| {
            finding
                .message(format!(
                    "{} answers without TLS only: clients refuse that, and passwords can be read on the way",
                    vhost.title()
                ))
                .primary(&vhost.view, "this host has no TLS, though others here do")
                .related(&fault.what.1, fault.what.0)
                .related(&fault.beside.view, "this one has it")
                .fix(fix)
                // Something on another machine may speak TLS for it.
                .possible()
        });
    }
}

struct Fault<'v, 'a> {
    truth: Truth,
    what: (&'static str, OptionView<'a>),
    /// Another virtual host, to which everybody gets with TLS.
    beside: &'v Vhost<'a>,
    gets_certificates: bool,
}

fn judge<'v, 'a>(
    cx: &Cx<'a>,
    homeserver: &Homeserver<'a>,
    vhosts: &'v [Vhost<'a>],
    vhost: &Vhost<'a>,
) -> Option<Fault<'v, 'a>> {
    if vhost.ports.is_some() || vhost.more_names.is_some() || has_tls(vhost).is_true() {
        return None;
    }
    let named = !vhost.names.is_empty() && vhost.names.iter().all(|name| is_public_name(&name.text));
    let others = || vhosts.iter().filter(|other| !std::ptr::eq(*other, vhost));
    let beside = others().find(|other| {
        let usual = other.ports.as_ref().is_none_or(|ports| ports.contains(&443));
        let public = other.names.iter().any(|name| is_public_name(&name.text));
        public && usual && (has_tls(other) & is_public(cx, other) & !is_cover(other)).is_true()
    })?;
    let role = role(homeserver, vhost)?;
    // The same name may have TLS in another virtual host, or one may pass requests on to this one.
    let covered = others().any(|other| may_answer_for(other, vhost));
    if !named || covered || others().any(is_cover_for_all) {
        return None;
    }
    let listens = match vhost.server {
        Server::Nginx => {
            items(&vhost.view.at("listen")).0.is_empty()
                && items(&cx.option("services.nginx.defaultListen")).0.is_empty()
        }
        Server::Caddy | Server::Httpd => true,
    };
    let certificate = match vhost.server {
        Server::Nginx => acme(vhost).0,
        Server::Caddy | Server::Httpd => Truth::False,
    };
    let truth = role.truth & !has_tls(vhost) & !certificate & is_public(cx, vhost) & Truth::from(listens);
    let gets_certificates = beside.view.at("enableACME").is_true().is_true() && vhost.server == Server::Nginx;
    Some(Fault { truth, what: (role.what, role.view), beside, gets_certificates })
}

/// Whether something else than virtual hosts decides who speaks TLS, or plain HTTP is what is wanted.
fn speaks_elsewhere(cx: &Cx<'_>) -> bool {
    let texts = TEXTS.iter().any(|text| !values(&cx.option(&format!("services.nginx.{text}"))).is_empty());
    let caddy = values(&cx.option("services.caddy.globalConfig"));
    let caddy = caddy.iter().any(|text| text.text().is_none_or(|text| !text.contains("auto_https").is_false()));
    let plain = base_urls(cx).iter().any(|url| url.text().is_some_and(|url| url.starts_with("http://").is_true()));
    texts || caddy || plain
}

/// Whether people reach it with TLS.
fn has_tls(vhost: &Vhost<'_>) -> Truth {
    match vhost.server {
        Server::Nginx | Server::Httpd => speaks(vhost),
        // A site of attributes says nothing about it.
        Server::Caddy if vhost.names.is_empty() => Truth::True,
        Server::Caddy => vhost.names.iter().any(|name| name.door != Door::Plain).into(),
    }
}

/// Whether it answers with TLS for hosts of any name.
fn is_cover(vhost: &Vhost<'_>) -> Truth {
    let of_all = match vhost.server {
        Server::Nginx => vhost.view.at("default").is_true(),
        Server::Caddy | Server::Httpd => Truth::False,
    };
    Truth::any(vhost.names.iter().map(|name| Truth::from(!is_public_name(&name.text)))) | of_all
}

/// Whether it may take requests for every host, and pass them on.
fn is_cover_for_all(vhost: &Vhost<'_>) -> bool {
    let cover = !(has_tls(vhost) & is_cover(vhost)).is_false();
    cover && vhost.parts().any(|part| part.proxies().next().is_some() || !part.gaps.is_empty())
}

/// Whether another virtual host has a name of `vhost`, or passes requests on to it.
fn may_answer_for(other: &Vhost<'_>, vhost: &Vhost<'_>) -> bool {
    let same = |name: &Str| vhost.names.iter().any(|ours| !same_host(&ours.text, name).is_false());
    let named = other.more_names.is_some() || other.parts().any(|part| other.names_of(part).into_iter().any(&same));
    let passes = other.parts().any(|part| {
        part.proxies().any(|(_, target)| {
            let url = Url::parse(target);
            let plain = url.effective_port().is_none_or(|port| !port.equals(&Str::new("80")).is_false());
            plain && !url.is_socket() && (same(&url.host) || !url.is_local().is_false())
        })
    });
    (named && !has_tls(other).is_false()) || passes
}
