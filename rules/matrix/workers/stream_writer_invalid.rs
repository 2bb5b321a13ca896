//! The page beside this file says what is wrong and why.

use super::names::{MAIN, named, names};
use crate::lint::prelude::*;
use crate::rules::matrix::extra_files::extra_files;
use crate::rules::matrix::synapse_settings::{is_switched_off, setting};

/// Streams that exactly one process writes.
const SINGLE: &[&str] = &["account_data", "presence", "push_rules", "to_device", "typing"];
/// Streams that several processes may write.
const SEVERAL: &[&str] = &["device_lists", "events", "quarantined_media_changes", "receipts", "thread_subscriptions"];
/// Streams that need a writer, if they are written at all.
const NEEDED: &[&str] = &["device_lists", "events", "receipts"];
/// Streams whose writers Synapse looks up when it starts.
const LOOKED_UP: &[&str] = &["account_data", "events", "presence", "push_rules", "receipts", "to_device", "typing"];

pub(crate) fn check(cx: &mut Cx<'_>) {
    if is_switched_off(cx) {
        return;
    }
    let map = names(&setting(cx, "instance_map")).filter(|_| cx.is_whole() && extra_files(cx).is_none());
    for stream in setting(cx, "stream_writers").children() {
        let name = stream.name();
        let Some(name) = name.known() else { continue };
        if !SINGLE.contains(&name) && !SEVERAL.contains(&name) {
            cx.decide(Truth::True, |finding| {
                finding
                    .message(format!("Synapse refuses to start: there is no stream `{name}`"))
                    .primary(&stream, "the name of the stream is unknown to Synapse")
            });
            continue;
        }
        let writers = named(&stream);
        if SINGLE.contains(&name) {
            cx.decide(Truth::from(writers.len() > 1), |finding| {
                finding
                    .message(format!("Synapse refuses to start: only one process may write the stream `{name}`"))
                    .primary(&stream, "more than one worker")
            });
        }
        let is_empty = stream.test(|value| matches!(&value.shape, Shape::List(items) if items.is_empty()).into());
        let is_needed = SINGLE.contains(&name) || NEEDED.contains(&name);
        cx.decide(is_empty & Truth::from(is_needed), |finding| {
            finding
                .message(format!("Synapse refuses to start: some process has to write the stream `{name}`"))
                .primary(&stream, "nobody")
        });
        let Some(map) = map.as_ref().filter(|_| LOOKED_UP.contains(&name)) else { continue };
        for writer in writers {
            let known = MAIN.iter().map(|main| writer.is_text(main));
            let known = known.chain(map.iter().map(|have| writer.is_string_where(|writer| writer.equals(have))));
            cx.decide(!Truth::any(known), |finding| {
                finding
                    .message("Synapse refuses to start: nobody knows where to reach this worker")
                    .primary(&writer, "not in `settings.instance_map`")
            });
        }
    }
}
