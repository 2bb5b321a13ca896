//! Attribute sets: making, selecting, updating.

use super::Eval;
use super::thunk::{Env, Thunk};
use super::val::{AttrSet, Attribute, Kind, R, Rest, Val};
use crate::source::{Origin, Span};
use crate::syntax::{Attr, AttrName, BindingValue, Bindings, Expr, ExprId, Var};
use crate::value::{Condition, Name, Str, Truth, Unknown};
use std::rc::Rc;

impl Eval {
    /// A set literal.
    pub(super) fn attrs(&mut self, env: &Env, recursive: bool, bindings: &Bindings, at: Origin) -> R {
        let (inner, thunks) = match recursive {
            true => self.frame(env, bindings, None),
            false => (env.clone(), self.binding_thunks(env, env, bindings)),
        };
        let mut set = AttrSet::default();
        for (binding, value) in bindings.statics.iter().zip(thunks) {
            let site = Origin::Written(env.tree.at(binding.range));
            set.known.insert(binding.name.clone(), Attribute { value, site });
        }
        if let Some(unknown) = self.override_bindings(&mut set, &inner, recursive, bindings, at)? {
            return Ok(unknown);
        }
        let mut chosen: Vec<(Condition, AttrSet)> = vec![];
        let mut refused: Vec<(Condition, Thunk)> = vec![];
        for dynamic in &bindings.dynamics {
            if dynamic.doubtful {
                let why = "a computed name in a set that is written twice".into();
                let unknown = self.new_unknown(crate::value::Cause::Unsupported(why), at);
                for set in chosen.iter_mut().map(|(_, set)| set).chain([&mut set]) {
                    set.rest = Some(Rest::Unknown(unknown.clone()));
                }
                continue;
            }
            let name = self.expr_deeper(&inner, dynamic.name)?;
            let site = Origin::Written(env.tree.at(dynamic.range));
            let attribute = Attribute { value: inner.delay(dynamic.value), site };
            if let Some(fails) = self.failing_name(&name, site) {
                return Ok(fails);
            }
            match (&name.kind, &chosen[..]) {
                // The set is a choice when one of its names is.
                (Kind::OneOf(names), []) if refused.is_empty() => {
                    for (condition, name) in names.iter() {
                        let name = self.force_or_unknown(name);
                        if let Some(fails) = self.failing_name(&name, site) {
                            refused.push((condition.clone(), Thunk::done(fails)));
                            continue;
                        }
                        match self.with_dynamic(set.clone(), &name, attribute.clone()) {
                            Ok(with) => chosen.push((condition.clone(), with)),
                            Err(failed) => refused.push((condition.clone(), failed)),
                        }
                    }
                }
                (_, []) if refused.is_empty() => self.insert_dynamic(&mut set, &name, attribute)?,
                _ => {
                    for (condition, set) in std::mem::take(&mut chosen) {
                        match self.with_dynamic(set, &name, attribute.clone()) {
                            Ok(with) => chosen.push((condition, with)),
                            Err(failed) => refused.push((condition, failed)),
                        }
                    }
                }
            }
        }
        let made = |set: AttrSet| Val::new(Kind::Attrs(Rc::new(set)), at);
        if chosen.is_empty() && refused.is_empty() {
            return Ok(made(set));
        }
        let chosen = chosen.into_iter().map(|(condition, set)| (condition, Thunk::done(made(set))));
        self.one_of(chosen.chain(refused).collect(), at)
    }

    /// A set with one more attribute, or what is left where Nix fails at the whole set.
    fn with_dynamic(&mut self, mut set: AttrSet, name: &Val, attribute: Attribute) -> Result<AttrSet, Thunk> {
        match self.insert_dynamic(&mut set, name, attribute) {
            Ok(()) => Ok(set),
            Err(failure) => Err(Thunk::done(self.failed(&failure))),
        }
    }

    /// Adds an attribute whose name was computed; `null` adds nothing.
    fn insert_dynamic(&mut self, set: &mut AttrSet, name: &Val, attribute: Attribute) -> R<()> {
        match &name.kind {
            Kind::Null => Ok(()),
            _ => {
                let text = self.attr_name(name, attribute.site)?;
                match text.known() {
                    Some(known) if set.known.contains_key(known) => {
                        let known = self.quoted(known, attribute.site);
                        self.fail(format!("dynamic attribute '{known}' already defined"), attribute.site)
                    }
                    Some(known) => {
                        set.known.insert(known.into(), attribute);
                        Ok(())
                    }
                    None => {
                        set.nullable |= matches!(name.kind, Kind::Unknown(_) | Kind::OneOf(_));
                        set.partly.push((text, attribute));
                        Ok(())
                    }
                }
            }
        }
    }

