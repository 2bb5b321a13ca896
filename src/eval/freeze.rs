//! From the evaluator's values to plain data, and back for the conditions of rules.

use super::Eval;
use super::thunk::Thunk;
use super::val::{AttrSet, Attribute, Elem, Kind, R, Rest, Val};
use crate::source::Origin;
use crate::source::load::FileKind;
use crate::value::{Attrs, Cause, Context, Item, Package, Shape, StoreKind, StoreObject, Str, Value};
use std::path::Path;
use std::rc::Rc;

/// How deep and how large a value may be before the rest of it is unknown.
const DEEPEST: u32 = 40;
const MOST_NODES: u32 = 30_000;

/// What a package was made from is looked into this deep: far enough to find another package.
const DEEPEST_INGREDIENT: u32 = 6;

/// How much is left of a value's budget.
#[derive(Clone, Copy)]
pub(super) struct Left {
    depth: u32,
}

impl Left {
    /// What is left for the ingredients of a package.
    pub(super) fn for_ingredients(self) -> Left {
        Left { depth: self.depth.min(DEEPEST_INGREDIENT) }
    }
}

impl Eval {
    /// Everything inside a value, computed. What fails is unknown, with Nix's message.
    pub fn freeze(&mut self, thunk: &Thunk) -> Value {
        self.within(|eval, nodes| eval.freeze_thunk(thunk, Left { depth: DEEPEST }, nodes))
    }

    /// Everything inside a value that was computed already.
    pub fn freeze_val(&mut self, value: &Val) -> Value {
        self.within(|eval, nodes| eval.freeze_at(value, Left { depth: DEEPEST }, nodes))
    }

    /// Takes what a value is made of off what the configuration may hold.
    fn within(&mut self, freeze: impl FnOnce(&mut Eval, &mut u32) -> Value) -> Value {
        let mut nodes = MOST_NODES.min(self.freezable);
        let before = nodes;
        let value = freeze(self, &mut nodes);
        self.freezable = self.freezable.saturating_sub(before - nodes);
        value
    }

    pub(super) fn freeze_thunk(&mut self, thunk: &Thunk, left: Left, nodes: &mut u32) -> Value {
        let value = self.force_or_unknown(thunk);
        let frozen = self.freeze_at(&value, left, nodes);
        let place = self.public_origin(thunk.origin());
        // `true`, `null` and what `lib` makes are born nowhere: the expression has to do.
        let origin = if frozen.origin == Origin::Default { place } else { frozen.origin };
        Value { origin, place, ..frozen }
    }

    fn freeze_at(&mut self, value: &Val, left: Left, nodes: &mut u32) -> Value {
        let origin = self.public_origin(value.origin);
        if left.depth == 0 || *nodes == 0 {
            let unknown = self.new_unknown(Cause::Budget("too large a value"), origin);
            return Value::unknown(unknown);
        }
        *nodes -= 1;
        let left = Left { depth: left.depth - 1 };
        let shape = match &value.kind {
            Kind::Null => Shape::Null,
            Kind::Bool(known) => Shape::Bool(*known),
            Kind::Int(known) => Shape::Int(*known),
            Kind::Float(known) => Shape::Float(*known),
            Kind::Str(text) => Shape::Str(self.freeze_str(text)),
            Kind::Path(path) => Shape::Path(self.freeze_path(path, origin)),
            Kind::List(items) => Shape::List(items.iter().map(|item| self.freeze_item(item, left, nodes)).collect()),
            Kind::Attrs(set) if self.is_derivation_set(set) => Shape::Package(self.freeze_derivation(set)),
            Kind::Attrs(set) if set.known.contains_key("outPath") => {
                Shape::Attrs(self.freeze_tree(set, origin, left, nodes).into())
            }
            Kind::Attrs(set) => Shape::Attrs(self.freeze_set(set, left, nodes).into()),
            Kind::Lambda(_) | Kind::Native(_) => Shape::Function,
            Kind::Package(package) => Shape::Package(self.freeze_package(&package.clone(), left, nodes)),
            Kind::OneOf(alternatives) => Shape::OneOf(
                alternatives
                    .iter()
                    .map(|(condition, thunk)| (condition.clone(), self.freeze_thunk(thunk, left, nodes)))
                    .collect(),
            ),
            Kind::Unknown(unknown) => Shape::Unknown(unknown.clone()),
        };
        Value::new(shape, origin)
    }

    /// Places inside this program's own files mean nothing to the user.
    pub fn public_origin(&self, origin: Origin) -> Origin {
        match origin.file() {
            Some(file) if self.sources.file(file).embedded => Origin::Default,
            _ => origin,
        }
    }

    fn freeze_item(&mut self, item: &Elem, left: Left, nodes: &mut u32) -> Item {
        match item {
            Elem::One(thunk) => Item::One(self.freeze_thunk(thunk, left, nodes)),
            Elem::Maybe(condition, thunk) => Item::Maybe(condition.clone(), self.freeze_thunk(thunk, left, nodes)),
            Elem::Rest(unknown) => Item::Rest(unknown.clone()),
        }
    }

    fn freeze_set(&mut self, set: &AttrSet, left: Left, nodes: &mut u32) -> Attrs {
        let mut freeze = |attribute: &Attribute| self.freeze_thunk(&attribute.value, left, nodes);
        Attrs {
            known: set.known.iter().map(|(name, attribute)| (name.clone(), freeze(attribute))).collect(),
            partly_named: set.partly.iter().map(|(name, attribute)| (name.clone(), freeze(attribute))).collect(),
            rest: set.rest.as_ref().map(|rest| rest.unknown().clone()),
        }
    }

