//! The page beside this file says what is wrong and why.

use crate::lint::prelude::*;
use crate::rules::matrix::coturn::Coturn;
use crate::rules::written::values;

/// Lines of `turnserver.conf` that name those who may relay.
const WHO: &[&str] = &[
    "a",
    "lt-cred-mech",
    "mongo-userdb",
    "mysql-userdb",
    "psql-userdb",
    "redis-userdb",
    "static-auth-secret",
    "use-auth-secret",
    "user",
    "userdb",
];

pub(crate) fn check(cx: &mut Cx<'_>) {
    let Some(coturn) = Coturn::of(cx) else { return };
    for open in values(&coturn.options.at("no-auth")) {
        cx.decide(coturn.is_on.clone() & open.is_true(), |finding| finding.primary(&open, "no password is asked for"));
    }
    for (line, view) in &coturn.lines {
        let fires = coturn.is_on.clone() & Truth::from(line.key == "no-auth");
        cx.decide(fires, |finding| finding.primary(view, "`no-auth`: no password is asked for"));
    }
    // Without any of these, coturn asks nobody either.
    let named = Truth::any(["lt-cred-mech", "use-auth-secret", "no-auth"].map(|key| coturn.has_flag(key)));
    let written = coturn.lines.iter().any(|(line, _)| WHO.contains(&line.key.as_str()));
    if cx.is_whole() {
        let enable = coturn.enable.clone();
        cx.decide(coturn.is_on & !named & Truth::from(!written), |finding| {
            finding.primary(&enable, "neither `use-auth-secret` nor `lt-cred-mech` is on")
        });
    }
}
