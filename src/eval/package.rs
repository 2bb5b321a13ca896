//! Packages: `pkgs.*` as named things, derivations, and store files with known text.

use super::Eval;
use super::freeze::Left;
use super::thunk::Thunk;
use super::val::{AttrSet, Kind, R, Rest, Val};
use crate::source::Origin;
use crate::value::{Cause, Context, Name, Package, StoreKind, StoreObject, Str};
use std::rc::Rc;
use std::sync::Arc;

/// A derivation, or an attribute of `pkgs` that is probably one.
pub struct PackageVal {
    /// The attribute path below `pkgs`; empty for derivations built in the configuration.
    pub path: Vec<Name>,
    /// The arguments of each `.override`, in order.
    pub overrides: Vec<Thunk>,
    /// Changed in ways that are not followed.
    pub altered: bool,
    /// What it was made from.
    pub made_of: Vec<Thunk>,
    /// The value that is written to it.
    pub holds: Option<Thunk>,
    /// Its output.
    pub object: Arc<StoreObject>,
}

impl PackageVal {
    /// Whether this is known to be a derivation, and not perhaps a function or a package set.
    pub fn is_derivation(&self) -> bool {
        self.path.is_empty() || !self.overrides.is_empty()
    }
}

impl Eval {
    /// `pkgs`: any name gives a package, a few give functions.
    pub fn pkgs(&mut self) -> Val {
        self.package_set(vec![])
    }

    fn package_set(&mut self, path: Vec<Name>) -> Val {
        let unknown = self.new_unknown(Cause::Package("pkgs".into()), Origin::Default);
        let get = move |eval: &mut Eval, name: &Name| {
            let mut whole = path.clone();
            whole.push(name.clone());
            eval.package_at(whole)
        };
        let set = AttrSet { rest: Some(Rest::Named(Rc::new(get), unknown)), ..AttrSet::default() };
        Val::new(Kind::Attrs(Rc::new(set)), Origin::Default)
    }

    /// What stands at a path below `pkgs`, the same value each time.
    fn package_at(&mut self, path: Vec<Name>) -> Val {
        if let Some(known) = self.package_memo.get(&path) {
            return known.clone();
        }
        let given = self.given_package(&path).or_else(|| super::builtin::package_function(self, &path));
        let value = match given {
            Some(function) => function,
            None => {
                let name = Str::new(path.last().map(Name::as_str).unwrap_or_default());
                let object = self.store_object(name, StoreKind::Package, Origin::Default);
                let package = PackageVal {
                    path: path.clone(),
                    overrides: vec![],
                    altered: false,
                    made_of: vec![],
                    holds: None,
                    object,
                };
                Val::new(Kind::Package(Rc::new(package)), Origin::Default)
            }
        };
        self.package_memo.insert(path, value.clone());
        value
    }

    /// A derivation built in the configuration.
    pub fn derivation(&mut self, name: Str, made_of: Vec<Thunk>, at: Origin) -> Val {
        let object = self.store_object(name, StoreKind::Built, at);
        let package = PackageVal { path: vec![], overrides: vec![], altered: false, made_of, holds: None, object };
        Val::new(Kind::Package(Rc::new(package)), at)
    }

    /// A store file whose text is computed when it is asked for.
    pub fn store_file(&mut self, name: Str, text: Thunk, holds: Option<Thunk>, at: Origin) -> Val {
        let object = self.store_object(name, StoreKind::Generated, at);
        self.generated.insert(object.id, text.clone());
        let package =
            PackageVal { path: vec![], overrides: vec![], altered: false, made_of: vec![text], holds, object };
        Val::new(Kind::Package(Rc::new(package)), at)
    }

    pub(super) fn generated_text(&mut self, id: u64) -> Option<Str> {
        let text = self.generated.get(&id)?.clone();
        match self.force_or_unknown(&text).kind {
            Kind::Str(text) => {
                self.fill_texts(&text.context.clone());
                Some((*text).clone())
            }
            Kind::Unknown(unknown) => Some(Str::hole(unknown)),
            Kind::OneOf(alternatives) => {
                let text = self.common(&alternatives);
                self.fill_texts(&text.context.clone());
                Some(text)
            }
            _ => None,
        }
    }

