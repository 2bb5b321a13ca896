//! Strings and paths: literals, interpolation, coercion.

use super::Eval;
use super::thunk::{Env, Thunk};
use super::val::{Elem, Kind, R, Val};
use crate::source::Origin;
use crate::source::load::normalize;
use crate::syntax::{PathKind, StrPart};
use crate::value::{Cause, Condition, Context, Name, Part, StoreKind, StoreObject, Str};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::{Arc, OnceLock};

/// How a value becomes a string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coerce {
    /// `"${x}"` and `+`: strings, paths (copied to the store), sets with `outPath` or `__toString`.
    Interpolation,
    /// `toString x`: also numbers, booleans, null, lists; paths are not copied.
    ToString,
}

impl Eval {
    /// A string literal.
    pub(super) fn string(&mut self, env: &Env, parts: &[StrPart], at: Origin) -> R {
        let mut whole = Val::str(Str::default(), at);
        for part in parts {
            let next = match part {
                StrPart::Text(text) => Val::text(text, at),
                StrPart::Interpolation(expr) => {
                    let value = self.expr_deeper(env, *expr)?;
                    self.coerce(&value, Coerce::Interpolation, Origin::Written(env.tree.span(*expr)))?
                }
            };
            whole = self.join(whole, next, at)?;
        }
        Ok(whole.at(at))
    }

    /// Two coerced strings as one.
    pub fn join(&mut self, a: Val, b: Val, at: Origin) -> R {
        match (&a.kind, &b.kind) {
            (Kind::Unknown(refused), _) | (_, Kind::Unknown(refused)) if self.refuses(refused) => {
                Ok(Val::new(Kind::Unknown(refused.clone()), at))
            }
            (Kind::Str(x), Kind::Str(y)) => {
                let length = |text: &Str| text.parts().iter().map(part_len).sum::<usize>();
                if length(x) + length(y) > self.limits.text {
                    return Ok(self.unknown(Cause::Budget("text too long"), at));
                }
                if let Some(refused) = self.refused_part(&a).or_else(|| self.refused_part(&b)) {
                    return Ok(refused);
                }
                let mut whole = (**x).clone();
                whole.push(y);
                Ok(Val::str(whole, at))
            }
            (Kind::OneOf(x), Kind::OneOf(y)) if x.len() * y.len() > super::choice::MOST_ALTERNATIVES => {
                let (a, b) = (self.common(x), self.common(y));
                self.join(Val::str(a, at), Val::str(b, at), at)
            }
            (Kind::OneOf(_), _) | (_, Kind::OneOf(_)) => {
                self.lift2(&a, &b, at, &mut |eval, a, b| eval.join(a.clone(), b.clone(), at))
            }
            (Kind::Unknown(unknown), Kind::Str(_)) => {
                let whole = Val::str(Str::hole(unknown.clone()), at);
                self.join(whole, b, at)
            }
            (_, Kind::Unknown(unknown)) => {
                let hole = Val::str(Str::hole(unknown.clone()), at);
                self.join(a, hole, at)
            }
            _ => self.fail("cannot join what is no string", at),
        }
    }

    /// What all alternatives of a text start and end with, and a hole between.
    pub fn common(&mut self, alternatives: &[(Condition, Thunk)]) -> Str {
        let mut whole: Option<Str> = None;
        for (condition, thunk) in alternatives {
            let why = condition.literals().next().map(|(unknown, _)| unknown.clone());
            let why = why.unwrap_or_else(|| self.new_unknown(Cause::Recursion, thunk.origin()));
            let next = match self.force_or_unknown(thunk).kind {
                Kind::Str(text) => (*text).clone(),
                Kind::Unknown(unknown) => Str::hole(unknown),
                _ => Str::hole(why.clone()),
            };
            whole = Some(match whole {
                None => next,
                Some(whole) => {
                    let follows = self.follows(&why, why.at).kind;
                    let hole = if let Kind::Unknown(unknown) = follows { unknown } else { why };
                    whole.common(&next, hole)
                }
            });
        }
        whole.unwrap_or_default()
    }

