//! The page beside this file says what is wrong and why.

use crate::lint::prelude::*;
use crate::rules::addresses::{PRIVATE, Range, left_out};
use crate::rules::matrix::coturn::Coturn;
use crate::rules::secret::text::HOLE;
use crate::rules::written::{add_to, replace_inside, values};

/// Networks that many lists forget: addresses of one link, where a cloud answers for its machines, and
/// the private networks of IPv6. Loopback addresses coturn denies by itself.
const FORGOTTEN: &[&str] = &["169.254.0.0/16", "fc00::/7"];

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
    let forgotten = left_out(&ranges, FORGOTTEN);
    let known = !coturn.may_have_more() & Truth::from(!unreadable) & coturn.is_on.clone();
    let loopback = coturn.lines.iter().find(|(line, _)| line.key == "allow-loopback-peers");
    let enable = &coturn.enable;
    let fix = denying(cx, &coturn, &[&open[..], &forgotten[..]].concat());
    cx.decide(known.clone() & Truth::from(!open.is_empty()), |finding| {
        let finding = finding.fix(fix).primary(enable, format!("`denied-peer-ip` is missing for {}", open.join(", ")));
        match loopback {
            Some((_, view)) => finding.severity(Severity::Error).related(view, "even programs of this machine"),
            None => finding,
        }
    });
    let fix = denying(cx, &coturn, &forgotten);
    cx.decide(known & Truth::from(open.is_empty() && !forgotten.is_empty()), |finding| {
        finding
            .severity(Severity::Info)
            .message("users of the homeserver reach addresses through coturn that nobody outside of its network does")
            .primary(enable, format!("`denied-peer-ip` is missing for {}", forgotten.join(", ")))
            .fix(fix)
    });
}

/// Adds the missing lines to the text that is there, or such a text.
fn denying(cx: &Cx<'_>, coturn: &Coturn<'_>, open: &[&str]) -> Option<Fix> {
    let ranges = open.iter().filter_map(|network| Range::parse(network));
    let lines: Vec<String> = ranges.map(|range| format!("denied-peer-ip={}", range.first_to_last())).collect();
    let title = "deny calls into private networks";
    let extra = values(&coturn.options.at("extraConfig"));
    let Some(text) = extra.first() else {
        let add =
            |text: &str| add_to(cx, &coturn.options, &format!("extraConfig = {text};"), title, Safety::Suggestion);
        let fix = add(&format!("''\n  {}\n''", lines.join("\n  ")))?;
        // In a set of one line, such a text would lose its line ends.
        let has_lines = fix.edits().iter().all(|edit| edit.text.contains('\n'));
        return if has_lines { Some(fix) } else { add(&format!("\"{}\\n\"", lines.join("\\n"))) };
    };
    let written = cx.written(text.place()).strip_prefix("''\n")?;
    let blank = &written[..written.len() - written.trim_start_matches(' ').len()];
    let added: String = lines.iter().map(|line| format!("{blank}{line}\n")).collect();
    replace_inside(cx, text, ("''\n", &format!("''\n{added}")), Safety::Suggestion, title)
}