    /// The store path of a package.
    pub fn package_path(&mut self, package: &Rc<PackageVal>) -> Str {
        if !package.path.is_empty() {
            self.in_text.insert(package.object.id, package.clone());
        }
        if package.path.len() > 1 && !package.is_derivation() {
            // `pkgs.a.b` may be a package in a set of packages, or a text that `a` carries.
            let unknown = self.new_unknown(Cause::Package(package.label()), package.object.origin);
            let text = self.derived_hash(package.object.id, unknown);
            return Str::hole(text).with_context(Context::of(package.object.clone()));
        }
        self.store_path(&package.object)
    }

    /// An attribute of a package.
    pub(super) fn select_package(
        &mut self,
        package: &Rc<PackageVal>,
        name: &Str,
        default: Option<&Thunk>,
        at: Origin,
    ) -> R {
        let Some(known) = name.known() else {
            return Ok(self.unknown(Cause::Package(package.label()), at));
        };
        match known {
            "override" => {
                let package = package.clone();
                Ok(Val::closure("override", 1, move |eval, args, at| eval.overridden(&package, &args[0], at)))
            }
            "overrideAttrs" | "overrideDerivation" | "overridePythonAttrs" => {
                let package = package.clone();
                Ok(Val::closure("overrideAttrs", 1, move |eval, args, at| {
                    let mut made_of = package.made_of.clone();
                    made_of.push(eval.changes(&package, &args[0], at));
                    let changed = PackageVal { altered: true, made_of, ..eval.copy_of(&package, at) };
                    Ok(Val::new(Kind::Package(Rc::new(changed)), at))
                }))
            }
            // Of those packages that have it: all that is in the package, and a file with the settings.
            "withConfig" if !package.path.is_empty() => {
                let package = package.clone();
                Ok(Val::closure("withConfig", 1, move |eval, args, at| {
                    let made_of = package.made_of.iter().chain(args).cloned().collect();
                    let settled = PackageVal { altered: true, made_of, ..eval.copy_of(&package, at) };
                    Ok(Val::new(Kind::Package(Rc::new(settled)), at))
                }))
            }
            "outPath" | "drvPath" => Ok(Val::str(self.package_path(package), at)),
            "out" | "bin" | "dev" | "lib" if package.is_derivation() => {
                Ok(Val::new(Kind::Package(package.clone()), at))
            }
            "type" if package.is_derivation() => Ok(Val::text("derivation", at)),
            "name" if package.path.is_empty() => Ok(Val::str(package.object.name.clone(), at)),
            "pname" | "version" | "name" | "meta" | "src" | "type" | "passthru" | "system" | "conf" => {
                let unknown = self.new_unknown(Cause::Package(package.label()), at);
                Ok(Val::new(Kind::Unknown(unknown), at))
            }
            _ if !package.path.is_empty() && package.overrides.is_empty() && default.is_none() => {
                let mut path = package.path.clone();
                path.push(known.into());
                Ok(self.package_at(path))
            }
            _ => Ok(self.unknown(Cause::Package(package.label()), at)),
        }
    }

    pub(super) fn copy_of(&mut self, package: &Rc<PackageVal>, at: Origin) -> PackageVal {
        let object = self.store_object(package.object.name.clone(), package.object.kind.clone(), at);
        PackageVal {
            path: package.path.clone(),
            overrides: package.overrides.clone(),
            altered: package.altered,
            made_of: package.made_of.clone(),
            holds: package.holds.clone(),
            object,
        }
    }

    /// What `overrideAttrs` puts in place of a package's attributes: `{ … }`, `old: { … }` or `final: old: { … }`.
    fn changes(&mut self, package: &Rc<PackageVal>, argument: &Thunk, at: Origin) -> Thunk {
        let (argument, label) = (argument.clone(), package.label());
        Thunk::native(at, move |eval| {
            let mut value = eval.force(&argument)?;
            for _ in 0..2 {
                if !eval.is_callable(&value) {
                    break;
                }
                let old = eval.unknown(Cause::Package(label.clone()), at);
                value = eval.apply(&value, Thunk::done(old), at)?;
            }
            Ok(value)
        })
    }

    /// `pkg.override { … }`, or `pkg.override (old: { … })`.
    fn overridden(&mut self, package: &Rc<PackageVal>, argument: &Thunk, at: Origin) -> R {
        let value = self.force(argument)?;
        let argument = if self.is_callable(&value) {
            let old = Thunk::done(self.unknown(Cause::Package(package.label()), at));
            let function = Thunk::done(value);
            self.delay_apply(function, vec![old], at)
        } else {
            argument.clone()
        };
        let mut changed = self.copy_of(package, at);
        changed.overrides.push(argument);
        Ok(Val::new(Kind::Package(Rc::new(changed)), at))
    }

