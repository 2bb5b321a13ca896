//! A web server that may not open the socket of Synapse.

use crate::lint::prelude::*;
use crate::rules::file_access::Reader;
use crate::rules::matrix::homeserver::Homeserver;
use crate::rules::web::vhost::{Server, Vhost, vhosts};

/// The group that NixOS gives to Synapse's sockets.
const GROUP: &str = "matrix-synapse";

pub(crate) fn check(cx: &mut Cx<'_>) {
    let enabled = cx.option("services.matrix-synapse.enable").is_true();
    if !cx.is_whole() || enabled.is_false() {
        return;
    }
    let homeserver = Homeserver::of(cx);
    for (server, name) in [(Server::Nginx, "nginx"), (Server::Caddy, "caddy")] {
        // Who else it runs as, nobody looks into.
        let is_usual = cx.option(&format!("services.{name}.user")).is_text(name);
        let reader = Reader::of(cx, name, name);
        let admitted = reader.is_member(GROUP) | Truth::from(reader.is_other(cx)) | !is_usual;
        for vhost in vhosts(cx).iter().filter(|vhost| vhost.server == server) {
            judge(cx, &homeserver, vhost, enabled.clone() & !admitted.clone(), name);
        }
    }
}

fn judge<'a>(cx: &mut Cx<'a>, homeserver: &Homeserver<'a>, vhost: &Vhost<'a>, fires: Truth, name: &str) {
    for (statement, target) in vhost.parts().flat_map(|location| location.proxies()) {
        for url in homeserver.targets(target).iter().filter(|url| url.is_socket()) {
            let Some(listener) = homeserver.listeners().iter().find(|listener| listener.is_at(url).is_true()) else {
                continue;
            };
            // The last digit of the mode is for all others.
            let others = listener.view.at("mode").test(|mode| match mode.shape {
                Shape::Int(mode) => (mode & 0o6 == 0o6).into(),
                _ => Truth::False,
            });
            cx.decide(fires.clone() & !others, |finding| {
                finding
                    .message(format!("{name} may not open the socket of Synapse, and answers 502 to everybody"))
                    .help(format!("set `users.users.{name}.extraGroups = [ \"{GROUP}\" ];`"))
                    .primary(&statement.view, format!("only the group `{GROUP}` may open this socket"))
                    .related(&listener.view, "Synapse makes the socket here")
            });
        }
    }
}
