//! One view over the virtual hosts of nginx, Caddy and Apache: what they are called and
//! which locations they have, whether written as options or as text.

use super::directive::Directive;
use super::matcher::Matcher;
use super::text::{ends_with, lower_case, not_followed};
use super::url::Url;
use super::{apache, caddy, caddy_json, nginx};
use crate::lint::prelude::*;
use std::ops::Deref;
use std::rc::Rc;

/// A virtual host, or a site of Caddy.
#[derive(Clone, Debug)]
pub(crate) struct Vhost<'a> {
    pub(crate) server: Server,
    pub(crate) names: Vec<HostName<'a>>,
    /// Why it may have more names; `None`: it has no others.
    pub(crate) more_names: Option<Unknown>,
    /// The ports it listens on, if they are not the usual ones.
    pub(crate) ports: Option<Vec<i64>>,
    /// What it does with all requests that no location is for.
    pub(crate) own: Location<'a>,
    pub(crate) locations: Vec<Location<'a>>,
    pub(crate) view: OptionView<'a>,
}

/// The program that serves a virtual host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Server {
    Nginx,
    Caddy,
    /// Apache, for those who ask for [`apache_hosts`].
    Httpd,
}

impl Server {
    /// Whether it runs.
    pub(crate) fn is_enabled(self, cx: &Cx<'_>) -> Truth {
        let option = match self {
            Server::Nginx => "services.nginx.enable",
            Server::Caddy => "services.caddy.enable",
            Server::Httpd => "services.httpd.enable",
        };
        cx.option(option).is_true()
    }
}

/// A name under which a virtual host answers.
#[derive(Clone, Debug)]
pub(crate) struct HostName<'a> {
    /// Without scheme and port, in lower case.
    pub(crate) text: Str,
    /// What the name itself says about the port.
    pub(crate) door: Door,
    /// The option that gives the name.
    pub(crate) view: OptionView<'a>,
}

/// What the address of a site of Caddy says about the port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Door {
    /// Nothing: 443, and 80 to send people there. Of nginx always.
    Usual,
    /// HTTP without TLS: `http://a.org`, `a.org:80`.
    Plain,
    /// Another port, or one nobody knows.
    Other,
}

/// What a virtual host does with some of the requests: a `location` of nginx, a
/// `handle`, or a directive with a matcher, of Caddy.
#[derive(Clone, Debug)]
pub(crate) struct Location<'a> {
    /// As written behind `location`, or Caddy's matcher.
    pub(crate) key: Str,
    pub(crate) matcher: Matcher,
    /// Only requests for these hosts (Caddy's `host` matcher); empty: for all names of the virtual host.
    pub(crate) hosts: Vec<Str>,
    /// Whether the part of the path that it was matched by is taken away first (Caddy's `handle_path`).
    pub(crate) stripped: bool,
    /// Options count as the directives they become.
    pub(crate) statements: Vec<Statement<'a>>,
    /// Places where any other directives may stand.
    pub(crate) gaps: Vec<Unknown>,
    /// The option that holds it.
    pub(crate) view: OptionView<'a>,
}

/// A directive and the option it was written in.
#[derive(Clone, Debug)]
pub(crate) struct Statement<'a> {
    pub(crate) directive: Directive,
    /// The option whose text holds the directive; of an option that becomes a directive, the option.
    pub(crate) view: OptionView<'a>,
    /// Whether the option's value is the directive's argument, not a text that holds the directive.
    pub(crate) is_option: bool,
}

/// Virtual hosts that are written down, of servers that are not switched off.
pub(crate) struct Vhosts<'a>(Vec<Vhost<'a>>);
better_any::tid! { Vhosts<'a> }

impl<'a> Deref for Vhosts<'a> {
    type Target = [Vhost<'a>];
    fn deref(&self) -> &[Vhost<'a>] {
        &self.0
    }
}

/// The virtual hosts of nginx and Caddy in a configuration, read once for all rules.
pub(crate) fn vhosts<'a>(cx: &Cx<'a>) -> Rc<Vhosts<'a>> {
    cx.shared(|cx| Vhosts(read(cx)))
}

