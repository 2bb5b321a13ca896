//! Caddy's own configuration language, written as attributes of `services.caddy.settings`.

use super::super::written::items;
use super::directive::Directive;
use super::matcher::Matcher;
use super::text::{lower_case, not_followed};
use super::vhost::{Location, Server, Statement, Vhost};
use crate::lint::prelude::*;

/// Routes inside routes that are followed.
const DEEPEST: usize = 8;

/// The servers of `services.caddy.settings`: each a site without a name, whose locations say their hosts.
pub(crate) fn sites<'a>(cx: &Cx<'a>) -> Vec<Vhost<'a>> {
    let servers = cx.option("services.caddy.settings.apps.http.servers").children();
    servers.iter().map(server).collect()
}

/// The same for a Caddy that is not the one of NixOS, and reads a file that is generated from a value and put under
/// `/etc/caddy`: a unit of its own runs it.
pub(crate) fn sites_of_files<'a>(cx: &Cx<'a>) -> Vec<Vhost<'a>> {
    let of_caddy = |entry: &OptionView<'a>| {
        let name = entry.name();
        name.known().is_some_and(|name| name.starts_with("caddy/") && name.ends_with(".json"))
    };
    let files = cx.each("environment.etc.<name>").into_iter().filter(of_caddy);
    let files = files.filter(|entry| !entry.at("enable").is_false().is_true());
    let held = files.filter_map(|entry| entry.at("source").contents());
    held.flat_map(|file| file.at("apps.http.servers").children()).map(|view| server(&view)).collect()
}

fn server<'a>(view: &OptionView<'a>) -> Vhost<'a> {
    let own = Location::new(Str::new("*"), Matcher::Any, view);
    let mut site = Vhost {
        server: Server::Caddy,
        names: vec![],
        more_names: None,
        ports: None,
        own,
        locations: vec![],
        view: view.clone(),
    };
    let around = Around { matcher: Matcher::Any, hosts: vec![] };
    routes(&view.at("routes"), &around, &mut site, 0);
    site
}

/// What must hold for a route to be reached.
#[derive(Clone)]
struct Around {
    matcher: Matcher,
    hosts: Vec<Str>,
}

fn routes<'a>(view: &OptionView<'a>, around: &Around, site: &mut Vhost<'a>, depth: usize) {
    let (routes_here, more) = items(view);
    site.own.gaps.extend(more);
    for route in routes_here {
        let inside = matched(&route.at("match"), around);
        let mut location = Location::new(Str::new("*"), inside.matcher.clone(), &route);
        location.hosts.clone_from(&inside.hosts);
        for handler in items(&route.at("handle")).0 {
            match handler.at("handler").text().and_then(Str::known) {
                Some("subroute") if depth < DEEPEST => routes(&handler.at("routes"), &inside, site, depth + 1),
                Some("reverse_proxy") => {
                    for dial in items(&handler.at("upstreams")).0.iter().map(|upstream| upstream.at("dial")) {
                        add(&mut location, "reverse_proxy", dial);
                    }
                }
                Some("file_server" | "vars") if handler.at("root").is_defined().is_true() => {
                    add(&mut location, "root", handler.at("root"));
                }
                Some("rewrite") => add(&mut location, "rewrite", handler),
                Some("static_response") => {
                    let headers = handler.at("headers").children();
                    headers.into_iter().for_each(|header| header_set(&mut location, header));
                    respond(&mut location, &handler);
                }
                Some("headers") => {
                    for kind in ["set", "add"] {
                        let names = handler.at("response").at(kind).children();
                        names.into_iter().for_each(|header| header_set(&mut location, header));
                    }
                }
                _ => {}
            }
        }
        site.locations.push(location);
    }
}

fn add<'a>(location: &mut Location<'a>, name: &str, view: OptionView<'a>) {
    let arg = match &view.value().shape {
        Shape::Str(text) | Shape::Path(text) => Some(text.clone()),
        Shape::Unknown(unknown) => Some(Str::hole(unknown.clone())),
        _ => None,
    };
    let directive = Directive::new(name, arg.into_iter().collect());
    location.statements.push(Statement { directive, view, is_option: true });
}

/// An answer by text; without a status it is 200.
fn respond<'a>(location: &mut Location<'a>, handler: &OptionView<'a>) {
    let body = handler.at("body");
    let text = match (body.text(), body.unknown()) {
        (Some(text), _) => text.clone(),
        (None, Some(unknown)) if body.is_defined().is_true() => Str::hole(unknown),
        _ => Str::default(),
    };
    let status = handler.at("status_code");
    let status = match &status.value().shape {
        Shape::Int(number) => Some(Str::new(number.to_string())),
        Shape::Str(text) => Some(text.clone()),
        _ => None,
    };
    let args = std::iter::once(text).chain(status).collect();
    let view = if body.is_defined().is_true() { body } else { handler.clone() };
    location.statements.push(Statement { directive: Directive::new("respond", args), view, is_option: true });
}

/// A header of the answer.
fn header_set<'a>(location: &mut Location<'a>, header: OptionView<'a>) {
    let directive = Directive::new("header", vec![header.name()]);
    location.statements.push(Statement { directive, view: header, is_option: true });
}

/// What the matchers of a route ask; a request meets one of them, and all that is in it.
fn matched(view: &OptionView<'_>, around: &Around) -> Around {
    let mut inside = around.clone();
    let mut paths = vec![];
    let mut hosts = vec![];
    for one in items(view).0 {
        let mut all = Matcher::Any;
        for condition in one.children() {
            let texts: Vec<_> = items(&condition).0.iter().filter_map(|item| item.text().cloned()).collect();
            match condition.name().known() {
                Some("host") => hosts.extend(texts.iter().map(lower_case)),
                Some("path") => all = all.and(Matcher::AnyOf(texts.iter().map(Matcher::of_caddy).collect())),
                _ => {
                    let what = format!("the matcher {}", condition.name());
                    all = all.and(Matcher::Unknown(not_followed(what, condition.place())));
                }
            }
        }
        paths.push(all);
    }
    if !paths.is_empty() && !paths.iter().any(|matcher| matches!(matcher, Matcher::Any)) {
        inside.matcher = inside.matcher.and(Matcher::AnyOf(paths));
    }
    if !hosts.is_empty() {
        inside.hosts = hosts;
    }
    inside
}
