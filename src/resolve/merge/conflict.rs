//! Definitions that Nix refuses: of a wrong type, or contradicting each other.

use super::Merge;
use crate::eval::{Eval, Kind, Thunk, Val};
use crate::resolve::definition::Discharged;
use crate::resolve::module::show;
use crate::resolve::types::Type;
use crate::source::{Origin, Span};
use crate::value::{Cause, Str, Truth, Unknown};
use std::path::{Path, PathBuf};

/// Why Nix refuses one of these definitions for its type.
pub(super) fn refused(eval: &mut Eval, path: &[Str], ty: Option<&Thunk>, given: &[Discharged]) -> Option<Unknown> {
    let ty = ty?;
    for definition in given {
        if matches!(definition.value.kind, Kind::Unknown(_)) {
            continue;
        }
        match Type::fits(eval, ty, std::slice::from_ref(&definition.value)) {
            Truth::True => (),
            Truth::False => {
                let (option, wanted) = (show(path), Type::description(eval, ty));
                let given = definition.value.kind.describe();
                let message = format!("`{option}` is {given} here, which is not of its type `{wanted}`");
                let at = place(eval, definition);
                return Some(eval.new_unknown(Cause::Fails(message), at));
            }
            // Whether it is accepted depends on what nobody knows.
            Truth::Unknown(unknown) if is_simple(&definition.value) => return Some(eval.after(&unknown)),
            Truth::Unknown(_) => (),
        }
    }
    None
}

/// Whether a value is data in which nothing is unknown, and no set, list or path.
pub(in crate::resolve) fn is_simple(value: &Val) -> bool {
    match &value.kind {
        Kind::Str(text) => text.known().is_some(),
        kind => matches!(kind, Kind::Int(_) | Kind::Bool(_) | Kind::Null | Kind::Float(_)),
    }
}

/// Where the user wrote a definition.
fn place(eval: &Eval, definition: &Discharged) -> Origin {
    match eval.public_origin(definition.site) {
        Origin::Default => eval.public_origin(definition.expression),
        written => written,
    }
}

impl Merge<'_> {
    /// Definitions that contradict each other; says where the first two stand.
    pub(super) fn conflict(&self, eval: &mut Eval, given: &[Discharged]) -> Val {
        // Of a type that nobody knows, they may go together.
        if let Some(Kind::Unknown(unknown)) = self.check.map(|check| eval.force_or_unknown(check).kind) {
            return eval.follows(&unknown, Origin::Default);
        }
        let message = format!("the option `{}` has conflicting definitions", show(self.path));
        let mut spans: Vec<Span> = given.iter().filter_map(|definition| place(eval, definition).span()).collect();
        spans.dedup();
        let (message, at) = match &spans[..] {
            [first, .., last] => (format!("{message}, {}", places(eval, *first, *last)), Origin::Written(*first)),
            [only] => (message, Origin::Written(*only)),
            [] => (message, Origin::Default),
        };
        eval.unknown(Cause::Fails(message), at)
    }
}

/// Two places as people read them, without the folders that both are in.
fn places(eval: &Eval, first: Span, other: Span) -> String {
    let folder = |span: Span| eval.sources.file(span.file).path.parent().unwrap_or(Path::new("")).to_path_buf();
    let (left, right) = (folder(first), folder(other));
    let pairs = left.components().zip(right.components());
    let shared: PathBuf = pairs.take_while(|(left, right)| left == right).map(|(left, _)| left).collect();
    let show = |span: Span| {
        let path = &eval.sources.file(span.file).path;
        let position = eval.sources.position(span.file, span.start);
        let path = path.strip_prefix(&shared).unwrap_or(path);
        format!("{}:{}:{}", path.display(), position.line, position.column)
    };
    format!("at {} and at {}", show(first), show(other))
}
