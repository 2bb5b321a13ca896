//! One evaluation of a set of modules: a configuration, or a submodule inside one.

use super::arguments::Made;
use super::elsewhere::Elsewhere;
use super::inputs::KnownInputs;
use super::kept::Kept;
use super::level::Level;
use super::module::{Collected, ModuleSource, show};
use crate::eval::{Elem, Eval, Kind, Thunk, Val};
use crate::option::{Gap, OptionPath, Segment, write_name};
use crate::source::Origin;
use crate::value::{Cause, Name, Str, Unknown};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

/// What the modules of one evaluation share.
pub(super) struct Context {
    /// The path of the option whose value this is; empty for a whole configuration.
    pub prefix: Vec<Str>,
    /// Arguments given from outside: `specialArgs`, for a submodule also `name`.
    pub args: BTreeMap<Name, Thunk>,
    /// Arguments that Nix takes from `_module.args`: no import can hang on them.
    pub late: BTreeMap<Name, Thunk>,
    /// Why Nix refuses the modules, all of them.
    pub refused: RefCell<Option<Unknown>>,
    /// Why there may be modules among these that were not read.
    pub open: RefCell<Option<Unknown>>,
    /// What undefined options mean.
    pub reach: Rc<Reach>,
    /// The modules, collected on first use.
    pub sources: Vec<ModuleSource>,
    collected: RefCell<Progress<Rc<Collected>>>,
    root: RefCell<Progress<Rc<Level>>>,
    config: RefCell<Option<Thunk>>,
    options: RefCell<Option<Val>>,
    /// What the configuration that they make up gives its modules.
    pub made: RefCell<Option<Made>>,
}

/// How far the modules that were read reach.
pub(super) struct Reach {
    /// A whole configuration, not a module on its own.
    pub whole: bool,
    /// They declare all options there are: nobody adds to them.
    pub closed: Cell<bool>,
    /// Which options the modules of well-known flake inputs touch.
    pub inputs: Rc<KnownInputs>,
    /// Imports that could not be followed.
    pub gaps: RefCell<Vec<Gap>>,
    /// The files of the modules that were.
    pub files: RefCell<BTreeSet<PathBuf>>,
    /// The unknown behind options that modules which were not read may define.
    pub unread: RefCell<Option<Unknown>>,
    /// One unknown for each undefined option.
    pub undefined: RefCell<HashMap<String, Unknown>>,
    /// The options that only the project declares, as far as they were looked at.
    own: RefCell<BTreeSet<String>>,
    /// The options that modules define of which only the declarations are known, as far as they were looked at.
    /// An option in another one may be none of those.
    elsewhere: RefCell<Vec<Elsewhere>>,
    /// What is to be given back at the end.
    pub kept: Rc<Kept>,
}

/// A value that is computed once and must not be asked for meanwhile.
enum Progress<T> {
    Todo,
    Busy,
    Done(T),
}

impl Reach {
    /// A new one; `kept` is to be let go of at the end.
    pub(super) fn new(whole: bool, inputs: Rc<KnownInputs>, kept: Rc<Kept>) -> Rc<Self> {
        Rc::new(Self {
            whole,
            closed: Cell::new(false),
            inputs,
            gaps: RefCell::default(),
            files: RefCell::default(),
            unread: RefCell::default(),
            undefined: RefCell::default(),
            own: RefCell::default(),
            elsewhere: RefCell::default(),
            kept,
        })
    }

    /// That of the same configuration with other modules.
    pub(super) fn variant(&self) -> Rc<Self> {
        Self::new(self.whole, self.inputs.clone(), self.kept.variant())
    }

    /// That of an element of a list in it, to which no other module can add.
    pub(super) fn inside(around: &Reach) -> Rc<Self> {
        Self::new(true, Rc::default(), around.kept.clone())
    }

    /// Takes note of an option that only the project declares.
    pub(super) fn note_own(&self, path: &[Str]) {
        self.own.borrow_mut().insert(show(path));
    }

    /// Whether `path` lies in the value of such an option.
    pub(super) fn is_own(&self, path: &[Str]) -> bool {
        let own = self.own.borrow();
        let mut shown = String::new();
        !own.is_empty()
            && (1..path.len()).any(|length| {
                // Writing to a string does not fail.
                let _ = write_name(&mut shown, length == 1, &path[length - 1]);
                own.contains(&shown)
            })
    }

    /// Why an option that is not defined here may be defined all the same; `None`: it is not.
    /// Modules from outside the project cannot know the options the project itself declares.
    pub(super) fn unread(&self, eval: &mut Eval, path: &[Str], declared_here: bool) -> Option<Unknown> {
        if !self.whole {
            let mut unread = self.unread.borrow_mut();
            let unknown = unread.get_or_insert_with(|| {
                let cause = Cause::NotRead("other modules of the configuration may define it".to_owned());
                eval.new_unknown(cause, Origin::Default)
            });
            return Some(unknown.clone());
        }
        let gap = self.gap(path, declared_here);
        gap.or_else(|| if declared_here { None } else { Elsewhere::of(eval, &self.elsewhere.borrow(), path) })
    }