    /// Calling something of `pkgs` that is not modelled.
    pub(super) fn apply_package(&mut self, package: &Rc<PackageVal>, argument: Thunk, at: Origin) -> R {
        // `callPackage`-like results are derivations more often than not, but that is no knowledge;
        // what went in is kept, so that "made from" can still be asked. What the function added is not.
        let mut made_of = package.made_of.clone();
        made_of.push(argument);
        made_of.push(Thunk::done(self.unknown(Cause::Package(package.label()), at)));
        let called = PackageVal { altered: true, made_of, ..self.copy_of(package, at) };
        Ok(Val::new(Kind::Package(Rc::new(called)), at))
    }

    /// A package where a set is wanted.
    pub(super) fn package_attrs(&mut self, package: &Rc<PackageVal>, at: Origin) -> Rc<AttrSet> {
        let unknown = self.new_unknown(Cause::Package(package.label()), at);
        let package = package.clone();
        let get = move |eval: &mut Eval, name: &Name| {
            eval.select_package(&package, &Str::new(name.as_str()), None, at)
                .unwrap_or_else(|failure| eval.failed(&failure))
        };
        Rc::new(AttrSet { rest: Some(Rest::Named(Rc::new(get), unknown)), ..AttrSet::default() })
    }

    /// A set that says of itself that it is a derivation.
    pub fn is_derivation_set(&mut self, set: &AttrSet) -> bool {
        let Some(attribute) = set.known.get("type") else { return false };
        matches!(self.force_or_unknown(&attribute.value.clone()).kind,
            Kind::Str(text) if text.known() == Some("derivation"))
    }

    pub(super) fn freeze_derivation(&mut self, set: &AttrSet) -> Package {
        let context = match set.known.get("outPath").map(|attribute| self.force_or_unknown(&attribute.value.clone())) {
            Some(Val { kind: Kind::Str(text), .. }) => text.context.clone(),
            _ => Context::default(),
        };
        self.fill_texts(&context);
        Package { path: vec![], overrides: Default::default(), altered: false, made_of: vec![], holds: None, context }
    }

    pub(super) fn freeze_package(&mut self, package: &Rc<PackageVal>, left: Left, nodes: &mut u32) -> Package {
        let mut overrides = std::collections::BTreeMap::new();
        let mut altered = package.altered;
        for argument in &package.overrides {
            match self.freeze_thunk(argument, left, nodes).shape {
                crate::value::Shape::Attrs(attrs) => {
                    altered |= !attrs.is_complete();
                    overrides.extend(attrs.known.iter().map(|(name, value)| (name.to_string(), value.clone())));
                }
                _ => altered = true,
            }
        }
        let ingredients = left.for_ingredients();
        let made_of = package.made_of.iter().map(|part| self.freeze_thunk(part, ingredients, nodes)).collect();
        let holds = package.holds.as_ref().map(|value| Arc::new(self.freeze_thunk(value, left, nodes)));
        let context = Context::of(package.object.clone());
        self.fill_texts(&context);
        let path = package.path.iter().map(Name::to_string).collect();
        Package { path, overrides, altered, made_of, holds, context }
    }

    pub(super) fn thaw_package(&mut self, package: &Package, at: Origin) -> Val {
        let object = match package.context.iter().next() {
            Some(object) => object.clone(),
            None => self.store_object(Str::default(), StoreKind::Built, at),
        };
        let overrides = package.overrides.iter().map(|(name, value)| {
            let value = Thunk::done(self.thaw(value));
            (Name::from(name.as_str()), value)
        });
        let overrides: Vec<_> = overrides.collect();
        let overrides = if overrides.is_empty() { vec![] } else { vec![Thunk::done(Val::attrs(overrides, at))] };
        let path = package.path.iter().map(|name| Name::from(name.as_str())).collect();
        let made_of = package.made_of.iter().map(|value| Thunk::done(self.thaw(value))).collect();
        let holds = package.holds.as_ref().map(|value| Thunk::done(self.thaw(value)));
        let package = PackageVal { path, overrides, altered: package.altered, made_of, holds, object };
        Val::new(Kind::Package(Rc::new(package)), at)
    }
}

impl PackageVal {
    fn label(&self) -> String {
        match &self.path[..] {
            [] => self.object.name.to_string(),
            path => label(path),
        }
    }
}

/// A path below `pkgs` as text.
fn label(path: &[Name]) -> String {
    path.iter().map(Name::as_str).collect::<Vec<_>>().join(".")
}