/// The virtual hosts of Apache, if that is not switched off.
pub(crate) struct ApacheHosts<'a>(Vec<Vhost<'a>>);
better_any::tid! { ApacheHosts<'a> }

impl<'a> Deref for ApacheHosts<'a> {
    type Target = [Vhost<'a>];
    fn deref(&self) -> &[Vhost<'a>] {
        &self.0
    }
}

/// The virtual hosts of Apache in a configuration, read once: for questions to which the server makes no
/// difference. Rules that go by directives, headers or certificates know nothing of Apache's.
pub(crate) fn apache_hosts<'a>(cx: &Cx<'a>) -> Rc<ApacheHosts<'a>> {
    cx.shared(|cx| {
        let is_off = cx.option("services.httpd.enable").is_false().is_true();
        ApacheHosts(if is_off { vec![] } else { apache::vhosts(cx) })
    })
}

fn read<'a>(cx: &Cx<'a>) -> Vec<Vhost<'a>> {
    let mut found = vec![];
    if !cx.option("services.nginx.enable").is_false().is_true() {
        found.extend(nginx::vhosts(cx));
    }
    if !cx.option("services.caddy.enable").is_false().is_true() {
        found.extend(caddy::sites(cx));
        found.extend(caddy_json::sites(cx));
    }
    found.extend(caddy_json::sites_of_files(cx));
    found
}

impl<'a> Vhost<'a> {
    /// Its locations, and what it does with the other requests.
    pub(crate) fn parts(&self) -> impl Iterator<Item = &Location<'a>> {
        self.locations.iter().chain([&self.own])
    }

    /// What to call it in a message: its first name.
    pub(crate) fn title(&self) -> String {
        self.names.first().map_or("this host".into(), |name| format!("`{}`", name.text))
    }

    /// The names under which `location` answers.
    pub(crate) fn names_of<'v>(&'v self, location: &'v Location<'a>) -> Vec<&'v Str> {
        match location.hosts.is_empty() {
            true => self.names.iter().map(|name| &name.text).collect(),
            false => location.hosts.iter().collect(),
        }
    }

    /// Whether anything of it may change the path of a request that `location` passes on.
    pub(crate) fn rewrites(&self, location: &Location<'a>) -> Truth {
        let around = self.parts().filter(|part| !std::ptr::eq(*part, location) && !part.rewrites().is_false());
        let maybe = around.filter(|part| part.hosts.is_empty() || part.hosts.len() == location.hosts.len());
        // nginx takes one location for a request, so only what stands outside of them counts.
        let mut maybe = maybe.filter(|part| self.server == Server::Caddy || std::ptr::eq(*part, &self.own));
        let around = maybe.next().map(|part| super::text::not_followed("a change of the path", part.view.place()));
        location.rewrites() | around.map_or(Truth::False, Truth::Unknown)
    }

    /// Whether it listens on a port that `other` listens on as well.
    pub(crate) fn shares_port(&self, other: &Vhost<'_>) -> Truth {
        match (&self.ports, &other.ports) {
            (Some(ours), Some(theirs)) => ours.iter().any(|port| theirs.contains(port)).into(),
            (Some(ports), None) | (None, Some(ports)) => ports.iter().any(|port| [80, 443].contains(port)).into(),
            (None, None) => Truth::True,
        }
    }
}

impl<'a> Location<'a> {
    /// A location without statements.
    pub(crate) fn new(key: Str, matcher: Matcher, view: &OptionView<'a>) -> Self {
        Self { key, matcher, hosts: vec![], stripped: false, statements: vec![], gaps: vec![], view: view.clone() }
    }

