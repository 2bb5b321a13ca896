//! Ranges of addresses, and whether a list of them leaves something out.

use std::net::IpAddr;

/// Addresses from the first to the last, all of one family.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Range {
    is_v6: bool,
    first: u128,
    last: u128,
}

/// The private networks of IPv4.
pub(crate) const PRIVATE: &[&str] = &["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];
/// Other networks that no machine of the internet is in: the machine itself and its neighbours.
/// Of `fe80::/10` only the first part is in use.
pub(crate) const LOCAL: &[&str] = &["127.0.0.0/8", "169.254.0.0/16", "::1/128", "fc00::/7", "fe80::/64"];

impl Range {
    /// `a`, `a-b` or `a/n`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if let Some((from, to)) = text.split_once('-') {
            let ((is_v6, first), (other, last)) = (number(from)?, number(to)?);
            return (is_v6 == other && first <= last).then_some(Self { is_v6, first, last });
        }
        let Some((from, bits)) = text.split_once('/') else {
            let (is_v6, first) = number(text)?;
            return Some(Self { is_v6, first, last: first });
        };
        let (is_v6, from) = number(from)?;
        let bits: u32 = bits.trim().parse().ok()?;
        let hosts = (if is_v6 { 128_u32 } else { 32 }).checked_sub(bits)?;
        // 2^hosts - 1, also where 2^hosts is too large.
        let hosts = 1_u128.checked_shl(hosts).map_or(u128::MAX, |size| size - 1);
        Some(Self { is_v6, first: from & !hosts, last: from | hosts })
    }

    /// The first and the last address, as coturn wants them: `a-b`.
    pub(crate) fn first_to_last(&self) -> String {
        let address = |number: u128| match u32::try_from(number) {
            Ok(number) if !self.is_v6 => IpAddr::V4(number.into()),
            _ => IpAddr::V6(number.into()),
        };
        format!("{}-{}", address(self.first), address(self.last))
    }

    /// Whether the ranges leave out nothing of this one.
    pub(crate) fn is_covered_by(&self, ranges: &[Range]) -> bool {
        let mut sorted: Vec<Range> = ranges.iter().copied().filter(|range| range.is_v6 == self.is_v6).collect();
        sorted.sort_unstable();
        let mut next = self.first;
        for range in sorted {
            if range.first <= next && range.last >= next {
                if range.last >= self.last {
                    return true;
                }
                next = range.last + 1;
            }
        }
        false
    }
}

/// Those of the `networks` of which `ranges` leave out something.
pub(crate) fn left_out<'n>(ranges: &[Range], networks: &[&'n str]) -> Vec<&'n str> {
    let is_open = |network: &&&str| Range::parse(network).is_some_and(|network| !network.is_covered_by(ranges));
    networks.iter().filter(is_open).copied().collect()
}

/// An address as a number, and whether it is one of IPv6.
fn number(text: &str) -> Option<(bool, u128)> {
    match text.trim().parse().ok()? {
        IpAddr::V4(address) => Some((false, u32::from(address).into())),
        IpAddr::V6(address) => Some((true, address.into())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn v4(first: u128, last: u128) -> Option<Range> {
        Some(Range { is_v6: false, first, last })
    }

    #[test]
    fn parsing() {
        assert_eq!(Range::parse("0.0.0.1-0.0.0.9"), v4(1, 9));
        assert_eq!(Range::parse("0.0.1.7/24"), v4(256, 511));
        assert_eq!(Range::parse("0.0.0.0/0"), v4(0, u32::MAX.into()));
        assert_eq!(Range::parse("1.2.3.4/32"), Range::parse("1.2.3.4"));
        assert_eq!(Range::parse("::/0"), Some(Range { is_v6: true, first: 0, last: u128::MAX }));
        for text in ["", "1.2.3.4/33", "1.2.3.4-::1", "0.0.0.9-0.0.0.1", "10/8", "a", "1.2.3.4/-1"] {
            assert_eq!(Range::parse(text), None, "{text}");
        }
    }

    #[test]
    fn writing() {
        let written = |text: &str| Range::parse(text).map(|range| range.first_to_last());
        assert_eq!(written("172.16.0.0/12").as_deref(), Some("172.16.0.0-172.31.255.255"));
        assert_eq!(written("::/127").as_deref(), Some("::-::1"));
        assert_eq!(written("fe80::/64").as_deref(), Some("fe80::-fe80::ffff:ffff:ffff:ffff"));
    }

    #[test]
    fn covering() {
        let check = |ranges: &[&str], network: &str, expected: bool| {
            let ranges: Vec<Range> = ranges.iter().filter_map(|range| Range::parse(range)).collect();
            assert_eq!(left_out(&ranges, &[network]).is_empty(), expected, "{ranges:?} {network}");
        };
        check(&["0.0.0.5-0.0.0.9", "0.0.0.0-0.0.0.4"], "0.0.0.0/29", true);
        check(&["0.0.0.6-0.0.0.9", "0.0.0.0-0.0.0.4"], "0.0.0.0/29", false);
        check(&["0.0.0.0/0"], "10.0.0.0/8", true);
        check(&["::/0"], "10.0.0.0/8", false);
        check(&["::/0"], "fe80::/10", true);
        check(&["10.0.0.0/9", "10.128.0.0/9"], "10.0.0.0/8", true);
    }
}
