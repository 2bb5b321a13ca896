//! The TCP ports that Synapse, the programs around it and nginx listen on, as far as they are known.

use crate::lint::prelude::*;
use crate::rules::field::{Field, field};
use crate::rules::written::{items, values};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A program that listens on a port.
pub(crate) struct Bound<'a> {
    /// What people call it.
    pub(crate) name: String,
    /// The unit that runs it.
    pub(crate) unit: String,
    /// Which of those of its unit it is, if one program does not share ports with itself.
    pub(crate) part: usize,
    pub(crate) is_on: Truth,
    pub(crate) port: i64,
    pub(crate) addresses: Vec<IpAddr>,
    /// The option that says so, and the one that switches the program on.
    pub(crate) view: OptionView<'a>,
    pub(crate) enable: OptionView<'a>,
    /// Whether a file that is not read may say otherwise.
    pub(crate) may_differ: bool,
}

impl Bound<'_> {
    /// Whether both want the same port of the same address.
    pub(crate) fn meets(&self, other: &Self) -> bool {
        let same = |a: &IpAddr, b: &IpAddr| {
            a == b || (a.is_ipv4() == b.is_ipv4() && (a.is_unspecified() || b.is_unspecified()))
        };
        self.port == other.port && self.addresses.iter().any(|a| other.addresses.iter().any(|b| same(a, b)))
    }
}

/// Bridges, and what NixOS calls their host and port.
const BRIDGES: &[(&str, &str, &str)] = &[
    ("heisenbridge", "address", "port"),
    ("maubot", "settings.server.hostname", "settings.server.port"),
    ("mautrix-discord", "settings.appservice.hostname", "settings.appservice.port"),
    ("mautrix-signal", "settings.appservice.hostname", "settings.appservice.port"),
    ("mautrix-telegram", "settings.appservice.hostname", "settings.appservice.port"),
    ("mautrix-whatsapp", "settings.appservice.hostname", "settings.appservice.port"),
];

/// Everything that is known to listen, of programs that are not switched off.
pub(crate) fn ports<'a>(cx: &Cx<'a>) -> Vec<Bound<'a>> {
    let mut found = synapse(cx);
    found.extend(authentication(cx));
    found.extend(calls(cx));
    for (name, host, port) in BRIDGES {
        let service = cx.option(&format!("services.{name}"));
        found.extend(bridge(name, &service, &service.at("enable"), (host, port)));
    }
    for instance in cx.option("services.mautrix-meta.instances").children() {
        let name = format!("mautrix-meta-{}", instance.name());
        let keys = ("settings.appservice.hostname", "settings.appservice.port");
        found.extend(bridge(&name, &instance, &instance.at("enable"), keys));
    }
    found.extend(nginx(cx));
    found
}

/// Whether a program does not run, so that what it would listen on is of no interest.
fn is_off(enable: &OptionView<'_>) -> bool {
    enable.is_true().is_false()
}

fn synapse<'a>(cx: &Cx<'a>) -> Vec<Bound<'a>> {
    let enable = cx.option("services.matrix-synapse.enable");
    if is_off(&enable) {
        return vec![];
    }
    let main = cx.option("services.matrix-synapse.settings.listeners");
    let workers = cx.option("services.matrix-synapse.workers").children();
    let of_workers = workers.iter().map(|worker| {
        let name = worker.name();
        (format!("the worker {name}"), format!("matrix-synapse-worker-{name}"), worker.at("worker_listeners"))
    });
    let mut found = vec![];
    for (name, unit, option) in std::iter::once(("Synapse".into(), "matrix-synapse".into(), main)).chain(of_workers) {
        for (at, listener) in option.items().into_iter().enumerate() {
            let Some(port) = listener.at("port").int() else { continue };
            let hosts = listener.at("bind_addresses");
            let mut addresses: Vec<_> = hosts.items().iter().flat_map(|host| of_view(host, Family::One)).collect();
            if hosts.items().is_empty() && hosts.has_unknown_items().is_none() {
                addresses = all();
            }
            found.push(Bound {
                unit: unit.clone(),
                part: at,
                name: name.clone(),
                is_on: enable.is_true(),
                port,
                addresses,
                view: listener.at("port"),
                enable: enable.clone(),
                may_differ: false,
            });
        }
    }
    found
}

fn authentication<'a>(cx: &Cx<'a>) -> Vec<Bound<'a>> {
    let service = cx.option("services.matrix-authentication-service");
    let enable = service.at("enable");
    if is_off(&enable) {
        return vec![];
    }
    let may_differ = !values(&service.at("extraConfigFiles")).is_empty();
    let mut found = vec![];
    for bind in service.at("settings.http.listeners").items().iter().flat_map(|listener| listener.at("binds").items()) {
        let Some(port) = bind.at("port").int() else { continue };
        found.push(Bound {
            name: "Matrix Authentication Service".into(),
            unit: "matrix-authentication-service".into(),
            part: 0,
            is_on: enable.is_true(),
            port,
            addresses: of_view(&bind.at("host"), Family::One),
            view: bind.at("port"),
            enable: enable.clone(),
            may_differ,
        });
    }
    found
}

