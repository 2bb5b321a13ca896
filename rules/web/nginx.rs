//! nginx's virtual hosts, from options and from text.

use super::super::written::{items, unknown_whole, values};
use super::directive::{Block, Directive};
use super::matcher::Matcher;
use super::nginx_text;
use super::text::{lower_case, split};
use super::vhost::{Door, HostName, Location, Server, Statement, Vhost};
use crate::lint::prelude::*;

/// Options of a location that become a directive.
const DIRECTIVES: &[(&str, &str)] = &[
    ("proxyPass", "proxy_pass"),
    ("root", "root"),
    ("alias", "alias"),
    ("return", "return"),
    ("basicAuth", "auth_basic"),
    ("basicAuthFile", "auth_basic"),
];
/// The `priority` of a location that does not say.
const PRIORITY: i64 = 1000;
/// Blocks inside blocks that are searched for locations.
const DEEPEST: usize = 8;

/// What NixOS itself may add, for all that was read, is no host that somebody asks about.
fn is_somebodys(host: &OptionView<'_>) -> bool {
    host.place() != Origin::Default || host.condition().is_always()
}

/// The virtual hosts of `services.nginx.virtualHosts`, and the `server` blocks in the text around them.
pub(crate) fn vhosts<'a>(cx: &Cx<'a>) -> Vec<Vhost<'a>> {
    let hosts = cx.option("services.nginx.virtualHosts").children();
    let mut found: Vec<_> = hosts.iter().filter(|host| is_somebodys(host)).map(of_options).collect();
    for option in ["services.nginx.appendHttpConfig", "services.nginx.httpConfig"] {
        for view in values(&cx.option(option)) {
            let block = view.read_text(nginx_text::read);
            found.extend(block.named("server").filter_map(|server| Some(of_text(server.block.as_ref()?, &view))));
        }
    }
    found
}

fn of_options<'a>(view: &OptionView<'a>) -> Vhost<'a> {
    let mut own = Location::new(Str::default(), Matcher::Any, view);
    let (mut locations, mut in_text) = (vec![], vec![]);
    for (option, directive) in
        DIRECTIVES.iter().filter(|(option, _)| ["root", "basicAuth", "basicAuthFile"].contains(option))
    {
        add_option(&mut own, option, directive);
    }
    for text in texts(&view.at("extraConfig"), &mut own.gaps) {
        add_block(&mut own, &mut in_text, &text.read_text(nginx_text::read), &text, 0);
    }
    own.gaps.extend(unknown_whole(view));
    own.gaps.extend(unknown_whole(&view.at("locations")));
    // NixOS writes them in the order of their priorities, and the text of the virtual host behind them.
    let mut options = view.at("locations").children();
    options.sort_by_key(|location| location.at("priority").int().unwrap_or(PRIORITY));
    locations.extend(options.iter().map(location));
    locations.extend(in_text);
    let (names, more_names) = names(view, "serverName");
    Vhost { server: Server::Nginx, names, more_names, ports: ports(view), own, locations, view: view.clone() }
}

fn location<'a>(view: &OptionView<'a>) -> Location<'a> {
    let key = view.name();
    let words = split_modifier(&key);
    let mut location = Location::new(key, Matcher::of_nginx(&words, view.place()), view);
    location.gaps.extend(unknown_whole(view));
    for (option, directive) in DIRECTIVES {
        add_option(&mut location, option, directive);
    }
    for text in texts(&view.at("extraConfig"), &mut location.gaps) {
        add_block(&mut location, &mut vec![], &text.read_text(nginx_text::read), &text, 0);
    }
    location
}

/// `~ ^/x` is a modifier and a path; `/x` a path.
fn split_modifier(key: &Str) -> Vec<Str> {
    let modified = ["= ", "~ ", "~* ", "^~ "].iter().any(|modifier| key.known_prefix().starts_with(modifier));
    if modified { split(key, |c| c == ' ') } else { vec![key.clone()] }
}

/// Adds what an option becomes, once for each value it may have.
pub(super) fn add_option(location: &mut Location<'_>, option: &str, directive: &str) {
    let option = location.view.at(option);
    for view in values(&option) {
        let arg = match &view.value().shape {
            Shape::Null => continue,
            Shape::Str(text) | Shape::Path(text) => Some(text.clone()),
            Shape::Int(number) => Some(Str::new(number.to_string())),
            Shape::Unknown(unknown) => Some(Str::hole(unknown.clone())),
            _ => None,
        };
        let directive = match arg {
            // `return = "200 'text'"` has two arguments.
            Some(arg) if directive == "return" => spelled_out(directive, &arg, view.place()),
            arg => Directive::new(directive, arg.into_iter().collect()),
        };
        location.statements.push(Statement { directive, view, is_option: true });
    }
}