    /// What the set is when Nix fails at one of its names.
    fn failing_name(&mut self, name: &Val, at: Origin) -> Option<Val> {
        let hole = match &name.kind {
            Kind::Unknown(unknown) => Some(unknown),
            Kind::Str(text) => text.holes().find(|hole| hole.cause.is_failure()),
            _ => None,
        };
        hole.filter(|unknown| unknown.cause.is_failure()).map(|unknown| self.follows(unknown, at))
    }

    /// A computed name as text, perhaps with holes.
    fn attr_name(&mut self, name: &Val, at: Origin) -> R<Str> {
        match &name.kind {
            Kind::Str(text) => Ok((**text).clone()),
            Kind::Unknown(unknown) => Ok(Str::hole(unknown.clone())),
            Kind::OneOf(_) => {
                let unknown = self.follows_choice(name, at);
                Ok(Str::hole(unknown))
            }
            other => self.fail(format!("value is {} while a string was expected", other.describe()), at),
        }
    }

    fn follows_choice(&mut self, value: &Val, at: Origin) -> Unknown {
        let first = match &value.kind {
            Kind::OneOf(alternatives) => alternatives
                .iter()
                .find_map(|(condition, _)| condition.literals().next().map(|(unknown, _)| unknown.clone())),
            _ => None,
        };
        match first {
            Some(unknown) => match self.follows(&unknown, at).kind {
                Kind::Unknown(unknown) => unknown,
                _ => unreachable!("follows gives an unknown"),
            },
            None => self.new_unknown(crate::value::Cause::Recursion, at),
        }
    }

    /// One thunk for each binding with a written name.
    pub(super) fn binding_thunks(&mut self, outer: &Env, inner: &Env, bindings: &Bindings) -> Vec<Thunk> {
        let sources: Vec<_> = bindings.sources.iter().map(|source| inner.delay(*source)).collect();
        // What our library hands through (`mkIf = c: x: { inherit x; }`) stays the user's expression.
        let ours = self.sources.file(outer.tree.file).embedded;
        let opened = inner.frame.as_ref().filter(|_| !std::ptr::eq(outer, inner));
        let twin = opened.and_then(|frame| frame.twin.as_ref());
        let thunk = |(slot, binding): (usize, &crate::syntax::Binding)| match binding.value {
            BindingValue::Own(expr) => inner.delay(expr),
            BindingValue::Inherit(expr) => match outer.tree.expr(expr) {
                Expr::Var(Var::Local { depth, slot }) if ours => outer.slot(*depth, *slot),
                _ => None,
            }
            .unwrap_or_else(|| outer.delay(expr)),
            BindingValue::InheritFrom { source } => {
                if let Some(shared) = twin.and_then(|twin| twin.inherited(bindings, slot, source)) {
                    return shared;
                }
                let at = Origin::Written(outer.tree.at(binding.range));
                let (source, name) = (sources.get(source as usize).cloned(), binding.name.clone());
                Thunk::native(at, move |eval| match source {
                    Some(source) => {
                        let set = eval.force(&source)?;
                        eval.select_from(&set, &[Str::new(&name)], None, at)
                    }
                    None => Ok(eval.unknown(crate::value::Cause::SyntaxError, at)),
                })
            }
        };
        bindings.statics.iter().enumerate().map(thunk).collect()
    }

    /// The names of an attribute path, up to one that Nix refuses, and that one.
    fn attr_path(&mut self, env: &Env, path: &[Attr]) -> (Vec<Str>, Option<R>) {
        let mut names = vec![];
        for attr in path {
            let name = match &attr.name {
                AttrName::Static(name) => Ok(Str::new(name)),
                AttrName::Dynamic(expr) => match self.expr_deeper(env, *expr) {
                    Ok(name) if self.is_refused(&name) => return (names, Some(Ok(name))),
                    Ok(name) => self.attr_name(&name, Origin::Written(env.tree.at(attr.range))),
                    Err(failure) => Err(failure),
                },
            };
            match name {
                Ok(name) => names.push(name),
                Err(failure) => return (names, Some(Err(failure))),
            }
        }
        (names, None)
    }

