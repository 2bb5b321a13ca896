//! What is known of modules that are not read: which options those of well-known flake inputs touch.

use super::StandIn;
use super::types::{list, text};
use crate::eval::{Eval, Kind};
use crate::option::{OptionPath, OptionPattern, PatternStep};
use crate::value::{Cause, Str};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// From the repository of a flake input, a pin or a channel, with or without its owner, to the prefixes of the
/// options its modules touch. The name that a flake gives an input counts only where nobody says what it is.
#[derive(Default)]
pub(super) struct KnownInputs(BTreeMap<String, Vec<Vec<Str>>>);

/// Reads the table that stands in for the inputs' modules.
pub(super) fn known(eval: &mut Eval, stand_in: StandIn) -> Rc<KnownInputs> {
    let Some((name, table)) = stand_in.inputs else { return Rc::default() };
    // Asked for with each set of modules, and always the same.
    if let Some(known) = KNOWN.with_borrow(|known| known.iter().find(|(of, _)| std::ptr::eq(*of, table)).cloned()) {
        return known.1;
    }
    let known = read(eval, name, table);
    KNOWN.with_borrow_mut(|all| all.push((table, known.clone())));
    known
}

thread_local! {
    /// What the tables say that were read.
    static KNOWN: RefCell<Vec<(&'static str, Rc<KnownInputs>)>> = const { RefCell::new(vec![]) };
}

fn read(eval: &mut Eval, name: &str, table: &str) -> Rc<KnownInputs> {
    let table = eval.embedded(name, table);
    let Kind::Attrs(table) = eval.force_or_unknown(&table).kind else { return Rc::default() };
    let mut known = BTreeMap::new();
    for (input, attribute) in &table.known {
        let prefixes = list(eval, &attribute.value).iter().filter_map(|prefix| text(eval, prefix)).collect::<Vec<_>>();
        let steps = |prefix: &String| OptionPath::parse(prefix).0.iter().map(|step| step.to_str()).collect();
        known.insert(input.to_ascii_lowercase(), prefixes.iter().map(steps).collect());
    }
    Rc::new(KnownInputs(known))
}

impl KnownInputs {
    /// Whether a module that is unknown for `cause` may define the option `path`, or something in it.
    pub(super) fn may_define(&self, cause: &Cause, path: &[Str]) -> bool {
        let Some((name, _)) = cause.tree() else { return true };
        let name = name.to_ascii_lowercase();
        let repository = name.rsplit('/').next().unwrap_or_default().trim_end_matches(".nix");
        let Some(prefixes) = self.0.get(&name).or_else(|| self.0.get(repository)) else { return true };
        prefixes.iter().any(|prefix| prefix.iter().zip(path).all(|(a, b)| !a.equals(b).is_false()))
    }

    /// Whether it may define an option that any of `patterns` names.
    pub(super) fn may_define_any(&self, cause: &Cause, patterns: &[OptionPattern]) -> bool {
        let names = |pattern: &OptionPattern| -> Vec<Str> {
            let names = pattern.0.iter().map_while(|step| match step {
                PatternStep::Name(name) => Some(Str::new(name.as_str())),
                PatternStep::Any => None,
            });
            names.collect()
        };
        patterns.iter().any(|pattern| self.may_define(cause, &names(pattern)))
    }
}
