//! Whether a module on its own says anything about the options of interest: cheaper to tell than to
//! resolve it beside everything that nixpkgs declares, and true of few files.

use super::declared::is_option;
use super::definition::{Opened, Place, Raw, push_down_properties};
use super::wanted::Wanted;
use super::{Modules, StandIn, entries};
use crate::eval::{Eval, Kind, Thunk};
use crate::option::{Configuration, OptionPattern};
use std::collections::BTreeMap;

/// More definitions than this are not looked through; the module then counts as one that does.
const MOST: usize = 2_000;

/// The options that a module on its own has to say something about to be of interest.
pub(super) struct Touch {
    stand_in: StandIn,
    /// What rules read.
    wanted: Wanted,
    /// What may define the former: made once a module does not touch those.
    declared: Option<Wanted>,
}

impl Touch {
    pub(super) fn new(patterns: &[OptionPattern], stand_in: StandIn) -> Touch {
        Touch { stand_in, wanted: Wanted::touching(patterns, stand_in), declared: None }
    }

    fn meet(&mut self, eval: &mut Eval, raws: &[Raw]) -> bool {
        let stand_in = self.stand_in;
        self.wanted.meet(eval, raws.to_vec(), &mut { MOST })
            || self
                .declared
                .get_or_insert_with(|| Wanted::declared(eval, stand_in))
                .meet(eval, raws.to_vec(), &mut { MOST })
    }
}

impl Wanted {
    /// The paths that `patterns` name, and those in which other systems stand.
    fn touching(patterns: &[OptionPattern], stand_in: StandIn) -> Wanted {
        let mut paths = Wanted::new(patterns);
        let nested = stand_in.guests.iter().map(|guests| guests.path).chain([&[super::nested::VARIANTS][..]]);
        for path in nested {
            path.iter().fold(&mut paths, |at, name| at.below((*name).into())).all = true;
        }
        paths
    }

    /// The paths that `stand_in` declares.
    fn declared(eval: &mut Eval, stand_in: StandIn) -> Wanted {
        let mut paths = Wanted::default();
        let declaring = Modules::new(eval, "declarations", vec![], BTreeMap::new(), false, stand_in);
        if let Some(collected) = declaring.context.collected(eval) {
            for module in &collected.modules {
                if let Some(options) = &module.options {
                    paths.add_declared(eval, options);
                }
            }
        }
        declaring.release(eval);
        paths
    }

    fn add_declared(&mut self, eval: &mut Eval, options: &Thunk) {
        match eval.force_or_unknown(options).kind {
            Kind::Attrs(set) if !is_option(eval, &set) && set.is_complete() => {
                for (name, attribute) in &set.known {
                    self.below(name.clone()).add_declared(eval, &attribute.value);
                }
            }
            _ => self.all = true,
        }
    }

    /// Whether one of these definitions is, or may be, about one of the paths.
    fn meet(&self, eval: &mut Eval, raws: Vec<Raw>, left: &mut usize) -> bool {
        if self.all {
            return !raws.is_empty();
        }
        let mut todo = raws;
        while let Some(raw) = todo.pop() {
            if *left == 0 {
                return true;
            }
            *left -= 1;
            match push_down_properties(eval, raw, Place::Either) {
                Opened::Plain(raw, value) => {
                    let Kind::Attrs(set) = &value.kind else { return true };
                    if !set.is_complete() {
                        return true;
                    }
                    for (name, attribute) in &set.known {
                        for paths in self.following(Some(name)) {
                            if paths.meet(eval, vec![raw.attribute(eval, attribute)], left) {
                                return true;
                            }
                        }
                    }
                }
                Opened::Several(several) => todo.extend(several),
                Opened::Open(..) => return true,
            }
        }
        false
    }
}

impl Modules {
    /// These modules as a configuration, if they do not touch what is of interest: one without definitions.
    /// To be asked of modules without a stand-in, and of no whole configuration.
    pub(super) fn untouched(
        &self,
        eval: &mut Eval,
        touch: &mut Touch,
        patterns: &[OptionPattern],
    ) -> Option<Configuration> {
        eval.refill_all();
        let collected = self.context.collected(eval)?;
        let raws: Vec<Raw> = collected.modules.iter().filter_map(|module| module.config.clone()).collect();
        if touch.meet(eval, &raws) {
            return None;
        }
        let root = entries::nothing(eval, &self.context);
        Some(self.resolved(eval, root, patterns))
    }
}