    /// `base.path or default`.
    pub(super) fn select(&mut self, env: &Env, base: ExprId, path: &[Attr], default: Option<ExprId>, at: Origin) -> R {
        let base = self.expr_deeper(env, base)?;
        let (names, refused) = self.attr_path(env, path);
        let default = default.map(|default| env.delay(default));
        let computed = path.iter().any(|attr| matches!(attr.name, AttrName::Dynamic(_)));
        let Some(refused) = refused else {
            return self.select_steps(&base, &names, default.as_ref(), at, computed);
        };
        // Nix looks at a name once what stands before it is there.
        if default.is_none() {
            self.select_steps(&base, &names, None, at, computed)?;
        }
        let reached = self.has_path(&base, &names, at)?;
        let refused = Thunk::native(at, move |_| refused);
        let otherwise = default.unwrap_or_else(|| refused.clone());
        self.branch(&reached, refused, otherwise, at)
    }

    /// The attribute at `names` below `value`.
    pub fn select_from(&mut self, value: &Val, names: &[Str], default: Option<&Thunk>, at: Origin) -> R {
        self.select_steps(value, names, default, at, false)
    }

    /// The same; no message repeats a name that is not spelled at this place, if names may be `computed`.
    pub(super) fn select_steps(
        &mut self,
        value: &Val,
        names: &[Str],
        default: Option<&Thunk>,
        at: Origin,
        computed: bool,
    ) -> R {
        let Some((name, rest)) = names.split_first() else { return Ok(value.clone()) };
        match &value.kind {
            // `or` is for attributes that are not there, not for sets that Nix fails at.
            Kind::Unknown(unknown) if self.refuses(unknown) => {
                self.select_unknown(&unknown.clone(), name, rest, None, at)
            }
            Kind::Unknown(unknown) => self.select_unknown(&unknown.clone(), name, rest, default, at),
            Kind::OneOf(_) => {
                self.lift(value, "", at, &mut |eval, value| eval.select_steps(value, names, default, at, computed))
            }
            Kind::Attrs(set) => match self.find(set, name, at) {
                Found::Here(attribute) => {
                    let value = self.force(&attribute.value)?;
                    self.select_steps(&value, rest, default, at, computed)
                }
                Found::Computed(value) => match (default, set.why_open().cloned()) {
                    (Some(default), Some(why)) => self.select_computed(&why, &value, names, default, at),
                    _ => self.select_steps(&value, rest, default, at, computed),
                },
                Found::Nowhere => match default {
                    Some(default) => self.force(default),
                    None => {
                        let name = name.to_string();
                        let name = if computed { self.quoted(&name, at) } else { name };
                        self.fail(format!("attribute '{name}' missing"), at)
                    }
                },
                Found::Unknown(unknown) => self.select_unknown(&unknown, name, rest, default, at),
            },
            Kind::Package(package) => {
                let value = self.select_package(&package.clone(), name, default, at)?;
                self.select_steps(&value, rest, default, at, computed)
            }
            _ if default.is_some() => self.force(default.expect("just checked")),
            other => self.fail(format!("value is {} while a set was expected", other.describe()), at),
        }
    }

    /// Looks a name up in a set.
    pub fn find(&mut self, set: &AttrSet, name: &Str, _at: Origin) -> Found {
        match name.known() {
            Some(known) => {
                if let Some(attribute) = set.known.get(known) {
                    return Found::Here(attribute.clone());
                }
                if let Some(Rest::Named(get, _)) = &set.rest {
                    let get = get.clone();
                    return Found::Computed(get(self, &known.into()));
                }
            }
            None => {
                let same = set.partly.iter().find(|(have, _)| have.equals(name).is_true());
                if let Some((_, attribute)) = same {
                    return Found::Here(attribute.clone());
                }
            }
        }
        let maybe_partly = set.partly.iter().find_map(|(have, _)| match have.equals(name) {
            Truth::Unknown(unknown) => Some(unknown),
            _ => None,
        });
        let maybe_known = || {
            set.known.keys().find_map(|have| match Str::new(have).equals(name) {
                Truth::Unknown(unknown) => Some(unknown),
                _ => None,
            })
        };
        let maybe = maybe_partly.or_else(|| if name.known().is_none() { maybe_known() } else { None });
        match (maybe, &set.rest) {
            // What it is then depends on the set, not on the hole alone.
            (Some(unknown), _) => match self.follows(&unknown, unknown.at).kind {
                Kind::Unknown(unknown) => Found::Unknown(unknown),
                _ => Found::Nowhere,
            },
            (None, Some(rest)) => Found::Unknown(rest.unknown().clone()),
            (None, None) => Found::Nowhere,
        }
    }

