//! What can be told of an option without resolving it.

use super::node::Node;
use super::presence::{Holding, holding};
use crate::eval::{Eval, Kind};
use crate::value::{Cause, Unknown};

impl Node {
    /// Whether all its definitions stand in files that are modules: which others are a part of the configuration
    /// hangs on which definitions hold.
    pub(super) fn is_of_modules(&self, eval: &Eval) -> bool {
        let places = self.raws().iter().flat_map(|raw| [raw.site, raw.expression]);
        let mut files = places.filter_map(|place| eval.public_origin(place).file());
        files.all(|file| self.context.reach.has(&eval.sources.path(file)))
    }

    /// What is left of its definitions; sets are followed `depth` steps down.
    pub(super) fn holding(&self, eval: &mut Eval, depth: u32) -> Holding {
        let unread = self.context.reach.unread_causes();
        let is_users = self.is_users(eval);
        let is_unread = |eval: &mut Eval, unknown: &Unknown, wanted: bool| match unknown.cause.root() {
            // What users say under a condition that nobody knows is possible.
            _ if is_users => false,
            Cause::Undefined(option) => wanted && self.context.is_off_by_default(eval, option),
            // Our own modules ask whether there is anything in a set, never whether there is nothing.
            other => unread.iter().any(|cause| cause.root() == other),
        };
        holding(eval, self.raws(), depth, &is_unread)
    }

    /// Whether modules that were not read may define it.
    pub(super) fn may_be_hidden(&self) -> bool {
        self.context.reach.is_hidden(&self.path, self.is_own())
    }

    /// Whether it is `false` where nobody defines it.
    pub(super) fn is_off_by_default(&self, eval: &mut Eval) -> bool {
        let default = self.declaration(eval).and_then(|declared| declared.default.clone());
        default.is_some_and(|default| matches!(eval.force_or_unknown(&default).kind, Kind::Bool(false)))
    }
}
