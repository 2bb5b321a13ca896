//! Element and the homeserver under one host name.

use crate::lint::prelude::*;
use crate::rules::matrix::element_web::PACKAGES;
use crate::rules::matrix::homeserver::Homeserver;
use crate::rules::web::url::Url;
use crate::rules::web::vhost::{Location, Statement, Vhost, apache_hosts, same_host, vhosts};
use crate::rules::written::{quoted, values};

pub(crate) fn check(cx: &mut Cx<'_>) {
    check_packages(cx, PACKAGES, |_, host| {
        let message = format!(
            "Element is served on {host}, where the homeserver answers too: a script in uploaded media could take over \
             the sessions of Element's users"
        );
        (message, "Element is served here".into())
    });
}

/// Reports the `packages` that share a host with the homeserver. `describe` gives message and label
/// for one of them and a host.
pub(super) fn check_packages(
    cx: &mut Cx<'_>,
    packages: &'static [&'static str],
    describe: impl Fn(&str, &str) -> (String, String),
) {
    let homeserver = Homeserver::of(cx);
    let base_url = cx.option("services.matrix-synapse.settings.public_baseurl");
    let (vhosts, apache) = (vhosts(cx), apache_hosts(cx));
    let vhosts = || vhosts.iter().chain(apache.iter());
    let entrances: Vec<_> = vhosts().flat_map(|vhost| entrances(&homeserver, vhost)).collect();
    for vhost in vhosts() {
        let Some((served, location, root, package)) = client(vhost, packages) else { continue };
        let by_proxy = entrances.iter().map(|entrance| meets((vhost, location), root, entrance));
        let by_name = values(&base_url).into_iter().map(|url| is_base_url((vhost, location), url));
        let Some(meeting) = strongest(by_proxy.chain(by_name), |meeting| &meeting.fires) else { continue };
        cx.decide(served & meeting.fires.clone(), |finding| {
            let host =
                meeting.name.map_or("the homeserver's host".into(), |name| quoted(name, "the homeserver's host"));
            let (message, label) = describe(package, &host);
            let finding = finding.message(message).primary(&root.view, label);
            meeting.related.iter().fold(finding, |finding, (view, text)| finding.related(view, *text))
        });
    }
}

/// A location that passes requests on to the homeserver.
struct Entrance<'v, 'a> {
    vhost: &'v Vhost<'a>,
    location: &'v Location<'a>,
    statement: Option<&'v Statement<'a>>,
    behind: Truth,
}

/// How Element and the homeserver come to share a host.
struct Meeting<'v, 'a> {
    fires: Truth,
    name: Option<&'v Str>,
    related: Vec<(OptionView<'a>, &'static str)>,
}

fn entrances<'v, 'a>(homeserver: &Homeserver<'a>, vhost: &'v Vhost<'a>) -> Vec<Entrance<'v, 'a>> {
    let entrance = |location| {
        let (behind, statement) = homeserver.behind(location);
        (!behind.is_false()).then_some(Entrance { vhost, location, statement, behind })
    };
    vhost.parts().filter_map(entrance).collect()
}

/// Where a virtual host serves Element.
pub(crate) fn element<'v, 'a>(vhost: &'v Vhost<'a>) -> Option<(Truth, &'v Location<'a>, &'v Statement<'a>)> {
    client(vhost, PACKAGES).map(|(served, location, root, _)| (served, location, root))
}

/// Where a virtual host serves one of the packages, and which.
fn client<'v, 'a>(
    vhost: &'v Vhost<'a>,
    packages: &'static [&'static str],
) -> Option<(Truth, &'v Location<'a>, &'v Statement<'a>, &'static str)> {
    let roots = vhost.parts().flat_map(|location| location.roots().map(move |root| (location, root)));
    let served = roots.flat_map(|(location, root)| {
        packages.iter().map(move |package| (root.is_package(package), location, root, *package))
    });
    strongest(served, |(served, ..)| served)
}

/// Whether Element in `place` and the homeserver behind `entrance` have a host in common.
fn meets<'v, 'a>(
    place: (&'v Vhost<'a>, &'v Location<'a>),
    root: &Statement<'a>,
    entrance: &Entrance<'v, 'a>,
) -> Meeting<'v, 'a> {
    let (vhost, location) = place;
    let within = std::ptr::eq(vhost, entrance.vhost) && location.hosts.is_empty() && entrance.location.hosts.is_empty();
    let (same, name) = match within {
        true => (Truth::True, vhost.names_of(location).first().copied()),
        false => common_name(place, (entrance.vhost, entrance.location)),
    };
    let view = entrance.statement.map_or(&entrance.location.view, |statement| &statement.view);
    let together = root.view.condition().and(view.condition()).is_some();
    let mut related = vec![(view.clone(), "requests for the homeserver go through here")];
    if !within {
        let shared = |text: &Str| name.is_some_and(|name| same_host(text, name).is_true());
        let views = vhost.names.iter().chain(&entrance.vhost.names).filter(|have| shared(&have.text));
        related.extend(views.map(|have| (have.view.clone(), "the name that both share")));
    }
    Meeting { fires: entrance.behind.clone() & same & together.into(), name, related }
}

/// A name under which both answer.
fn common_name<'v>(
    (vhost, location): (&'v Vhost<'_>, &'v Location<'_>),
    (other, entrance): (&Vhost<'_>, &Location<'_>),
) -> (Truth, Option<&'v Str>) {
    let theirs = other.names_of(entrance);
    let same = |name: &'v Str| (Truth::any(theirs.iter().map(|their| same_host(name, their))), Some(name));
    let names = vhost.names_of(location).into_iter().map(same);
    let more = vhost.more_names.iter().chain(&other.more_names).cloned().map(|unknown| (Truth::Unknown(unknown), None));
    let best = strongest(names.chain(more), |(same, _)| same);
    let (same, name) = best.unwrap_or((Truth::False, None));
    (same & vhost.shares_port(other), name)
}

/// Whether Element in this place answers under the address of the homeserver.
fn is_base_url<'v, 'a>(
    (vhost, location): (&'v Vhost<'a>, &'v Location<'a>),
    base_url: OptionView<'a>,
) -> Meeting<'v, 'a> {
    let names = vhost.names_of(location);
    let best = match &base_url.value().shape {
        Shape::Str(url) => {
            let url = Url::parse(url);
            let names = names.into_iter().map(|name| (same_host(name, &url.host), Some(name)));
            let more = vhost.more_names.iter().cloned().map(|unknown| (Truth::Unknown(unknown), None));
            let port = url.port.as_ref().and_then(Str::known).and_then(|port| port.parse().ok());
            let ours = vhost.ports.clone().unwrap_or(vec![80, 443]);
            let best = strongest(names.chain(more), |(same, _)| same);
            best.map(|(same, name)| (same & port.is_none_or(|port| ours.contains(&port)).into(), name))
        }
        Shape::Unknown(unknown) => Some((Truth::Unknown(unknown.clone()), None)),
        _ => None,
    };
    let (fires, name) = best.unwrap_or((Truth::False, None));
    Meeting { fires, name, related: vec![(base_url, "clients reach the homeserver under the same name")] }
}

/// The first that is true, else the first that nobody knows.
fn strongest<T>(items: impl Iterator<Item = T>, truth: impl Fn(&T) -> &Truth) -> Option<T> {
    let mut unknown = None;
    for item in items {
        match truth(&item) {
            Truth::True => return Some(item),
            Truth::Unknown(_) if unknown.is_none() => unknown = Some(item),
            _ => {}
        }
    }
    unknown
}
