//! Declarations of one option, put together (nixpkgs: `mergeOptionDecls`).

use super::level::Options;
use super::module::show;
use super::types::{Type, text};
use crate::eval::{AttrSet, Eval, Kind, Thunk, Val};
use crate::source::Origin;
use crate::value::{Cause, Condition, Str, Unknown};
use std::cell::OnceCell;
use std::rc::Rc;

/// The type of an option in which others are declared: those go into its submodule.
const TREE: &str = "
  { lib, options }:
  lib.types.submoduleWith {
    modules = [ { inherit options; } ];
    shorthandOnlyDefinesConfig = null;
  }";

/// A declaration, or several of the same option.
pub(super) struct Declared {
    pub ty: Option<Type>,
    /// The type as it was written.
    pub check: Option<Thunk>,
    pub default: Option<Thunk>,
    pub apply: Option<Thunk>,
    pub described: bool,
    /// Nix refuses more than one definition, the default included.
    pub read_only: bool,
    pub embedded: bool,
    /// Why Nix refuses the declarations.
    pub problem: Option<Unknown>,
    /// Why nobody knows whether one of them is there.
    pub doubt: Option<Unknown>,
    /// Whether one of them is.
    pub sure: bool,
    /// What it is where nothing defines it and all modules were read, once somebody asked; only of plain data,
    /// which is the same wherever the declaration stands.
    pub at_rest: OnceCell<Val>,
}

impl Default for Declared {
    fn default() -> Self {
        Declared {
            ty: None,
            check: None,
            default: None,
            apply: None,
            described: false,
            read_only: false,
            embedded: true,
            problem: None,
            doubt: None,
            sure: false,
            at_rest: OnceCell::new(),
        }
    }
}

impl Declared {
    /// What `all` declare at `path`, if one of them is an option.
    pub(super) fn read(eval: &mut Eval, all: &[Options], path: &[Str]) -> Option<Rc<Declared>> {
        let [only @ Options { doubt: None, .. }] = all else {
            return Declared::of_all(eval, all, path).map(Rc::new);
        };
        // What a single declaration says is the same wherever it stands.
        let Kind::Attrs(set) = eval.force_or_unknown(&only.tree).kind else {
            return Declared::of_all(eval, all, path).map(Rc::new);
        };
        if let Some(read) = set.reading.get::<Declared>()
            && read.embedded == only.embedded
        {
            return Some(read);
        }
        let doubts = eval.doubts();
        let read = Declared::of_all(eval, all, path).map(Rc::new)?;
        if doubts == eval.doubts() && read.problem.is_none() {
            set.reading.keep(&read);
        }
        Some(read)
    }

    fn of_all(eval: &mut Eval, all: &[Options], path: &[Str]) -> Option<Declared> {
        let (mut found, mut trees, mut undecided): (Option<Declared>, _, _) = (None, vec![], None);
        let mixed = all.iter().any(|options| options.embedded) && all.iter().any(|options| !options.embedded);
        let replaced = mixed && all.iter().any(|options| replaces(eval, options));
        for options in all.iter().filter(|options| !(replaced && options.embedded)) {
            let value = eval.force_or_unknown(&options.tree);
            undecided = undecided.or_else(|| undecided_option(eval, &value, all.len() > 1));
            match &value.kind {
                Kind::Attrs(set) if is_option(eval, set) => {
                    let declared = found.take().unwrap_or_default();
                    found = Some(declared.and(eval, options, set, path));
                }
                Kind::Attrs(_) => trees.push(options),
                _ => (),
            }
        }
        if let Some(unknown) = undecided {
            let problem = Some(eval.after(&unknown));
            return Some(Declared { problem, ..found.unwrap_or_default() });
        }
        let mut found = found?;
        for tree in trees {
            found.add_tree(eval, tree, path);
        }
        // What one of several declarations adds, if it is there.
        if let (Some(unknown), true, None) = (&found.doubt, found.sure, &found.problem) {
            found.problem = Some(eval.after(unknown));
        }
        found.ty = found.check.as_ref().map(|ty| Type::read(eval, ty));
        Some(found)
    }

    /// These declarations and one more.
    fn and(mut self, eval: &mut Eval, options: &Options, set: &Rc<AttrSet>, path: &[Str]) -> Declared {
        let get = |name: &str| set.known.get(name).map(|attribute| attribute.value.clone());
        let own = !options.embedded && !self.embedded;
        let mut twice = own && get("description").is_some() && self.described;
        self.described |= get("description").is_some();
        // Of NixOS' own options only some releases say so.
        if let Some(read_only) = get("readOnly").filter(|_| !options.embedded) {
            self.read_only |= matches!(eval.force_or_unknown(&read_only).kind, Kind::Bool(true));
        }
        twice |= !self.add_type(eval, get("type")) && own;
        for (mine, theirs) in [(&mut self.default, get("default")), (&mut self.apply, get("apply"))] {
            twice |= own && mine.is_some() && theirs.is_some();
            *mine = mine.take().or(theirs);
        }
        self.note(options);
        if twice && self.problem.is_none() {
            let message = format!("the option `{}` is declared twice", show(path));
            self.problem = Some(eval.new_unknown(Cause::Fails(message), options.tree.origin()));
        }
        self
    }

