//! The page beside this file says what is wrong and why.

use crate::lint::prelude::*;
use crate::rules::matrix::coturn::Coturn;
use crate::rules::written::{add_to, replace_word, values};

pub(crate) fn check(cx: &mut Cx<'_>) {
    let Some(coturn) = Coturn::of(cx) else { return };
    let fires = coturn.is_on.clone() & !coturn.has_flag("no-tcp-relay");
    let written = values(&coturn.options.at("no-tcp-relay")).into_iter().next();
    match written {
        Some(view) => {
            let fix = replace_word(cx, &view, "false", "true", TITLE, Safety::Suggestion);
            cx.decide(fires, |finding| finding.primary(&view, "this allows it").fix(fix));
        }
        None if cx.is_whole() => {
            let fix = add_to(cx, &coturn.options, "no-tcp-relay = true;", TITLE, Safety::Suggestion);
            cx.decide(fires, |finding| {
                finding.primary(&coturn.enable, "`no-tcp-relay` is off unless it is set").fix(fix)
            });
        }
        None => {}
    }
}

const TITLE: &str = "relay UDP only";
