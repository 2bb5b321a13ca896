//! URLs and addresses with holes: where a proxy passes requests to, what a server is called.

use super::text::{self, Piece};
use crate::lint::prelude::*;

/// `scheme://host:port/path`, as far as written.
#[derive(Clone, Debug)]
pub(crate) struct Url {
    /// `http`, `https`, `unix`, `h2c` …, if one is written.
    pub(crate) scheme: Option<Str>,
    /// The host, in lower case, without the brackets of an IPv6 address; of a socket its path.
    pub(crate) host: Str,
    /// The port as text, if one is written.
    pub(crate) port: Option<Str>,
    /// What follows host and port, slash included; empty if nothing is written.
    pub(crate) rest: Str,
}

impl Url {
    /// Reads a URL, or an address without a scheme. Anything can be read: what is
    /// not a URL has an odd host.
    pub(crate) fn parse(url: &Str) -> Self {
        let (scheme, behind) = match text::split_once(url, "://") {
            Some((scheme, behind)) if text::split_once(&scheme, "/").is_none() => (Some(scheme), behind),
            _ => (None, url.clone()),
        };
        if let Some(socket) = unix_socket(scheme.as_ref(), &behind) {
            return socket;
        }
        let pieces = text::pieces(&behind);
        let end = pieces.iter().position(|piece| matches!(piece, Piece::Char('/' | '?' | '$'))).unwrap_or(pieces.len());
        let (address, rest) = pieces.split_at(end);
        let (host, port) = host_and_port(address);
        Self { scheme, host: text::lower_case(&text::join(host)), port: port.map(text::join), rest: text::join(rest) }
    }

    /// Whether it is a socket of this machine.
    pub(crate) fn is_socket(&self) -> bool {
        self.scheme.as_ref().and_then(Str::known) == Some("unix")
    }

    /// Whether the host is this machine: a loopback address, or an address that means any.
    pub(crate) fn is_local(&self) -> Truth {
        match self.host.known() {
            Some(known) => Truth::from(
                matches!(known, "localhost" | "::1" | "::" | "0.0.0.0" | "ip6-localhost") || known.starts_with("127."),
            ),
            None => Truth::any(
                ["localhost", "::1", "::", "0.0.0.0", "127.0.0.1"].map(|local| self.host.equals(&Str::new(local))),
            ),
        }
    }

    /// Whether both lead to the same place: a slash at the end and the usual port do not count.
    pub(crate) fn same_as(&self, other: &Url) -> Truth {
        let schemes = match (&self.scheme, &other.scheme) {
            (Some(a), Some(b)) => a.equals(b),
            (None, None) => Truth::True,
            (Some(_), None) => other.may_hold_scheme(),
            (None, Some(_)) => self.may_hold_scheme(),
        };
        let ports = match (self.effective_port(), other.effective_port()) {
            _ if self.port.is_none() && other.port.is_none() => Truth::True,
            (Some(a), Some(b)) => a.equals(&b),
            // A hole at the end of a host may hold the port.
            _ => self.host.holes().chain(other.host.holes()).next().cloned().map_or(Truth::False, Truth::Unknown),
        };
        let rest = without_slash(&self.rest).equals(&without_slash(&other.rest));
        schemes & self.host.equals(&other.host) & ports & rest
    }

    /// Whether a hole at the start may hold the scheme, as none is written.
    fn may_hold_scheme(&self) -> Truth {
        match self.host.parts().first() {
            Some(Part::Hole(unknown)) => Truth::Unknown(unknown.clone()),
            _ => Truth::False,
        }
    }

    /// The port, or the usual one of the scheme. A hole at the end of the host may hold a port.
    pub(crate) fn effective_port(&self) -> Option<Str> {
        match (&self.port, self.scheme.as_ref().and_then(Str::known)) {
            (Some(port), _) => Some(port.clone()),
            (None, _) if matches!(self.host.parts().last(), Some(Part::Hole(_))) => None,
            (None, Some("http")) => Some(Str::new("80")),
            (None, Some("https")) => Some(Str::new("443")),
            (None, _) => None,
        }
    }
}

/// `http://unix:/run/x.sock:/uri` of nginx, `unix//run/x.sock` of Caddy.
fn unix_socket(scheme: Option<&Str>, behind: &Str) -> Option<Url> {
    let path = match scheme {
        Some(_) => strip(behind, "unix:")?,
        None => strip(behind, "unix/").or_else(|| strip(behind, "unix:"))?,
    };
    let (path, rest) = text::split_once(&path, ":").unwrap_or((path, Str::default()));
    Some(Url { scheme: Some(Str::new("unix")), host: path, port: None, rest })
}

