//! From what `imports` names to a flat list of modules.

use super::context::Context;
use super::imports::Graph;
use super::level::Options;
use super::nixpkgs;
use crate::eval::{AttrSet, Attribute, Coerce, Elem, Eval, Kind, Thunk, Val};
use crate::option::{Gap, write_name};
use crate::source::Origin;
use crate::value::{Cause, Condition, Str, Unknown};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::rc::Rc;

/// All that a module may say which has `config` or `options` (nixpkgs: `unifyModuleSyntax`).
const PARTS: [&str; 9] =
    ["_class", "_file", "config", "disabledModules", "freeformType", "imports", "key", "meta", "options"];

/// A module as somebody names it: a path, a function, a set.
#[derive(Clone)]
pub(super) struct ModuleSource {
    /// The module.
    pub value: Thunk,
    /// What it is imported under.
    pub condition: Condition,
    /// Only `config`: a submodule's definition, whose keys are never `imports` or `options`.
    pub only_config: bool,
    /// Not a module itself, but imported by one that says nothing else.
    pub wrapped: bool,
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
    /// Why nobody knows whether it is there.
    pub doubt: Option<Unknown>,
}

impl Module {
    /// What it declares.
    pub(super) fn declarations(&self) -> Option<Options> {
        let tree = self.options.clone()?;
        Some(Options { tree, embedded: self.embedded, doubt: self.doubt.clone() })
    }
}

/// All modules of an evaluation, in the order of their definitions.
pub(super) struct Collected {
    pub modules: Vec<Module>,
}

/// How deep imports may nest.
const DEEPEST: u32 = 200;
/// More modules than this are not read.
const MOST: usize = 20_000;

/// Follows all imports.
pub(super) fn collect(eval: &mut Eval, context: &Rc<Context>) -> Collected {
    let arguments = context.arguments(eval);
    // Two declarations of a submodule may not go together.
    if let Some(Kind::Unknown(unknown)) = context.args.get("_class").map(|class| eval.force_or_unknown(class).kind)
        && unknown.cause.is_failure()
    {
        context.refused.borrow_mut().get_or_insert(unknown);
    }
    let mut walk = Walk { context: context.clone(), arguments, files: BTreeMap::new(), graph: Graph::default() };
    let mut roots = vec![];
    for source in &context.sources {
        let found = walk.source(eval, source.clone(), Origin::Default, 0);
        match source.wrapped {
            true => roots.push(walk.graph.wrap(found)),
            false => roots.extend(found),
        }
    }
    Collected { modules: walk.graph.modules(eval, roots) }
}

struct Walk {
    context: Rc<Context>,
    arguments: Thunk,
    /// The modules that a file stands for under a condition.
    files: BTreeMap<(PathBuf, Condition), Vec<usize>>,
    graph: Graph,
}

impl Walk {
    fn gap(&mut self, eval: &mut Eval, value: &Val, at: Origin) -> Vec<usize> {
        let unknown = match &value.kind {
            Kind::Unknown(unknown) => unknown.clone(),
            Kind::Attrs(_) | Kind::OneOf(_) | Kind::Package(_) | Kind::Str(_) | Kind::Path(_) => {
                eval.new_unknown(Cause::Unsupported("a module of this shape".into()), at)
            }
            kind => eval.new_unknown(Cause::Fails(format!("a module is {}, not a set", kind.describe())), at),
        };
        self.gap_of(unknown, at);
        vec![]
    }

    fn gap_of(&mut self, unknown: Unknown, at: Origin) {
        let is_closed = !self.context.is_root() || self.context.reach.closed.get();
        if is_closed && unknown.cause.is_failure() {
            self.context.refused.borrow_mut().get_or_insert(unknown);
            return;
        }
        self.context.open.borrow_mut().get_or_insert_with(|| unknown.clone());
        let mut gaps = self.context.reach.gaps.borrow_mut();
        let within = self.context.prefix.clone();
        if !gaps.iter().any(|gap| {
            gap.unknown == unknown && gap.at == at && gap.within.len() == within.len() && gap.concerns(&within)
        }) {
            gaps.push(Gap { unknown, at, within, matters: true });
        }
    }

