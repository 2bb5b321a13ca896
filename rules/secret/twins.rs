//! Settings that take a secret and have another beside them that names a file.

use crate::lint::prelude::*;
use crate::rules::secret::manager::Kept;
use crate::rules::written::users_values;

/// A setting that takes a secret, and how it is kept in a file.
pub(crate) struct Twin {
    /// The setting; `<name>` is any element of a list.
    setting: &'static str,
    /// The last step of the setting beside it that names a file.
    pub(crate) twin: &'static str,
    /// What the secret is called where it is declared.
    name: &'static str,
    /// What it is called in the encrypted file, where two programs share one secret.
    key: Option<&'static str>,
    pub(crate) reader: Reader,
    /// What has to be put into the encrypted file.
    pub(crate) what: &'static str,
}

/// Who reads the file.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reader {
    /// The user as whom NixOS runs the service.
    User(&'static str),
    /// systemd, which hands it over as one of the `credentials` of this service.
    Credentials(&'static str),
    /// The administrator, before the service starts.
    Root,
}

const NEW: &str = "a new one";
/// With another one what was made with it is of no use any more.
const SAME: &str = "it, as it is,";
/// What libpq reads: <https://www.postgresql.org/docs/current/libpq-pgpass.html>
const LINE: &str = "a line `*:*:*:*:` that ends in a new one";
const SYNAPSE: Reader = Reader::User("matrix-synapse");
const MAS: Reader = Reader::Credentials("matrix-authentication-service");

type Row = (&'static str, &'static str, &'static str, Option<&'static str>, Reader, &'static str);

/// <https://element-hq.github.io/synapse/latest/usage/configuration/config_documentation.html>,
/// <https://element-hq.github.io/matrix-authentication-service/reference/configuration.html>,
/// <https://github.com/NixOS/nixpkgs/blob/master/nixos/modules/services/databases/redis.nix>,
/// <https://github.com/NixOS/nixpkgs/blob/master/nixos/modules/services/networking/coturn.nix>
#[rustfmt::skip]
const ROWS: &[Row] = &[
    ("services.matrix-synapse.settings.registration_shared_secret", "registration_shared_secret_path", "synapse-registration", None, SYNAPSE, NEW),
    ("services.matrix-synapse.settings.macaroon_secret_key", "macaroon_secret_key_path", "synapse-macaroon", None, SYNAPSE, NEW),
    ("services.matrix-synapse.settings.form_secret", "form_secret_path", "synapse-form", None, SYNAPSE, NEW),
    ("services.matrix-synapse.settings.recaptcha_private_key", "recaptcha_private_key_path", "synapse-recaptcha", None, SYNAPSE, NEW),
    ("services.matrix-synapse.settings.worker_replication_secret", "worker_replication_secret_path", "synapse-replication", None, SYNAPSE, NEW),
    ("services.matrix-synapse.workers.<name>.worker_replication_secret", "worker_replication_secret_path", "synapse-replication", Some("synapse-replication"), SYNAPSE, NEW),
    ("services.matrix-synapse.settings.turn_shared_secret", "turn_shared_secret_path", "turn-for-synapse", Some("turn"), SYNAPSE, NEW),
    ("services.matrix-synapse.settings.redis.password", "password_path", "redis-for-synapse", Some("redis"), SYNAPSE, NEW),
    ("services.matrix-synapse.settings.matrix_authentication_service.secret", "secret_path", "mas-for-synapse", Some("mas"), SYNAPSE, NEW),
    ("services.matrix-synapse.settings.oidc_providers.<name>.client_secret", "client_secret_path", "synapse-oidc", None, SYNAPSE, NEW),
    ("services.matrix-synapse.settings.oidc_providers.<name>.client_secret_jwt_key.key", "key_file", "synapse-oidc-key", None, SYNAPSE, NEW),
    ("services.matrix-synapse.settings.oidc_config.client_secret", "client_secret_path", "synapse-oidc", None, SYNAPSE, NEW),
    ("services.matrix-synapse.settings.oidc_config.client_secret_jwt_key.key", "key_file", "synapse-oidc-key", None, SYNAPSE, NEW),
    ("services.matrix-synapse.settings.database.args.password", "passfile", "synapse-pgpass", None, SYNAPSE, LINE),
    ("services.matrix-synapse.settings.databases.<name>.args.password", "passfile", "synapse-pgpass", None, SYNAPSE, LINE),
    ("services.matrix-authentication-service.settings.matrix.secret", "secret_file", "mas", None, MAS, NEW),
    ("services.matrix-authentication-service.settings.secrets.encryption", "encryption_file", "mas-encryption", None, MAS, SAME),
    ("services.matrix-authentication-service.settings.secrets.keys.<name>.key", "key_file", "mas-key", None, MAS, NEW),
    ("services.matrix-authentication-service.settings.clients.<name>.client_secret", "client_secret_file", "mas-client", None, MAS, NEW),
    ("services.matrix-authentication-service.settings.upstream_oauth2.providers.<name>.client_secret", "client_secret_file", "mas-upstream", None, MAS, NEW),
    ("services.matrix-authentication-service.settings.passwords.schemes.<name>.secret", "secret_file", "mas-passwords", None, MAS, SAME),
    ("services.redis.servers.<name>.requirePass", "requirePassFile", "redis", Some("redis"), Reader::Root, NEW),
    ("services.coturn.static-auth-secret", "static-auth-secret-file", "turn-for-coturn", Some("turn"), Reader::User("turnserver"), NEW),
];

const CREDENTIALS: &str = "services.matrix-authentication-service.credentials";

fn all() -> impl Iterator<Item = Twin> {
    ROWS.iter().map(|&(setting, twin, name, key, reader, what)| Twin { setting, twin, name, key, reader, what })
}

impl Twin {
    pub(crate) fn of(secret: &OptionView<'_>) -> Option<Twin> {
        all().find(|twin| OptionPattern::parse(twin.setting).matches(secret.path()).is_true())
    }

    /// The steps of the setting, and of the one that names a file.
    pub(crate) fn steps(&self) -> (Vec<&'static str>, Vec<&'static str>) {
        let old: Vec<&str> = self.setting.split('.').collect();
        let new = old[..old.len() - 1].iter().copied().chain([self.twin]).collect();
        (old, new)
    }

    /// The setting that names a file.
    fn path(&self) -> String {
        self.steps().1.join(".")
    }

    /// Whether nobody says already which file it is.
    pub(crate) fn is_free(&self, cx: &Cx<'_>, secret: &OptionView<'_>) -> bool {
        let OptionPath(mut steps) = secret.path().clone();
        steps.pop();
        let path = OptionPath(steps).child(Segment::Name(self.twin.into())).to_string();
        let credentials = match self.reader {
            Reader::Credentials(_) => cx.option(CREDENTIALS).children(),
            Reader::User(_) | Reader::Root => vec![],
        };
        let name = self.kept(secret).map(|kept| kept.name);
        let is_taken = |one: &OptionView<'_>| one.name().known() == name.as_deref();
        // Only elements of lists have no path to ask by; of many secrets each would look at all others.
        let same: Vec<OptionView<'_>> = match secret.path().0.iter().all(|step| step.as_name().is_some()) {
            true => vec![cx.option(&path)],
            false => cx.each(&self.path()).into_iter().filter(|view| view.path().to_string() == path).collect(),
        };
        same.iter().all(|view| users_values(cx, view).is_empty()) && !credentials.iter().any(is_taken)
    }

    /// Whether a file that holds the secret alone is what the other setting wants, and the service may read it.
    pub(crate) fn takes_path(&self) -> bool {
        self.what != LINE && !matches!(self.reader, Reader::Credentials(_))
    }

    /// How the secret is declared: those in a list, or under a name, each under a name of its own.
    pub(crate) fn kept(&self, secret: &OptionView<'_>) -> Option<Kept> {
        let steps = self.setting.split('.').zip(&secret.path().0);
        let mut name = self.name.to_owned();
        for (_, step) in steps.filter(|(step, _)| step.starts_with('<')) {
            match step {
                Segment::Index(0) => {}
                Segment::Index(nth) => name = format!("{name}-{}", nth + 1),
                step => {
                    let of = step.as_name().filter(|of| of.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'))?;
                    name = format!("{name}-{of}");
                }
            }
        }
        Some(Kept { name, key: self.key })
    }
}

/// What pages list only so that fixes can ask for it.
pub(crate) fn for_fixes() -> impl Iterator<Item = OptionPattern> {
    let credentials = std::iter::once(CREDENTIALS.to_owned());
    credentials.chain(all().map(|twin| twin.path())).map(|path| OptionPattern::parse(&path))
}
