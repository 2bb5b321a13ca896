//! `__overrides` in recursive sets.

use super::Eval;
use super::attrs::Found;
use super::thunk::{Env, Thunk};
use super::val::{AttrSet, Kind, R, Val};
use crate::source::Origin;
use crate::syntax::Bindings;
use crate::value::{Cause, Str};

impl Eval {
    /// `rec { __overrides = { … }; }`: its attributes take the place of those written, for the
    /// other bindings too. Says what the set is where nobody knows which they are.
    pub(super) fn override_bindings(
        &mut self,
        set: &mut AttrSet,
        inner: &Env,
        recursive: bool,
        bindings: &Bindings,
        at: Origin,
    ) -> R<Option<Val>> {
        let Some(attribute) = set.known.get("__overrides").cloned().filter(|_| recursive) else { return Ok(None) };
        let overrides = self.force(&attribute.value)?;
        match &overrides.kind {
            Kind::Unknown(unknown) => return Ok(Some(self.follows(&unknown.clone(), at))),
            Kind::OneOf(_) => {
                let cause = Cause::Unsupported("one of several `__overrides`".into());
                return Ok(Some(self.unknown(cause, at)));
            }
            _ => (),
        }
        let overrides = self.operand_set(&overrides, at)?;
        let frame = inner.frame.clone();
        for (index, binding) in bindings.statics.iter().enumerate() {
            let name = Str::new(binding.name.as_str());
            let instead = match self.find(&overrides, &name, at) {
                Found::Here(attribute) => attribute.value,
                Found::Nowhere => continue,
                Found::Unknown(unknown) => Thunk::done(self.follows(&unknown, at)),
                // It may not be there.
                Found::Computed(_) => {
                    let why = overrides.why_open().expect("computed names are open").clone();
                    Thunk::done(self.follows(&why, at))
                }
            };
            if let Some(frame) = &frame
                && let Some(slot) = frame.slots.borrow_mut().get_mut(index)
            {
                *slot = instead;
            }
        }
        *set = self.update_sets(set, &overrides, at);
        Ok(None)
    }
}
