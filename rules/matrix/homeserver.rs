//! The homeserver of a configuration: where it listens, and what is passed on to it.

use crate::lint::prelude::*;
use crate::rules::web::access::answers;
use crate::rules::web::text::not_followed;
use crate::rules::web::upstream::Upstreams;
use crate::rules::web::url::Url;
use crate::rules::web::vhost::{Location, Statement, Vhost};
use crate::rules::written;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

/// Requests that only a homeserver answers.
const REQUESTS: &[&str] = &[
    "/_matrix/client/versions",
    "/_matrix/client/v3/sync",
    "/_matrix/media/v3/download/example.org/media",
    "/_matrix/federation/v1/version",
    "/_matrix/key/v2/server",
    "/_synapse/client/oidc/callback",
    ADMIN,
];
/// One for whoever runs it.
const ADMIN: &str = "/_synapse/admin/v1/server_version";

/// Synapse, as far as web servers meet it.
pub(crate) struct Homeserver<'a> {
    listeners: Vec<Listener<'a>>,
    /// Why there may be more listeners.
    more: Option<Unknown>,
    upstreams: Upstreams,
    /// Where targets without holes lead, read once.
    leads: RefCell<HashMap<Box<str>, Rc<[Url]>>>,
}
better_any::tid! { Homeserver<'a> }

/// One entry of `listeners` or of a worker's `worker_listeners`.
pub(crate) struct Listener<'a> {
    /// Whether it is a worker's.
    pub(crate) of_worker: bool,
    pub(crate) port: OptionView<'a>,
    pub(crate) path: OptionView<'a>,
    pub(crate) view: OptionView<'a>,
}

impl Listener<'_> {
    /// Whether it answers requests for a resource such as `client`.
    pub(crate) fn serves(&self, resource: &str) -> Truth {
        let resources = self.view.at("resources");
        let names = resources.items().into_iter().flat_map(|resource| resource.at("names").items());
        let more = resources.has_unknown_items().map(Truth::Unknown);
        Truth::any(names.map(|name| name.is_text(resource)).chain(more))
    }
}

impl<'a> Homeserver<'a> {
    /// That of the configuration, read once for all rules.
    pub(crate) fn of(cx: &Cx<'a>) -> Rc<Self> {
        cx.shared(Self::read)
    }

    /// Reads `services.matrix-synapse`; one that is switched off listens nowhere.
    fn read(cx: &Cx<'a>) -> Self {
        let (upstreams, leads) = (Upstreams::of(cx), RefCell::default());
        let mut homeserver = Self { listeners: vec![], more: None, upstreams, leads };
        if cx.option("services.matrix-synapse.enable").is_false().is_true() {
            return homeserver;
        }
        let listeners = cx.option("services.matrix-synapse.settings.listeners");
        let workers = cx.option("services.matrix-synapse.workers").children();
        let of_workers = workers.iter().map(|worker| (true, worker.at("worker_listeners")));
        for (of_worker, option) in std::iter::once((false, listeners)).chain(of_workers) {
            // A module on its own may have nothing to do with Synapse: then it has no listeners.
            let more = match cx.is_whole() {
                true => option.has_unknown_items(),
                false => written::items(&option).1,
            };
            homeserver.more = homeserver.more.or(more);
            let listener =
                |view: OptionView<'a>| Listener { of_worker, port: view.at("port"), path: view.at("path"), view };
            homeserver.listeners.extend(option.items().into_iter().map(listener));
        }
        homeserver
    }

    /// Its listeners, as far as they are known.
    pub(crate) fn listeners(&self) -> &[Listener<'a>] {
        &self.listeners
    }

    /// Why there may be listeners that do not show.
    pub(crate) fn may_listen_elsewhere(&self) -> Truth {
        self.more.clone().map_or(Truth::False, Truth::Unknown)
    }

    /// Where a proxy's target leads: the target itself, or the servers of an upstream of that name.
    pub(crate) fn targets(&self, target: &Str) -> Rc<[Url]> {
        let read = || -> Rc<[Url]> { self.upstreams.resolve(target).iter().map(Url::parse).collect() };
        let Some(known) = target.known() else { return read() };
        if let Some(urls) = self.leads.borrow().get(known) {
            return urls.clone();
        }
        let urls = read();
        self.leads.borrow_mut().insert(known.into(), urls.clone());
        urls
    }

