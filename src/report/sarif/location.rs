//! Places as SARIF writes them.

use crate::report::place::encoded;
use crate::report::spot::range;
use crate::report::{Options, relative};
use crate::source::{Origin, Position, Sources};
use serde_json::{Value, json};
use std::path::Path;

/// The name of the folder that paths start at; GitHub takes it for the repository's top.
const BASE: &str = "%SRCROOT%";

/// What places are written against.
pub(super) struct Places<'a> {
    pub(super) sources: &'a Sources,
    pub(super) options: &'a Options,
}

impl Places<'_> {
    /// A place in a file, or at its top; the folder that was checked for what is nowhere.
    pub(super) fn physical(&self, at: Origin) -> Value {
        match at.file() {
            Some(_) => json!({ "artifactLocation": self.artifact(at), "region": self.region(at) }),
            None => json!({ "artifactLocation": { "uri": ".", "uriBaseId": BASE } }),
        }
    }

    /// The file of a place.
    pub(super) fn artifact(&self, at: Origin) -> Value {
        let path = at.file().map_or(Path::new("."), |file| &self.sources.file(file).path);
        self.artifact_of(path)
    }

    /// A file by its path.
    pub(super) fn artifact_of(&self, path: &Path) -> Value {
        let shown = relative(path, &self.options.base);
        if shown.starts_with("../") || shown.starts_with('/') || shown == ".." {
            return json!({ "uri": format!("file://{}", encoded(&path.to_string_lossy())) });
        }
        json!({ "uri": encoded(&shown), "uriBaseId": BASE })
    }

    /// Lines and columns of a place.
    pub(super) fn region(&self, at: Origin) -> Value {
        let Some((start, end)) = range(at, self.sources) else { return json!({ "startLine": 1 }) };
        let Position { line, column, .. } = start;
        json!({ "startLine": line, "startColumn": column, "endLine": end.line, "endColumn": end.column })
    }
}

/// What the base is; its address differs from machine to machine and is not told.
pub(super) fn base_ids() -> Value {
    json!({ BASE: { "description": { "text": "the folder that optlint was started in" } } })
}

#[cfg(test)]
mod tests {
    use super::{Options, Places, Sources};
    use std::path::Path;

    #[test]
    fn uris() {
        let (sources, options) = (Sources::default(), Options::plain("/home/me/nixos"));
        let places = Places { sources: &sources, options: &options };
        let uri = |path: &str| places.artifact_of(Path::new(path))["uri"].as_str().unwrap().to_owned();
        assert_eq!(uri("/home/me/nixos/a b.nix"), "a%20b.nix");
        assert_eq!(uri("/home/me/other/a.nix"), "file:///home/me/other/a.nix");
        assert_eq!(uri("/etc/a.nix"), "file:///etc/a.nix");
    }
}
