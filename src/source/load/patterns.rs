//! Patterns of paths, as in `.gitignore`.

use ignore::gitignore::{Gitignore, GitignoreBuilder};
use std::fmt;
use std::path::{Path, PathBuf};

/// The most bytes of patterns that are in force together: what is made of them takes some hundred times as much.
pub(super) const MOST_PATTERNS: usize = 256 * 1024;

/// Which paths below a folder are meant. The default means none.
#[derive(Clone, Default)]
pub struct Patterns {
    root: PathBuf,
    lines: Vec<String>,
    matcher: Option<Gitignore>,
}

/// What follows from the lines is left out: it is long.
impl fmt::Debug for Patterns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Patterns").field(&self.root).field(&self.lines).finish()
    }
}

impl Patterns {
    /// Patterns that start at `root`, an absolute folder.
    ///
    /// Errors: a pattern that is none, or too many of them, as a sentence.
    pub fn new(root: &Path, patterns: &[String]) -> Result<Self, String> {
        if patterns.iter().map(String::len).sum::<usize>() > MOST_PATTERNS {
            return Err(format!("more than {} KB of patterns", MOST_PATTERNS / 1024));
        }
        let mut builder = GitignoreBuilder::new(root);
        for pattern in patterns {
            builder.add_line(None, pattern).map_err(|error| format!("`{pattern}` is no pattern: {error}"))?;
        }
        let matcher = builder.build().map_err(|error| error.to_string())?;
        let matcher = Some(matcher).filter(|matcher| !matcher.is_empty());
        Ok(Self { root: root.to_path_buf(), lines: patterns.to_vec(), matcher })
    }

    /// Whether a file (absolute) is meant, itself or by a folder that it is in.
    pub fn match_file(&self, path: &Path) -> bool {
        match (&self.matcher, path.strip_prefix(&self.root)) {
            (Some(matcher), Ok(below)) => matcher.matched_path_or_any_parents(below, false).is_ignore(),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Patterns;
    use std::path::Path;

    #[test]
    fn matching() {
        let patterns = ["old/", "*.gen.nix", "/hosts/*/test.nix", "!keep.gen.nix"].map(String::from);
        let patterns = Patterns::new(Path::new("/p"), &patterns).unwrap();
        let check = |path: &str, expected| assert_eq!(patterns.match_file(Path::new(path)), expected, "{path}");
        check("/p/old/a/b.nix", true);
        check("/p/a/old/b.nix", true);
        check("/p/x.gen.nix", true);
        check("/p/keep.gen.nix", false);
        check("/p/hosts/a/test.nix", true);
        check("/p/x/hosts/a/test.nix", false);
        check("/q/old/b.nix", false);
        let endless = vec!["[a-z]*".repeat(1000); 100];
        assert_eq!(Patterns::new(Path::new("/p"), &endless).err().as_deref(), Some("more than 256 KB of patterns"));
        assert!(!Patterns::default().match_file(Path::new("/p/old/a.nix")));
    }
}
