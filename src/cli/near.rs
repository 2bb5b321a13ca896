//! Which option somebody meant who asked for one that nobody defines.

use crate::lint::likeness;
use crate::option::{OptionPath, OptionPattern, PatternStep, Segment};

/// Names are taken for one misspelt from here on. There are more options than rules know, so that a name
/// that is only similar may well be right.
const ALIKE: f64 = 0.75;

/// The option that `path` probably should be: one of `known` as far as its names go; `None` if `path`
/// may be right as it is.
pub(super) fn near(path: &OptionPath, known: &[OptionPattern]) -> Option<OptionPath> {
    let (mut right, mut is_other) = (path.clone(), false);
    for depth in 0..path.0.len() {
        let around = &right.0[..depth];
        let here = known.iter().filter(|one| one.0.len() > depth && one.0.iter().zip(around).all(agrees));
        let steps: Vec<&PatternStep> = here.map(|one| &one.0[depth]).collect();
        let names: Vec<&str> = steps.iter().filter_map(|step| name_of(step)).collect();
        let Some(name) = right.0[depth].as_name() else { continue };
        // Below what is known, and where any name will do, nothing is misspelt.
        if names.len() < steps.len() || names.is_empty() || names.contains(&name) {
            continue;
        }
        let score = |other: &&str| likeness(name, other);
        let best = names.iter().copied().max_by(|a, b| score(a).total_cmp(&score(b)).then(b.cmp(a)))?;
        if score(&best) < ALIKE {
            return None;
        }
        (right.0[depth], is_other) = (Segment::Name(best.into()), true);
    }
    is_other.then_some(right)
}

fn name_of(step: &PatternStep) -> Option<&str> {
    match step {
        PatternStep::Name(name) => Some(name.as_str()),
        PatternStep::Any => None,
    }
}

fn agrees((step, segment): (&PatternStep, &Segment)) -> bool {
    name_of(step).is_none_or(|name| segment.as_name() == Some(name))
}

#[cfg(test)]
mod tests {
    use super::near;
    use crate::option::{OptionPath, OptionPattern};

    fn check(path: &str, expected: Option<&str>) {
        let known = ["a.server.enable", "a.server.settings.server_name", "a.hosts.<name>.root", "sites"];
        let known = known.map(OptionPattern::parse);
        let found = near(&OptionPath::parse(path), &known).map(|path| path.to_string());
        assert_eq!(found.as_deref(), expected, "{path}");
    }

    #[test]
    fn misspelt() {
        check("a.server.enabel", Some("a.server.enable"));
        check("a.sever.settings.serverName", Some("a.server.settings.server_name"));
        check("a.hosts.\"example.org\".rot", Some("a.hosts.\"example.org\".root"));
        check("site", Some("sites"));
    }

    #[test]
    fn fine_or_unheard_of() {
        check("a.server.enable", None);
        check("a.server.settings.server_name.deep", None);
        check("a.server.package", None);
        check("a.hosts.anything", None);
        check("other.enable", None);
    }
}