    /// The gap behind which a definition of an option may be.
    fn gap(&self, path: &[Str], declared_here: bool) -> Option<Unknown> {
        let gaps = self.gaps.borrow();
        let counts = |gap: &&Gap| {
            gap.concerns(path)
                && !(declared_here && is_outside(&gap.unknown))
                && self.inputs.may_define(&gap.unknown.cause, path)
        };
        gaps.iter().find(counts).map(|gap| gap.unknown.clone())
    }

    /// Whether a file is one of the modules.
    pub(super) fn has(&self, file: &Path) -> bool {
        let files = self.files.borrow();
        let folder = file.parent().filter(|_| file.ends_with("default.nix"));
        files.contains(file) || folder.is_some_and(|folder| files.contains(folder))
    }

    /// Why modules were not read.
    pub(super) fn unread_causes(&self) -> Vec<Arc<Cause>> {
        self.gaps.borrow().iter().map(|gap| gap.unknown.cause.clone()).collect()
    }

    /// Whether a definition of an option, or of what is in it, may stand in a module that was not read.
    pub(super) fn is_hidden(&self, path: &[Str], declared_here: bool) -> bool {
        !self.whole || self.gap(path, declared_here).is_some()
    }

    /// Whether it was found out before whether modules of which only the declarations are known define an option.
    pub(super) fn is_noted_elsewhere(&self, path: &[Str]) -> bool {
        self.elsewhere.borrow().iter().any(|elsewhere| elsewhere.is_about(path))
    }

    /// What was found out before of these paths of options with which users ask for definitions.
    pub(super) fn asked_elsewhere(&self, patterns: &Rc<Vec<Elem>>) -> Option<bool> {
        self.elsewhere.borrow().iter().find_map(|elsewhere| elsewhere.by(patterns))
    }

    /// Takes note of that.
    pub(super) fn note_elsewhere(&self, elsewhere: Elsewhere) {
        // The first one counts, also where finding it out led back to the option.
        if !self.is_noted_elsewhere(elsewhere.path()) {
            self.elsewhere.borrow_mut().push(elsewhere);
        }
    }
}

/// One unknown for one undefined option.
pub(super) fn undefined(eval: &mut Eval, context: &Context, path: &[Str]) -> Unknown {
    undefined_called(eval, context, show(path))
}

/// The same for an option whose path is known as people read it.
pub(super) fn undefined_called(eval: &mut Eval, context: &Context, shown: String) -> Unknown {
    if let Some(unknown) = context.reach.undefined.borrow().get(&shown) {
        return unknown.clone();
    }
    let unknown = eval.new_unknown(Cause::Undefined(shown.clone()), Origin::Default);
    context.reach.undefined.borrow_mut().insert(shown, unknown.clone());
    unknown
}

/// Whether a path is another one, or below it.
pub(super) fn begins_with(path: &[Str], around: &[Str]) -> bool {
    path.len() >= around.len() && path.iter().zip(around).all(|(a, b)| a.equals(b).is_true())
}

/// Whether a gap is a module that does not belong to the project.
fn is_outside(unknown: &Unknown) -> bool {
    match unknown.cause.root() {
        Cause::Input(..) | Cause::Fetched(..) | Cause::SearchPath(_) | Cause::Outside(_) => true,
        Cause::Argument(name) => *name == "modulesPath",
        _ => false,
    }
}

impl Context {
    /// An evaluation of `sources`, which are read when somebody asks.
    pub(super) fn new(
        prefix: Vec<Str>,
        args: BTreeMap<Name, Thunk>,
        reach: Rc<Reach>,
        sources: Vec<ModuleSource>,
    ) -> Rc<Self> {
        Self::nested(prefix, args, BTreeMap::new(), reach, sources)
    }

    /// One with arguments that its modules define.
    pub(super) fn nested(
        prefix: Vec<Str>,
        args: BTreeMap<Name, Thunk>,
        late: BTreeMap<Name, Thunk>,
        reach: Rc<Reach>,
        sources: Vec<ModuleSource>,
    ) -> Rc<Self> {
        let kept = reach.kept.clone();
        let context = Rc::new(Self {
            prefix,
            args,
            late,
            refused: RefCell::new(None),
            open: RefCell::new(None),
            reach,
            sources,
            collected: RefCell::new(Progress::Todo),
            root: RefCell::new(Progress::Todo),
            config: RefCell::new(None),
            options: RefCell::new(None),
            made: RefCell::new(None),
        });
        kept.context(&context);
        context
    }

    /// Forgets what was computed; it is computed again if somebody asks.
    pub(super) fn forget(self: &Rc<Self>) {
        drop(self.collected.replace(Progress::Todo));
        drop(self.root.replace(Progress::Todo));
        drop(self.options.replace(None));
        drop(self.refused.replace(None));
        drop(self.open.replace(None));
        if let Some(config) = self.config.replace(None) {
            let context = self.clone();
            config.reset(move |eval| eval.force(&context.config()));
        }
    }

