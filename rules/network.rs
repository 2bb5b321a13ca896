//! Who reaches an address, and whom the firewall lets in.

use super::written::{items, values};
use crate::lint::prelude::*;
use std::net::IpAddr;

/// Where an address can be reached from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// This machine only: a loopback address, a socket.
    Machine,
    /// A private network.
    Private,
    /// Every network: a public address.
    Everyone,
    /// Every network, as it means all addresses of the machine.
    AllAddresses,
    /// Not an address.
    Name,
}

/// Where an address to listen on can be reached from. Brackets may stand around it.
pub(crate) fn reach(address: &str) -> Reach {
    if address == "localhost" || address.starts_with("unix") {
        return Reach::Machine;
    }
    if ["", "*"].contains(&address) {
        return Reach::AllAddresses;
    }
    match address.trim_matches(['[', ']']).parse() {
        Ok(IpAddr::V4(address)) => {
            let [a, b, ..] = address.octets();
            let carrier = a == 100 && (64..128).contains(&b);
            match () {
                () if address.is_unspecified() => Reach::AllAddresses,
                () if address.is_loopback() => Reach::Machine,
                () if address.is_private() || address.is_link_local() || carrier => Reach::Private,
                () => Reach::Everyone,
            }
        }
        Ok(IpAddr::V6(address)) => {
            let first = address.segments()[0];
            match () {
                () if address.is_unspecified() => Reach::AllAddresses,
                () if address.is_loopback() => Reach::Machine,
                () if first & 0xfe00 == 0xfc00 || first & 0xffc0 == 0xfe80 => Reach::Private,
                () => Reach::Everyone,
            }
        }
        Err(_) => Reach::Name,
    }
}

/// The firewall, as far as somebody wrote it: what another module may open does not show.
pub(crate) struct Firewall<'a> {
    enable: OptionView<'a>,
    lists: OptionView<'a>,
    interfaces: Vec<OptionView<'a>>,
}

impl<'a> Firewall<'a> {
    /// Reads `networking.firewall`.
    pub(crate) fn of(cx: &Cx<'a>) -> Self {
        let lists = cx.option("networking.firewall");
        let interfaces = lists.at("interfaces").children();
        Self { enable: lists.at("enable"), lists, interfaces }
    }

    /// Whether everybody gets to a TCP port, and what lets them.
    pub(crate) fn lets_all_in(&self, port: &OptionView<'_>) -> (Truth, Option<OptionView<'a>>) {
        if self.enable.is_false().is_true() {
            return (Truth::True, self.enable.definitions().into_iter().next());
        }
        opens(&self.lists, port)
    }

    /// Whether a TCP port is opened for some network interfaces only.
    pub(crate) fn lets_some_in(&self, port: &OptionView<'_>) -> Truth {
        Truth::any(self.interfaces.iter().map(|interface| opens(interface, port).0))
    }
}

/// What a port belongs to.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Protocol {
    Tcp,
    Udp,
}

/// Options with which the firewall can be told anything.
const BY_HAND: &[&str] = &["extraCommands", "extraInputRules"];

impl Firewall<'_> {
    /// Whether nobody gets to the ports from `first` to `last` of a protocol. Whatever may open them, for some
    /// network or by hand, speaks against it. Ask only of a whole configuration that is no guest.
    pub(crate) fn keeps_out(&self, protocol: Protocol, (first, last): (i64, i64)) -> Truth {
        let by_hand = BY_HAND.iter().any(|key| !values(&self.lists.at(key)).is_empty());
        let trusted = self.lists.at("trustedInterfaces");
        let trusts = trusted.items().iter().any(|item| !item.is_text("lo").is_true());
        if by_hand || trusts || trusted.has_unknown_items().is_some() || self.lists.at("interfaces").others().is_some()
        {
            return Truth::False;
        }
        let lists = self.interfaces.iter().chain([&self.lists]);
        let opened = lists.map(|lists| opens_all(lists, protocol, (first, last)));
        !self.enable.is_false() & !Truth::any(opened)
    }
}

/// Whether the lists in `lists` name all ports from the first to the last at once.
fn opens_all(lists: &OptionView<'_>, protocol: Protocol, (first, last): (i64, i64)) -> Truth {
    let (ports, ranges) = match protocol {
        Protocol::Tcp => (lists.at("allowedTCPPorts"), lists.at("allowedTCPPortRanges")),
        Protocol::Udp => (lists.at("allowedUDPPorts"), lists.at("allowedUDPPortRanges")),
    };
    let unknown = ports.has_unknown_items().or(ranges.has_unknown_items()).map(Truth::Unknown);
    let is = |view: &OptionView<'_>, test: &dyn Fn(i64) -> bool| {
        view.test(|value| matches!(value.shape, Shape::Int(number) if test(number)).into())
    };
    let single = ports.items().into_iter().map(|port| Truth::from(first == last) & is(&port, &|port| port == first));
    let within = ranges
        .items()
        .into_iter()
        .map(|range| is(&range.at("from"), &|from| from <= first) & is(&range.at("to"), &|to| last <= to));
    Truth::any(single.chain(within).chain(unknown))
}

/// Whether the lists in `lists` name a port.
fn opens<'a>(lists: &OptionView<'a>, port: &OptionView<'_>) -> (Truth, Option<OptionView<'a>>) {
    let (ports, more_ports) = items(&lists.at("allowedTCPPorts"));
    let (ranges, more_ranges) = items(&lists.at("allowedTCPPortRanges"));
    let mut unknown = more_ports.or(more_ranges);
    let single = ports.into_iter().map(|item| (is_port(&item, port), item));
    let within = ranges.into_iter().map(|range| (is_between(&range, port), range));
    for (same, view) in single.chain(within) {
        match same {
            Truth::True => return (Truth::True, Some(view)),
            Truth::False => {}
            Truth::Unknown(hole) => unknown = unknown.or(Some(hole)),
        }
    }
    (unknown.map_or(Truth::False, Truth::Unknown), None)
}

fn is_port(item: &OptionView<'_>, port: &OptionView<'_>) -> Truth {
    compared(item, port, |item, port| item == port)
}

fn is_between(range: &OptionView<'_>, port: &OptionView<'_>) -> Truth {
    compared(&range.at("from"), port, |from, port| from <= port)
        & compared(&range.at("to"), port, |to, port| port <= to)
}

/// Compares two numbers; one unknown is equal to itself.
fn compared(a: &OptionView<'_>, b: &OptionView<'_>, test: impl Fn(i64, i64) -> bool + Copy) -> Truth {
    a.test(|a| match (&a.shape, b.unknown()) {
        (_, Some(unknown)) => Truth::Unknown(unknown),
        (Shape::Int(a), None) => b.test(|b| match b.shape {
            Shape::Int(b) => test(*a, b).into(),
            _ => Truth::False,
        }),
        _ => Truth::False,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        for (address, expected) in [
            ("0.0.0.0", Reach::AllAddresses),
            ("[::]", Reach::AllAddresses),
            ("::0", Reach::AllAddresses),
            ("", Reach::AllAddresses),
            ("203.0.113.1", Reach::Everyone),
            ("2001:db8::1", Reach::Everyone),
            ("10.0.0.1", Reach::Private),
            ("100.64.1.2", Reach::Private),
            ("[fd00::1]", Reach::Private),
            ("127.0.0.2", Reach::Machine),
            ("[::1]", Reach::Machine),
            ("localhost", Reach::Machine),
            ("unix:/run/a.sock", Reach::Machine),
            ("example.org", Reach::Name),
        ] {
            assert_eq!(reach(address), expected, "{address}");
        }
    }
}
