//! What a project asks for in its `optlint.toml`: which rules, how severe, and rules of its own.

mod read;

pub use crate::lint::meant;
pub use read::{KEYS, SettingsError};

use crate::lint::Selection;
use crate::source::Position;
use std::collections::BTreeMap;

/// The name of the file, beside `flake.nix` or at the top of the repository.
pub const FILE: &str = "optlint.toml";

/// The settings of a project.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// Where pages with rules of the project's own are: patterns of paths relative to the file.
    pub rules: Vec<String>,
    /// Which rules are asked, and how severe they are.
    pub selection: Selection,
    /// Where each word of the selection stands in the file.
    places: BTreeMap<String, Position>,
}

impl Settings {
    /// Reads the text of an `optlint.toml`.
    ///
    /// Errors: text that is no TOML, keys and types that this program does not know.
    pub fn parse(text: &str) -> Result<Self, SettingsError> {
        read::read(text)
    }

    /// The error of a word that names neither a rule, a category nor a tier, if there is one.
    /// `vocabulary` is what [`vocabulary`](crate::lint::vocabulary) gives.
    pub fn unknown_word(&self, vocabulary: &[&str]) -> Option<SettingsError> {
        let unknown = self.selection.words().find(|word| !vocabulary.contains(word))?;
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