    /// One module, by whatever it was named; `at` is the import.
    fn source(&mut self, eval: &mut Eval, source: ModuleSource, at: Origin, depth: u32) -> Vec<usize> {
        if depth > DEEPEST || self.graph.len() > MOST {
            let unknown = eval.new_unknown(Cause::Budget("too many imports"), at);
            self.gap_of(unknown, at);
            return vec![];
        }
        let failing = source.condition.literals().find(|(unknown, _)| unknown.cause.is_failure());
        if let Some((unknown, _)) = failing {
            self.gap_of(unknown.clone(), at);
            return vec![];
        }
        let at = match source.value.origin() {
            origin @ Origin::Written(_) => eval.public_origin(origin),
            _ => at,
        };
        let value = eval.force_or_unknown(&source.value);
        self.value(eval, value, source, at, depth)
    }

    fn value(&mut self, eval: &mut Eval, value: Val, source: ModuleSource, at: Origin, depth: u32) -> Vec<usize> {
        match &value.kind {
            Kind::Path(_) | Kind::Str(_) => match eval.file_path(&value, at) {
                Ok(Ok(path)) => self.file(eval, path, source, at, depth),
                Ok(Err(unknown)) => {
                    let unknown = nixpkgs::module(eval, &value).unwrap_or(unknown);
                    self.gap(eval, &unknown, at)
                }
                Err(failure) => {
                    let unknown = eval.failed(&failure);
                    self.gap(eval, &unknown, at)
                }
            },
            Kind::OneOf(alternatives) => {
                let mut found = vec![];
                for (condition, thunk) in alternatives.iter() {
                    if let Some(both) = source.condition.and(condition) {
                        let alternative = ModuleSource { value: thunk.clone(), condition: both, ..source.clone() };
                        found.extend(self.source(eval, alternative, at, depth + 1));
                    }
                }
                found
            }
            Kind::Attrs(set) if set.known.contains_key("outPath") && !set.known.contains_key("config") => {
                match eval.file_path(&value, at) {
                    Ok(Ok(path)) => self.file(eval, path, source, at, depth),
                    _ => self.gap(eval, &value, at),
                }
            }
            _ if eval.is_callable(&value) => {
                self.note_file(eval, &value);
                let arguments = self.context.arguments_of(eval, &self.arguments, &value);
                let owner = self.context.reach.kept.owner(eval);
                let result = eval.for_owner(owner, |eval| eval.apply(&value, arguments, at));
                let result = result.unwrap_or_else(|failure| eval.failed(&failure));
                match result.kind {
                    Kind::Path(_) | Kind::Str(_) | Kind::OneOf(_) => self.value(eval, result, source, at, depth + 1),
                    _ => self.set(eval, result, source, at, depth),
                }
            }
            _ => self.set(eval, value, source, at, depth),
        }
    }

    /// Takes note of the file in which a module stands, however it got here: as a path, or imported
    /// as a value.
    fn note_file(&self, eval: &Eval, module: &Val) {
        let Some(file) = module.origin.file().map(|file| eval.sources.file(file)) else { return };
        if !file.embedded && !self.context.reach.files.borrow().contains(&file.path) {
            self.context.reach.files.borrow_mut().insert(file.path.clone());
        }
    }

    fn file(&mut self, eval: &mut Eval, path: PathBuf, source: ModuleSource, at: Origin, depth: u32) -> Vec<usize> {
        let memo = (path.clone(), source.condition.clone());
        if let Some(known) = self.files.get(&memo) {
            return known.clone();
        }
        // A file that imports itself counts once.
        self.files.insert(memo.clone(), vec![]);
        let value = match at {
            // Where everything begins there is nothing that it could be kept from.
            Origin::Default => eval.import_file(&path, at),
            _ => match eval.import_whole(&path, at) {
                Ok(value) => value,
                Err(refused) => return self.gap(eval, &refused, at),
            },
        };
        self.context.reach.files.borrow_mut().insert(path.clone());
        let found = self.source(eval, ModuleSource { value, ..source }, at, depth + 1);
        for node in &found {
            self.graph.name(*node, &path.to_string_lossy());
        }
        self.files.insert(memo, found.clone());
        found
    }

