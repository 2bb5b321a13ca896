//! Names that only a `with` can give.

use super::Eval;
use super::attrs::Found;
use super::library::is_of_other_release;
use super::thunk::Env;
use super::val::{AttrSet, Kind, R, Rest, Val};
use crate::source::Origin;
use crate::value::{Cause, Name, Str, Truth, Unknown};

/// What the scopes looked through so far say about a name.
#[derive(Default)]
struct Seen {
    /// Why one of them may have it.
    open: Option<Unknown>,
    /// In how many ways one may have it; more than one hides which.
    ways: u32,
    /// What a scope that has a value for every name gives.
    computed: Option<Val>,
    /// What `lib` or `builtins` may have under this name in another release: nobody means it where
    /// another scope has the name.
    elsewhere: Option<Val>,
}

impl Eval {
    /// Looks a name up in the `with` scopes, innermost first. A set whose names are not all
    /// known may hold it or not, which hides what the sets around it say.
    pub(super) fn with_variable(&mut self, env: &Env, name: &Name, at: Origin) -> R {
        let mut scope = env.with.clone();
        let mut seen = Seen::default();
        while let Some(with) = scope {
            if with.outermost {
                // A scope in front of the global names: it was asked before them.
                break;
            }
            let namespace = match self.force(&with.namespace) {
                // Nix asks for this scope only where those inside it do not have the name.
                Err(_) if seen.any() => break,
                namespace => namespace?,
            };
            match &namespace.kind {
                Kind::Attrs(set) if set.known.contains_key(name) => return self.found(seen, set, name, at),
                Kind::Attrs(set) => self.pass(&mut seen, set, name),
                Kind::Unknown(unknown) => seen.may_have(unknown, 1),
                Kind::OneOf(alternatives) => {
                    let literal = alternatives.iter().find_map(|(condition, _)| condition.literals().next());
                    match literal {
                        Some((unknown, _)) => seen.may_have(unknown, 2),
                        None => {
                            let unknown = self.new_unknown(Cause::Unsupported(format!("with …; {name}")), at);
                            seen.may_have(&unknown, 2);
                        }
                    }
                }
                _ if seen.any() => break,
                _ => return self.fail("the namespace of a 'with' is not a set", at),
            }
            scope = with.parent.clone();
        }
        match (seen.computed, seen.open) {
            (Some(value), _) => Ok(value),
            // With one scope that may have it, it is what `scope.name` is.
            (None, Some(unknown)) if seen.ways == 1 => {
                Ok(Val::new(Kind::Unknown(self.derive(&unknown, &format!(".{name}"))), at))
            }
            (None, Some(unknown)) => Ok(self.follows(&unknown, at)),
            (None, None) if seen.elsewhere.is_some() => Ok(seen.elsewhere.expect("just checked")),
            (None, None) => self.fail(format!("undefined variable '{name}'"), at),
        }
    }

    /// A name that the scope given to `scopedImport` has, or may have.
    pub(super) fn scoped_variable(&mut self, env: &Env, name: &Name, at: Origin) -> R<Option<Val>> {
        let mut scope = env.with.clone();
        while let Some(with) = scope.as_ref().filter(|with| !with.outermost) {
            scope = with.parent.clone();
        }
        let Some(with) = scope else { return Ok(None) };
        let namespace = self.force(&with.namespace)?;
        let name = Str::new(name.as_str());
        match &namespace.kind {
            Kind::Attrs(set) => match self.find(&set.clone(), &name, at) {
                Found::Nowhere => Ok(None),
                Found::Here(attribute) => self.force(&attribute.value).map(Some),
                Found::Computed(_) | Found::Unknown(_) => self.select_from(&namespace, &[name], None, at).map(Some),
            },
            _ => self.select_from(&namespace, &[name], None, at).map(Some),
        }
    }

    /// A scope has the name; those inside it may have it too.
    fn found(&mut self, seen: Seen, set: &AttrSet, name: &Name, at: Origin) -> R {
        let value = set.known[name].value.clone();
        match (seen.open, seen.computed) {
            (None, None) => self.force(&value),
            // `with lib; with pkgs; mkIf`: nobody means a package by that name.
            (None, Some(_)) if self.public_origin(value.origin()) == Origin::Default => self.force(&value),
            (None, Some(other)) => {
                let unknown = self.new_unknown(Cause::Unsupported(format!("with …; {name}")), at);
                Ok(self.follows(&unknown, other.origin))
            }
            (Some(unknown), _) => Ok(self.follows(&unknown, at)),
        }
    }

    /// A scope does not list the name.
    fn pass(&mut self, seen: &mut Seen, set: &AttrSet, name: &Name) {
        let text = Str::new(name.as_str());
        let hole = set.partly.iter().find_map(|(have, _)| match have.equals(&text) {
            Truth::False => None,
            _ => have.holes().next(),
        });
        if let Some(hole) = hole {
            seen.may_have(hole, 2);
        }
        match &set.rest {
            _ if seen.computed.is_some() => (),
            Some(Rest::Named(get, why)) if is_of_other_release(why) => {
                let get = get.clone();
                seen.elsewhere = Some(get(self, name));
            }
            Some(Rest::Named(get, _)) if seen.open.is_none() => {
                let get = get.clone();
                seen.computed = Some(get(self, name));
            }
            Some(Rest::Unknown(unknown)) => seen.may_have(unknown, 1),
            _ => (),
        }
    }
}

impl Seen {
    /// Whether a scope may have the name.
    fn any(&self) -> bool {
        self.ways > 0 || self.computed.is_some() || self.elsewhere.is_some()
    }

    fn may_have(&mut self, unknown: &Unknown, ways: u32) {
        self.ways += ways;
        self.open.get_or_insert_with(|| unknown.clone());
    }
}