    /// Whether the option can be of this type, too.
    fn add_type(&mut self, eval: &mut Eval, ty: Option<Thunk>) -> bool {
        let (first, second) = match (self.check.take(), ty) {
            (Some(first), Some(second)) => (first, second),
            (first, second) => {
                self.check = first.or(second);
                return true;
            }
        };
        let merged = Type::merged(eval, second, &first);
        self.check = Some(merged.as_ref().ok().cloned().flatten().unwrap_or(first));
        match merged {
            Ok(merged) => merged.is_some(),
            Err(unknown) => {
                self.problem.get_or_insert(unknown);
                true
            }
        }
    }

    /// Options declared below this one: a submodule has them as well, no other type can.
    fn add_tree(&mut self, eval: &mut Eval, tree: &Options, path: &[Str]) {
        let name = self.check.clone().and_then(|ty| match &eval.force_or_unknown(&ty).kind {
            Kind::Attrs(set) => set.known.get("name").map(|attribute| attribute.value.clone()),
            _ => None,
        });
        let is_submodule = name.and_then(|name| text(eval, &name)).is_some_and(|name| name == "submodule");
        if !is_submodule {
            if !self.embedded && !tree.embedded && self.problem.is_none() {
                let message = format!("options are declared below `{}`, which is no submodule", show(path));
                self.problem = Some(eval.new_unknown(Cause::Fails(message), tree.tree.origin()));
            }
            return;
        }
        let function = eval.embedded("<options-below.nix>", TREE);
        let given = [("lib".into(), eval.library()), ("options".into(), tree.tree.clone())];
        let given = Thunk::done(Val::attrs(given, Origin::Default));
        let ty = eval.delay_apply(function, vec![given], Origin::Default);
        self.add_type(eval, Some(ty));
        self.note(tree);
    }

    /// Whose the declaration is, and whether it is there.
    fn note(&mut self, options: &Options) {
        self.embedded &= options.embedded;
        self.doubt = self.doubt.take().or_else(|| options.doubt.clone());
        self.sure |= options.doubt.is_none();
    }
}

/// Whether a declaration stands alone: nixpkgs describes all of its options, and Nix refuses a second
/// description. The project's nixpkgs has no such option, then, whatever other releases have.
fn replaces(eval: &mut Eval, options: &Options) -> bool {
    if options.embedded || options.doubt.is_some() {
        return false;
    }
    match eval.force_or_unknown(&options.tree).kind {
        Kind::Attrs(set) => set.known.contains_key("description") && is_option(eval, &set),
        _ => false,
    }
}

/// Why nobody knows whether what is declared is an option, and which. What is not known at all may
/// also hold nothing but further options, beside what `others` declare.
fn undecided_option(eval: &mut Eval, value: &Val, others: bool) -> Option<Unknown> {
    match &value.kind {
        Kind::Unknown(unknown) => (!others).then(|| unknown.clone()),
        Kind::Attrs(set) => match eval.force_or_unknown(&set.known.get("_type")?.value.clone()).kind {
            Kind::Unknown(unknown) => Some(unknown),
            Kind::OneOf(alternatives) => depends_on(&alternatives),
            _ => None,
        },
        Kind::OneOf(alternatives) => {
            let any = alternatives.iter().any(|(_, thunk)| {
                let value = eval.force_or_unknown(thunk);
                let is_option = matches!(&value.kind, Kind::Attrs(set) if is_option(eval, set));
                is_option || undecided_option(eval, &value, false).is_some()
            });
            if any { depends_on(alternatives) } else { None }
        }
        _ => None,
    }
}

/// The first condition that tells alternatives apart.
pub(super) fn depends_on(alternatives: &[(Condition, Thunk)]) -> Option<Unknown> {
    alternatives.iter().find_map(|(condition, _)| condition.literals().next().map(|(unknown, _)| unknown.clone()))
}

/// Whether a set is what `mkOption` gives.
pub(super) fn is_option(eval: &mut Eval, set: &AttrSet) -> bool {
    let Some(kind) = set.known.get("_type").map(|attribute| attribute.value.clone()) else { return false };
    matches!(eval.force_or_unknown(&kind).kind, Kind::Str(text) if text.known() == Some("option"))
}
