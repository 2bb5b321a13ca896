//! What the program finds itself in: the current folder, the terminal, the environment.
//!
//! The one module that asks; everything below is told.

use super::args::Color;
use std::path::PathBuf;

/// Columns where nobody says how many there are.
const WIDTH: usize = 80;

/// What says where Nix finds its settings, the store and modules.
const NIX_VARIABLES: [&str; 10] = [
    "HOME",
    "NIX_CONFIG",
    "NIX_CONF_DIR",
    "NIX_PATH",
    "NIX_REMOTE",
    "NIX_STATE_DIR",
    "NIX_STORE_DIR",
    "NIX_USER_CONF_FILES",
    "XDG_CONFIG_DIRS",
    "XDG_CONFIG_HOME",
];

/// Where output goes and where paths start.
#[derive(Clone, Debug)]
pub(super) struct Surroundings {
    /// The current folder, absolute.
    pub(super) folder: PathBuf,
    /// Whether standard output is a terminal.
    pub(super) terminal: bool,
    /// Whether escape sequences may be written to standard output.
    pub(super) color: bool,
    /// Whether the terminal that standard output is makes links of what says that it is one.
    pub(super) links: bool,
    /// Whether characters outside ASCII may be drawn.
    pub(super) unicode: bool,
    /// Columns of the terminal.
    pub(super) width: usize,
    /// Where programs may keep what they can compute again.
    pub(super) cache: Option<PathBuf>,
    /// The environment variables that Nix heeds.
    pub(super) nix: Vec<(String, String)>,
}

impl Surroundings {
    /// Asks `variable` for environment variables; `terminal` and `width` are those of
    /// standard output.
    pub(super) fn new(
        folder: PathBuf,
        color: Color,
        terminal: bool,
        width: Option<usize>,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Self {
        let set = |name| variable(name).filter(|value| !value.is_empty());
        let columns = || set("COLUMNS").and_then(|columns| columns.parse().ok());
        Self {
            folder,
            terminal,
            links: false,
            color: match color {
                Color::Always => true,
                Color::Never => false,
                // https://no-color.org and https://bixense.com/clicolors
                Color::Auto if set("NO_COLOR").is_some() => false,
                Color::Auto if set("CLICOLOR_FORCE").is_some_and(|value| value != "0") => true,
                Color::Auto => {
                    terminal
                        && set("TERM").is_none_or(|term| term != "dumb")
                        && set("CLICOLOR").is_none_or(|value| value != "0")
                }
            },
            unicode: speaks_utf8(&["LC_ALL", "LC_CTYPE", "LANG"].map(set)),
            cache: match set("OPTLINT_NO_CACHE") {
                None => cache_folder(set("XDG_CACHE_HOME"), set("HOME")),
                Some(_) => None,
            },
            nix: NIX_VARIABLES.iter().filter_map(|name| Some(((*name).to_owned(), variable(name)?))).collect(),
            width: width.or_else(columns).filter(|width| *width > 0).unwrap_or(WIDTH),
        }
    }
}

/// https://specifications.freedesktop.org/basedir-spec/latest
fn cache_folder(cache: Option<String>, home: Option<String>) -> Option<PathBuf> {
    let given = cache.map(PathBuf::from).filter(|folder| folder.is_absolute());
    let folder = given.or_else(|| home.map(|home| PathBuf::from(home).join(".cache")))?;
    Some(folder.join("optlint")).filter(|folder| folder.is_absolute())
}

/// The first of the variables that is set decides; none says nothing against it.
fn speaks_utf8(locales: &[Option<String>]) -> bool {
    let first = locales.iter().flatten().next().map(|locale| locale.to_ascii_lowercase());
    first.is_none_or(|locale| locale.contains("utf-8") || locale.contains("utf8"))
}

#[cfg(test)]
mod tests {
    use super::{Color, Surroundings};

    /// `environment` is `NAME=value …`; the answer `color unicode width`.
    fn check(color: Color, terminal: bool, width: Option<usize>, environment: &str, expected: &str) {
        let variable = |name: &str| {
            let mut pairs = environment.split(' ').filter_map(|pair| pair.split_once('='));
            pairs.find(|(key, _)| *key == name).map(|(_, value)| value.to_owned())
        };
        let found = Surroundings::new("/".into(), color, terminal, width, variable);
        let found = format!("{} {} {}", found.color, found.unicode, found.width);
        assert_eq!(found, expected, "{color:?} {terminal} {environment}");
    }

    #[test]
    fn color() {
        check(Color::Auto, true, Some(120), "", "true true 120");
        check(Color::Auto, false, None, "", "false true 80");
        check(Color::Auto, true, None, "NO_COLOR=1", "false true 80");
        check(Color::Auto, true, None, "NO_COLOR=", "true true 80");
        check(Color::Auto, false, None, "CLICOLOR_FORCE=1", "true true 80");
        check(Color::Auto, false, None, "CLICOLOR_FORCE=1 NO_COLOR=1", "false true 80");
        check(Color::Auto, true, None, "TERM=dumb", "false true 80");
        check(Color::Always, false, None, "NO_COLOR=1", "true true 80");
        check(Color::Never, true, None, "CLICOLOR_FORCE=1", "false true 80");
    }

    #[test]
    fn text() {
        check(Color::Never, true, None, "LANG=C COLUMNS=100", "false false 100");
        check(Color::Never, true, None, "LANG=C LC_ALL=de_DE.UTF-8 COLUMNS=x", "false true 80");
        check(Color::Never, true, Some(0), "LANG=en_US.utf8", "false true 80");
    }
}
