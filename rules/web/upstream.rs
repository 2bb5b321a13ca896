//! nginx's named groups of servers.

use super::text;
use crate::lint::prelude::*;

/// `services.nginx.upstreams`: what `proxyPass = "http://name"` may stand for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Upstreams {
    groups: Vec<(Str, Vec<Str>)>,
}

impl Upstreams {
    /// Reads the option.
    pub(crate) fn of(cx: &Cx<'_>) -> Self {
        let group = |upstream: &OptionView<'_>| {
            let servers = upstream.at("servers").children();
            (upstream.name(), servers.iter().map(OptionView::name).collect())
        };
        Self { groups: cx.option("services.nginx.upstreams").children().iter().map(group).collect() }
    }

    /// The addresses behind the target of a proxy; usually the target itself.
    pub(crate) fn resolve(&self, target: &Str) -> Vec<Str> {
        let Some((scheme, address)) = text::split_once(target, "://") else { return vec![target.clone()] };
        let name = text::split_once(&address, "/").map_or(address.clone(), |(name, _)| name);
        let Some((_, servers)) = self.groups.iter().find(|(group, _)| group.equals(&name).is_true()) else {
            return vec![target.clone()];
        };
        let with_scheme = |server: &Str| {
            let mut address = scheme.clone();
            address.push_text("://");
            address.push(server);
            address
        };
        servers.iter().map(with_scheme).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::text::tests::with_holes;
    use super::*;

    #[test]
    fn resolving() {
        let upstreams = Upstreams { groups: vec![(Str::new("synapse"), vec![Str::new("127.0.0.1:8008")])] };
        let check = |target: &str, expected: &str| {
            let got: Vec<_> = upstreams.resolve(&with_holes(target)).iter().map(Str::to_string).collect();
            assert_eq!(got.join(" "), expected, "{target}");
        };
        check("http://synapse", "http://127.0.0.1:8008");
        check("http://synapse/x", "http://127.0.0.1:8008");
        check("http://<1>", "http://${…}");
        check("127.0.0.1", "127.0.0.1");
    }
}
