//! What settings say besides which rules are asked, ready to be matched against files.

use super::Failure;
use super::rule_set::relative;
use crate::check::{Exception, Wishes};
use crate::lint::Selection;
use crate::report::escaped;
use crate::settings::Settings;
use crate::source::load::{self, Patterns};
use std::path::{Path, PathBuf};

/// The wishes in the settings `file`, seen from `folder`. `flags_decide`: which rules are on is not
/// for the settings to say.
pub(super) fn wishes(settings: &Settings, file: &Path, folder: &Path, flags_decide: bool) -> Result<Wishes, Failure> {
    let root = file.parent().unwrap_or(folder);
    let patterns = |patterns: &[String]| {
        Patterns::new(root, patterns).map_err(|error| Failure(format!("{}: {error}", relative(file, folder))))
    };
    let mut wishes =
        Wishes { skip: patterns(&settings.skip)?, safe_prefixes: settings.safe_prefixes.clone(), ..Wishes::default() };
    for pattern in &settings.entry_points {
        wishes.entry_points.extend(files("entry-points", pattern, file, folder)?);
    }
    for one in &settings.overrides {
        let disable = if flags_decide { vec![] } else { one.disable.clone() };
        let selection = Selection { disable, severity: one.severity.clone(), ..Selection::default() };
        wishes.exceptions.push(Exception { paths: patterns(&one.paths)?, selection });
    }
    Ok(wishes)
}

/// The files that a pattern under `key` in the settings `file` names: at least one.
pub(super) fn files(key: &str, pattern: &String, file: &Path, folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let root = file.parent().unwrap_or(folder);
    let found = load::matching(root, std::slice::from_ref(pattern)).map_err(Failure)?;
    match found.is_empty() {
        true => {
            let file = relative(file, folder);
            Err(Failure(format!("{file}: no file matches `{}`; correct `{key}`", escaped(pattern))))
        }
        false => Ok(found),
    }
}
