//! Apache's virtual hosts: those of `services.httpd`.

use super::super::written::{items, unknown_whole, values};
use super::directive::Directive;
use super::httpd::{Around, Line, lines, unquoted};
use super::matcher::Matcher;
use super::nginx::{add_option, names, ports};
use super::text::{not_followed, split};
use super::vhost::{Location, Server, Statement, Vhost};
use crate::lint::prelude::*;

/// Directives that may pass requests on, or take them elsewhere, in ways that are not followed.
const NOT_FOLLOWED: &[&str] =
    &["AliasMatch", "Include", "IncludeOptional", "ProxyPass", "ProxyPassMatch", "RewriteRule", "Use"];

/// The virtual hosts of `services.httpd.virtualHosts`. One that sends everybody elsewhere is none.
pub(crate) fn vhosts<'a>(cx: &Cx<'a>) -> Vec<Vhost<'a>> {
    let hosts = cx.option("services.httpd.virtualHosts").children();
    // The host that NixOS has unless somebody says something else is nobody's.
    let is_there =
        |host: &&OptionView<'_>| host.place() != Origin::Default && !host.at("globalRedirect").is_null().is_false();
    hosts.iter().filter(is_there).map(of_options).collect()
}

fn of_options<'a>(view: &OptionView<'a>) -> Vhost<'a> {
    let mut own = Location::new(Str::default(), Matcher::Any, view);
    let mut locations = vec![];
    own.gaps.extend(unknown_whole(view));
    own.gaps.extend(unknown_whole(&view.at("locations")));
    add_option(&mut own, "documentRoot", "root");
    add_texts(&mut own, &mut locations, &view.at("extraConfig"), &Around::Nothing);
    for option in view.at("locations").children() {
        let mut location = at_path(option.name(), &option);
        location.gaps.extend(unknown_whole(&option));
        add_option(&mut location, "alias", "alias");
        for pass in values(&option.at("proxyPass")) {
            match pass.text() {
                Some(text) => add_pass(&mut location, &split(text, char::is_whitespace), &pass, true),
                None => location.gaps.extend(pass.unknown()),
            }
        }
        add_texts(&mut location, &mut locations, &option.at("extraConfig"), &Around::Path(option.name()));
        locations.push(location);
    }
    let (folders, more) = items(&view.at("servedDirs"));
    own.gaps.extend(more);
    for folder in folders {
        let Some(path) = folder.at("urlPath").text().cloned() else { continue };
        let mut location = at_path(path, &folder);
        add_option(&mut location, "dir", "alias");
        locations.push(location);
    }
    let (names, more_names) = names(view, "hostName");
    Vhost { server: Server::Httpd, names, more_names, ports: ports(view), own, locations, view: view.clone() }
}

/// Adds what an option's text says: to `own` what it says of all that is around it, to `locations` the rest.
fn add_texts<'a>(own: &mut Location<'a>, locations: &mut Vec<Location<'a>>, option: &OptionView<'a>, around: &Around) {
    for view in values(option) {
        let Some(text) = view.text() else {
            own.gaps.extend(view.unknown());
            continue;
        };
        own.gaps.extend(lines_nobody_knows(text));
        for line in lines(text, around) {
            add_line(own, locations, line, &view, matches!(around, Around::Path(_)));
        }
    }
}

/// The holes of a text that may be whole lines.
fn lines_nobody_knows(text: &Str) -> Option<Unknown> {
    let lines = split(text, |c| c == '\n');
    lines.iter().find(|line| line.known_prefix().trim().is_empty()).and_then(|line| line.holes().next().cloned())
}

/// `inside`: the text stands in the section of `own`.
fn add_line<'a>(
    own: &mut Location<'a>,
    locations: &mut Vec<Location<'a>>,
    line: Line,
    view: &OptionView<'a>,
    inside: bool,
) {
    let name = line.directive.as_str();
    let followed = match name {
        "proxypass" => !matches!(line.around, Around::Unclear),
        "rewriterule" => !passes_on(&line.words),
        _ => false,
    };
    if let Some(name) = NOT_FOLLOWED.iter().find(|have| have.eq_ignore_ascii_case(name)).filter(|_| !followed) {
        own.gaps.push(not_followed(format!("Apache's {name}"), view.place()));
        return;
    }
    match (name, line.around, &line.words[..]) {
        ("proxypass", Around::Path(_), words) if inside => add_pass(own, words, view, false),
        ("proxypass", Around::Path(path), words) => locations.push(passing(path, words, view)),
        ("proxypass", Around::Nothing, [path, words @ ..]) => locations.push(passing(unquoted(path), words, view)),
        ("alias", Around::Path(_), [folder]) if inside => {
            own.statements.push(statement("alias", unquoted(folder), view, false));
        }
        ("alias", Around::Nothing, [path, folder]) => {
            let mut location = at_path(unquoted(path), view);
            location.statements.push(statement("alias", unquoted(folder), view, false));
            locations.push(location);
        }
        ("documentroot", Around::Nothing, [folder]) => {
            own.statements.push(statement("root", unquoted(folder), view, false));
        }
        _ => {}
    }
}

/// Whether a `RewriteRule` has the flag `P`, or may have it: without, it changes a path or sends people elsewhere.
fn passes_on(words: &[Str]) -> bool {
    words.iter().skip(2).any(|flags| {
        let known = flags.known().map(|flags| flags.trim_matches(['[', ']']).to_ascii_lowercase());
        known.is_none_or(|flags| flags.split(',').any(|flag| flag == "p" || flag == "proxy"))
    })
}

/// A location that passes requests on, by a line of text.
fn passing<'a>(path: Str, words: &[Str], view: &OptionView<'a>) -> Location<'a> {
    let mut location = at_path(path, view);
    add_pass(&mut location, words, view, false);
    location
}

/// What stands behind `ProxyPass` and its path; `!` passes nothing on.
fn add_pass<'a>(location: &mut Location<'a>, words: &[Str], view: &OptionView<'a>, is_option: bool) {
    let Some(target) = words.first().map(unquoted).filter(|target| target.known() != Some("!")) else { return };
    location.statements.push(statement("proxy_pass", target, view, is_option));
}

fn statement<'a>(name: &str, argument: Str, view: &OptionView<'a>, is_option: bool) -> Statement<'a> {
    Statement { directive: Directive::new(name, vec![argument]), view: view.clone(), is_option }
}

/// A location for a path and all that is below it: `/x` is for `/x/y`, not for `/xy`.
fn at_path<'a>(path: Str, view: &OptionView<'a>) -> Location<'a> {
    let matcher = match path.known_prefix().chars().next() {
        Some('/') if path.known_suffix().ends_with('/') => Matcher::Prefix { path: path.clone(), stops: false },
        Some('/') => {
            let mut below = path.clone();
            below.push_text("/");
            Matcher::AnyOf(vec![Matcher::Exact(path.clone()), Matcher::Prefix { path: below, stops: false }])
        }
        _ => Matcher::Unknown(not_followed(format!("the location {path} of Apache"), view.place())),
    };
    Location::new(path, matcher, view)
}
