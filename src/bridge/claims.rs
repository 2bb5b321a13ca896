//! Where assertions and warnings belong: at the definition they speak of, where that can be told.

use super::locate::Locator;
use super::record::ToldClaim;
use crate::option::{OptionEntry, OptionPath, Segment};
use crate::source::Origin;

/// A failing assertion or a warning.
#[derive(Clone, Debug)]
pub struct Claim {
    /// An assertion, which keeps the system from being built; otherwise a warning.
    pub is_assertion: bool,
    /// What it says, on one line; none where that cannot be evaluated.
    pub message: Option<String>,
    /// The option it speaks of, if somebody defines it.
    pub option: Option<OptionPath>,
    /// The definition of that option; else where the claim itself is written, if the user did that.
    pub at: Origin,
}

/// The claims with their places.
pub(super) fn placed(locator: &mut Locator<'_>, claims: &[ToldClaim], root: &OptionEntry) -> Vec<Claim> {
    let place = |claim: &ToldClaim| {
        let message = claim.message.as_deref().map(one_line);
        let about = message.as_deref().and_then(|message| spoken_of(message, root));
        let own = claim.at.as_ref().and_then(|place| locator.binding(&claim.file, place, "assertion"));
        let own = own.and_then(|site| site.at);
        let at = match (&about, own) {
            (Some((_, at)), _) => *at,
            (None, Some(at)) => at,
            (None, None) => locator.whole(&claim.file),
        };
        Claim { is_assertion: claim.is_assertion, message, option: about.map(|(path, _)| path), at }
    };
    claims.iter().map(place).collect()
}

/// The definition of the longest option that a message names.
fn spoken_of(message: &str, root: &OptionEntry) -> Option<(OptionPath, Origin)> {
    let words = message.split(|c: char| c.is_whitespace() || "`'‘’,;()".contains(c));
    let mut best: Option<(usize, OptionPath, Origin)> = None;
    for word in words.filter(|word| word.contains('.')) {
        let path = OptionPath::parse(word.trim_end_matches(['.', ':']));
        let (mut entry, mut depth) = (root, 0);
        for name in path.0.iter().filter_map(Segment::as_name) {
            let Some(child) = entry.child(name) else { break };
            (entry, depth) = (child, depth + 1);
        }
        // A namespace alone says nothing.
        let whole = depth == path.0.len() || !entry.definitions.is_empty();
        let definition = entry.all_definitions().into_iter().find(|one| one.site.span().is_some());
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
    let line: String = words.join(" ").chars().filter(|c| !c.is_control()).take(600).collect();
    line.trim_end_matches('.').to_owned()
}
