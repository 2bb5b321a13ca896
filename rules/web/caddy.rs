//! Caddy's sites, from `virtualHosts` and from whole Caddyfiles.

use super::super::written::{items, unknown_whole, values};
use super::caddyfile;
use super::directive::{Block, Directive};
use super::matcher::{Matcher, Pattern};
use super::text::{not_followed, split};
use super::vhost::{HostName, Location, Server, Statement, Vhost, door_of, host_of};
use crate::lint::prelude::*;
use std::collections::BTreeMap;

/// Directives whose first argument may be a matcher.
const MATCHED: &[&str] = &[
    "basic_auth",
    "basicauth",
    "encode",
    "error",
    "file_server",
    "forward_auth",
    "handle",
    "handle_path",
    "header",
    "php_fastcgi",
    "redir",
    "request_header",
    "respond",
    "reverse_proxy",
    "rewrite",
    "root",
    "route",
    "try_files",
    "uri",
];
/// Blocks inside blocks that are followed.
const DEEPEST: usize = 8;

/// The sites of `services.caddy.virtualHosts` and of the Caddyfiles beside it.
pub(crate) fn sites<'a>(cx: &Cx<'a>) -> Vec<Vhost<'a>> {
    let mut found: Vec<_> = cx.option("services.caddy.virtualHosts").children().iter().map(of_options).collect();
    for option in ["services.caddy.extraConfig", "services.caddy.configFile"] {
        for view in values(&cx.option(option)) {
            for text in file_texts(view.value()) {
                let file = caddyfile::read(&text, view.place());
                found.extend(file.directives.iter().filter_map(|site| of_text(site, &view)));
            }
        }
    }
    found
}

/// A text, or the texts of the generated files that a path leads to.
fn file_texts(value: &Value) -> Vec<Str> {
    let context = match &value.shape {
        Shape::Str(text) if text.context.is_empty() || text.contains("\n").is_true() => return vec![text.clone()],
        Shape::Str(text) | Shape::Path(text) => &text.context,
        Shape::Package(package) => &package.context,
        _ => return vec![],
    };
    context.iter().filter_map(|object| object.text.get().cloned().flatten()).collect()
}

fn of_options<'a>(view: &OptionView<'a>) -> Vhost<'a> {
    let host_name = values(&view.at("hostName"));
    let (aliases, mut more_names) = items(&view.at("serverAliases"));
    let mut names = if host_name.is_empty() { addresses(&view.name(), view) } else { vec![] };
    for view in host_name.iter().chain(&aliases) {
        match &view.value().shape {
            Shape::Str(text) => names.extend(addresses(text, view)),
            _ => more_names = more_names.or_else(|| view.unknown()),
        }
    }
    let mut site = empty_site(names, more_names, view);
    site.own.gaps.extend(unknown_whole(view));
    for text in values(&view.at("extraConfig")) {
        match &text.value().shape {
            Shape::Str(_) => add_text(&mut site, text.read_text(caddyfile::read).as_ref().clone(), &text),
            _ => site.own.gaps.extend(text.unknown()),
        }
    }
    site
}

/// A site of a Caddyfile: addresses and a block. Snippets and global options are none.
fn of_text<'a>(site: &Directive, view: &OptionView<'a>) -> Option<Vhost<'a>> {
    let block = site.block.as_ref()?;
    if site.name.parts().is_empty() || site.name.known_prefix().starts_with('(') {
        return None;
    }
    let written = std::iter::once(&site.name).chain(&site.args);
    let names = written.flat_map(|word| addresses(word, view)).collect();
    let mut vhost = empty_site(names, None, view);
    add_text(&mut vhost, block.clone(), view);
    Some(vhost)
}

fn addresses<'a>(text: &Str, view: &OptionView<'a>) -> Vec<HostName<'a>> {
    let names = split(text, |c| c == ',' || c.is_whitespace());
    names.iter().map(|name| HostName { text: host_of(name), door: door_of(name), view: view.clone() }).collect()
}

fn empty_site<'a>(names: Vec<HostName<'a>>, more_names: Option<Unknown>, view: &OptionView<'a>) -> Vhost<'a> {
    let own = Location::new(Str::new("*"), Matcher::Any, view);
    Vhost { server: Server::Caddy, names, more_names, ports: None, own, locations: vec![], view: view.clone() }
}

fn add_text<'a>(site: &mut Vhost<'a>, block: Block, view: &OptionView<'a>) {
    let around = Scope { key: Str::new("*"), matcher: Matcher::Any, hosts: vec![], stripped: false };
    let mut reader = Reader { view, named: BTreeMap::new(), locations: vec![], gaps: vec![] };
    let own = reader.block(&block, &around, 0);
    site.own.statements.extend(own);
    site.own.gaps.extend(reader.gaps);
    site.locations.extend(reader.locations);
}

/// Which requests a block is for.
#[derive(Clone)]
struct Scope {
    key: Str,
    matcher: Matcher,
    hosts: Vec<Str>,
    /// Inside `handle_path`, where paths no longer are what was asked for.
    stripped: bool,
}

struct Reader<'r, 'a> {
    view: &'r OptionView<'a>,
    named: BTreeMap<String, Scope>,
    locations: Vec<Location<'a>>,
    gaps: Vec<Unknown>,
}

