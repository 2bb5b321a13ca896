//! One round: the fixes of one report that can be made together.

use super::edits::{self, Refusal};
use crate::finding::{Edit, Finding, Fix, RuleId, Safety};
use crate::source::{FileId, Sources};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// A fix, by what it is for: the same in every round.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mention {
    /// The file it changes.
    pub path: PathBuf,
    /// Where the finding is or, if that is in another file, the change: line and column, from 1.
    pub at: (u32, u32),
    /// The rule.
    pub rule: RuleId,
    /// What the fix does, in the imperative.
    pub title: String,
}

/// What a round does.
#[derive(Debug, Default)]
pub(super) struct Round {
    /// Files that change, with their new text.
    pub(super) texts: BTreeMap<PathBuf, String>,
    /// The fixes that are in these texts.
    pub(super) made: Vec<Mention>,
    /// Those that cannot be, and why.
    pub(super) refused: BTreeMap<Mention, String>,
}

/// Makes as many fixes as go together, in the order of the findings. `may` says why a file must not
/// be changed.
pub(super) fn round(
    findings: &[Finding],
    sources: &Sources,
    safety: Safety,
    may: impl Fn(&PathBuf) -> Result<(), String>,
) -> Round {
    let mut round = Round::default();
    let mut by_file: BTreeMap<FileId, Vec<(Mention, &Fix)>> = BTreeMap::new();
    for finding in findings {
        let Some(fix) = wanted(finding, safety) else { continue };
        let source = sources.file(fix.file());
        let mention = mention(finding, fix, sources);
        if source.embedded {
            continue;
        }
        match may(&source.path) {
            Ok(()) => by_file.entry(fix.file()).or_default().push((mention, fix)),
            Err(why) => drop(round.refused.insert(mention, why)),
        }
    }
    for (file, fixes) in by_file {
        round.file(sources, file, &fixes);
    }
    round
}

/// The first fix of a finding that may be made unseen, or with `Safety::Suggestion` the first at all.
fn wanted(finding: &Finding, safety: Safety) -> Option<&Fix> {
    finding.fixes.iter().filter(|fix| fix.safety <= safety).min_by_key(|fix| fix.safety)
}

fn mention(finding: &Finding, fix: &Fix, sources: &Sources) -> Mention {
    let inside = finding.primary.at.span().filter(|span| span.file == fix.file());
    let place = inside.unwrap_or(fix.edits()[0].span);
    let position = sources.position(place.file, place.start);
    let path = sources.file(place.file).path.clone();
    Mention { path, at: (position.line, position.column), rule: finding.rule.clone(), title: fix.title.clone() }
}

impl Round {
    /// Makes the fixes of one file: all together or, if that does not end well, one after the other.
    fn file(&mut self, sources: &Sources, file: FileId, fixes: &[(Mention, &Fix)]) {
        let text = &*sources.file(file).text;
        let mut taken: Vec<Edit> = vec![];
        let together: Vec<&(Mention, &Fix)> =
            fixes.iter().filter(|(_, fix)| edits::take(&mut taken, fix.edits())).collect();
        let mut outcome = edits::checked(file, text, &taken);
        let mut made: Vec<&Mention> = together.iter().map(|(mention, _)| mention).collect();
        if outcome.is_err() {
            (taken, made) = (vec![], vec![]);
            for (mention, fix) in together {
                match self.beside(file, text, &taken, fix) {
                    Ok((edits, fixed)) => {
                        (taken, outcome) = (edits, Ok(fixed));
                        made.push(mention);
                    }
                    Err(refusal) => drop(self.refused.insert(mention.clone(), refusal.to_owned())),
                }
            }
        }
        if let (Ok(fixed), false) = (outcome, made.is_empty())
            && fixed != text
        {
            self.texts.insert(sources.file(file).path.clone(), fixed);
            self.made.extend(made.into_iter().cloned());
        }
    }

    /// One more fix beside the edits `taken`.
    fn beside(&self, file: FileId, text: &str, taken: &[Edit], fix: &Fix) -> Result<(Vec<Edit>, String), Refusal> {
        let mut all = taken.to_vec();
        if !edits::take(&mut all, fix.edits()) {
            return Err("it gets in the way of another fix");
        }
        let fixed = edits::checked(file, text, &all)?;
        Ok((all, fixed))
    }
}
