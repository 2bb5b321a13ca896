//! From what `imports` names to a flat list of modules.

use super::context::Context;
use crate::eval::{AttrSet, Attribute, Elem, Eval, Kind, Thunk, Val};
use crate::option::Gap;
use crate::source::Origin;
use crate::value::{Cause, Condition, Str};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::rc::Rc;

/// A module as somebody names it: a path, a function, a set.
#[derive(Clone)]
pub(super) struct ModuleSource {
    /// The module.
    pub value: Thunk,
    /// What it is imported under.
    pub condition: Condition,
    /// Only `config`: a submodule's definition, whose keys are never `imports` or `options`.
    pub only_config: bool,
    /// Ships with this program.
    pub embedded: bool,
    /// The priority and order of the definition this is, for a submodule.
    pub inherited: super::definition::Raw,
}

/// A module, read.
pub(super) struct Module {
    /// Its option declarations.
    pub options: Option<Thunk>,
    /// Its definitions.
    pub config: Option<super::definition::Raw>,
    /// The type of what it does not declare.
    pub freeform: Option<Thunk>,
    /// Ships with this program.
    pub embedded: bool,
}

/// All modules of an evaluation.
#[derive(Default)]
pub(super) struct Collected {
    pub modules: Vec<Module>,
}

/// How deep imports may nest.
const DEEPEST: u32 = 200;

/// Follows all imports.
pub(super) fn collect(eval: &mut Eval, context: &Rc<Context>) -> Collected {
    let arguments = context.arguments(eval);
    let mut walk = Walk { context: context.clone(), arguments, seen: BTreeSet::new(), found: Collected::default() };
    for source in &context.sources {
        walk.source(eval, source.clone(), Origin::Default, 0);
    }
    walk.found
}

struct Walk {
    context: Rc<Context>,
    arguments: Thunk,
    seen: BTreeSet<(PathBuf, Condition)>,
    found: Collected,
}

impl Walk {
    fn gap(&mut self, eval: &mut Eval, value: &Val, at: Origin) {
        let unknown = match &value.kind {
            Kind::Unknown(unknown) => unknown.clone(),
            _ => eval.new_unknown(Cause::Unsupported("a module of this shape".into()), at),
        };
        self.gap_of(unknown, at);
    }

    fn gap_of(&mut self, unknown: crate::value::Unknown, at: Origin) {
        let mut gaps = self.context.reach.gaps.borrow_mut();
        if !gaps.iter().any(|gap| gap.unknown == unknown && gap.at == at) {
            gaps.push(Gap { unknown, at });
        }
    }

    /// One module, by whatever it was named; `at` is the import.
    fn source(&mut self, eval: &mut Eval, source: ModuleSource, at: Origin, depth: u32) {
        if depth > DEEPEST {
            let unknown = eval.new_unknown(Cause::Budget("imports nested too deep"), at);
            return self.gap_of(unknown, at);
        }
        let at = match source.value.origin() {
            origin @ Origin::Written(_) => eval.public_origin(origin),
            _ => at,
        };
        let value = eval.force_or_unknown(&source.value);
        self.value(eval, value, source, at, depth);
    }

    fn value(&mut self, eval: &mut Eval, value: Val, source: ModuleSource, at: Origin, depth: u32) {
        match &value.kind {
            Kind::Path(_) | Kind::Str(_) => match eval.file_path(&value, at) {
                Ok(Ok(path)) => self.file(eval, path, source, at, depth),
                Ok(Err(unknown)) => self.gap(eval, &unknown, at),
                Err(failure) => {
                    let unknown = eval.failed(&failure);
                    self.gap(eval, &unknown, at);
                }
            },
            Kind::OneOf(alternatives) => {
                for (condition, thunk) in alternatives.iter() {
                    if let Some(both) = source.condition.and(condition) {
                        let alternative = ModuleSource { value: thunk.clone(), condition: both, ..source.clone() };
                        self.source(eval, alternative, at, depth + 1);
                    }
                }
            }
            Kind::Attrs(set) if set.known.contains_key("outPath") && !set.known.contains_key("config") => {
                match eval.file_path(&value, at) {
                    Ok(Ok(path)) => self.file(eval, path, source, at, depth),
                    _ => self.gap(eval, &value, at),
                }
            }
            _ if eval.is_callable(&value) => {
                let arguments = self.arguments.clone();
                let result = eval.apply(&value, arguments, at);
                let result = result.unwrap_or_else(|failure| eval.failed(&failure));
                match result.kind {
                    Kind::Path(_) | Kind::Str(_) | Kind::OneOf(_) => self.value(eval, result, source, at, depth + 1),
                    _ => self.set(eval, result, source, at, depth),
                }
            }
            _ => self.set(eval, value, source, at, depth),
        }
    }

