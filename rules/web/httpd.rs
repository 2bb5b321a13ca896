//! What Apache passes on: the `ProxyPass` lines of `services.httpd`.

use super::super::written::values;
use super::text::{not_followed, split};
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
        found.extend(of_text(&view, None));
    }
    for vhost in cx.option("services.httpd.virtualHosts").children() {
        for view in values(&vhost.at("extraConfig")) {
            found.extend(of_text(&view, None));
        }
        for location in vhost.at("locations").children() {
            for view in values(&location.at("extraConfig")) {
                found.extend(of_text(&view, Some(location.name())));
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

/// The lines of a text that stands inside `<Location path>`, or in a virtual host.
fn of_text<'a>(view: &OptionView<'a>, around: Option<Str>) -> Vec<Pass<'a>> {
    let Some(text) = view.text() else { return vec![] };
    let mut sections: Vec<Option<Str>> = vec![around];
    let mut found = vec![];
    for line in split(text, |c| c == '\n') {
        let words = split(&line, char::is_whitespace);
        let Some((first, rest)) = words.split_first() else { continue };
        let path = sections.last().cloned().flatten();
        match first.known_prefix().to_ascii_lowercase().as_str() {
            "<location" => sections.push(rest.first().map(unquoted)),
            // What an expression or a condition is for is not followed.
            start if start.starts_with("</") => {
                sections.pop();
            }
            start if start.starts_with('<') => sections.push(path),
            "proxypass" => found.extend(pass(path.as_ref(), rest, view)),
            _ => {}
        }
    }
    found
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
fn unquoted(word: &Str) -> Str {
    let Some(known) = word.known() else { return word.clone() };
    Str::new(known.trim_end_matches('>').trim_matches('"'))
}