    /// A module that is a set, or whatever else a function gave.
    fn set(&mut self, eval: &mut Eval, value: Val, source: ModuleSource, at: Origin, depth: u32) -> Vec<usize> {
        let set = match &value.kind {
            Kind::Attrs(set) => set.clone(),
            _ => {
                let value = nixpkgs::module(eval, &value).unwrap_or(value);
                return self.gap(eval, &value, at);
            }
        };
        self.note_file(eval, &value);
        let module = self.module(&value, &set, &source);
        let node = self.graph.add(module, source.condition.clone());
        if source.only_config {
            return vec![node];
        }
        let get = |name: &str| set.known.get(name).map(|attribute| attribute.value.clone());
        if source.condition.is_always() && !source.embedded {
            self.unsupported(eval, &set);
            if let Some(class) = get("_class") {
                self.class(eval, &class);
            }
        }
        if let Some(key) = get("key").and_then(|key| key_text(eval, &key, at)) {
            self.graph.name(node, &key);
        }
        if let Some(disabled) = get("disabledModules") {
            self.disabled(eval, node, &disabled, &source.condition, at);
        }
        if let Some(imports) = get("imports") {
            let imported = self.imports(eval, &imports, &source, at, depth);
            self.graph.import(node, imported);
        }
        if let Some(unknown) = set.why_open() {
            self.gap_of(unknown.clone(), at);
        }
        vec![node]
    }

    /// Notes what stands beside `config` or `options` and is not for a module to say.
    fn unsupported(&mut self, eval: &mut Eval, set: &AttrSet) {
        if !set.known.contains_key("config") && !set.known.contains_key("options") {
            return;
        }
        let Some((name, attribute)) = set.known.iter().find(|(name, _)| !PARTS.contains(&name.as_str())) else {
            return;
        };
        let message = format!("a module that has `config` or `options` cannot have `{name}` beside them");
        let at = eval.public_origin(attribute.site);
        let unknown = eval.new_unknown(Cause::Fails(message), at);
        self.gap_of(unknown, at);
    }

    /// Notes a module that is meant for another kind of configuration.
    fn class(&mut self, eval: &mut Eval, class: &Thunk) {
        let Some(wanted) = self.context.args.get("_class").cloned() else { return };
        let (Some(wanted), Some(given)) = (super::types::text(eval, &wanted), super::types::text(eval, class)) else {
            return;
        };
        if wanted != given {
            let message = format!("a module of class `{given}` among modules of class `{wanted}`");
            let at = eval.public_origin(class.origin());
            let unknown = eval.new_unknown(Cause::Fails(message), at);
            self.gap_of(unknown, at);
        }
    }

    /// The modules that one says shall not count.
    fn disabled(&mut self, eval: &mut Eval, node: usize, disabled: &Thunk, condition: &Condition, at: Origin) {
        let list = eval.force_or_unknown(disabled);
        let list = eval.spread(&list, at).unwrap_or(list);
        let items = match &list.kind {
            Kind::List(items) => items.clone(),
            _ => return drop(self.gap(eval, &list, disabled.origin())),
        };
        for item in items.iter() {
            let (thunk, under) = match item {
                Elem::One(thunk) => (thunk, Some(condition.clone())),
                Elem::Maybe(inner, thunk) => (thunk, condition.and(inner)),
                Elem::Rest(unknown) => {
                    self.gap_of(unknown.clone(), eval.public_origin(disabled.origin()));
                    continue;
                }
            };
            let Some(under) = under else { continue };
            match self.key_of(eval, thunk, at) {
                Ok(Some(key)) => self.graph.disable(node, key, under),
                Ok(None) => (),
                Err(unknown) => self.gap_of(unknown, eval.public_origin(disabled.origin())),
            }
        }
    }

    /// What an item of `disabledModules` names; `None`: nothing that is known. Fails where Nix does.
    fn key_of(&mut self, eval: &mut Eval, item: &Thunk, at: Origin) -> Result<Option<String>, Unknown> {
        let value = eval.force_or_unknown(item);
        match &value.kind {
            Kind::Str(text) => {
                let Some(text) = text.known() else { return Ok(None) };
                let folder = match self.context.args.get("modulesPath").cloned() {
                    _ if text.starts_with('/') => return Ok(Some(text.to_owned())),
                    Some(folder) => key_text(eval, &folder, at),
                    None => None,
                };
                Ok(folder.map(|folder| format!("{folder}/{text}")))
            }
            Kind::Path(_) => {
                let path = eval.file_path(&value, at).ok().and_then(Result::ok);
                Ok(path.map(|path| path.to_string_lossy().into_owned()))
            }
            Kind::Attrs(set) if !set.known.contains_key("__toString") && !set.known.contains_key("outPath") => {
                match set.known.get("key") {
                    Some(key) => Ok(key_text(eval, &key.value.clone(), at)),
                    None if set.is_complete() => {
                        let message = "`disabledModules` names a set that has no `key`".to_owned();
                        Err(eval.new_unknown(Cause::Fails(message), eval.public_origin(item.origin())))
                    }
                    None => Ok(None),
                }
            }
            _ => Ok(key_text(eval, item, at)),
        }
    }