/// The directive that nginx sees when an option's value is put behind its name.
fn spelled_out(name: &str, arguments: &Str, at: Origin) -> Directive {
    let mut text = Str::new(format!("{name} "));
    text.push(arguments);
    nginx_text::read(&text, at).directives.into_iter().next().unwrap_or_default()
}

/// The texts an option may have; one that is not known is a gap.
fn texts<'a>(option: &OptionView<'a>, gaps: &mut Vec<Unknown>) -> Vec<OptionView<'a>> {
    let (texts, others): (Vec<_>, Vec<_>) = values(option).into_iter().partition(|view| view.text().is_some());
    gaps.extend(others.iter().filter_map(OptionView::unknown));
    texts
}

/// Adds directives to `own` and locations to `locations`.
fn add_block<'a>(
    own: &mut Location<'a>,
    locations: &mut Vec<Location<'a>>,
    block: &Block,
    view: &OptionView<'a>,
    depth: usize,
) {
    own.gaps.extend(block.gaps.iter().cloned());
    for directive in &block.directives {
        match &directive.block {
            Some(inner) if directive.is("location") && depth < DEEPEST => {
                let matcher = Matcher::of_nginx(&directive.args, view.place());
                let mut key = Str::default();
                for (at, word) in directive.args.iter().enumerate() {
                    key.push_text(if at == 0 { "" } else { " " });
                    key.push(word);
                }
                let mut location = Location::new(key, matcher, view);
                add_block(&mut location, locations, inner, view, depth + 1);
                locations.push(location);
            }
            _ => own.statements.push(Statement { directive: directive.clone(), view: view.clone(), is_option: false }),
        }
    }
}

fn of_text<'a>(server: &Block, view: &OptionView<'a>) -> Vhost<'a> {
    let names = server.named("server_name").flat_map(|directive| &directive.args);
    let names = names.map(|name| HostName { text: lower_case(name), door: Door::Usual, view: view.clone() }).collect();
    let ports: Vec<_> = server.named("listen").filter_map(|listen| port(listen.known_arg(0)?)).collect();
    let mut own = Location::new(Str::default(), Matcher::Any, view);
    let mut locations = vec![];
    add_block(&mut own, &mut locations, server, view, 0);
    let more_names = own.gaps.first().cloned();
    let ports = (!ports.is_empty()).then_some(ports);
    Vhost { server: Server::Nginx, names, more_names, ports, own, locations, view: view.clone() }
}

/// The port of `80`, `[::]:80`, `127.0.0.1:80`, `*:80`; 80 where none is given.
fn port(listen: &str) -> Option<i64> {
    if listen.starts_with("unix:") {
        return None;
    }
    match listen.parse() {
        Ok(port) => Some(port),
        Err(_) => Some(listen.rsplit_once(':').and_then(|(_, port)| port.parse().ok()).unwrap_or(80)),
    }
}

/// The option that says it (`serverName`), else the name of the attribute; and the aliases.
pub(super) fn names<'a>(view: &OptionView<'a>, option: &str) -> (Vec<HostName<'a>>, Option<Unknown>) {
    let attribute = || HostName { text: lower_case(&view.name()), door: Door::Usual, view: view.clone() };
    let server_name = values(&view.at(option));
    let mut names: Vec<_> = server_name
        .iter()
        .map(|view| match &view.value().shape {
            Shape::Str(text) => HostName { text: lower_case(text), door: Door::Usual, view: view.clone() },
            Shape::Unknown(unknown) => {
                HostName { text: Str::hole(unknown.clone()), door: Door::Usual, view: view.clone() }
            }
            _ => attribute(),
        })
        .collect();
    if names.is_empty() {
        names.push(attribute());
    }
    let (aliases, mut more) = items(&view.at("serverAliases"));
    for alias in aliases {
        match &alias.value().shape {
            Shape::Str(text) => names.push(HostName { text: lower_case(text), door: Door::Usual, view: alias.clone() }),
            _ => more = more.or_else(|| alias.unknown()),
        }
    }
    (names, more)
}

/// The ports in `listen`, if all of them are known and there are any.
pub(super) fn ports(view: &OptionView<'_>) -> Option<Vec<i64>> {
    let (listen, None) = items(&view.at("listen")) else { return None };
    let ports: Option<Vec<_>> = listen.iter().map(|item| item.at("port").int()).collect();
    ports.filter(|ports| !ports.is_empty())
}

#[cfg(test)]
mod tests {
    use super::port;

    #[test]
    fn ports() {
        for (listen, expected) in [
            ("80", Some(80)),
            ("[::]:8448", Some(8448)),
            ("*:81", Some(81)),
            ("127.0.0.1", Some(80)),
            ("unix:/x", None),
        ] {
            assert_eq!(port(listen), expected, "{listen}");
        }
    }
}