    /// All modules; `None` while they are being collected.
    pub(super) fn collected(self: &Rc<Self>, eval: &mut Eval) -> Option<Rc<Collected>> {
        if let Progress::Done(collected) = &*self.collected.borrow() {
            return Some(collected.clone());
        }
        if matches!(*self.collected.borrow(), Progress::Busy) {
            return None;
        }
        *self.collected.borrow_mut() = Progress::Busy;
        let collected = Rc::new(super::module::collect(eval, self));
        *self.collected.borrow_mut() = Progress::Done(collected.clone());
        Some(collected)
    }

    /// The root of the option tree; `None` while it is being made.
    pub(super) fn root(self: &Rc<Self>, eval: &mut Eval) -> Option<Rc<Level>> {
        if let Progress::Done(root) = &*self.root.borrow() {
            return Some(root.clone());
        }
        if matches!(*self.root.borrow(), Progress::Busy) {
            return None;
        }
        let collected = self.collected(eval)?;
        *self.root.borrow_mut() = Progress::Busy;
        let mut root = super::level::root(eval, self, &collected);
        if let Some(unknown) = self.refused.borrow().clone() {
            root = Rc::new(root.refusing(unknown));
        }
        *self.root.borrow_mut() = Progress::Done(root.clone());
        Some(root)
    }

    /// Whether the option called so is `false` where nobody defines it.
    pub(super) fn is_off_by_default(self: &Rc<Self>, eval: &mut Eval, option: &str) -> bool {
        let path = OptionPath::parse(option);
        let names: Vec<&str> = path.0.iter().filter_map(Segment::as_name).collect();
        let node = self.root(eval).and_then(|root| root.find(eval, &names));
        node.is_some_and(|node| node.is_off_by_default(eval))
    }

    /// `config`, as those outside of the configuration see it: it has to be there as long as they are.
    pub(super) fn lent_config(self: &Rc<Self>) -> Thunk {
        self.lent(Context::outer_config)
    }

    /// `options`, as those outside see it.
    pub(super) fn lent_options(self: &Rc<Self>) -> Thunk {
        self.lent(Context::options)
    }

    fn lent(self: &Rc<Self>, what: fn(&Rc<Self>, &mut Eval) -> Val) -> Thunk {
        let context = self.clone();
        Thunk::native(Origin::Default, move |eval| {
            context.reach.kept.lend();
            Ok(match context.refused_outside(eval) {
                Some(unknown) => Val::new(Kind::Unknown(unknown), Origin::Default),
                None => what(&context, eval),
            })
        })
    }

    /// Why Nix gives those outside nothing of it.
    pub(super) fn refused_outside(self: &Rc<Self>, eval: &mut Eval) -> Option<Unknown> {
        let root = self.root(eval)?;
        // Only those outside are refused what modules define and do not declare.
        root.refused.clone().or_else(|| super::undeclared::refused(eval, self, &root))
    }

    fn outer_config(self: &Rc<Self>, eval: &mut Eval) -> Val {
        match self.root(eval) {
            Some(root) => match root.refused.clone() {
                Some(unknown) => Val::new(Kind::Unknown(unknown), Origin::Default),
                None => root.value(eval),
            },
            None => eval.unknown(Cause::Recursion, Origin::Default),
        }
    }

    /// Whether its modules are known.
    pub(super) fn is_collected(&self) -> bool {
        matches!(*self.collected.borrow(), Progress::Done(_))
    }

    /// Whether what they say is being put together.
    pub(super) fn is_busy(&self) -> bool {
        matches!(*self.root.borrow(), Progress::Busy)
    }

    /// Whether it is one of a whole configuration, not a submodule in it.
    pub(super) fn is_root(&self) -> bool {
        self.prefix.is_empty()
    }

    /// Whether what its modules do not declare is not there. To a system others add.
    pub(super) fn is_closed(&self) -> bool {
        match self.is_root() {
            true => self.reach.closed.get() && self.reach.gaps.borrow().iter().all(|gap| !gap.within.is_empty()),
            false => true,
        }
    }

    /// `config`, as modules see it: with what the module system itself keeps there.
    pub(super) fn config(self: &Rc<Self>) -> Thunk {
        let context = self.clone();
        self.config
            .borrow_mut()
            .get_or_insert_with(|| {
                Thunk::native(Origin::Default, move |eval| {
                    let value = context.outer_config(eval);
                    let Kind::Attrs(set) = &value.kind else { return Ok(value) };
                    let mut set = (**set).clone();
                    let own = {
                        let context = context.clone();
                        Thunk::native(Origin::Default, move |eval| Ok(context.own_module(eval)))
                    };
                    set.insert("_module", own, Origin::Default);
                    Ok(Val::new(Kind::Attrs(Rc::new(set)), value.origin))
                })
            })
            .clone()
    }

    /// `options`, as modules see it: put together once, for many ask.
    pub(super) fn options(self: &Rc<Self>, eval: &mut Eval) -> Val {
        let known = self.options.borrow().clone();
        known.unwrap_or_else(|| {
            let options = super::options::argument(eval, self);
            *self.options.borrow_mut() = Some(options.clone());
            options
        })
    }
}
