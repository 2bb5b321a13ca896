//! Lists of networks that Synapse must not ask, and lists of those that it may all the same.

use crate::lint::prelude::*;
use crate::rules::addresses::{LOCAL, PRIVATE, Range, left_out};
use crate::rules::written::{items, users_values};

/// What of [`LOCAL`] is the machine itself.
const LOOPBACK: &[&str] = &["127.0.0.0/8", "::1/128"];

/// The networks that are not the internet.
fn networks() -> Vec<&'static str> {
    [LOCAL, PRIVATE].concat()
}

/// Whose pages and programs are in networks that were left out.
pub(super) fn whose(open: &[&str]) -> &'static str {
    let is_own = |network: &&str| LOOPBACK.contains(network);
    match (open.iter().any(is_own), open.iter().all(is_own)) {
        (true, true) => "this machine",
        (true, false) => "private networks and of this machine",
        _ => "private networks",
    }
}

/// What somebody wrote for a list of forbidden networks, those that it leaves out, and whether it
/// surely does. `None` if nobody wrote it.
pub(super) fn weakened<'a>(cx: &Cx<'a>, list: &OptionView<'a>) -> Option<(OptionView<'a>, Vec<&'static str>, Truth)> {
    users_values(cx, list).first()?;
    let is_list = |definition: &OptionView<'_>| cx.is_users(definition.place()) && !definition.is_null().is_true();
    let written = list.definitions().into_iter().find(is_list)?;
    let (listed, more) = items(list);
    let (ranges, unreadable) = ranges(&listed);
    let open = left_out(&ranges, &networks());
    let more = more.or(unreadable).map(Truth::Unknown);
    let fires = Truth::from(!open.is_empty()) & !more.unwrap_or(Truth::False);
    Some((written, open, fires))
}

/// The elements of a list of allowed networks that are whole networks other than the internet.
pub(super) fn allowed<'a>(cx: &Cx<'a>, list: &OptionView<'a>) -> Vec<OptionView<'a>> {
    let all = networks();
    let is_wide = |item: &OptionView<'a>| {
        let (range, _) = ranges(std::slice::from_ref(item));
        left_out(&range, &all).len() < all.len()
    };
    items(list).0.into_iter().filter(|item| cx.is_users(item.place()) && is_wide(item)).collect()
}

/// The ranges in a list, and why there may be others.
fn ranges(items: &[OptionView<'_>]) -> (Vec<Range>, Option<Unknown>) {
    let (mut found, mut unknown) = (vec![], None);
    for item in items {
        match item.text().map(|text| (text.known().and_then(Range::parse), text.holes().next())) {
            Some((Some(range), _)) => found.push(range),
            Some((None, hole)) => unknown = unknown.or(hole.cloned()),
            None => unknown = unknown.or(item.unknown()),
        }
    }
    (found, unknown)
}