    /// The statements whose directive is known to be called one of `names`.
    pub(crate) fn named<'l>(&'l self, names: &'l [&str]) -> impl Iterator<Item = &'l Statement<'a>> {
        self.statements.iter().filter(move |statement| names.iter().any(|name| statement.directive.is(name)))
    }

    /// Where it passes requests to: the arguments of `proxy_pass` and `reverse_proxy`.
    pub(crate) fn proxies(&self) -> impl Iterator<Item = (&Statement<'a>, &Str)> {
        self.named(&["proxy_pass", "reverse_proxy"])
            .flat_map(|statement| statement.directive.args.iter().map(move |target| (statement, target)))
    }

    /// Whether the path of a request is no longer what was asked for when it is passed on.
    pub(crate) fn rewrites(&self) -> Truth {
        let gaps = self.gaps.iter().cloned().map(Truth::Unknown);
        let conditional = self
            .named(&["if"])
            .map(|statement| Truth::Unknown(super::text::not_followed("a condition of nginx", statement.view.place())));
        let written = self.named(&["rewrite", "uri"]).map(|_| Truth::True);
        Truth::from(self.stripped) | Truth::any(written.chain(gaps).chain(conditional))
    }

    /// The folders it serves: the statements `root` and `alias`.
    pub(crate) fn roots(&self) -> impl Iterator<Item = &Statement<'a>> {
        self.named(&["root", "alias"])
    }
}

impl Statement<'_> {
    /// Whether the folder it serves is the package, or made from it.
    pub(crate) fn is_package(&self, name: &str) -> Truth {
        let by_name = || Truth::any(self.directive.args.iter().map(|arg| in_package(arg, name)));
        if self.is_option { self.view.is_package(name) | by_name() } else { by_name() }
    }
}

/// The characters of the hash in a store path (Nix manual, "Store Path").
const HASH_LENGTH: usize = 32;

/// Whether a store path is that of the package or of something named after it.
fn in_package(path: &Str, name: &str) -> Truth {
    let mut unknown = None;
    let mut before = "";
    for part in path.parts() {
        match part {
            Part::Text(text) => {
                let behind_hash =
                    before == "/nix/store/" && text.strip_prefix('-').is_some_and(|text| text.starts_with(name));
                if behind_hash || has_store_path(text, name) {
                    return Truth::True;
                }
                before = text;
            }
            Part::Hole(hole) if before.ends_with("/nix/store/") && hole.cause.store_package().is_some() => {
                if hole.cause.store_package().is_some_and(|have| have.starts_with(name)) {
                    return Truth::True;
                }
                before = "";
            }
            // The hash of a store path hides nothing.
            Part::Hole(_) if before.ends_with("/nix/store/") => before = "/nix/store/",
            Part::Hole(hole) => unknown = unknown.or_else(|| Some(hole.clone())),
        }
    }
    unknown.map_or(Truth::False, Truth::Unknown)
}

/// What stands behind the hash in a whole store path, as Nix knows it; `path` goes on behind `/nix/store/`.
pub(crate) fn behind_hash(path: &str) -> Option<&str> {
    path.get(HASH_LENGTH..)?.strip_prefix('-')
}

/// Whether a text holds a whole store path of something whose name starts so.
fn has_store_path(text: &str, name: &str) -> bool {
    let mut paths = text.split("/nix/store/").skip(1).filter_map(behind_hash);
    paths.any(|rest| rest.starts_with(name))
}

/// The host of an address such as `https://a.org:443`.
pub(crate) fn host_of(address: &Str) -> Str {
    Url::parse(address).host
}

/// What an address such as `http://a.org` says about the port.
pub(crate) fn door_of(address: &Str) -> Door {
    let url = Url::parse(address);
    let port = url.effective_port();
    match (url.scheme.as_ref().map(Str::known), port.as_ref().map(Str::known)) {
        (_, Some(Some("443"))) | (None, None) => Door::Usual,
        (Some(Some("http")), _) | (_, Some(Some("80"))) => Door::Plain,
        _ => Door::Other,
    }
}

