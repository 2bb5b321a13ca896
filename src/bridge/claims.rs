//! Where assertions and warnings belong: at the definition they speak of, where that can be told.

use super::locate::Locator;
use super::record::ToldClaim;
use crate::option::{OptionEntry, OptionPath, Segment};
use crate::source::Origin;
use std::collections::BTreeSet;

/// A failing assertion or a warning.
#[derive(Clone, Debug)]
pub struct Claim {
    /// An assertion, which keeps the system from being built; otherwise a warning.
    pub is_assertion: bool,
    /// What it says, on one line, however long; none where that cannot be evaluated.
    pub message: Option<String>,
    /// The option it speaks of, if somebody defines it.
    pub option: Option<OptionPath>,
    /// The definition of that option; else where the claim itself is written, if the user did that.
    pub at: Origin,
}

/// The claims with their places; `files` are those of the user's modules, as Nix names them.
pub(super) fn placed(
    locator: &mut Locator<'_>,
    claims: &[ToldClaim],
    files: &BTreeSet<String>,
    root: &OptionEntry,
) -> Vec<Claim> {
    let place = |claim: &ToldClaim| {
        let message = claim.message.as_deref().map(one_line);
        let about = message.as_deref().and_then(|message| spoken_of(message, root));
        // Options that no rule asks for are not in the tree.
        let written = || message.as_deref().and_then(|message| written(locator, message, files));
        let (option, at) = match about.or_else(written) {
            Some((path, at)) => (Some(path), at),
            None => (None, own_place(locator, claim)),
        };
        Claim { is_assertion: claim.is_assertion, message, option, at }
    };
    claims.iter().map(place).collect()
}

/// Where a claim itself is written, if it is the user's: exactly, else the list it is in, else the file.
fn own_place(locator: &mut Locator<'_>, claim: &ToldClaim) -> Origin {
    let exact = claim.at.as_ref().and_then(|place| locator.binding(&claim.file, place, "assertion"));
    let list = if claim.is_assertion { "assertions" } else { "warnings" };
    let site = exact.or_else(|| locator.search(&claim.file, &[list.to_owned()]));
    site.and_then(|site| site.at).unwrap_or_else(|| locator.whole(&claim.file))
}

/// What may be names of options in a message.
fn options_in(message: &str) -> impl Iterator<Item = OptionPath> {
    let words = message.split(|c: char| c.is_whitespace() || "`'‘’,;()".contains(c));
    words.filter(|word| word.contains('.')).map(|word| OptionPath::parse(word.trim_end_matches(['.', ':'])))
}

/// The only place in the user's modules where an option that a message names is written.
fn written(locator: &mut Locator<'_>, message: &str, files: &BTreeSet<String>) -> Option<(OptionPath, Origin)> {
    for path in options_in(message) {
        let names: Vec<String> = path.0.iter().filter_map(Segment::as_name).map(ToString::to_string).collect();
        let sites = files.iter().filter_map(|file| locator.search(file, &names)?.at);
        let sites: BTreeSet<Origin> = sites.collect();
        if let (Some(at), 1, true) = (sites.first(), sites.len(), names.len() == path.0.len() && names.len() > 1) {
            return Some((path, *at));
        }
    }
    None
}

/// The definition of the longest option that a message names.
fn spoken_of(message: &str, root: &OptionEntry) -> Option<(OptionPath, Origin)> {
    let mut best: Option<(usize, OptionPath, Origin)> = None;
    for path in options_in(message) {
        let (mut entry, mut depth) = (root, 0);
        for name in path.0.iter().filter_map(Segment::as_name) {
            let Some(child) = entry.child(name) else { break };
            (entry, depth) = (child, depth + 1);
        }
        // A namespace alone says nothing.
        let whole = depth == path.0.len() || !entry.definitions.is_empty();
        let definition = entry.definitions_below().find(|one| one.site.span().is_some());
        if let Some(definition) = definition.filter(|_| depth >= 2 && whole)
            && best.as_ref().is_none_or(|(known, ..)| *known < depth)
        {
            best = Some((depth, entry.path.clone(), definition.site));
        }
    }
    best.map(|(_, path, at)| (path, at))
}

/// Without line ends and the last full stop.
fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let line: String = words.join(" ").chars().filter(|c| !c.is_control()).collect();
    line.trim_end_matches('.').to_owned()
}