    /// A value as a string: a [`Kind::Str`], or a choice of them. What is unknown is a hole.
    pub fn coerce(&mut self, value: &Val, mode: Coerce, at: Origin) -> R {
        let to_string = mode == Coerce::ToString;
        match &value.kind {
            Kind::Str(_) => Ok(value.clone()),
            Kind::Unknown(unknown) => Ok(Val::str(Str::hole(unknown.clone()), at)),
            Kind::OneOf(_) => self.lift(value, "", at, &mut |eval, value| eval.coerce(value, mode, at)),
            Kind::Path(path) if to_string => {
                let text = self.path_text(&path.clone());
                Ok(Val::str(text, at))
            }
            Kind::Path(path) => self.copied(&path.clone(), at),
            Kind::Package(package) => Ok(Val::str(self.package_path(&package.clone()), at)),
            Kind::Attrs(set) => {
                if let Some(attribute) = set.known.get("__toString").cloned() {
                    let function = self.force(&attribute.value)?;
                    let result = self.apply(&function, Thunk::done(value.clone()), at)?;
                    return self.deeper(at, |eval| eval.coerce(&result, mode, at));
                }
                match (set.known.get("outPath").cloned(), set.why_open().cloned()) {
                    (Some(attribute), _) => {
                        let path = self.force(&attribute.value)?;
                        self.deeper(at, |eval| eval.coerce(&path, mode, at))
                    }
                    (None, Some(unknown)) => Ok(Val::str(Str::hole(self.derive(&unknown, "text")), at)),
                    (None, None) => self.fail("cannot coerce a set to a string", at),
                }
            }
            Kind::Bool(known) if to_string => Ok(Val::text(if *known { "1" } else { "" }, at)),
            Kind::Null if to_string => Ok(Val::text("", at)),
            Kind::Int(number) if to_string => Ok(Val::text(&number.to_string(), at)),
            Kind::Float(number) if to_string => Ok(Val::text(&format!("{number:.6}"), at)),
            Kind::List(items) if to_string => self.coerce_list(&items.clone(), at),
            other => self.fail(format!("cannot coerce {} to a string", other.describe()), at),
        }
    }

    /// `toString [ a b ]`: joined by spaces, empty lists leave none behind them.
    fn coerce_list(&mut self, items: &[Elem], at: Origin) -> R {
        let mut whole = Val::text("", at);
        for (index, item) in items.iter().enumerate() {
            let next = match item {
                Elem::One(thunk) => {
                    let value = self.force(thunk)?;
                    let text = self.deeper(at, |eval| eval.coerce(&value, Coerce::ToString, at))?;
                    let empty_list = matches!(&value.kind, Kind::List(inner) if inner.is_empty());
                    let last = index + 1 == items.len();
                    if last || empty_list { text } else { self.join(text, Val::text(" ", at), at)? }
                }
                Elem::Rest(unknown) => Val::str(Str::hole(self.derive(&unknown.clone(), "text")), at),
                Elem::Maybe(condition, _) => match condition.literals().next() {
                    Some((unknown, _)) => {
                        let unknown = unknown.clone();
                        let follows = self.follows(&unknown, at);
                        self.coerce(&follows, Coerce::ToString, at)?
                    }
                    None => continue,
                },
            };
            whole = self.join(whole, next, at)?;
        }
        Ok(whole)
    }

    /// A path literal.
    pub(super) fn path(&mut self, env: &Env, kind: PathKind, parts: &[StrPart], at: Origin) -> R {
        let mut text = Val::str(Str::default(), at);
        for part in parts {
            let next = match part {
                StrPart::Text(text) => Val::text(text, at),
                StrPart::Interpolation(expr) => {
                    let value = self.expr_deeper(env, *expr)?;
                    let value = match value.kind {
                        // A path inside a path is not copied.
                        Kind::Path(path) => Val::str((*path).clone(), at),
                        _ => value,
                    };
                    self.coerce(&value, Coerce::Interpolation, at)?
                }
            };
            text = self.join(text, next, at)?;
        }
        let folder = match kind {
            PathKind::Absolute => None,
            PathKind::Home => return Ok(self.unknown(Cause::Outside("the home folder".into()), at)),
            PathKind::Relative => self.sources.file(env.tree.file).path.parent().map(Path::to_path_buf),
        };
        self.lift(&text, "", at, &mut |eval, text| {
            let Kind::Str(text) = &text.kind else { return Ok(text.clone()) };
            let mut whole = Str::default();
            if let Some(folder) = &folder {
                whole.push_text(&folder.to_string_lossy());
                whole.push_text("/");
            }
            whole.push(text);
            let path = Val::new(Kind::Path(Rc::new(normalized(whole))), at);
            Ok(eval.refused_part(&path).unwrap_or(path))
        })
    }

    /// `<name>`.
    pub(super) fn search_path(&mut self, name: &Name, at: Origin) -> R {
        Ok(self.unknown(Cause::SearchPath(name.clone()), at))
    }