    /// `base ? path`.
    pub(super) fn has_attr(&mut self, env: &Env, base: ExprId, path: &[Attr], at: Origin) -> R {
        let base = self.expr_deeper(env, base)?;
        let (names, refused) = self.attr_path(env, path);
        let has = self.has_path(&base, &names, at)?;
        match refused {
            Some(refused) if !matches!(has.kind, Kind::Bool(false)) => refused,
            _ => Ok(has),
        }
    }

    /// Whether a value has an attribute at `names`.
    pub fn has_path(&mut self, value: &Val, names: &[Str], at: Origin) -> R {
        let Some((name, rest)) = names.split_first() else { return Ok(Val::new(Kind::Bool(true), at)) };
        match &value.kind {
            Kind::Unknown(unknown) => Ok(self.may_have(&unknown.clone(), names, at)),
            Kind::OneOf(_) => self.lift(value, "", at, &mut |eval, value| eval.has_path(value, names, at)),
            Kind::Attrs(set) => match self.find(set, name, at) {
                Found::Here(_) if set.nullable && name.known().is_none() => {
                    let unknown = set.why_open().expect("a name with holes is open").clone();
                    Ok(self.may_have(&unknown, names, at))
                }
                Found::Here(_) if rest.is_empty() => Ok(Val::new(Kind::Bool(true), at)),
                Found::Here(attribute) => {
                    let value = self.force(&attribute.value)?;
                    self.has_path(&value, rest, at)
                }
                Found::Nowhere => Ok(Val::new(Kind::Bool(false), at)),
                Found::Computed(_) => {
                    let unknown = set.why_open().expect("computed names are open").clone();
                    Ok(self.may_have(&unknown, names, at))
                }
                Found::Unknown(unknown) => Ok(self.may_have(&unknown, names, at)),
            },
            Kind::Package(package)
                if package.is_derivation()
                    && rest.is_empty()
                    && matches!(name.known(), Some("type" | "name" | "outPath" | "drvPath" | "outputName")) =>
            {
                Ok(Val::new(Kind::Bool(true), at))
            }
            Kind::Package(_) => Ok(self.unknown(crate::value::Cause::Package("a package's attribute".into()), at)),
            _ => Ok(Val::new(Kind::Bool(false), at)),
        }
    }

    /// Whether what is unknown has a path: the same for the same path.
    pub(super) fn may_have(&mut self, unknown: &Unknown, names: &[Str], at: Origin) -> Val {
        let known: Option<Vec<_>> = names.iter().map(Str::known).collect();
        match known {
            Some(known) => Val::new(Kind::Unknown(self.derive(unknown, &format!("?{}", known.join(" ?")))), at),
            None => self.follows(unknown, at),
        }
    }

    /// `a // b`.
    pub fn update(&mut self, a: &Val, b: &Val, at: Origin) -> R {
        match (&a.kind, &b.kind) {
            (Kind::OneOf(_), _) | (_, Kind::OneOf(_)) => self.lift2(a, b, at, &mut |eval, a, b| eval.update(a, b, at)),
            (Kind::Package(package), Kind::Attrs(_) | Kind::Unknown(_)) => {
                let changed = super::package::PackageVal { altered: true, ..self.copy_of(package, at) };
                Ok(Val::new(Kind::Package(Rc::new(changed)), a.origin))
            }
            (Kind::Attrs(_), Kind::Package(_)) => Ok(b.clone()),
            // Nix fails at one of them, and has no set.
            (Kind::Unknown(unknown), _) | (_, Kind::Unknown(unknown)) if self.refuses(unknown) => {
                Ok(Val::new(Kind::Unknown(unknown.clone()), at))
            }
            _ => {
                let (left, right) = (self.operand_set(a, at)?, self.operand_set(b, at)?);
                Ok(Val::new(Kind::Attrs(Rc::new(self.update_sets(&left, &right, at))), at))
            }
        }
    }

