//! Requests for calls that arrive with a prefix nobody took away.

use crate::lint::prelude::*;
use crate::rules::matrix::rtc::services;
use crate::rules::web::matcher::Matcher;
use crate::rules::web::url::Url;
use crate::rules::web::vhost::{Statement, vhosts};
use crate::rules::written::replace_literal;

pub(crate) fn check(cx: &mut Cx<'_>) {
    let services = services(cx);
    for vhost in vhosts(cx).iter() {
        for location in vhost.parts().filter(|location| !matches!(location.matcher, Matcher::Never)) {
            for (statement, target) in location.proxies() {
                let url = Url::parse(target);
                // With anything behind the port nginx puts that in place of the prefix.
                if !url.rest.parts().is_empty() {
                    continue;
                }
                for service in &services {
                    let at = service.enable.is_true() & service.is_at(&url);
                    if at.is_false() {
                        continue;
                    }
                    let own = ["/"].iter().chain(service.paths).map(|path| location.matcher.matches(path));
                    // The homeserver's own paths are no prefix of this service.
                    let other = ["/_matrix/client/v1/rtc/livekit"].map(|path| location.matcher.matches(path));
                    let fires = at & !Truth::any(own.chain(other)) & !vhost.rewrites(location);
                    let fix = with_slash(cx, statement, &location.key, target);
                    cx.decide(fires, |finding| {
                        finding
                            .message(format!(
                                "{} does not know the prefix of `{}`: it answers 404, and calls fail",
                                service.name, location.key
                            ))
                            .primary(&statement.view, "the path is passed on as it is")
                            .related(&service.enable, format!("{} is switched on here", service.name))
                            .fix(fix)
                    });
                }
            }
        }
    }
}

/// The address with a slash behind the port, where the location ends with one as well.
fn with_slash(cx: &Cx<'_>, statement: &Statement<'_>, key: &Str, target: &Str) -> Option<Fix> {
    let target = target.known()?;
    let is_prefix = key.known().is_some_and(|key| key.ends_with('/') && key.starts_with(['/', '^']));
    let fix = || replace_literal(cx, &statement.view, target, &format!("{target}/"), "end the address with a slash");
    if statement.is_option && is_prefix { fix() } else { None }
}