    /// What a path becomes in a string: `/nix/store/<hash>-name`, referring to the copy.
    pub fn copied(&mut self, path: &Rc<Str>, at: Origin) -> R {
        let name = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
        match path.known().map(PathBuf::from) {
            Some(file) => {
                if let Some(known) = self.copied.get(&file) {
                    return Ok(known.clone().at(at));
                }
                let name = Str::new(name(&file.to_string_lossy()));
                let value = self.store_text(name, StoreKind::Copied(file.clone()), at);
                self.copied.insert(file, value.clone());
                Ok(value)
            }
            None => {
                let mut known = Str::default();
                if let Some(Part::Text(tail)) = path.parts().last() {
                    known.push_text(&name(tail));
                }
                Ok(self.store_text(known, StoreKind::CopiedUnknown, at))
            }
        }
    }

    /// A new store object as a string.
    pub fn store_text(&mut self, name: Str, kind: StoreKind, at: Origin) -> Val {
        let object = self.store_object(name, kind, at);
        let text = self.store_path(&object);
        Val::str(text, at)
    }

    /// A new store object.
    pub fn store_object(&mut self, name: Str, kind: StoreKind, at: Origin) -> Arc<StoreObject> {
        Arc::new(StoreObject {
            id: self.fresh_id(),
            name,
            kind,
            origin: at,
            text: OnceLock::new(),
            package: OnceLock::new(),
        })
    }

    /// `/nix/store/<hash>-name`, the hash being a hole of its own. The name of a package is another
    /// one than its attribute's, and has its version: all of it is in the hole.
    pub fn store_path(&mut self, object: &Arc<StoreObject>) -> Str {
        if let (StoreKind::Package, Some(name)) = (&object.kind, object.name.known()) {
            let hole = self.new_unknown(Cause::StoreName(name.to_owned()), object.origin);
            let mut text = Str::new("/nix/store/");
            text.push(&Str::hole(self.derived_hash(object.id, hole)));
            return text.with_context(Context::of(object.clone()));
        }
        let hash = self.new_unknown(Cause::Outside(STORE_HASH.into()), object.origin);
        let hash = self.derived_hash(object.id, hash);
        let mut text = Str::new("/nix/store/");
        text.push(&Str::hole(hash));
        text.push_text("-");
        text.push(&object.name);
        text.with_context(Context::of(object.clone()))
    }

    /// One hash for one object, however often its path is made.
    pub(super) fn derived_hash(&mut self, object: u64, fresh: crate::value::Unknown) -> crate::value::Unknown {
        let key = (crate::value::UnknownId(u64::MAX), Name::from(object.to_string()));
        self.derived.entry(key).or_insert(fresh).clone()
    }
}

/// What the hash in a store path is unknown for.
const STORE_HASH: &str = "the hash of a store path";

/// Whether a hole is the hash in a store path, or all that a package is called there, not something that follows from one.
pub(super) fn is_store_hash(unknown: &crate::value::Unknown) -> bool {
    matches!(&*unknown.cause, Cause::Outside(what) if what == STORE_HASH) || unknown.cause.store_package().is_some()
}

/// A float as C's `%g` writes it.
pub(super) fn general(number: f64) -> String {
    if !number.is_finite() {
        return if number.is_nan() {
            "nan"
        } else if number > 0.0 {
            "inf"
        } else {
            "-inf"
        }
        .to_owned();
    }
    let scientific = format!("{number:.5e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let trim = |text: &str| match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text.to_owned(),
    };
    if !(-4..6).contains(&exponent) {
        let sign = if exponent < 0 { '-' } else { '+' };
        return format!("{}e{sign}{:02}", trim(digits), exponent.abs());
    }
    trim(&format!("{number:.*}", usize::try_from(5 - exponent).unwrap_or(0)))
}

fn part_len(part: &Part) -> usize {
    match part {
        Part::Text(text) => text.len(),
        Part::Hole(_) => 1,
    }
}

/// A path with `.`, `..` and double slashes resolved in what is known before the first hole.
pub(super) fn normalized(path: Str) -> Str {
    let clean = |text: &str| normalize(Path::new(text)).to_string_lossy().into_owned();
    if let Some(known) = path.known() {
        return Str::new(clean(known)).with_context(path.context.clone());
    }
    let mut parts = path.parts().iter();
    let mut result = Str::default();
    if let Some(Part::Text(first)) = parts.next() {
        // Only up to the last slash: the rest of the segment goes on in the hole.
        let (folder, stem) = first.rsplit_once('/').unwrap_or(("", first));
        let folder = clean(if folder.is_empty() { "/" } else { folder });
        result.push_text(folder.trim_end_matches('/'));
        result.push_text("/");
        result.push_text(stem);
    } else {
        parts = path.parts().iter();
    }
    for part in parts {
        match part {
            Part::Text(text) => result.push_text(text),
            Part::Hole(unknown) => result.push(&Str::hole(unknown.clone())),
        }
    }
    result.with_context(path.context.clone())
}