    pub(super) fn operand_set(&mut self, value: &Val, at: Origin) -> R<Rc<AttrSet>> {
        match &value.kind {
            Kind::Attrs(set) => Ok(set.clone()),
            Kind::Unknown(unknown) => {
                Ok(Rc::new(AttrSet { rest: Some(Rest::Unknown(unknown.clone())), ..AttrSet::default() }))
            }
            other => self.fail(format!("value is {} while a set was expected", other.describe()), at),
        }
    }

    /// Names of the right side win; where it may have names that are not known,
    /// what the left side gives holds only if it does not.
    pub(super) fn update_sets(&mut self, left: &AttrSet, right: &AttrSet, at: Origin) -> AttrSet {
        let mut set = left.clone();
        set.nullable |= right.nullable;
        if !right.is_complete() {
            for (name, attribute) in &mut set.known {
                let why = match self.find(right, &Str::new(name), at) {
                    Found::Unknown(unknown) => unknown,
                    Found::Computed(_) => right.why_open().expect("computed names are open").clone(),
                    Found::Here(_) | Found::Nowhere => continue,
                };
                attribute.value = self.unless_overridden(&why, name, attribute.value.clone(), at);
            }
        }
        set.known.extend(right.known.iter().map(|(name, attribute)| (name.clone(), attribute.clone())));
        set.partly.retain(|(name, _)| !right.partly.iter().any(|(other, _)| other.equals(name).is_true()));
        for (name, attribute) in &mut set.partly {
            let same = right.known.keys().find_map(|known| match Str::new(known).equals(name) {
                Truth::Unknown(unknown) => Some(unknown),
                _ => None,
            });
            if let Some(why) = same.or_else(|| right.why_open().cloned()) {
                let by = Name::from(format!("{name} {}", self.fresh_id()));
                attribute.value = self.unless_overridden(&why, &by, attribute.value.clone(), at);
            }
        }
        set.partly.extend(right.partly.iter().cloned());
        set.note_same_names();
        let left_open = set.why_open().is_some();
        set.rest = match (&right.rest, set.rest) {
            (Some(rest), _) if left_open => {
                let by = left.rest.as_ref().map_or(self.next_id + 1, |rest| rest.unknown().id.0);
                Some(Rest::Unknown(self.derive(&rest.unknown().clone(), &format!("// {by}"))))
            }
            (Some(rest), _) => Some(rest.clone()),
            (None, left) => left,
        };
        set
    }

    /// `value`, unless what is behind `why` says otherwise.
    pub(super) fn unless_overridden(&mut self, why: &Unknown, name: &Name, value: Thunk, at: Origin) -> Thunk {
        let overridden = self.derive(why, &format!("?{name}"));
        let other = self.derive(why, &format!(".{name}"));
        let other = Thunk::done(Val::new(Kind::Unknown(other), at));
        Thunk::native(value.origin(), move |eval| {
            let alternatives =
                vec![(Condition::when(overridden.clone(), false), value), (Condition::when(overridden, true), other)];
            eval.one_of(alternatives, at)
        })
    }

    /// `{ file; line; column; }`, as `builtins.unsafeGetAttrPos` gives it.
    pub(super) fn position_set(&mut self, span: Span, at: Origin) -> Val {
        let position = self.sources.position(span.file, span.start);
        let file = self.sources.file(span.file);
        let column = {
            // Nix counts bytes.
            let line = file.lines().line_range(&file.text, position.line).map_or(0, |range| range.start);
            i64::from(position.byte) - line as i64 + 1
        };
        let path = file.path.to_string_lossy().into_owned();
        Val::attrs(
            [
                ("column".into(), Thunk::done(Val::new(Kind::Int(column), at))),
                ("file".into(), Thunk::done(Val::text(&path, at))),
                ("line".into(), Thunk::done(Val::new(Kind::Int(i64::from(position.line)), at))),
            ],
            at,
        )
    }
}

/// What a look-up gave.
pub enum Found {
    /// The attribute.
    Here(Attribute),
    /// A value made from the name.
    Computed(Val),
    /// It is not there.
    Nowhere,
    /// It may be there.
    Unknown(Unknown),
}
