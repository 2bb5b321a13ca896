//! What a project asks for in its `optlint.toml`: which rules, how severe, and rules of its own.

mod read;

pub use crate::lint::meant;
pub use read::{KEYS, SettingsError};

use crate::finding::Severity;
use crate::lint::Selection;
use crate::source::Position;
use std::collections::BTreeMap;

/// The name of the file, beside `flake.nix` or at the top of the repository.
pub const FILE: &str = "optlint.toml";

/// A JSON schema of the file, for editors.
pub const SCHEMA: &str = include_str!("schema.json");

/// A file to start from, in which everything is a comment.
pub const COMMENTED: &str = include_str!("commented.toml");

/// The settings of a project.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// Where pages with rules of the project's own are: patterns of paths relative to the file.
    pub rules: Vec<String>,
    /// Which rules are asked, and how severe they are.
    pub selection: Selection,
    /// Files in which nothing is reported: patterns of paths.
    pub skip: Vec<String>,
    /// Files that configure a machine: patterns of paths.
    pub entry_points: Vec<String>,
    /// How texts begin that name a secret and are none.
    pub safe_prefixes: Vec<String>,
    /// Where the findings stand that are not reported: a path relative to the file.
    pub baseline: Option<String>,
    /// What Nix evaluates if it is asked: a path relative to the file.
    pub eval_file: Option<String>,
    /// How many seconds it may take for one configuration.
    pub eval_timeout: Option<u64>,
    /// Other rules for some paths.
    pub overrides: Vec<Override>,
    /// Where each key at the top stands in the file.
    pub keys: BTreeMap<String, Position>,
    /// Where each word of the selections stands in the file.
    places: BTreeMap<String, Position>,
}

/// Other rules for some paths.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Override {
    /// The line it begins on, from 1.
    pub line: u32,
    /// The files: patterns of paths relative to the settings' file.
    pub paths: Vec<String>,
    /// Not these.
    pub disable: Vec<String>,
    /// Severities by rule name.
    pub severity: BTreeMap<String, Severity>,
}

impl Settings {
    /// Reads the text of an `optlint.toml`.
    ///
    /// Errors: text that is no TOML, keys and types that this program does not know.
    pub fn parse(text: &str) -> Result<Self, SettingsError> {
        read::read(text)
    }

    /// The words that should name rules, categories and tiers.
    fn words(&self) -> impl Iterator<Item = &str> {
        let of_overrides = self.overrides.iter().flat_map(|one| one.disable.iter().chain(one.severity.keys()));
        self.selection.words().chain(of_overrides.map(String::as_str))
    }

    /// The error of a word that names neither a rule, a category nor a tier, if there is one.
    /// `vocabulary` is what [`vocabulary`](crate::lint::vocabulary) gives.
    pub fn unknown_word(&self, vocabulary: &[&str]) -> Option<SettingsError> {
        let unknown = self.words().find(|word| !vocabulary.contains(word))?;
        let place = self.places.get(unknown).copied().unwrap_or(Position { line: 1, column: 1, byte: 0 });
        Some(SettingsError::new(place, no_such_rule(unknown, vocabulary)))
    }
}

/// Says that there is no rule, category or tier `word`, and which one was probably meant.
pub fn no_such_rule(word: &str, vocabulary: &[&str]) -> String {
    let word: String = word.chars().flat_map(char::escape_debug).collect();
    match meant(&word, vocabulary.iter().copied()) {
        Some(meant) => format!("there is no rule, category or tier `{word}`; did you mean `{meant}`?"),
        None => format!("there is no rule, category or tier `{word}`; `optlint rules` lists them"),
    }
}

#[cfg(test)]
mod tests {
    use super::{COMMENTED, KEYS, SCHEMA, Settings};

    #[test]
    fn the_schema_describes_every_key() {
        let schema: serde_json::Value = serde_json::from_str(SCHEMA).unwrap();
        let mut described: Vec<&String> = schema["properties"].as_object().unwrap().keys().collect();
        let mut keys: Vec<&str> = KEYS.iter().map(|(key, _)| *key).collect();
        described.sort();
        keys.sort_unstable();
        assert_eq!(described, keys);
    }

    #[test]
    fn the_file_to_start_from_shows_every_key() {
        assert_eq!(Settings::parse(COMMENTED), Ok(Settings::default()));
        let settings = |line: &str| line.strip_prefix('#').filter(|rest| !rest.starts_with(' ')).map(String::from);
        let uncommented: Vec<String> = COMMENTED.lines().filter_map(settings).collect();
        let settings = Settings::parse(&uncommented.join("\n")).unwrap();
        assert_eq!(settings.keys.len(), KEYS.len());
    }
}