impl<'a> Reader<'_, 'a> {
    /// Reads a block; gives the statements that are for all its requests.
    fn block(&mut self, block: &Block, around: &Scope, depth: usize) -> Vec<Statement<'a>> {
        self.gaps.extend(block.gaps.iter().cloned());
        for directive in block.directives.iter().filter(|directive| directive.name.known_prefix().starts_with('@')) {
            let scope = named_matcher(directive, self.view.place());
            self.named.insert(directive.name.to_string(), scope);
        }
        let mut own = vec![];
        for directive in &block.directives {
            let matched = directive.name.known().is_some_and(|name| MATCHED.contains(&name));
            // Since 2.8 the only argument of these is never a matcher.
            let is_target = directive.args.len() == 1 && (directive.is("root") || directive.is("rewrite"));
            let matcher = directive.args.first().filter(|_| matched && !is_target).and_then(|arg| self.matcher(arg));
            let mut directive = directive.clone();
            if matcher.is_some() {
                directive.args.remove(0);
            }
            let scope = matcher.map(|inner| narrowed(around, inner, self.view.place()));
            if depth < DEEPEST
                && is_handler(&directive)
                && let Some(inner) = directive.block.take()
            {
                self.handler(&directive, &inner, scope.as_ref().unwrap_or(around), depth);
                continue;
            }
            let statement = self.statement(directive);
            match scope.filter(|scope| !matches!(scope.matcher, Matcher::Any) || !scope.hosts.is_empty()) {
                Some(scope) => self.add(&scope, vec![statement]),
                None => own.push(statement),
            }
        }
        own
    }

    /// `handle`, `handle_path` and `route`.
    fn handler(&mut self, directive: &Directive, inner: &Block, scope: &Scope, depth: usize) {
        let mut inside = scope.clone();
        inside.stripped |= directive.is("handle_path");
        let statements = self.block(inner, &inside, depth + 1);
        self.add(&inside, statements);
    }

    fn add(&mut self, scope: &Scope, statements: Vec<Statement<'a>>) {
        let mut location = Location::new(scope.key.clone(), scope.matcher.clone(), self.view);
        location.hosts.clone_from(&scope.hosts);
        location.stripped = scope.stripped;
        location.statements = statements;
        self.locations.push(location);
    }

    /// Brings `reverse_proxy { to x }` and `file_server { root x }` into their short forms.
    fn statement(&self, mut directive: Directive) -> Statement<'a> {
        let block = directive.block.clone().unwrap_or_default();
        if directive.is("reverse_proxy") {
            directive.args.extend(block.named("to").flat_map(|to| to.args.clone()));
        }
        if directive.is("file_server")
            && let Some(root) = block.named("root").next()
        {
            directive = root.clone();
        }
        Statement { directive, view: self.view.clone(), is_option: false }
    }

    /// The argument as a matcher, if it is one.
    fn matcher(&self, arg: &Str) -> Option<Scope> {
        match arg.known_prefix().chars().next() {
            Some('@') => Some(self.named.get(&arg.to_string()).cloned().unwrap_or_else(|| {
                let unknown = not_followed(format!("the matcher {arg}"), self.view.place());
                Scope { key: arg.clone(), matcher: Matcher::Unknown(unknown), hosts: vec![], stripped: false }
            })),
            Some('/') => Some(Scope::paths(arg, Matcher::of_caddy(arg))),
            Some('*') if arg.known() == Some("*") => Some(Scope::paths(arg, Matcher::Any)),
            _ => None,
        }
    }
}

impl Scope {
    fn paths(key: &Str, matcher: Matcher) -> Self {
        Self { key: key.clone(), matcher, hosts: vec![], stripped: false }
    }
}

fn is_handler(directive: &Directive) -> bool {
    ["handle", "handle_path", "route"].iter().any(|name| directive.is(name))
}

/// The requests of `around` that meet `inner` as well.
fn narrowed(around: &Scope, inner: Scope, at: Origin) -> Scope {
    let matcher = match (&inner.matcher, around.stripped) {
        (Matcher::Any, _) | (_, false) => around.matcher.clone().and(inner.matcher),
        (_, true) => Matcher::Unknown(not_followed("a matcher inside handle_path", at)),
    };
    let hosts = if inner.hosts.is_empty() { around.hosts.clone() } else { inner.hosts };
    Scope { key: inner.key, matcher, hosts, stripped: around.stripped }
}

/// `@name path /a /b`, or several lines in a block.
fn named_matcher(directive: &Directive, at: Origin) -> Scope {
    let mut scope = Scope::paths(&directive.name, Matcher::Any);
    let short = directive.args.split_first().map(|(name, args)| Directive {
        name: name.clone(),
        args: args.to_vec(),
        block: None,
    });
    let lines = directive.block.iter().flat_map(|block| &block.directives);
    let lines: Vec<&Directive> = short.iter().chain(lines).collect();
    // Several lines with paths are one list of them.
    let paths = lines.iter().filter(|line| line.is("path")).flat_map(|line| &line.args);
    let paths: Vec<Matcher> = paths.map(Matcher::of_caddy).collect();
    if !paths.is_empty() {
        scope.matcher = Matcher::AnyOf(paths);
    }
    for line in lines {
        let add = match line.name.known() {
            Some("path") => continue,
            Some("path_regexp") => match line.args.last() {
                Some(pattern) => Matcher::Regex(Pattern::new(pattern, false)),
                None => continue,
            },
            Some("host") => {
                scope.hosts.extend(line.args.iter().map(host_of));
                continue;
            }
            _ => Matcher::Unknown(not_followed(format!("the matcher {}", line.name), at)),
        };
        scope.matcher = scope.matcher.and(add);
    }
    scope
}