    /// Whether a location passes requests on to a homeserver, and the statement that does.
    pub(crate) fn behind<'l>(&self, location: &'l Location<'a>) -> (Truth, Option<&'l Statement<'a>>) {
        self.behind_for(location, REQUESTS, None)
    }

    /// The same for certain `requests`, and listeners for a certain resource.
    pub(crate) fn behind_for<'l>(
        &self,
        location: &'l Location<'a>,
        requests: &[&str],
        resource: Option<&str>,
    ) -> (Truth, Option<&'l Statement<'a>>) {
        let asked = is_only_for(location, requests);
        let mut best = (Truth::any(location.gaps.iter().cloned().map(Truth::Unknown)), None);
        for (statement, target) in location.proxies() {
            let truth = asked.clone() | self.listens_for(resource, target);
            if truth.is_true() {
                return (truth, Some(statement));
            }
            if best.1.is_none() && !truth.is_false() {
                best = (best.0 | truth, Some(statement));
            }
        }
        best
    }

    /// Whether it listens on a port, for all the world or not.
    pub(crate) fn listens_on(&self, port: i64) -> Truth {
        let here = self.listeners.iter().map(|listener| listener.port.is_int(port));
        Truth::any(here.chain(self.more.clone().map(Truth::Unknown)))
    }

    /// Whether one of its listeners speaks TLS, and so needs no web server in front.
    pub(crate) fn has_tls(&self) -> Truth {
        let here = self.listeners.iter().map(|listener| listener.view.at("tls").is_true());
        Truth::any(here.chain(self.more.clone().map(Truth::Unknown)))
    }

    /// Whether one of its listeners takes requests for a resource such as `federation`.
    pub(crate) fn offers(&self, resource: &str) -> Truth {
        let here = self.listeners.iter().map(|listener| listener.serves(resource));
        Truth::any(here.chain(self.more.clone().map(Truth::Unknown)))
    }

    /// Whether a proxy's target is one of its listeners.
    pub(crate) fn listens_at(&self, target: &Str) -> Truth {
        self.listens_for(None, target)
    }

    /// Whether a proxy's target is one of its listeners, and one that answers for a resource.
    pub(crate) fn serves_at(&self, resource: &str, target: &Str) -> Truth {
        self.listens_for(Some(resource), target)
    }

    fn listens_for(&self, resource: Option<&str>, target: &Str) -> Truth {
        Truth::any(self.targets(target).iter().map(|url| {
            let serves = |listener: &Listener<'_>| resource.map_or(Truth::True, |resource| listener.serves(resource));
            let here = self.listeners.iter().map(|listener| listener.is_at(url).and(|| serves(listener)));
            let more = self.more.clone().filter(|_| !url.is_local().is_false()).map(Truth::Unknown);
            Truth::any(here.chain(more))
        }))
    }
}

impl Listener<'_> {
    /// Whether requests for this address arrive at it.
    pub(crate) fn is_at(&self, url: &Url) -> Truth {
        if url.is_socket() {
            return self.path.is_string_where(|path| path.equals(&url.host));
        }
        let Some(port) = url.effective_port() else {
            return url.host.holes().next().cloned().map_or(Truth::False, Truth::Unknown);
        };
        let same_port = match self.port.unknown() {
            // Nobody knows the port, but both name the same option.
            Some(unknown) => port.equals(&Str::hole(unknown)),
            None => self.port.test(|have| match &have.shape {
                Shape::Int(number) => port.equals(&Str::new(number.to_string())),
                _ => Truth::False,
            }),
        };
        // The same port of another machine may or may not be a way to this one.
        let elsewhere = || Truth::Unknown(not_followed(format!("where {} leads", url.host), Origin::Default));
        same_port & (url.is_local() | elsewhere())
    }
}

/// Whether a location is for a homeserver's requests, and not for all the others too.
pub(crate) fn is_for_homeserver(location: &Location<'_>) -> Truth {
    is_only_for(location, REQUESTS)
}

/// Whether some requests of clients and other servers come to a location, and no other one answers them.
pub(crate) fn asks_homeserver(vhost: &Vhost<'_>, location: &Location<'_>) -> Truth {
    let requests = REQUESTS.iter().filter(|request| **request != ADMIN);
    Truth::any(requests.map(|request| answers(vhost, location, request)))
}

fn is_only_for(location: &Location<'_>, requests: &[&str]) -> Truth {
    let asked = Truth::any(requests.iter().map(|request| location.matcher.matches(request)));
    asked & !location.matcher.matches("/any-other-page")
}
