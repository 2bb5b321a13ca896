//! Programs that may take requests before nginx or Caddy do.

use crate::lint::prelude::*;

/// The services that stand between the internet and a web server of the same machine.
const FRONTS: &[&str] = &["services.cloudflared", "services.haproxy", "services.httpd", "services.traefik"];

/// Whether one of them runs: then what nginx and Caddy do not answer may be answered all the same.
pub(crate) fn has_front(cx: &Cx<'_>) -> Truth {
    Truth::any(FRONTS.iter().map(|front| cx.option(&format!("{front}.enable")).is_true()))
}
