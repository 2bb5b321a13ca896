//! The page beside this file says what is wrong and why.

use crate::lint::prelude::*;
use crate::rules::matrix::coturn::Coturn;
use crate::rules::secret::text::HOLE;
use std::net::Ipv4Addr;

/// The networks that are not the internet: first and last address, and how people call them.
const PRIVATE: &[([u8; 4], [u8; 4], &str)] = &[
    ([10, 0, 0, 0], [10, 255, 255, 255], "10.0.0.0/8"),
    ([172, 16, 0, 0], [172, 31, 255, 255], "172.16.0.0/12"),
    ([192, 168, 0, 0], [192, 168, 255, 255], "192.168.0.0/16"),
];

pub(crate) fn check(cx: &mut Cx<'_>) {
    let Some(coturn) = Coturn::of(cx) else { return };
    if !cx.is_whole() {
        return;
    }
    let denied: Vec<&str> =
        coturn.lines.iter().filter(|(line, _)| line.key == "denied-peer-ip").map(|(line, _)| &*line.value).collect();
    let unreadable = denied.iter().any(|value| value.contains(HOLE));
    let ranges: Vec<(u32, u32)> = denied.iter().filter_map(|value| range(value)).collect();
    let is_denied = |from: [u8; 4], to: [u8; 4]| {
        let (from, to) = (u32::from_be_bytes(from), u32::from_be_bytes(to));
        is_covered(&ranges, from, to)
    };
    let open: Vec<&str> = PRIVATE.iter().filter(|(from, to, _)| !is_denied(*from, *to)).map(|one| one.2).collect();
    let known = !coturn.may_have_more() & Truth::from(!unreadable && !open.is_empty());
    let loopback = coturn.lines.iter().find(|(line, _)| line.key == "allow-loopback-peers");
    let enable = &coturn.enable;
    cx.decide(coturn.is_on.clone() & known, |finding| {
        let finding = finding.primary(enable, format!("`denied-peer-ip` is missing for {}", open.join(", ")));
        match loopback {
            Some((_, view)) => finding.severity(Severity::Error).related(view, "even programs of this machine"),
            None => finding,
        }
    });
}

/// `a`, `a-b` or `a/n`.
fn range(value: &str) -> Option<(u32, u32)> {
    let parse = |text: &str| text.trim().parse::<Ipv4Addr>().ok().map(u32::from);
    if let Some((from, to)) = value.split_once('-') {
        return Some((parse(from)?, parse(to)?));
    }
    let Some((from, bits)) = value.split_once('/') else { return parse(value).map(|one| (one, one)) };
    let bits: u32 = bits.trim().parse().ok().filter(|bits| *bits <= 32)?;
    let hosts = u32::MAX.checked_shr(bits).unwrap_or(0);
    parse(from).map(|from| (from & !hosts, from | hosts))
}

/// Whether the ranges leave nothing out between two addresses.
fn is_covered(ranges: &[(u32, u32)], from: u32, to: u32) -> bool {
    let mut sorted = ranges.to_vec();
    sorted.sort_unstable();
    let mut next = from;
    for (start, end) in sorted {
        if start <= next && end >= next {
            if end >= to {
                return true;
            }
            next = end + 1;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::{is_covered, range};

    #[test]
    fn ranges() {
        assert_eq!(range("0.0.0.1-0.0.0.9"), Some((1, 9)));
        assert_eq!(range("0.0.1.7/24"), Some((256, 511)));
        assert_eq!(range("0.0.0.0/0"), Some((0, u32::MAX)));
        assert_eq!(range("1.2.3.4/32"), range("1.2.3.4"));
        assert_eq!(range("fc00::-fdff::"), None);
        assert!(is_covered(&[(5, 9), (0, 4)], 0, 9));
        assert!(!is_covered(&[(6, 9), (0, 4)], 0, 9));
        assert!(is_covered(&[(0, u32::MAX)], 1, u32::MAX));
    }
}