/// Whether two names are the same host. A pattern may be any host it matches.
pub(crate) fn same_host(a: &Str, b: &Str) -> Truth {
    let (a, b) = (lower_case(a), lower_case(b));
    match (pattern(&a), pattern(&b)) {
        (None, None) => a.equals(&b),
        (Some(pattern), None) => may_match(&pattern, &a, &b),
        (None, Some(pattern)) => may_match(&pattern, &b, &a),
        (Some(_), Some(_)) => Truth::Unknown(not_followed(format!("the pattern {a}"), Origin::Default)),
    }
}

/// Names that stand for many hosts.
enum Pattern {
    /// `*.example.org`: ends with this.
    Ending(String),
    /// `matrix.*`: starts with this.
    Starting(String),
    Other,
}

fn pattern(name: &Str) -> Option<Pattern> {
    if name.parts().is_empty() {
        return Some(Pattern::Other);
    }
    let (start, end) = (name.known_prefix(), name.known_suffix());
    if let Some(known) = name.known() {
        if let Some(ending) = known.strip_prefix('*').filter(|rest| rest.starts_with('.') && !rest.contains('*')) {
            return Some(Pattern::Ending(ending.to_owned()));
        }
        if let Some(start) = known.strip_suffix('*').filter(|rest| rest.ends_with('.') && !rest.contains('*')) {
            return Some(Pattern::Starting(start.to_owned()));
        }
        return (known.starts_with(['~', '.']) || known.contains('*')).then_some(Pattern::Other);
    }
    if start.starts_with("*.") && !end.is_empty() {
        return Some(Pattern::Ending(end.to_owned()));
    }
    (start.starts_with(['~', '.', '*']) || end.ends_with('*')).then_some(Pattern::Other)
}

fn may_match(pattern: &Pattern, written: &Str, name: &Str) -> Truth {
    let possible = match pattern {
        Pattern::Ending(ending) => ends_with(name, ending),
        Pattern::Starting(start) => name.starts_with(start),
        Pattern::Other => Truth::True,
    };
    possible & Truth::Unknown(not_followed(format!("which host the pattern {written} stands for"), Origin::Default))
}

#[cfg(test)]
mod tests {
    use super::super::text::tests::with_holes;
    use super::*;

    fn word(truth: Truth) -> &'static str {
        match truth {
            Truth::True => "yes",
            Truth::False => "no",
            Truth::Unknown(_) => "?",
        }
    }

    #[test]
    fn hosts() {
        let check = |a: &str, b: &str, expected: &str| {
            assert_eq!(word(same_host(&with_holes(a), &with_holes(b))), expected, "{a} and {b}");
            assert_eq!(word(same_host(&with_holes(b), &with_holes(a))), expected, "{b} and {a}");
        };
        check("a.org", "A.org", "yes");
        check("element.a.org", "a.org", "no");
        check("element.<1>", "<1>", "no");
        check("<1>", "<1>", "yes");
        check("<1>", "a.org", "?");
        check("*.a.org", "b.a.org", "?");
        check("*.a.org", "b.org", "no");
        check("*.<1>.org", "b.com", "no");
        check("matrix.*", "element.a.org", "no");
        check("matrix.*", "matrix.a.org", "?");
        check("~^m", "b.org", "?");
        check("", "b.org", "?");
        check("_", "b.org", "no");
        check("*.a.org", "*.a.org", "?");
    }

    #[test]
    fn packages() {
        let check = |path: &str, expected: &str| {
            assert_eq!(word(in_package(&with_holes(path), "element-web")), expected, "{path}");
        };
        check("/nix/store/<1>-element-web", "yes");
        check("/nix/store/<1>-element-web-1.11/x", "yes");
        check("/nix/store/<1>-cinny/element-web", "no");
        check("/var/www", "no");
        check("<1>/element-web", "?");
        check("/nix/store/<1>-cinny<2>", "?");
    }
}
