//! Values that are one of several, seen under a condition.

use crate::value::{Condition, Shape, Truth, Unknown, Value};

/// How deep values that are one of several may be nested before the inner ones are left as they are.
const DEPTH: u32 = 16;

/// What `value` may be when `given` holds, each with what must hold for it.
/// A value that is not one of several is its own and only alternative.
pub(super) fn alternatives<'v>(value: &'v Value, given: &Condition) -> Vec<(Condition, &'v Value)> {
    let mut found = Vec::new();
    flatten(value, given, DEPTH, &mut found);
    found
}

fn flatten<'v>(value: &'v Value, given: &Condition, depth: u32, found: &mut Vec<(Condition, &'v Value)>) {
    match &value.shape {
        Shape::OneOf(several) if depth > 0 => {
            for (condition, value) in several {
                if let Some(both) = given.and(condition) {
                    flatten(value, &both, depth - 1, found);
                }
            }
        }
        _ => found.push((given.clone(), value)),
    }
}

/// The answer for a value that is one of several: theirs, if they agree.
pub(super) fn agreement(given: &Condition, answers: impl IntoIterator<Item = (Condition, Truth)>) -> Truth {
    let mut agreed: Option<Truth> = None;
    let mut divided: Option<Unknown> = None;
    for (condition, answer) in answers {
        if let Truth::Unknown(_) = answer {
            return answer;
        }
        divided = divided.or_else(|| first_beyond(given, &condition));
        match &agreed {
            None => agreed = Some(answer),
            Some(before) if *before == answer => {}
            Some(_) => match divided {
                Some(unknown) => return Truth::Unknown(unknown),
                None => return answer,
            },
        }
    }
    agreed.unwrap_or(Truth::False)
}

/// What `condition` asks that `given` does not settle.
fn first_beyond(given: &Condition, condition: &Condition) -> Option<Unknown> {
    let settled = |unknown: &Unknown| given.literals().any(|(known, _)| known == unknown);
    condition.literals().find(|(unknown, _)| !settled(unknown)).map(|(unknown, _)| unknown.clone())
}

/// The part of the conditions that all of them share.
pub(super) fn common<'c>(mut conditions: impl Iterator<Item = &'c Condition>) -> Condition {
    let mut shared = conditions.next().cloned().unwrap_or_default();
    for condition in conditions {
        let mut both = Condition::always();
        for (unknown, wanted) in shared.literals() {
            let literal = Condition::when(unknown.clone(), wanted);
            if literal.follows_from(condition) {
                both = both.and(&literal).unwrap_or(both);
            }
        }
        shared = both;
    }
    shared
}

/// How many unknowns are tried both ways to see whether conditions leave a gap.
const TRIED: u32 = 6;

/// Whether one of the conditions holds in any case, given that `given` does.
pub(super) fn exhaust(conditions: &[&Condition], given: &Condition) -> bool {
    covered(conditions, given, TRIED)
}

fn covered(conditions: &[&Condition], given: &Condition, tries: u32) -> bool {
    if conditions.iter().any(|condition| condition.follows_from(given)) {
        return true;
    }
    let possible = conditions.iter().find(|condition| given.and(condition).is_some());
    let Some(unknown) = possible.and_then(|condition| first_beyond(given, condition)) else { return false };
    let both = [true, false].map(|wanted| given.and(&Condition::when(unknown.clone(), wanted)));
    tries > 0 && both.iter().flatten().all(|given| covered(conditions, given, tries - 1))
}