    /// A set that stands for a path, such as a flake: all else in it is nobody's business,
    /// and may be without end.
    fn freeze_tree(&mut self, set: &AttrSet, at: Origin, left: Left, nodes: &mut u32) -> Attrs {
        let path = self.freeze_thunk(&set.known["outPath"].value, left, nodes);
        let unknown = self.new_unknown(Cause::Unsupported("the inside of a source tree".into()), at);
        Attrs { known: [("outPath".into(), path)].into(), partly_named: vec![], rest: Some(unknown) }
    }

    /// Fills in the texts of the store objects a string refers to.
    pub fn freeze_str(&mut self, text: &Str) -> Str {
        self.fill_texts(&text.context);
        text.clone()
    }

    /// Fills in the texts of these store objects, as far as they can be known.
    pub fn fill_texts(&mut self, context: &Context) {
        for object in context.iter() {
            if object.text.get().is_some() {
                continue;
            }
            let text = match &object.kind {
                StoreKind::Copied(path) => self.file_text(path),
                StoreKind::Generated => self.generated_text(object.id),
                StoreKind::CopiedUnknown | StoreKind::Package | StoreKind::Built => None,
            };
            // Somebody else may have filled it in meanwhile with the same text.
            let _ = object.text.set(text);
            self.fill_package(object);
        }
    }

    /// Fills in what package a store object is, if it became part of a text.
    fn fill_package(&mut self, object: &StoreObject) {
        let Some(package) = self.in_text.get(&object.id).cloned() else { return };
        let freeze = |eval: &mut Eval, nodes: &mut u32| {
            let frozen = eval.freeze_package(&package, Left { depth: DEEPEST }, nodes);
            Value::new(Shape::Package(frozen), object.origin)
        };
        let Shape::Package(frozen) = self.within(freeze).shape else { return };
        let altered = frozen.altered || !frozen.made_of.is_empty();
        // The context would hold the object that this is put into.
        let alone = Package { altered, made_of: vec![], holds: None, context: Context::default(), ..frozen };
        let _ = object.package.set(Box::new(alone));
    }

    fn file_text(&mut self, path: &Path) -> Option<Str> {
        if self.files.kind(path) != Some(FileKind::File) {
            return None;
        }
        self.files.read(path).ok().map(Str::new)
    }

    /// A path with the store object it becomes when the module system uses it.
    fn freeze_path(&mut self, path: &Rc<Str>, origin: Origin) -> Str {
        let kind = match path.known() {
            Some(known) => StoreKind::Copied(known.into()),
            None => StoreKind::CopiedUnknown,
        };
        let name = Str::new(path.known_suffix().rsplit('/').next().unwrap_or_default());
        let object = self.store_object(name, kind, origin);
        let context = Context::of(object);
        self.fill_texts(&context);
        (**path).clone().with_context(context)
    }

    /// A plain value as the evaluator's, for the conditions of rules.
    pub fn thaw(&mut self, value: &Value) -> Val {
        let at = value.origin;
        let kind = match &value.shape {
            Shape::Null => Kind::Null,
            Shape::Bool(known) => Kind::Bool(*known),
            Shape::Int(known) => Kind::Int(*known),
            Shape::Float(known) => Kind::Float(*known),
            Shape::Str(text) => Kind::Str(Rc::new(text.clone())),
            Shape::Path(path) => Kind::Path(Rc::new(path.clone())),
            Shape::List(items) => Kind::List(Rc::new(items.iter().map(|item| self.thaw_item(item)).collect())),
            Shape::Attrs(attrs) => Kind::Attrs(Rc::new(self.thaw_set(attrs, at))),
            Shape::Function => {
                return Val::closure("function", 1, |eval, _, at| {
                    Ok(eval.unknown(Cause::Unsupported("calling an option's function".into()), at))
                });
            }
            Shape::Package(package) => return self.thaw_package(package, at),
            Shape::OneOf(alternatives) => {
                let alternatives = alternatives.iter().map(|(c, value)| (c.clone(), Thunk::done(self.thaw(value))));
                Kind::OneOf(Rc::new(alternatives.collect()))
            }
            Shape::Unknown(unknown) => Kind::Unknown(unknown.clone()),
        };
        Val::new(kind, at)
    }

    fn thaw_item(&mut self, item: &Item) -> Elem {
        match item {
            Item::One(value) => Elem::One(Thunk::done(self.thaw(value))),
            Item::Maybe(condition, value) => Elem::Maybe(condition.clone(), Thunk::done(self.thaw(value))),
            Item::Rest(unknown) => Elem::Rest(unknown.clone()),
        }
    }

    fn thaw_set(&mut self, attrs: &Attrs, site: Origin) -> AttrSet {
        let mut thaw = |value: &Value| Attribute { value: Thunk::done(self.thaw(value)), site };
        AttrSet {
            known: attrs.known.iter().map(|(name, value)| (name.clone(), thaw(value))).collect(),
            partly: attrs.partly_named.iter().map(|(name, value)| (name.clone(), thaw(value))).collect(),
            nullable: !attrs.partly_named.is_empty(),
            rest: attrs.rest.clone().map(Rest::Unknown),
            ..AttrSet::default()
        }
    }

    /// Applies a function to one plain value and gives a plain value back.
    /// Fails as Nix would.
    pub fn call_plain(&mut self, function: &Thunk, argument: &Value) -> R<Value> {
        self.refill();
        let function = self.force(function)?;
        let argument = Thunk::done(self.thaw(argument));
        let result = self.apply(&function, argument, Origin::Default)?;
        Ok(self.freeze_val(&result))
    }
}