    fn file(&mut self, eval: &mut Eval, path: PathBuf, source: ModuleSource, at: Origin, depth: u32) {
        if !self.seen.insert((path.clone(), source.condition.clone())) {
            return;
        }
        let value = eval.import_file(&path, at);
        self.context.reach.files.borrow_mut().insert(path);
        self.source(eval, ModuleSource { value, ..source }, at, depth + 1);
    }

    /// A module that is a set, or whatever else a function gave.
    fn set(&mut self, eval: &mut Eval, value: Val, source: ModuleSource, at: Origin, depth: u32) {
        let set = match &value.kind {
            Kind::Attrs(set) => set.clone(),
            _ => return self.gap(eval, &value, at),
        };
        if source.only_config {
            return self.push(&value, &set, None, None, &source);
        }
        if let Some(imports) = set.known.get("imports") {
            self.imports(eval, &imports.value.clone(), &source, at, depth);
        }
        let structured = set.known.contains_key("config") || set.known.contains_key("options");
        let freeform = set.known.get("freeformType").map(|attribute| attribute.value.clone());
        if structured {
            let options = set.known.get("options").map(|attribute| attribute.value.clone());
            let config = set.known.get("config").cloned();
            let raw = config.map(|Attribute { value, site }| source.inherited.with(value, site, &source.condition));
            self.found.modules.push(Module { options, config: raw, freeform, embedded: source.embedded });
        } else {
            let mut plain = (*set).clone();
            for name in ["imports", "_file", "key", "disabledModules", "_class", "freeformType", "require", "meta"] {
                if name != "meta" || context_is_root(&self.context) {
                    plain.known.remove(name);
                }
            }
            let plain = Rc::new(plain);
            let shorthand = Val::new(Kind::Attrs(plain.clone()), value.origin);
            self.push(&shorthand, &plain, None, freeform, &source);
        }
        if let Some(unknown) = set.why_open() {
            self.gap_of(unknown.clone(), at);
        }
    }

    fn push(
        &mut self,
        value: &Val,
        _set: &AttrSet,
        options: Option<Thunk>,
        freeform: Option<Thunk>,
        source: &ModuleSource,
    ) {
        let thunk = Thunk::done(value.clone());
        let raw = source.inherited.with(thunk, source.inherited.site, &source.condition);
        self.found.modules.push(Module { options, config: Some(raw), freeform, embedded: source.embedded });
    }

    fn imports(&mut self, eval: &mut Eval, imports: &Thunk, source: &ModuleSource, at: Origin, depth: u32) {
        let list = eval.force_or_unknown(imports);
        let list = eval.spread(&list, at).unwrap_or(list);
        let items = match &list.kind {
            Kind::List(items) => items.clone(),
            _ => return self.gap(eval, &list, imports.origin()),
        };
        for item in items.iter() {
            let next = |value: &Thunk, condition: Condition| ModuleSource {
                value: value.clone(),
                condition,
                only_config: false,
                embedded: source.embedded,
                inherited: source.inherited.clone(),
            };
            match item {
                Elem::One(thunk) => self.source(eval, next(thunk, source.condition.clone()), at, depth + 1),
                Elem::Maybe(condition, thunk) => {
                    if let Some(both) = source.condition.and(condition) {
                        self.source(eval, next(thunk, both), at, depth + 1);
                    }
                }
                Elem::Rest(unknown) => self.gap_of(unknown.clone(), eval.public_origin(imports.origin())),
            }
        }
    }
}

fn context_is_root(context: &Context) -> bool {
    context.prefix.is_empty()
}

impl ModuleSource {
    /// A module somebody wrote.
    pub(super) fn written(value: Thunk) -> Self {
        Self {
            value,
            condition: Condition::always(),
            only_config: false,
            embedded: false,
            inherited: super::definition::Raw::empty(),
        }
    }

    /// A module that ships with this program.
    pub(super) fn embedded(value: Thunk) -> Self {
        Self { embedded: true, ..Self::written(value) }
    }
}

/// A prefix as people read it.
pub(super) fn show(prefix: &[Str]) -> String {
    let segments = prefix.iter().map(|name| match name.known() {
        Some(known) => crate::option::Segment::Name(known.into()),
        None => crate::option::Segment::Partly(name.clone()),
    });
    crate::option::OptionPath(segments.collect()).to_string()
}
