//! What one of Synapse's listeners answers, and from where it can be reached.

use super::homeserver::{Homeserver, Listener};
use crate::lint::prelude::*;
use crate::rules::network::{Reach, reach};
use crate::rules::web::vhost::{Statement, Vhost};

/// Resources that users and other servers ask for.
const PUBLIC: &[&str] = &["client", "consent", "federation", "keys", "media", "openid", "static"];

impl<'a> Listener<'a> {
    /// Whether its `type` is this one.
    pub(crate) fn is_type(&self, name: &str) -> Truth {
        self.view.at("type").is_text(name)
    }

    /// Whether it is on a port, not on a socket of the file system.
    pub(crate) fn is_on_port(&self) -> Truth {
        self.path.is_null()
    }

    /// Whether it speaks TLS itself. On the main process it does unless `tls` is set to false.
    pub(crate) fn has_tls(&self) -> Truth {
        self.is_on_port() & self.view.at("tls").is_true()
    }

    /// Whether it takes the address of a client from the proxy's word.
    pub(crate) fn trusts_proxy(&self) -> Truth {
        self.view.at("x_forwarded").is_true()
    }

    /// Whether it answers the requests of users or of other servers.
    pub(crate) fn serves_matrix(&self) -> Truth {
        self.is_type("http") & Truth::any(PUBLIC.iter().map(|resource| self.serves(resource)))
    }

    /// Whether other machines reach it by one of its addresses, and that address. Addresses of private
    /// networks do not count; of a guest, whose host decides what leads to it, only public ones do.
    pub(crate) fn is_exposed(&self, cx: &Cx<'_>) -> (Truth, Option<OptionView<'a>>) {
        self.is_bound(|reach| match reach {
            Reach::Everyone => true,
            Reach::AllAddresses => !cx.is_guest(),
            _ => false,
        })
    }

    /// Whether one of its addresses passes a test, and that address.
    pub(crate) fn is_bound(&self, test: impl Fn(Reach) -> bool) -> (Truth, Option<OptionView<'a>>) {
        let addresses = self.view.at("bind_addresses");
        let mut unknown = addresses.has_unknown_items();
        for item in addresses.items() {
            match item.is_string_where(|text| match (text.known(), text.holes().next()) {
                (Some(known), _) => test(reach(known)).into(),
                (None, hole) => hole.cloned().map_or(Truth::False, Truth::Unknown),
            }) {
                Truth::True => return (self.is_on_port(), Some(item)),
                Truth::False => {}
                Truth::Unknown(hole) => unknown = unknown.or(Some(hole)),
            }
        }
        (self.is_on_port() & unknown.map_or(Truth::False, Truth::Unknown), None)
    }

    /// Whether a web server on this machine passes requests on to it by a loopback address or a
    /// socket, and the statement that does.
    pub(crate) fn is_proxied<'v>(
        &self,
        homeserver: &Homeserver<'a>,
        vhosts: &'v [Vhost<'a>],
    ) -> (Truth, Option<&'v Statement<'a>>) {
        let mut unknown = None;
        for location in vhosts.iter().flat_map(Vhost::parts) {
            for (statement, target) in location.proxies() {
                for url in homeserver.targets(target).iter() {
                    match (Truth::from(url.is_socket()) | url.is_local()) & self.is_at(url) {
                        Truth::True => return (Truth::True, Some(statement)),
                        Truth::False => {}
                        Truth::Unknown(hole) => unknown = unknown.or(Some(hole)),
                    }
                }
            }
        }
        (unknown.map_or(Truth::False, Truth::Unknown), None)
    }

    /// What to call it in a message.
    pub(crate) fn title(&self) -> String {
        match (self.port.int(), self.path.text().and_then(Str::known)) {
            (Some(port), _) => format!("port {port}"),
            (None, Some(path)) => format!("the socket `{path}`"),
            (None, None) => "a listener".into(),
        }
    }
}
