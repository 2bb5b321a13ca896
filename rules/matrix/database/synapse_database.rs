//! The database of Synapse, as its settings name it.

use crate::lint::prelude::*;
use crate::rules::written::values;

/// `services.matrix-synapse.settings.database` of a Synapse that is not switched off.
pub(crate) struct SynapseDatabase<'a> {
    /// Whether there is a Synapse. True of a module on its own that says nothing about it.
    pub(crate) is_used: Truth,
    /// Whether it keeps its data in PostgreSQL.
    pub(crate) is_postgres: Truth,
    /// Whether the server is on this machine.
    pub(crate) is_local: Truth,
    /// Whether Synapse reaches it through a socket of the file system.
    pub(crate) is_by_socket: Truth,
    /// The database's name.
    pub(crate) name: Str,
    /// The role that Synapse logs in as.
    pub(crate) user: Str,
    /// `database.args`.
    pub(crate) args: OptionView<'a>,
}

/// The name that NixOS gives to the user, the role and the database.
pub(crate) const NAME: &str = "matrix-synapse";

impl<'a> SynapseDatabase<'a> {
    /// Reads the settings; `None` if Synapse is switched off.
    pub(crate) fn of(cx: &Cx<'a>) -> Option<Self> {
        let enable = cx.option("services.matrix-synapse.enable");
        let is_used = if cx.is_whole() || !values(&enable).is_empty() { enable.is_true() } else { Truth::True };
        if is_used.is_false() {
            return None;
        }
        let database = cx.option("services.matrix-synapse.settings.database");
        let args = database.at("args");
        let engines = values(&database.at("name"));
        let hosts = values(&args.at("host"));
        let socket = |host: &OptionView<'a>| host.is_null() | host.is_string_where(|host| host.starts_with("/"));
        let loopback =
            |host: &OptionView<'a>| Truth::any(["localhost", "127.0.0.1", "::1"].map(|name| host.is_text(name)));
        let all = |views: &[OptionView<'a>], test: &dyn Fn(&OptionView<'a>) -> Truth| {
            !Truth::any(views.iter().map(|view| !test(view)))
        };
        let engine = if engines.is_empty() { database.at("name").is_text("psycopg2") } else { Truth::True };
        Some(Self {
            is_used,
            // Nobody knows the default where nobody says `system.stateVersion`. Only hosts of 2018 have another.
            is_postgres: match engine {
                Truth::Unknown(_) => Truth::True,
                engine => engine & all(&engines, &|view| view.is_text("psycopg2")),
            },
            is_local: all(&hosts, &|host| socket(host) | loopback(host)),
            is_by_socket: all(&hosts, &socket),
            name: written_or(&args.at("database"), NAME),
            user: written_or(&args.at("user"), NAME),
            args,
        })
    }
}

/// The text of an option, or what it is where nobody writes another.
fn written_or(option: &OptionView<'_>, default: &str) -> Str {
    let written = values(option).into_iter().find_map(|view| match view.unknown() {
        Some(unknown) => Some(Str::hole(unknown)),
        None => view.text().cloned(),
    });
    written.unwrap_or_else(|| Str::new(default))
}