    /// What a module's set says, imports aside.
    fn module(&self, value: &Val, set: &Rc<AttrSet>, source: &ModuleSource) -> Module {
        let embedded = source.embedded;
        let doubt = source.condition.literals().next().map(|(unknown, _)| unknown.clone());
        let plain = |set: Rc<AttrSet>| {
            let thunk = Thunk::done(Val::new(Kind::Attrs(set), value.origin));
            Some(source.inherited.with(thunk, source.inherited.site, &source.condition))
        };
        if source.only_config {
            return Module { options: None, config: plain(set.clone()), freeform: None, embedded, doubt };
        }
        let freeform = set.known.get("freeformType").map(|attribute| attribute.value.clone());
        if set.known.contains_key("config") || set.known.contains_key("options") {
            let options = set.known.get("options").map(|attribute| attribute.value.clone());
            let config = set.known.get("config").cloned();
            let config = match set.known.get("meta").filter(|_| self.keeps_meta()) {
                Some(meta) => Some(with_meta(config, meta)),
                None => config,
            };
            let config = config.map(|Attribute { value, site }| source.inherited.with(value, site, &source.condition));
            return Module { options, config, freeform, embedded, doubt };
        }
        let mut rest = (**set).clone();
        for name in ["imports", "_file", "key", "disabledModules", "_class", "freeformType", "require", "meta"] {
            if name != "meta" || !self.keeps_meta() {
                rest.known.remove(name);
            }
        }
        Module { options: None, config: plain(Rc::new(rest)), freeform, embedded, doubt }
    }

    /// Whether `meta` is an option that modules declare. To NixOS it means nothing.
    fn keeps_meta(&self) -> bool {
        !self.context.is_root() || self.context.reach.closed.get()
    }

    fn imports(
        &mut self,
        eval: &mut Eval,
        imports: &Thunk,
        source: &ModuleSource,
        at: Origin,
        depth: u32,
    ) -> Vec<usize> {
        let list = eval.force_or_unknown(imports);
        let list = eval.spread(&list, at).unwrap_or(list);
        let items = match &list.kind {
            Kind::List(items) => items.clone(),
            _ => return self.gap(eval, &list, imports.origin()),
        };
        let mut found = vec![];
        for item in items.iter() {
            let next = |value: &Thunk, condition: Condition| ModuleSource {
                value: value.clone(),
                condition,
                only_config: false,
                wrapped: false,
                embedded: source.embedded,
                inherited: source.inherited.clone(),
            };
            match item {
                Elem::One(thunk) => {
                    found.extend(self.source(eval, next(thunk, source.condition.clone()), at, depth + 1));
                }
                Elem::Maybe(condition, thunk) => {
                    if let Some(both) = source.condition.and(condition) {
                        found.extend(self.source(eval, next(thunk, both), at, depth + 1));
                    }
                }
                Elem::Rest(unknown) => self.gap_of(unknown.clone(), eval.public_origin(imports.origin())),
            }
        }
        found
    }
}

/// What a module defines, `meta` beside `config` included.
fn with_meta(config: Option<Attribute>, meta: &Attribute) -> Attribute {
    let own = Val::attrs([("meta".into(), meta.value.clone())], meta.site);
    let contents = config.into_iter().map(|config| config.value).chain([Thunk::done(own)]).collect();
    let contents = Thunk::done(Val::list(contents, meta.site));
    let kind = Thunk::done(Val::text("merge", meta.site));
    let both = Val::attrs([("_type".into(), kind), ("contents".into(), contents)], meta.site);
    Attribute { value: Thunk::done(both), site: meta.site }
}

/// The text of a key, which `toString` makes.
fn key_text(eval: &mut Eval, key: &Thunk, at: Origin) -> Option<String> {
    let value = eval.force_or_unknown(key);
    match eval.coerce(&value, Coerce::ToString, at).ok()?.kind {
        Kind::Str(text) => text.known().map(str::to_owned),
        _ => None,
    }
}

impl ModuleSource {
    /// A module somebody wrote.
    pub(super) fn written(value: Thunk) -> Self {
        Self {
            value,
            condition: Condition::always(),
            only_config: false,
            wrapped: false,
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
    let mut shown = String::with_capacity(16 * prefix.len());
    for (at, name) in prefix.iter().enumerate() {
        // Writing to a string does not fail.
        let _ = write_name(&mut shown, at == 0, name);
    }
    shown
}
