//! Where the files of a flake lie: Nix copies them to the store before it evaluates them.
//!
//! A path is kept as the file that can be read here. Its text is that of the copy:
//! `/nix/store/<hash>-<source>/…`, where `<source>` hides in which folder of its source the flake lies.

use super::Eval;
use super::val::Val;
use crate::source::Origin;
use crate::value::{Cause, Context, Part, StoreKind, Str};
use std::path::{Path, PathBuf};

impl Eval {
    /// Says that what is evaluated is the flake at `root`; gives its `outPath`.
    pub fn set_flake(&mut self, root: &Path) -> Val {
        let known = self.flakes.iter().find(|(known, _)| known == root).map(|(_, object)| object.clone());
        let object = known.unwrap_or_else(|| {
            let name = self.new_unknown(Cause::Outside("where the flake lies in its source".into()), Origin::Default);
            let object = self.store_object(Str::hole(name), StoreKind::Copied(root.to_path_buf()), Origin::Default);
            self.flakes.push((root.to_path_buf(), object.clone()));
            self.flakes.sort_by_key(|(root, _)| std::cmp::Reverse(root.as_os_str().len()));
            object
        });
        let text = self.store_path(&object);
        Val::str(text, Origin::Default)
    }

    /// A path as text, as `toString` gives it.
    pub(super) fn path_text(&mut self, path: &Str) -> Str {
        let Some(known) = path.known() else { return self.partly_known_path(path) };
        let found = self.flakes.iter().find_map(|(root, object)| {
            let below = known.strip_prefix(&*root.to_string_lossy())?;
            (below.starts_with('/') || below.is_empty()).then(|| (below, object.clone()))
        });
        let Some((below, object)) = found else { return path.clone() };
        let mut text = self.store_path(&object);
        text.context = Context::default();
        text.push_text(below);
        text
    }

    /// What stands in a hole may be empty or lead upwards: only the names behind it are known.
    fn partly_known_path(&mut self, path: &Str) -> Str {
        if path.holes().all(super::string::is_store_hash) {
            return path.clone();
        }
        let Some(hole) = path.holes().next().cloned() else { return path.clone() };
        let suffix = path.known_suffix();
        let end = suffix.find('/').map_or("", |slash| &suffix[slash..]);
        let odd = end.split('/').skip(1).any(|name| matches!(name, "" | "." | ".."));
        let end = if odd { "" } else { end };
        let holes: Vec<_> = path.holes().map(|hole| hole.id.0.to_string()).collect();
        let before = self.derive(&hole, &format!("path {path} of {}", holes.join(" ")));
        let mut text = Str::hole(before);
        text.push_text(end);
        text
    }

    /// The file that a text means which [`Eval::path_text`] gave, or one made from it.
    pub(super) fn flake_file(&mut self, text: &Str) -> Option<PathBuf> {
        self.flakes.clone().into_iter().find_map(|(root, object)| {
            let source = self.store_path(&object);
            let (source, parts) = (source.parts(), text.parts());
            let (start, rest) = parts.split_at_checked(source.len())?;
            match (start == source, rest) {
                (true, []) => Some(root),
                (true, [Part::Text(below)]) if below.starts_with('/') => {
                    Some(crate::source::load::normalize(&root.join(below.trim_start_matches('/'))))
                }
                _ => None,
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::eval::Eval;
    use crate::source::files::Memory;
    use std::path::Path;

    #[test]
    fn paths_of_a_flake_as_text() {
        let check = |expression: &str, expected: &str| {
            let files = Memory::new([("/p/a/b.nix".into(), "{ x = 1; }".into()), ("/p/secret.txt".into(), "s".into())]);
            let mut eval = Eval::new(Box::new(files));
            eval.set_flake(Path::new("/p"));
            let thunk = eval.text_as("/p/default.nix".into(), expression);
            assert_eq!(eval.nix_text(&thunk).unwrap(), expected, "{expression}");
        };
        check("toString ./a", r#""/nix/store/${…}-${…}/a""#);
        check("toString /etc/x", r#""/etc/x""#);
        check("toString ../other", r#""/other""#);
        check(r#"baseNameOf "${toString ./a}/b.nix""#, r#""b.nix""#);
        check(r#"import "${toString ./a}/b.nix""#, "{ x = 1; }");
        check(r#"import (toString ./. + "/a/c/../b.nix")"#, "{ x = 1; }");
        check("builtins.readDir (toString ./a)", r#"{ "b.nix" = "regular"; }"#);
        check("builtins.pathExists (toString ./c)", "false");
        check(r#"toString (./a + "/${builtins.getEnv "X"}/c.nix")"#, r#""${…}/c.nix""#);
        check("toString ./a == toString ./a", "true");
        check("toString ./a == toString ./b", "false");
        check("builtins.attrNames (builtins.readDir ./a)", r#"[ "b.nix" ]"#);
        check(r#"builtins.substring 0 11 (toString ./secret.txt)"#, r#""/nix/store/""#);
    }
}
