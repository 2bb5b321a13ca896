//! From what Nix told to values with places.

use super::locate::{Locator, Site, Written};
use super::record::{Set, Told};
use crate::source::Origin;
use crate::syntax::{Expr, ExprId, Tree};
use crate::value::{Attrs, Cause, Context, Item, Name, Package, Shape, StoreKind, StoreObject, Str, Unknown, Value};
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

/// A value that is written somewhere, or nowhere.
#[derive(Clone, Default)]
pub(super) struct Source<'f> {
    /// The file of the definition, as Nix names it; places of names in it lead on.
    pub file: Option<&'f str>,
    /// The expression.
    pub written: Option<Written>,
    /// The place of the whole, for parts that have none.
    pub at: Option<Origin>,
}

impl Locator<'_> {
    /// The value that was told. Properties in it must be gone.
    pub(super) fn value(&mut self, told: &Told, source: &Source<'_>) -> Value {
        let at = match &source.written {
            Some((tree, expr)) => Origin::Written(tree.span(*expr)),
            None => source.at.unwrap_or(Origin::Default),
        };
        let shape = match told {
            Told::Null => Shape::Null,
            Told::Bool(known) => Shape::Bool(*known),
            Told::Int(known) => Shape::Int(*known),
            Told::Float(Some(known)) => Shape::Float(*known),
            Told::Float(None) => return self.unknown(Cause::Unsupported("a number that Nix rounds".into()), at),
            Told::Text(text, objects) => Shape::Str(self.text(text, objects, at)),
            Told::Long(start) => {
                let rest = self.eval.new_unknown(Cause::Budget("too long a text"), at);
                let mut text = Str::new(start.as_str());
                text.push(&Str::hole(rest));
                Shape::Str(text)
            }
            Told::Path(path) => {
                let own = self.folders.of_user(path).map(|path| path.to_string_lossy().into_owned());
                Shape::Path(Str::new(own.unwrap_or_else(|| path.clone())))
            }
            Told::List(items) => Shape::List(self.items(items, source, at)),
            Told::Set(set) => Shape::Attrs(self.attributes(set, source, at).into()),
            Told::Function => Shape::Function,
            Told::Package { name, pname, text } => Shape::Package(self.package(name, pname, text, at)),
            Told::Output => return self.unknown(Cause::Unsupported("a set that stands for a path".into()), at),
            Told::Override(_, inner) | Told::Order(_, inner) => return self.value(inner, source),
            Told::Throws => return self.unknown(Cause::Fails("it throws".into()), at),
            Told::Skipped => return self.unknown(Cause::Fails("Nix ends here".into()), at),
            Told::Merge(_) | Told::No | Told::Cut => return self.unknown(Cause::Budget("too large a value"), at),
        };
        Value::new(shape, at)
    }

    fn unknown(&mut self, cause: Cause, at: Origin) -> Value {
        // A cause of this configuration, not a limit that evaluation of ours reached.
        let unknown: Unknown = self.eval.new_unknown(cause, at);
        Value::unknown(unknown)
    }

    fn items(&mut self, items: &[Told], source: &Source<'_>, at: Origin) -> Vec<Item> {
        let elements = source.written.as_ref().map(|(tree, expr)| (tree.clone(), elements(tree, *expr)));
        let aligned = elements.filter(|(_, elements)| elements.len() == items.len());
        let mut found = vec![];
        for (index, item) in items.iter().enumerate() {
            let written = aligned.as_ref().map(|(tree, elements)| (tree.clone(), elements[index]));
            found.push(Item::One(self.value(item, &Source { file: source.file, written, at: Some(at) })));
        }
        found
    }

    fn attributes(&mut self, set: &Set, source: &Source<'_>, at: Origin) -> Attrs {
        let mut known = BTreeMap::new();
        for (name, part) in &set.parts {
            let site = self.site_in(set, name, source.file);
            let inner = Source { file: source.file, written: site.value, at: site.expression.or(site.at).or(Some(at)) };
            known.insert(Name::from(name.as_str()), self.value(part, &inner));
        }
        let cut = set.more.then(|| self.eval.new_unknown(Cause::Unsupported(super::combine::NOT_ASKED.into()), at));
        Attrs { known, partly_named: vec![], rest: cut }
    }

    /// Where a name of a set is written.
    pub(super) fn site_in(&mut self, set: &Set, name: &str, file: Option<&str>) -> Site {
        let place = set.places.get(name).zip(file);
        place.and_then(|(place, file)| self.binding(file, place, name)).unwrap_or_default()
    }

    fn text(&mut self, text: &str, objects: &[(String, bool)], at: Origin) -> Str {
        let mut context = Context::default();
        for (path, copied) in objects {
            let name = store_name(path);
            let (kind, name) = match copied {
                true => (StoreKind::CopiedUnknown, name),
                false => (StoreKind::Package, name.strip_suffix(".drv").unwrap_or(name)),
            };
            context.extend(&Context::of(self.object(name, kind, None, at)));
        }
        Str::new(text).with_context(context)
    }

    fn object(&mut self, name: &str, kind: StoreKind, text: Option<&str>, origin: Origin) -> Arc<StoreObject> {
        let text = OnceLock::from(text.map(Str::new));
        Arc::new(StoreObject {
            id: self.eval.fresh_id(),
            name: Str::new(name),
            kind,
            origin,
            text,
            package: OnceLock::new(),
        })
    }

    fn package(&mut self, name: &Option<String>, pname: &Option<String>, text: &Option<String>, at: Origin) -> Package {
        let full = name.as_deref().or(pname.as_deref()).unwrap_or_default();
        let short = pname.as_deref().or_else(|| without_version(full));
        let path = match (text, short) {
            (None, Some(short)) => vec![short.strip_suffix("-wrapped").unwrap_or(short).to_owned()],
            _ => vec![],
        };
        let kind = match (text, path.is_empty()) {
            (Some(_), _) => StoreKind::Generated,
            (None, false) => StoreKind::Package,
            (None, true) => StoreKind::Built,
        };
        let made_of = match kind {
            StoreKind::Built => vec![self.unknown(Cause::Package(full.to_owned()), at)],
            _ => vec![],
        };
        let context = Context::of(self.object(full, kind, text.as_deref(), at));
        Package { path, overrides: BTreeMap::new(), altered: false, made_of, holds: None, context }
    }
}

