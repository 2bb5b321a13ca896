//! Which request paths a location is for.

use super::regex::Regex;
use crate::lint::prelude::*;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

/// A regular expression as it was written, and read: it is asked about many paths.
#[derive(Debug)]
pub(crate) struct Pattern {
    text: Str,
    /// `None`: it has holes, or something that is not understood.
    read: Option<Regex>,
    /// What came of it before: rules ask for the same few paths.
    matched: RefCell<HashMap<Box<str>, Option<bool>>>,
}

impl Pattern {
    /// Reads an expression.
    pub(crate) fn new(text: &Str, ignore_case: bool) -> Rc<Self> {
        let read = text.known().and_then(|known| Regex::parse(known, ignore_case));
        Rc::new(Self { text: text.clone(), read, matched: RefCell::default() })
    }

    fn matches(&self, path: &str) -> Truth {
        let not_understood = || {
            let what = format!("the regular expression `{}`", self.text);
            Truth::Unknown(super::text::not_followed(what, Origin::Default))
        };
        match self.text.holes().next() {
            Some(hole) => Truth::Unknown(hole.clone()),
            None => self.read.as_ref().and_then(|regex| self.of(regex, path)).map_or_else(not_understood, Truth::from),
        }
    }

    fn of(&self, regex: &Regex, path: &str) -> Option<bool> {
        if let Some(known) = self.matched.borrow().get(path) {
            return *known;
        }
        let found = regex.matches(path);
        self.matched.borrow_mut().insert(path.into(), found);
        found
    }
}

/// A condition on the path of a request.
#[derive(Clone, Debug)]
pub(crate) enum Matcher {
    /// Every path.
    Any,
    /// This path and no other: nginx `location = /x`, Caddy `/x`.
    Exact(Str),
    /// Every path that starts so: nginx `location /x`; `^~` keeps regular expressions from being tried.
    Prefix { path: Str, stops: bool },
    /// Caddy's `/x/*`: an asterisk at either end stands for anything. Case does not count.
    Glob(Str),
    /// nginx `location ~ x`, Caddy `path_regexp x`.
    Regex(Rc<Pattern>),
    /// All of these.
    All(Vec<Matcher>),
    /// One of these.
    AnyOf(Vec<Matcher>),
    /// No request: nginx `location @name`.
    Never,
    /// Something that is not understood, or not about the path alone.
    Unknown(Unknown),
}

impl Matcher {
    /// What stands between `location` and its block, or is the name of an attribute of `locations`.
    pub(crate) fn of_nginx(words: &[Str], at: Origin) -> Self {
        let regex = |pattern: &Str, ignore_case| Matcher::Regex(Pattern::new(pattern, ignore_case));
        match words {
            [path] => match path.known_prefix().chars().next() {
                Some('@') => Matcher::Never,
                // `~^/x` and `=/x` may be written without a space.
                Some('=') => Matcher::Exact(behind(path, 1)),
                Some('~') if path.known_prefix().starts_with("~*") => regex(&behind(path, 2), true),
                Some('~') => regex(&behind(path, 1), false),
                Some('^') if path.known_prefix().starts_with("^~") => {
                    Matcher::Prefix { path: behind(path, 2), stops: true }
                }
                None if path.parts().is_empty() => Matcher::Unknown(super::text::not_followed("an empty location", at)),
                None => path.holes().next().map_or(Matcher::Any, |hole| Matcher::Unknown(hole.clone())),
                Some(_) => Matcher::Prefix { path: path.clone(), stops: false },
            },
            [modifier, path] => match modifier.known() {
                Some("=") => Matcher::Exact(path.clone()),
                Some("~") => regex(path, false),
                Some("~*") => regex(path, true),
                Some("^~") => Matcher::Prefix { path: path.clone(), stops: true },
                _ => Matcher::Unknown(super::text::not_followed(format!("location {modifier} {path}"), at)),
            },
            _ => Matcher::Unknown(super::text::not_followed("an empty location", at)),
        }
    }

    /// One of Caddy's path patterns.
    pub(crate) fn of_caddy(path: &Str) -> Self {
        match path.known() {
            Some("*" | "/*") => Matcher::Any,
            _ => Matcher::Glob(path.clone()),
        }
    }

    /// Both; keeps simple things simple.
    pub(crate) fn and(self, other: Matcher) -> Self {
        match (self, other) {
            (Matcher::Any, other) | (other, Matcher::Any) => other,
            (a, b) => Matcher::All(vec![a, b]),
        }
    }

    /// Whether a request for `path` (which starts with a slash, without query) meets it.
    pub(crate) fn matches(&self, path: &str) -> Truth {
        match self {
            Matcher::Any => Truth::True,
            Matcher::Never => Truth::False,
            Matcher::Exact(wanted) => wanted.equals(&Str::new(path)),
            Matcher::Prefix { path: prefix, .. } => has_prefix(path, prefix),
            Matcher::Glob(glob) => glob_matches(glob, path),
            Matcher::Regex(pattern) => pattern.matches(path),
            Matcher::All(all) => Truth::all(all.iter().map(|matcher| matcher.matches(path))),
            Matcher::AnyOf(any) => Truth::any(any.iter().map(|matcher| matcher.matches(path))),
            Matcher::Unknown(unknown) => Truth::Unknown(unknown.clone()),
        }
    }
}

/// The text without its first `count` known characters and the blanks behind them.
fn behind(text: &Str, count: usize) -> Str {
    let pieces = super::text::pieces(text);
    let blank = |piece: &&super::text::Piece| matches!(piece, super::text::Piece::Char(c) if c.is_whitespace());
    let blanks = pieces[count..].iter().take_while(blank).count();
    super::text::join(&pieces[count + blanks..])
}