fn calls<'a>(cx: &Cx<'a>) -> Vec<Bound<'a>> {
    let mut found = vec![];
    let livekit = cx.option("services.livekit");
    if !is_off(&livekit.at("enable"))
        && values(&livekit.at("settings.bind_addresses")).is_empty()
        && let port = livekit.at("settings.port")
        && let Some(number) = port.int()
    {
        found.push(Bound {
            name: "LiveKit".into(),
            unit: "livekit".into(),
            part: 0,
            is_on: livekit.at("enable").is_true(),
            port: number,
            addresses: all(),
            view: port,
            enable: livekit.at("enable"),
            may_differ: false,
        });
    }
    let tokens = cx.option("services.lk-jwt-service");
    if is_off(&tokens.at("enable")) {
        return found;
    }
    let bind = tokens.at("environment.LIVEKIT_JWT_BIND");
    let has_old = !values(&tokens.at("environment.LIVEKIT_JWT_PORT")).is_empty();
    let written = bind.text().and_then(Str::known).and_then(|text| text.rsplit_once(':'));
    if let (Some((host, number)), false) = (written, has_old)
        && let Ok(port) = number.parse()
    {
        found.push(Bound {
            name: "lk-jwt-service".into(),
            unit: "lk-jwt-service".into(),
            part: 0,
            is_on: tokens.at("enable").is_true(),
            port,
            addresses: of_text(host, Family::Both),
            view: bind,
            enable: tokens.at("enable"),
            may_differ: !values(&tokens.at("environmentFile")).is_empty(),
        });
    }
    found
}

fn bridge<'a>(
    name: &str,
    service: &OptionView<'a>,
    enable: &OptionView<'a>,
    (host, port): (&str, &str),
) -> Option<Bound<'a>> {
    if is_off(enable) {
        return None;
    }
    let host = setting(service, host)?;
    let Shape::Int(number) = setting(service, port)?.shape else { return None };
    let Shape::Str(host) = host.shape else { return None };
    Some(Bound {
        name: name.to_owned(),
        unit: name.to_owned(),
        part: 0,
        is_on: enable.is_true(),
        port: number,
        addresses: of_text(host.known()?, Family::One),
        view: service.at(port),
        enable: enable.clone(),
        may_differ: !values(&service.at("environmentFile")).is_empty(),
    })
}

/// What an option has in the end; NixOS fills up the settings of bridges after they are merged.
fn setting(service: &OptionView<'_>, path: &str) -> Option<Value> {
    let view = service.at(path);
    let inner: Vec<&str> = path.split('.').collect();
    match inner.split_first() {
        Some((first, rest)) if !rest.is_empty() && !view.is_defined().is_true() => {
            match field(service.at(first).value(), rest) {
                Field::There(value) => Some(value.clone()),
                _ => None,
            }
        }
        _ => Some(view.value().clone()),
    }
}

/// What nginx listens on because a virtual host says so.
fn nginx<'a>(cx: &Cx<'a>) -> Vec<Bound<'a>> {
    let enable = cx.option("services.nginx.enable");
    if is_off(&enable) {
        return vec![];
    }
    let hosts = cx.option("services.nginx.virtualHosts").children();
    let listen = hosts.iter().flat_map(|host| items(&host.at("listen")).0);
    let bound = listen.filter_map(|entry| {
        Some(Bound {
            name: "nginx".into(),
            unit: "nginx".into(),
            part: 0,
            is_on: enable.is_true(),
            port: entry.at("port").int()?,
            addresses: of_view(&entry.at("addr"), Family::One),
            view: entry.at("port"),
            enable: enable.clone(),
            may_differ: false,
        })
    });
    bound.collect()
}

/// Which addresses a program takes the address for all of them to mean.
#[derive(Clone, Copy)]
enum Family {
    /// Those of its own family.
    One,
    /// IPv4 as well as IPv6.
    Both,
}

fn all() -> Vec<IpAddr> {
    vec![Ipv4Addr::UNSPECIFIED.into(), Ipv6Addr::UNSPECIFIED.into()]
}

/// The addresses that a text stands for; none if that is not known.
fn of_view(view: &OptionView<'_>, family: Family) -> Vec<IpAddr> {
    view.text().and_then(Str::known).map(|text| of_text(text, family)).unwrap_or_default()
}

fn of_text(text: &str, family: Family) -> Vec<IpAddr> {
    match (text.trim_matches(['[', ']']), family) {
        ("" | "*", _) => all(),
        ("localhost", _) => vec![Ipv4Addr::LOCALHOST.into()],
        (text, family) => match (text.parse::<IpAddr>(), family) {
            (Ok(address), Family::Both) if address.is_unspecified() => all(),
            (Ok(address), _) => vec![address],
            (Err(_), _) => vec![],
        },
    }
}
