//! The page beside this file says what is wrong and why.

use crate::lint::prelude::*;
use crate::rules::addresses::{PRIVATE, Range, left_out};
use crate::rules::matrix::coturn::Coturn;
use crate::rules::secret::text::HOLE;
use crate::rules::written::{add_to, replace_inside, values};

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
    let fix = denying(cx, &coturn, &open);
    cx.decide(coturn.is_on.clone() & known, |finding| {
        let finding = finding.fix(fix).primary(enable, format!("`denied-peer-ip` is missing for {}", open.join(", ")));
        match loopback {
            Some((_, view)) => finding.severity(Severity::Error).related(view, "even programs of this machine"),
            None => finding,
        }
    });
}

/// Adds the missing lines to the text that is there, or such a text.
fn denying(cx: &Cx<'_>, coturn: &Coturn<'_>, open: &[&str]) -> Option<Fix> {
    let lines = open.iter().filter_map(|network| Range::parse(network)?.first_to_last());
    let lines: Vec<String> = lines.map(|range| format!("denied-peer-ip={range}")).collect();
    let title = "deny calls into private networks";
    let extra = values(&coturn.options.at("extraConfig"));
    let Some(text) = extra.first() else {
        let attribute = format!("extraConfig = \"{}\\n\";", lines.join("\\n"));
        return add_to(cx, &coturn.options, &attribute, title, Safety::Suggestion);
    };
    let written = cx.written(text.place()).strip_prefix("''\n")?;
    let blank = &written[..written.len() - written.trim_start_matches(' ').len()];
    let added: String = lines.iter().map(|line| format!("{blank}{line}\n")).collect();
    replace_inside(cx, text, ("''\n", &format!("''\n{added}")), Safety::Suggestion, title)
}
