//! Flakes: what `outputs` is called with, and what it gives.

use super::framework::Frameworks;
use super::input::{self, Flake};
use super::lock::Lock;
use crate::eval::{Eval, Kind, R, Thunk, Val};
use crate::source::Origin;
use crate::value::Cause;
use std::path::Path;
use std::rc::Rc;

/// Evaluates the outputs of the flake at `root`; `None` when it has none.
pub(super) fn outputs(eval: &mut Eval, root: &Path, frameworks: &Frameworks) -> Option<Val> {
    let lock = Rc::new(Lock::read(eval, root));
    let flake = Flake {
        folder: root.to_path_buf(),
        frameworks: frameworks.clone(),
        node: lock.root(),
        lock,
        given: Default::default(),
    };
    let result = value(eval, flake)?;
    Some(eval.force_or_unknown(&result))
}

/// The value of a flake in the project, as an input has it; `None` when it has no outputs.
pub(super) fn value(eval: &mut Eval, flake: Flake) -> Option<Thunk> {
    let root = flake.folder.clone();
    let file = eval.import_file(&root.join("flake.nix"), Origin::Default);
    let Kind::Attrs(written) = eval.force_or_unknown(&file).kind else { return None };
    let function = written.known.get("outputs")?.value.clone();
    let declared = written.known.get("inputs").map(|attribute| attribute.value.clone());
    eval.set_flake(&root);
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
    let inputs = input::inputs(eval, flake, &function, declared, itself);
    let (arguments, result_inputs) = (inputs.clone(), inputs);
    let result = Thunk::native(Origin::Default, move |eval| {
        let function = eval.force(&function)?;
        let result = eval.apply(&function, Thunk::done(arguments), Origin::Default)?;
        with_self(eval, &result, &root, result_inputs)
    });
    *knot.borrow_mut() = Some(result.clone());
    Some(result)
}

/// The outputs, with what every flake value has besides.
fn with_self(eval: &mut Eval, outputs: &Val, root: &Path, inputs: Val) -> R {
    let path = eval.set_flake(root);
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
