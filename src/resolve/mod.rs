//! The module system, statically: from entry points to [`Configuration`]s.

mod arguments;
mod context;
mod declared;
mod definition;
mod done;
mod elsewhere;
mod entries;
mod entry;
mod flake;
mod framework;
mod host;
mod image;
mod imports;
mod input;
mod inputs;
mod kept;
mod level;
mod lock;
mod merge;
mod module;
mod nested;
mod network;
mod nixpkgs;
mod node;
mod options;
mod parts;
mod pins;
mod presence;
mod project;
mod relevance;
mod request;
mod system;
mod team;
mod test;
mod touch;
mod tree;
mod types;
mod undeclared;
mod unreached;
mod untold;
mod wanted;

pub use framework::FlakeStandIn;
pub use nested::Guests;
pub use project::Resolver;
pub use request::{Request, Supply, Visitor};
pub use team::{Member, Team, Visits};

use crate::eval::{Eval, Thunk, Val};
use crate::option::{self, Configuration, OptionEntry, OptionPattern, Purpose};
use crate::source::{FileId, Origin};
use crate::value::{Cause, Name};
use context::{Context, Reach};
use entries::Entries;
use module::ModuleSource;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::rc::Rc;

/// What stands in for modules that are not read. Each text has a name in angle brackets.
#[derive(Clone, Copy, Debug, Default)]
pub struct StandIn {
    /// What `_class` of the modules must be, where they say it.
    pub class: Option<&'static str>,
    /// Modules that declare what nixpkgs declares.
    pub declarations: &'static [(&'static str, &'static str)],
    /// A set from the usual names of flake inputs to the prefixes of the options their modules touch.
    pub inputs: Option<(&'static str, &'static str)>,
    /// Flakes whose functions make configurations.
    pub flakes: &'static [FlakeStandIn],
    /// The module that deployment tools for networks add to each machine.
    pub network: Option<(&'static str, &'static str)>,
    /// Options that a machine's own module defines and a shared one does not, each with its path in steps.
    pub of_hosts: &'static [&'static [&'static str]],
    /// The option that says what a machine is called.
    pub name_of_hosts: &'static [&'static str],
    /// Options in which other systems stand.
    pub guests: &'static [Guests],
}

/// A set of modules to be evaluated together.
pub struct Modules {
    context: Rc<Context>,
    name: String,
    /// What makes a configuration of them, in words.
    made_by: String,
    /// Where that stands.
    made_at: Origin,
    purpose: Purpose,
    /// With the declarations of NixOS; `evalModules` alone has none.
    is_system: bool,
    /// Whether they are a system inside another one.
    guest: bool,
}

impl Modules {
    /// Modules with the arguments they are given; `whole`: together they are a configuration.
    pub fn new(
        eval: &mut Eval,
        name: &str,
        modules: Vec<Thunk>,
        mut args: BTreeMap<Name, Thunk>,
        whole: bool,
        stand_in: StandIn,
    ) -> Modules {
        // nixpkgs' own modules come first, too.
        let mut sources = vec![];
        for (name, text) in stand_in.declarations {
            sources.push(ModuleSource::embedded(eval.embedded(name, text)));
        }
        sources.extend(modules.into_iter().map(ModuleSource::written));
        if let Some(class) = stand_in.class {
            args.entry("_class".into()).or_insert_with(|| Thunk::done(Val::text(class, Origin::Default)));
        }
        let kept = Rc::<kept::Kept>::default();
        eval.hold(kept.clone());
        let reach = Reach::new(whole, inputs::known(eval, stand_in), kept);
        let context = Context::new(vec![], args, reach, sources);
        let is_system = !stand_in.declarations.is_empty();
        Modules::in_context(context, name, is_system)
    }

    fn in_context(context: Rc<Context>, name: &str, is_system: bool) -> Modules {
        let (made_by, made_at) = ("modules".to_owned(), Origin::Default);
        Modules { context, name: name.to_owned(), made_by, made_at, purpose: Purpose::System, is_system, guest: false }
    }

    /// Says what makes a configuration of these modules, and where that stands.
    pub(super) fn made(self, by: impl Into<String>, at: Origin) -> Modules {
        Modules { made_by: by.into(), made_at: at, ..self }
    }

    /// The same, to which nobody adds: they declare all options there are.
    pub(super) fn closed(self) -> Modules {
        self.context.reach.closed.set(true);
        self
    }

    /// Notes that there may be modules which were not read.
    fn add_gap(&self, eval: &mut Eval, cause: Cause, at: Origin) {
        let gap = option::Gap { unknown: eval.new_unknown(cause, Origin::Default), at, within: vec![], matters: true };
        self.context.reach.gaps.borrow_mut().push(gap);
    }

    /// The same, meant for something else.
    fn of_purpose(self, purpose: Purpose) -> Modules {
        Modules { purpose, ..self }
    }

