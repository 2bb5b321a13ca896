//! Option types, as far as merging needs them. See `eval/library/types.nix`.

use crate::eval::{AttrSet, Elem, Eval, Kind, Thunk, Val};
use crate::source::Origin;
use crate::value::{Truth, Unknown};
use std::rc::Rc;

/// How definitions of an option are put together.
#[derive(Clone)]
pub(super) enum Type {
    /// No declaration was read.
    Undeclared,
    /// Sets merge, everything else must agree.
    Anything,
    /// No type was declared.
    Unspecified,
    /// This type, defined once.
    Unique(Thunk),
    /// Anything, defined once.
    Once,
    /// All definitions must agree.
    Scalar,
    /// Strings joined by a separator.
    Text(String),
    /// Lists joined, each element of this type.
    List(Thunk),
    /// Sets joined, each attribute of this type; attributes without a definition that holds are left out.
    Attrs(Thunk),
    /// The same without looking at definitions until an attribute is asked for.
    LazyAttrs(Thunk),
    /// `//` of all definitions, nothing inside is looked at.
    ShallowAttrs,
    /// A nested evaluation of modules.
    Submodule(Nested),
    /// `null`, or this type.
    Nullable(Thunk),
    /// The first type that fits all definitions.
    Either(Thunk, Thunk),
    /// Definitions of one type are converted to the other first.
    Coerced { from: Thunk, by: Thunk, to: Thunk },
    /// A module, kept for later: several are one that imports them all.
    Module,
    /// A type whose own `merge` is called.
    Custom(Thunk),
    /// A type that could not be made out; the text says why.
    Unclear(&'static str),
}

/// What a submodule type is made of.
#[derive(Clone)]
pub(super) struct Nested {
    /// Its own modules.
    pub modules: Vec<Thunk>,
    /// Definitions that are sets define options, whatever their names.
    pub shorthand: bool,
    /// What its modules are given beside `name`.
    pub special_args: Option<Thunk>,
    /// What `_class` of its modules must be, where they say it.
    pub class: Option<Thunk>,
    /// The `lib` they are given: the one the type comes from.
    pub library: Option<Thunk>,
    /// Stands inside a type that hides submodules from option declarations (`either`): its own
    /// modules come as they are, not imported by others.
    pub plain: bool,
}

impl Type {
    /// Reads a type that was written in Nix. What cannot be understood merges like undeclared options.
    pub(super) fn read(eval: &mut Eval, thunk: &Thunk) -> Type {
        let value = eval.force_or_unknown(thunk);
        let Kind::Attrs(set) = &value.kind else { return Type::Undeclared };
        if let Some(read) = set.reading.get::<Type>() {
            return (*read).clone();
        }
        let doubts = eval.doubts();
        let read = Type::of_set(eval, thunk, set);
        // One that is named by its thunk would hold itself.
        if doubts == eval.doubts() && !matches!(read, Type::Custom(_)) {
            set.reading.keep(&Rc::new(read.clone()));
        }
        read
    }

    fn of_set(eval: &mut Eval, thunk: &Thunk, set: &AttrSet) -> Type {
        let get = |name: &str| set.known.get(name).map(|attribute| attribute.value.clone());
        // Somebody may have called the type otherwise; how it merges does not hang on that.
        let name = match get("merge") {
            Some(merge) => match native_merge(eval, &merge) {
                Some(name) => name,
                None => return Type::Custom(thunk.clone()),
            },
            None => match get("name").and_then(|name| text(eval, &name)) {
                Some(name) => name,
                None => return Type::Undeclared,
            },
        };
        let element = get("elemType");
        match (&*name, element) {
            ("listOf" | "nonEmptyListOf" | "list of", Some(element)) => Type::List(element),
            ("lazyAttrsOf", Some(element)) => Type::LazyAttrs(element),
            ("attrsOf" | "attrsWith" | "loaOf", Some(element)) => Type::Attrs(element),
            ("nullOr", Some(element)) => Type::Nullable(element),
            ("uniq" | "unique", Some(element)) => Type::Unique(element),
            ("separatedString", _) => Type::Text(get("sep").and_then(|sep| text(eval, &sep)).unwrap_or_default()),
            ("either", _) => match (get("left"), get("right")) {
                (Some(left), Some(right)) => Type::Either(left, right),
                _ => Type::Undeclared,
            },
            ("submodule", _) => match get("modules") {
                Some(modules) => {
                    let shorthand = get("shorthandOnlyDefinesConfig").map(|only| eval.force_or_unknown(&only).kind);
                    let modules = list(eval, &modules);
                    let (special_args, class, library) = (get("specialArgs"), get("class"), get(" lib"));
                    let nested = |shorthand| Nested { modules, shorthand, special_args, class, library, plain: false };
                    match shorthand {
                        Some(Kind::Bool(false)) => Type::Submodule(nested(false)),
                        // Two declarations that do not go together.
                        Some(Kind::Unknown(_)) => Type::Unclear("a submodule that is declared in two ways"),
                        _ => Type::Submodule(nested(true)),
                    }
                }
                None => Type::Undeclared,
            },
            ("coercedTo", _) => match (get("coercedType"), get("coerceFunc"), get("finalType")) {
                (Some(from), Some(by), Some(to)) => Type::Coerced { from, by, to },
                _ => Type::Undeclared,
            },
            ("attrs", _) => Type::ShallowAttrs,
            ("anything", _) => Type::Anything,
            ("unspecified", _) => Type::Unspecified,
            ("json" | "yaml" | "toml", _) => Type::Undeclared,
            ("deferredModule", _) => Type::Module,
            ("raw" | "package" | "pkgs", _) => Type::Once,
            ("functionTo" | "optionType" | "attrTag" | "singleLineStr" | "boolByOr" | "fileset", _) => {
                Type::Custom(thunk.clone())
            }
            _ => Type::Scalar,
        }
    }