/// What stands behind the hash of a store path.
fn store_name(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.split_once('-').map_or(name, |(_, name)| name)
}

/// The name of `name-1.2`; `None` where there is no version.
fn without_version(name: &str) -> Option<&str> {
    let is_version = |(at, _): &(usize, &str)| name[at + 1..].starts_with(|c: char| c.is_ascii_digit());
    name.match_indices('-').find(is_version).map(|(at, _)| &name[..at])
}

/// The elements that are written in a list, or in several that `++` joins; functions around are
/// taken for properties, as `mkForce [ … ]`.
fn elements(tree: &Tree, expr: ExprId) -> Vec<ExprId> {
    match tree.expr(expr) {
        Expr::List(items) => items.to_vec(),
        Expr::Apply { argument, .. } => elements(tree, *argument),
        Expr::Binary { op: crate::syntax::BinaryOp::Concat, left, right } => {
            let mut all = elements(tree, *left);
            all.extend(elements(tree, *right));
            all
        }
        _ => vec![],
    }
}

/// The expression inside functions that make properties of it: `x` of `lib.mkIf a (lib.mkForce x)`.
pub(super) fn inside_properties((tree, mut expr): Written) -> Written {
    while let Expr::Apply { function, argument } = tree.expr(expr) {
        if !is_property(&tree, *function) {
            break;
        }
        expr = *argument;
    }
    (tree, expr)
}

fn is_property(tree: &Tree, mut function: ExprId) -> bool {
    // `mkIf condition`, `mkOverride 50`
    while let Expr::Apply { function: inner, .. } = tree.expr(function) {
        function = *inner;
    }
    let name = match tree.expr(function) {
        Expr::Select { path, .. } => path.last().and_then(|step| match &step.name {
            crate::syntax::AttrName::Static(name) => Some(name.to_string()),
            crate::syntax::AttrName::Dynamic(_) => None,
        }),
        Expr::Var(crate::syntax::Var::Free { name, .. }) => Some(name.to_string()),
        _ => None,
    };
    const PROPERTIES: [&str; 12] = [
        "mkIf",
        "mkForce",
        "mkDefault",
        "mkOverride",
        "mkOptionDefault",
        "mkImageMediaOverride",
        "mkVMOverride",
        "mkBefore",
        "mkAfter",
        "mkOrder",
        "mkFixStrictness",
        "mkDefinition",
    ];
    name.is_some_and(|name| PROPERTIES.contains(&name.as_str()))
}
