//! Port 8448, where other servers look for a homeserver that says nothing else.

use super::homeserver::Homeserver;
use crate::lint::prelude::*;
use crate::rules::web::vhost::Vhost;
use crate::rules::written::{items, values};

const PORT: i64 = 8448;

/// Whether anything in the configuration is about port 8448: a listener of Synapse, a virtual
/// host, nginx' streams, or the firewall, which is opened for a reason.
pub(crate) fn is_in_use(cx: &Cx<'_>, homeserver: &Homeserver<'_>, vhosts: &[Vhost<'_>]) -> Truth {
    let of_vhosts = vhosts.iter().map(|vhost| {
        let named = vhost.view.name().contains("8448").is_true();
        let aliases = items(&vhost.view.at("serverAliases")).0;
        let alias = aliases.iter().any(|alias| alias.text().is_some_and(|text| text.contains("8448").is_true()));
        let host = values(&vhost.view.at("hostName"));
        let host = host.iter().any(|host| host.text().is_some_and(|text| text.contains("8448").is_true()));
        let listens = vhost.own.named(&["listen", "bind"]).flat_map(|listen| listen.directive.args.first());
        let text = listens.into_iter().any(|arg| arg.contains("8448").is_true());
        let ports = vhost.ports.as_ref().is_some_and(|ports| ports.contains(&PORT));
        let more = items(&vhost.view.at("listen")).1.map_or(Truth::False, Truth::Unknown);
        Truth::from(named || alias || host || text || ports) | more
    });
    let by_default = items(&cx.option("services.nginx.defaultListen")).0;
    let by_default = by_default.iter().map(|listen| listen.at("port").is_int(PORT));
    let firewall = cx.option("networking.firewall.allowedTCPPorts");
    let opened = firewall.items().into_iter().map(|port| port.is_int(PORT)).collect::<Vec<_>>();
    let opened = opened.into_iter().chain(firewall.has_unknown_items().map(Truth::Unknown));
    let streams = values(&cx.option("services.nginx.streamConfig"));
    let streams = streams.iter().map(|text| text.is_string_where(|text| text.contains("8448")));
    homeserver.listens_on(PORT) | Truth::any(of_vhosts.chain(by_default).chain(opened).chain(streams))
}
