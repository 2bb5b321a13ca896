//! The page beside this file says what is wrong and why.

use crate::lint::prelude::*;
use crate::rules::addresses::{PRIVATE, Range, left_out};
use crate::rules::matrix::coturn::Coturn;
use crate::rules::secret::text::HOLE;

pub(crate) fn check(cx: &mut Cx<'_>) {
    let Some(coturn) = Coturn::of(cx) else { return };
    if !cx.is_whole() {
        return;
    }
    let denied: Vec<&str> =
        coturn.lines.iter().filter(|(line, _)| line.key == "denied-peer-ip").map(|(line, _)| &*line.value).collect();
    let unreadable = denied.iter().any(|value| value.contains(HOLE));
    let ranges: Vec<Range> = denied.iter().filter_map(|value| Range::parse(value)).collect();
    let open = left_out(&ranges, PRIVATE);
    let known = !coturn.may_have_more() & Truth::from(!unreadable && !open.is_empty());
    let loopback = coturn.lines.iter().find(|(line, _)| line.key == "allow-loopback-peers");
    let enable = &coturn.enable;
    cx.decide(coturn.is_on.clone() & known, |finding| {
        let finding = finding.primary(enable, format!("`denied-peer-ip` is missing for {}", open.join(", ")));
        match loopback {
            Some((_, view)) => finding.severity(Severity::Error).related(view, "even programs of this machine"),
            None => finding,
        }
    });
}