fn has_prefix(path: &str, prefix: &Str) -> Truth {
    match (prefix.known(), prefix.holes().next()) {
        (None, Some(hole)) if path.starts_with(prefix.known_prefix()) => Truth::Unknown(hole.clone()),
        (known, _) => known.is_some_and(|known| path.starts_with(known)).into(),
    }
}

fn glob_matches(glob: &Str, path: &str) -> Truth {
    let path = path.to_ascii_lowercase();
    let Some(known) = glob.known() else {
        let prefix = glob.known_prefix().to_ascii_lowercase();
        return match glob.holes().next() {
            Some(hole) if prefix.starts_with('*') || path.starts_with(&prefix) => Truth::Unknown(hole.clone()),
            _ => Truth::False,
        };
    };
    let known = known.to_ascii_lowercase();
    let (start, end) = (known.starts_with('*'), known.ends_with('*') && known.len() > 1);
    let middle = known.trim_matches('*');
    if known.contains(['?', '[', '\\']) {
        return Truth::Unknown(super::text::not_followed(format!("the path `{glob}`"), Origin::Default));
    }
    Truth::from(match (start, end, known.matches('*').count()) {
        (true, true, 2) => path.contains(middle),
        (true, false, 1) => path.ends_with(middle),
        (false, true, 1) => path.starts_with(middle),
        (false, false, 0) => path == middle,
        _ => steps_match(&known, &path),
    })
}

/// Whether a path meets a pattern step by step: an asterisk is anything but a slash.
fn steps_match(pattern: &str, path: &str) -> bool {
    let (patterns, steps): (Vec<&str>, Vec<&str>) = (pattern.split('/').collect(), path.split('/').collect());
    let step_matches = |(pattern, step): (&&str, &&str)| {
        let mut pieces = pattern.split('*');
        let Some(mut rest) = step.strip_prefix(pieces.next().unwrap_or_default()) else { return false };
        let mut pieces = pieces.peekable();
        let has_asterisk = pieces.peek().is_some();
        while let Some(piece) = pieces.next() {
            match (pieces.peek().is_some(), rest.find(piece)) {
                (true, Some(at)) => rest = &rest[at + piece.len()..],
                (true, None) => return false,
                (false, _) => return rest.ends_with(piece),
            }
        }
        has_asterisk || rest.is_empty()
    };
    patterns.len() == steps.len() && patterns.iter().zip(&steps).all(step_matches)
}

#[cfg(test)]
mod tests {
    use super::super::text::tests::with_holes;
    use super::*;

    fn check(matcher: &Matcher, path: &str, expected: &str) {
        let got = match matcher.matches(path) {
            Truth::True => "yes",
            Truth::False => "no",
            Truth::Unknown(_) => "?",
        };
        assert_eq!(got, expected, "{matcher:?} on {path}");
    }

    fn nginx(location: &str, path: &str, expected: &str) {
        let words: Vec<_> = super::super::text::split(&with_holes(location), char::is_whitespace);
        check(&Matcher::of_nginx(&words, Origin::Default), path, expected);
    }

    #[test]
    fn nginx_locations() {
        nginx("/", "/_matrix", "yes");
        nginx("/_matrix", "/_matrix/key", "yes");
        nginx("/_matrix/", "/_matrix", "no");
        nginx("= /_matrix", "/_matrix/key", "no");
        nginx("=/_matrix", "/_matrix", "yes");
        nginx("^~ /_matrix", "/_matrix/key", "yes");
        nginx("~ ^(/_matrix|/_synapse/client)", "/_synapse/client/x", "yes");
        nginx("~* ^/_MATRIX", "/_matrix/x", "yes");
        nginx("~^/_MATRIX", "/_matrix/x", "no");
        nginx("~ (?!x)", "/_matrix/x", "?");
        nginx("@fallback", "/", "no");
        nginx("/<1>", "/_matrix", "?");
        nginx("/a<1>", "/_matrix", "no");
        nginx("<1>", "/_matrix", "?");
        nginx("~ ^<1>", "/_matrix", "?");
        nginx("= /<1>", "/_matrix", "?");
    }

    #[test]
    fn caddy_paths() {
        let caddy = |glob: &str, path, expected| check(&Matcher::of_caddy(&with_holes(glob)), path, expected);
        caddy("*", "/x", "yes");
        caddy("/_matrix/*", "/_matrix/key", "yes");
        caddy("/_matrix/*", "/_matrix", "no");
        caddy("/_matrix*", "/_matrix", "yes");
        caddy("/_matrix", "/_matrix/key", "no");
        caddy("*.php", "/x.PHP", "yes");
        caddy("*_matrix*", "/a/_matrix/b", "yes");
        // An asterisk inside is anything up to the next slash.
        caddy("/_matrix/client/*/login", "/_matrix/client/v3/login", "yes");
        caddy("/_matrix/client/*/login", "/_matrix/client/v3/x/login", "no");
        caddy("/_matrix/*/v*/sync", "/_matrix/client/v3/sync", "yes");
        caddy("/a*b/c", "/axxb/c", "yes");
        caddy("/a*b/c", "/axx/c", "no");
        caddy("/*/a*", "/x/ab", "yes");
        caddy("/a?", "/ab", "?");
        caddy("/<1>", "/x", "?");
        caddy("/a<1>", "/x", "no");
    }
}
