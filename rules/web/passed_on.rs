//! What becomes of the path of a request where nginx passes it on to an address with a URI of its own.

use super::matcher::Matcher;
use super::url::Url;
use super::vhost::Location;
use crate::lint::prelude::*;

/// Whether a request for `path` arrives under that path. Of an address such as `http://localhost:8008/health` nginx
/// puts the URI in place of the part of the path that the location matched.
pub(crate) fn keeps_path(location: &Location<'_>, url: &Url, path: &str) -> Truth {
    let matched = match &location.matcher {
        Matcher::Prefix { path, .. } | Matcher::Exact(path) => path,
        // With a regular expression nginx takes no URI.
        _ => return Truth::True,
    };
    // Without a URI, and with variables in it, the path is what was asked for, or what the variables say.
    if url.rest.known().is_some_and(|uri| uri.is_empty() || uri.contains('$')) {
        return Truth::True;
    }
    let (Some(matched), Some(uri)) = (matched.known(), url.rest.known()) else {
        let hole = matched.holes().chain(url.rest.holes()).next().cloned();
        return hole.map_or(Truth::True, Truth::Unknown);
    };
    path.strip_prefix(matched).is_none_or(|behind| format!("{uri}{behind}") == path).into()
}
