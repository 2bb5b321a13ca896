//! Flakes: what `outputs` is called with.

use crate::eval::{AttrSet, Eval, Kind, R, Rest, Thunk, Val};
use crate::source::Origin;
use crate::value::{Cause, Name, Str};
use std::path::Path;
use std::rc::Rc;

/// Evaluates the outputs of the flake at `root`; `None` when it has none.
pub(super) fn outputs(eval: &mut Eval, root: &Path) -> Option<Val> {
    let file = eval.import_file(&root.join("flake.nix"), Origin::Default);
    let Kind::Attrs(flake) = eval.force_or_unknown(&file).kind else { return None };
    let function = flake.known.get("outputs")?.value.clone();
    let declared = flake.known.get("inputs").map(|attribute| attribute.value.clone());
    let root = root.to_path_buf();
    // `self` is the result with a few attributes more: a knot, tied through a thunk.
    let knot: Rc<std::cell::RefCell<Option<Thunk>>> = Rc::default();
    let tied = knot.clone();
    let itself = Thunk::native(Origin::Default, move |eval| {
        let outputs = tied.borrow().clone();
        match outputs {
            Some(outputs) => eval.force(&outputs),
            None => Ok(eval.unknown(Cause::Recursion, Origin::Default)),
        }
    });
    let inputs = inputs(eval, &function, declared, itself.clone());
    let (arguments, result_inputs) = (inputs.clone(), inputs);
    let result = Thunk::native(Origin::Default, move |eval| {
        let function = eval.force(&function)?;
        let result = eval.apply(&function, Thunk::done(arguments), Origin::Default)?;
        with_self(eval, &result, &root, result_inputs)
    });
    *knot.borrow_mut() = Some(result.clone());
    Some(eval.force_or_unknown(&result))
}

/// The outputs, with what every flake value has besides.
fn with_self(eval: &mut Eval, outputs: &Val, root: &Path, inputs: Val) -> R {
    let path = Val::new(Kind::Path(Rc::new(Str::new(root.to_string_lossy()))), Origin::Default);
    let unknown =
        |eval: &mut Eval, what: &str| Thunk::done(eval.unknown(Cause::Outside(what.to_owned()), Origin::Default));
    let extra = Val::attrs(
        [
            ("outPath".into(), Thunk::done(path)),
            ("inputs".into(), Thunk::done(inputs)),
            ("outputs".into(), Thunk::done(outputs.clone())),
            ("_type".into(), Thunk::done(Val::text("flake", Origin::Default))),
            ("rev".into(), unknown(eval, "the flake's revision")),
            ("shortRev".into(), unknown(eval, "the flake's revision")),
            ("lastModified".into(), unknown(eval, "the flake's date")),
            ("lastModifiedDate".into(), unknown(eval, "the flake's date")),
            ("narHash".into(), unknown(eval, "the flake's hash")),
            ("sourceInfo".into(), unknown(eval, "the flake's source")),
        ],
        Origin::Default,
    );
    eval.update(outputs, &extra, Origin::Default)
}

/// The inputs: those declared, and those `outputs` asks for by name.
fn inputs(eval: &mut Eval, function: &Thunk, declared: Option<Thunk>, itself: Thunk) -> Val {
    let mut set = AttrSet::default();
    let declared = declared.map(|declared| eval.force_or_unknown(&declared));
    if let Some(Val { kind: Kind::Attrs(declared), .. }) = &declared {
        for (name, attribute) in &declared.known {
            let url = url(eval, &attribute.value);
            let input = input(eval, name, url.as_deref());
            set.insert(name.clone(), Thunk::done(input), attribute.site);
        }
    }
    let function = eval.force_or_unknown(function);
    for (name, has_default) in eval.formals(&function).unwrap_or_default() {
        if !set.known.contains_key(&name) && !has_default {
            let input = input(eval, &name, None);
            set.insert(name, Thunk::done(input), Origin::Default);
        }
    }
    set.insert("self", itself, Origin::Default);
    Val::new(Kind::Attrs(Rc::new(set)), Origin::Default)
}

/// `inputs.<name>.url`, as far as it is written.
fn url(eval: &mut Eval, declared: &Thunk) -> Option<String> {
    let Kind::Attrs(set) = eval.force_or_unknown(declared).kind else { return None };
    let url = set.known.get("url")?.value.clone();
    super::types::text(eval, &url)
}

/// One input. What every nixpkgs has is known; everything else of it is not.
fn input(eval: &mut Eval, name: &Name, url: Option<&str>) -> Val {
    let unknown = eval.new_unknown(Cause::Input(name.clone()), Origin::Default);
    let is_nixpkgs = *name == "nixpkgs" || url.is_some_and(|url| url.to_lowercase().contains("nixpkgs"));
    let is_import_tree = url.is_some_and(|url| url.contains("import-tree"));
    let mut set = AttrSet::default();
    if is_import_tree {
        set.insert("__functor", Thunk::done(super::tree::import_tree()), Origin::Default);
    }
    let from = unknown.clone();
    let get = move |eval: &mut Eval, name: &Name| match name.as_str() {
        "lib" if is_nixpkgs => {
            let library = eval.library();
            eval.force_or_unknown(&library)
        }
        "lib" => foreign_library(eval, &from),
        "legacyPackages" | "packages" if is_nixpkgs => packages_by_system(eval),
        "outPath" => Val::str(Str::hole(eval.derive(&from, ".outPath")), Origin::Default),
        _ => Val::new(Kind::Unknown(eval.derive(&from, &format!(".{name}"))), Origin::Default),
    };
    set.rest = Some(Rest::Named(Rc::new(get), unknown));
    Val::new(Kind::Attrs(Rc::new(set)), Origin::Default)
}

/// `lib` of an input that may be a nixpkgs under another name: its `nixosSystem` is the one
/// everybody means, and flake-parts' `mkFlake` is told by its name too.
fn foreign_library(eval: &mut Eval, from: &crate::value::Unknown) -> Val {
    let unknown = eval.derive(from, ".lib");
    let mut set = AttrSet::default();
    for name in ["nixosSystem", "mkFlake"] {
        let value = eval.library_function(name);
        set.insert(name, Thunk::done(value), Origin::Default);
    }
    set.rest = Some(Rest::Unknown(unknown));
    Val::new(Kind::Attrs(Rc::new(set)), Origin::Default)
}

/// `legacyPackages.<system>`.
fn packages_by_system(eval: &mut Eval) -> Val {
    let unknown = eval.new_unknown(Cause::Package("pkgs".into()), Origin::Default);
    let get = |eval: &mut Eval, _: &Name| eval.pkgs();
    let set = AttrSet { rest: Some(Rest::Named(Rc::new(get), unknown)), ..AttrSet::default() };
    Val::new(Kind::Attrs(Rc::new(set)), Origin::Default)
}
