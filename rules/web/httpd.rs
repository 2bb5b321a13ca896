//! What Apache passes on: the `ProxyPass` lines of `services.httpd`, and how such text is read.

use super::super::written::values;
use super::text::{Piece, join, not_followed, pieces, split};
use crate::lint::prelude::*;

/// A `ProxyPass` line, or the option that becomes one.
#[derive(Clone, Debug)]
pub(crate) struct Pass<'a> {
    /// The path that it is for.
    pub(crate) path: Str,
    /// Where requests go.
    pub(crate) target: Str,
    /// Whether Apache decodes and encodes the path of a request anew.
    pub(crate) is_canonical: Truth,
    /// The option it was written in.
    pub(crate) view: OptionView<'a>,
}

/// Everything that the virtual hosts of `services.httpd` pass on; none if it is switched off.
pub(crate) fn passes<'a>(cx: &Cx<'a>) -> Vec<Pass<'a>> {
    if cx.option("services.httpd.enable").is_false().is_true() {
        return vec![];
    }
    let mut found = vec![];
    for view in values(&cx.option("services.httpd.extraConfig")) {
        found.extend(of_text(&view, &Around::Nothing));
    }
    for vhost in cx.option("services.httpd.virtualHosts").children() {
        for view in values(&vhost.at("extraConfig")) {
            found.extend(of_text(&view, &Around::Nothing));
        }
        for location in vhost.at("locations").children() {
            for view in values(&location.at("extraConfig")) {
                found.extend(of_text(&view, &Around::Path(location.name())));
            }
            for view in values(&location.at("proxyPass")) {
                let Some(text) = view.text() else { continue };
                let words = split(text, char::is_whitespace);
                found.extend(pass(Some(&location.name()), &words, &view));
            }
        }
    }
    found
}

/// What a line of Apache's configuration stands in.
#[derive(Clone, Debug)]
pub(crate) enum Around {
    /// No section that is about paths.
    Nothing,
    /// `<Location path>`.
    Path(Str),
    /// A section for paths that are not followed: `<LocationMatch>`, `<Location ~ …>`.
    Unclear,
}

/// A line of Apache's configuration.
pub(crate) struct Line {
    pub(crate) around: Around,
    /// What the line begins with, in lower case, as far as it is known.
    pub(crate) directive: String,
    pub(crate) words: Vec<Str>,
}

/// The directives of a text that stands inside a section.
pub(crate) fn lines(text: &Str, around: &Around) -> Vec<Line> {
    let mut sections = vec![around.clone()];
    let mut found = vec![];
    for line in split(text, |c| c == '\n') {
        let mut words = split(&line, char::is_whitespace);
        if words.is_empty() {
            continue;
        }
        let first = words.remove(0);
        let around = sections.last().cloned().unwrap_or(Around::Nothing);
        match first.known_prefix().to_ascii_lowercase().as_str() {
            "<location" => sections.push(match &words[..] {
                [path] => Around::Path(unquoted(path)),
                _ => Around::Unclear,
            }),
            "<locationmatch" | "<proxy" | "<proxymatch" => sections.push(Around::Unclear),
            start if start.starts_with("</") => {
                sections.pop();
            }
            // What a condition is for is not followed.
            start if start.starts_with('<') => sections.push(around),
            directive => found.push(Line { around, directive: directive.to_owned(), words }),
        }
    }
    found
}

/// The `ProxyPass` lines of a text.
fn of_text<'a>(view: &OptionView<'a>, around: &Around) -> Vec<Pass<'a>> {
    let Some(text) = view.text() else { return vec![] };
    let lines = lines(text, around).into_iter().filter(|line| line.directive == "proxypass");
    let pass = |line: Line| match line.around {
        Around::Nothing => pass(None, &line.words, view),
        Around::Path(path) => pass(Some(&path), &line.words, view),
        Around::Unclear => None,
    };
    lines.filter_map(pass).collect()
}

/// What stands behind `ProxyPass`; outside of a location the path comes first.
fn pass<'a>(around: Option<&Str>, words: &[Str], view: &OptionView<'a>) -> Option<Pass<'a>> {
    let (path, words) = match (around, words) {
        (Some(path), words) => (path.clone(), words),
        (None, [path, words @ ..]) => (unquoted(path), words),
        _ => return None,
    };
    let (target, keywords) = words.split_first()?;
    let unknown = || Truth::Unknown(not_followed("a keyword of ProxyPass", view.place()));
    let keywords = keywords.iter().map(|word| match word.known() {
        Some(word) => word.eq_ignore_ascii_case("nocanon").into(),
        None => unknown(),
    });
    Some(Pass { path, target: unquoted(target), is_canonical: !Truth::any(keywords), view: view.clone() })
}

/// `"/x"` and `/x>` are `/x`.
pub(crate) fn unquoted(word: &Str) -> Str {
    let mut pieces = pieces(word);
    let is_mark = |piece: Option<&Piece>| matches!(piece, Some(Piece::Char('"' | '>')));
    while is_mark(pieces.last()) {
        pieces.pop();
    }
    if matches!(pieces.first(), Some(Piece::Char('"'))) {
        pieces.remove(0);
    }
    join(&pieces)
}