    /// Reads a type as what it is for definitions that are sets: `attrsOf x` in `nullOr (either int (attrsOf x))`.
    pub(super) fn of_sets(eval: &mut Eval, thunk: &Thunk) -> Type {
        match Type::read(eval, thunk) {
            Type::Nullable(element) => Type::of_sets(eval, &element),
            Type::Either(left, right) => match Type::of_sets(eval, &left) {
                Type::Scalar | Type::Text(_) | Type::List(_) => Type::of_sets(eval, &right),
                first => first,
            },
            other => other,
        }
    }

    /// What two declarations of one option agree on (nixpkgs: `mergeOptionDecls`); `None`: they
    /// cannot both hold. Fails where nobody knows whether they can.
    pub(super) fn merged(eval: &mut Eval, first: Thunk, second: &Thunk) -> Result<Option<Thunk>, Unknown> {
        let get = |eval: &mut Eval, thunk: &Thunk, name: &str| match &eval.force_or_unknown(thunk).kind {
            Kind::Attrs(set) => set.known.get(name).map(|attribute| attribute.value.clone()),
            _ => None,
        };
        let (Some(merge), Some(functor)) = (get(eval, &first, "typeMerge"), get(eval, second, "functor")) else {
            return Ok(Some(first));
        };
        let merge = eval.force_or_unknown(&merge);
        let Ok(merged) = eval.apply(&merge, functor, Origin::Default) else { return Ok(None) };
        match &merged.kind {
            Kind::Attrs(_) => Ok(Some(Thunk::done(merged))),
            Kind::Null => Ok(None),
            Kind::Unknown(unknown) => Err(eval.after(unknown)),
            Kind::OneOf(alternatives) => {
                match alternatives.first().and_then(|(condition, _)| condition.literals().next()) {
                    Some((unknown, _)) => Err(eval.after(unknown)),
                    None => Ok(Some(first)),
                }
            }
            _ => Ok(Some(first)),
        }
    }

    /// How a type is called in messages.
    pub(super) fn description(eval: &mut Eval, ty: &Thunk) -> String {
        let description = match &eval.force_or_unknown(ty).kind {
            Kind::Attrs(set) => set.known.get("description").map(|attribute| attribute.value.clone()),
            _ => None,
        };
        description.and_then(|description| text(eval, &description)).unwrap_or_else(|| "declared".to_owned())
    }

    /// Whether all of `values` pass the type's check.
    pub(super) fn fits(eval: &mut Eval, ty: &Thunk, values: &[Val]) -> Truth {
        let set = eval.force_or_unknown(ty);
        let Kind::Attrs(set) = &set.kind else {
            return match eval.unknown(crate::value::Cause::Unsupported("this type".into()), Origin::Default).kind {
                Kind::Unknown(unknown) => Truth::Unknown(unknown),
                _ => Truth::False,
            };
        };
        let Some(check) = set.known.get("check").map(|attribute| attribute.value.clone()) else { return Truth::True };
        let mut all = Truth::True;
        for value in values {
            let check = eval.force_or_unknown(&check);
            if let Some(known) = eval.passes(&check, value) {
                all = all & known.into();
                continue;
            }
            let result = eval.apply(&check, Thunk::done(value.clone()), Origin::Default);
            let truth = result.and_then(|result| eval.truth(&result, Origin::Default)).unwrap_or(Truth::False);
            all = all & truth;
        }
        all
    }
}

/// The type whose merge function this is, if it is one of the library's own.
fn native_merge(eval: &mut Eval, merge: &Thunk) -> Option<String> {
    let Kind::Attrs(set) = eval.force_or_unknown(merge).kind else { return None };
    let name = set.known.get("_native")?.value.clone();
    text(eval, &name)
}

/// A known string.
pub(super) fn text(eval: &mut Eval, thunk: &Thunk) -> Option<String> {
    match eval.force_or_unknown(thunk).kind {
        Kind::Str(text) => text.known().map(str::to_owned),
        _ => None,
    }
}

/// The elements of a list of known length.
pub(super) fn list(eval: &mut Eval, thunk: &Thunk) -> Vec<Thunk> {
    match eval.force_or_unknown(thunk).kind {
        Kind::List(items) => items
            .iter()
            .filter_map(|item| match item {
                Elem::One(thunk) => Some(thunk.clone()),
                _ => None,
            })
            .collect(),
        _ => vec![],
    }
}