    /// The same with more modules and arguments.
    pub(super) fn extended(&self, more: Vec<Thunk>, args: BTreeMap<Name, Thunk>) -> Modules {
        let sources = self.context.sources.iter().cloned().chain(more.into_iter().map(ModuleSource::written)).collect();
        let reach = self.context.reach.variant();
        reach.closed.set(self.context.reach.closed.get());
        let args = self.context.args.clone().into_iter().chain(args).collect();
        let context = Context::new(self.context.prefix.clone(), args, reach, sources);
        Modules::in_context(context, &self.name, self.is_system).of_purpose(self.purpose)
    }

    /// `config`, lazily.
    pub fn config(&self) -> Thunk {
        self.context.lent_config()
    }

    /// `options`, lazily.
    pub(super) fn options(&self) -> Thunk {
        self.context.lent_options()
    }

    /// Gives back what was computed to resolve it, unless somebody else may hold on to that. What
    /// is asked of it later is computed again.
    pub(super) fn release(&self, eval: &mut Eval) {
        self.context.reach.kept.release(eval);
    }

    /// The files of the modules, and those that definitions come from.
    fn files(&self, eval: &Eval, root: &OptionEntry) -> BTreeSet<FileId> {
        let of_path = |path: &PathBuf| eval.sources.find(path).or_else(|| eval.sources.find(&path.join("default.nix")));
        let mut files: BTreeSet<FileId> = self.context.reach.files.borrow().iter().filter_map(of_path).collect();
        for definition in root.definitions_so_far() {
            let places = [definition.site, definition.expression, definition.value.origin];
            files.extend(places.iter().filter_map(Origin::file));
        }
        files
    }

    /// The options that `patterns` name, resolved.
    pub fn resolve(&self, eval: &mut Eval, patterns: &[OptionPattern]) -> Configuration {
        self.requested(eval, &mut Request::all(patterns), |_, found| found)
    }

    /// The options that are requested, resolved; `named` says what is known of the configuration besides.
    pub(super) fn requested(
        &self,
        eval: &mut Eval,
        request: &mut Request<'_>,
        named: impl FnOnce(&Eval, Configuration) -> Configuration,
    ) -> Configuration {
        eval.refill_all();
        let Request { patterns, wanted, visitor, visits, .. } = request;
        let Some(root) = self.context.root(eval) else {
            let unknown = eval.new_unknown(Cause::Recursion, Origin::Default);
            let found = self.resolved(eval, OptionEntry::unknown(Default::default(), unknown), patterns);
            return named(eval, found);
        };
        let mut entries = match visitor {
            Some(_) => Entries::on_demand(eval, wanted),
            None => Entries::all(wanted),
        };
        let tree = entries.root(eval, &root);
        let found = self.resolved(eval, tree, patterns);
        let mut found = named(eval, found);
        found.asked = entries.asked();
        if let Some(visitor) = visitor {
            let mut supply = Supply { modules: self, patterns, entries, root };
            visitor(eval, &mut found, &mut supply);
            *visits += 1;
            found.files = self.files(eval, &found.root);
            found.defines = found.root.is_written();
            found.root = OptionEntry { children: Default::default(), partly_named: vec![], ..found.root };
        }
        found
    }

    /// The files of the modules, as far as imports outside of options say.
    pub(super) fn module_files(&self, eval: &mut Eval) -> Vec<PathBuf> {
        self.context.collected(eval);
        self.context.reach.files.borrow().iter().cloned().collect()
    }

    /// The configuration without any options.
    pub(super) fn unresolved(&self, eval: &mut Eval, request: &Request<'_>) -> Configuration {
        let unknown = eval.new_unknown(Cause::NotRead("it was passed over".into()), Origin::Default);
        self.resolved(eval, OptionEntry::unknown(Default::default(), unknown), request.patterns)
    }

    /// The configuration with this option tree.
    fn resolved(&self, eval: &mut Eval, root: OptionEntry, patterns: &[OptionPattern]) -> Configuration {
        let mut configuration = Configuration {
            files: self.files(eval, &root),
            name: self.name.clone(),
            whole: self.context.reach.whole,
            guest: self.guest,
            defines: root.is_written(),
            root,
            asked: Default::default(),
            gaps: vec![],
            purpose: self.purpose,
            resolved_by: option::Resolver::Static,
            recognised_by: self.made_by.clone(),
            entry: eval.public_origin(self.made_at),
            entry_point: option::EntryPoint::Other,
        };
        self.note_gaps(&mut configuration, patterns);
        configuration
    }

    /// Tells the configuration of the gaps that were met meanwhile.
    fn note_gaps(&self, configuration: &mut Configuration, patterns: &[OptionPattern]) {
        for gap in self.context.reach.gaps.borrow().iter().skip(configuration.gaps.len()) {
            let matters = self.context.reach.inputs.may_define_any(&gap.unknown.cause, patterns);
            configuration.gaps.push(option::Gap { matters, ..gap.clone() });
        }
    }
}