fn without_slash(text: &Str) -> Str {
    match text::pieces(text).split_last() {
        Some((Piece::Char('/'), rest)) => text::join(rest),
        _ => text.clone(),
    }
}

fn strip(text: &Str, prefix: &str) -> Option<Str> {
    text.known_prefix().starts_with(prefix).then(|| text::join(&text::pieces(text)[prefix.chars().count()..]))
}

fn host_and_port(address: &[Piece]) -> (&[Piece], Option<&[Piece]>) {
    let at = |wanted: char| address.iter().rposition(|piece| *piece == Piece::Char(wanted));
    let colon = match (at(':'), at(']')) {
        (Some(colon), Some(bracket)) if colon < bracket => None,
        // More than one colon without brackets: an IPv6 address.
        (Some(colon), None) if address[..colon].contains(&Piece::Char(':')) => None,
        (colon, _) => colon,
    };
    let (host, port) = match colon {
        Some(colon) => (&address[..colon], Some(&address[colon + 1..])),
        None => (address, None),
    };
    match host {
        [Piece::Char('['), inside @ .., Piece::Char(']')] => (inside, port),
        host => (host, port),
    }
}

#[cfg(test)]
mod tests {
    use super::super::text::tests::with_holes;
    use super::*;

    fn check(url: &str, expected: [Option<&str>; 4]) {
        let got = Url::parse(&with_holes(url));
        let text = |part: &Str| part.to_string();
        let parts =
            [got.scheme.as_ref().map(text), Some(text(&got.host)), got.port.as_ref().map(text), Some(text(&got.rest))];
        assert_eq!(parts.each_ref().map(Option::as_deref), expected, "{url}");
    }

    #[test]
    fn same_place() {
        let check = |a: &str, b: &str, expected: &str| {
            let got = match Url::parse(&with_holes(a)).same_as(&Url::parse(&with_holes(b))) {
                Truth::True => "yes",
                Truth::False => "no",
                Truth::Unknown(_) => "?",
            };
            assert_eq!(got, expected, "{a} and {b}");
        };
        check("https://a.org", "https://A.org:443/", "yes");
        check("https://a.org", "http://a.org", "no");
        check("https://a.org", "a.org", "no");
        check("https://a.org/x", "https://a.org", "no");
        check("https://m.<1>/", "https://m.<1>", "yes");
        check("https://m.<1>", "https://<1>", "no");
        check("https://m.<1>", "https://m.<2>", "?");
        check("https://m.<1>", "https://m.<1>:443", "?");
        check("https://a.org", "https://a.org:8448", "no");
        check("<1>", "https://<2>", "?");
        check("<1>", "<1>/", "yes");
    }

    #[test]
    fn parts() {
        check("http://127.0.0.1:8008", [Some("http"), Some("127.0.0.1"), Some("8008"), Some("")]);
        check("https://Matrix.Example.org/", [Some("https"), Some("matrix.example.org"), None, Some("/")]);
        check("http://[::1]:8008/a:b", [Some("http"), Some("::1"), Some("8008"), Some("/a:b")]);
        check("http://<1>:<2>", [Some("http"), Some("${…}"), Some("${…}"), Some("")]);
        check(
            "http://localhost:8008$request_uri",
            [Some("http"), Some("localhost"), Some("8008"), Some("$request_uri")],
        );
        check("http://unix:/run/a.sock", [Some("unix"), Some("/run/a.sock"), None, Some("")]);
        check("http://unix:/run/a.sock:/b", [Some("unix"), Some("/run/a.sock"), None, Some("/b")]);
        check("unix//run/a.sock", [Some("unix"), Some("/run/a.sock"), None, Some("")]);
        check("localhost:8008", [None, Some("localhost"), Some("8008"), Some("")]);
        check(":8008", [None, Some(""), Some("8008"), Some("")]);
        check("::1", [None, Some("::1"), None, Some("")]);
        check("<1>", [None, Some("${…}"), None, Some("")]);
        check("", [None, Some(""), None, Some("")]);
        check("matrix", [None, Some("matrix"), None, Some("")]);
    }

    #[test]
    fn ports() {
        let check = |url: &str, expected: Option<&str>| {
            let got = Url::parse(&with_holes(url)).effective_port().map(|port| port.to_string());
            assert_eq!(got.as_deref(), expected, "{url}");
        };
        check("https://a.org", Some("443"));
        check("https://<1>", None);
        check("http://<1>.org", Some("80"));
        check("localhost", None);
    }
}
