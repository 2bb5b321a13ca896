//! A secret that is written out, moved: the setting that names a file takes its place, and what writes the
//! file is the secret manager that the configuration uses already, sops-nix or agenix.
//!
//! Offered where one file says it all. The secret's text goes, it is known anyway; a new one has to be put
//! into the encrypted file by somebody who has the key.

use crate::lint::prelude::*;
use crate::rules::secret::manager::{Kept, Manager};
use crate::rules::secret::section;
use crate::rules::written::{rename, users_values};

/// A setting that takes a secret, and how it is kept in a file.
struct Twin {
    /// The setting.
    setting: &'static str,
    /// The last step of the setting beside it that names a file.
    twin: &'static str,
    /// How the secret is declared.
    kept: Kept,
}

const fn twin(setting: &'static str, twin: &'static str, name: &'static str, key: Option<&'static str>) -> Twin {
    Twin { setting, twin, kept: Kept { name, key } }
}

/// <https://element-hq.github.io/synapse/latest/usage/configuration/config_documentation.html>,
/// <https://github.com/NixOS/nixpkgs/blob/master/nixos/modules/services/networking/coturn.nix>
#[rustfmt::skip]
const TWINS: &[Twin] = &[
    twin("services.matrix-synapse.settings.registration_shared_secret", "registration_shared_secret_path", "synapse-registration", None),
    twin("services.matrix-synapse.settings.macaroon_secret_key", "macaroon_secret_key_path", "synapse-macaroon", None),
    twin("services.matrix-synapse.settings.form_secret", "form_secret_path", "synapse-form", None),
    twin("services.matrix-synapse.settings.recaptcha_private_key", "recaptcha_private_key_path", "synapse-recaptcha", None),
    twin("services.matrix-synapse.settings.worker_replication_secret", "worker_replication_secret_path", "synapse-replication", None),
    twin("services.matrix-synapse.settings.turn_shared_secret", "turn_shared_secret_path", "turn-for-synapse", Some("turn")),
    twin("services.matrix-synapse.settings.redis.password", "password_path", "redis-for-synapse", Some("redis")),
    twin("services.matrix-synapse.settings.matrix_authentication_service.secret", "secret_path", "mas-for-synapse", Some("mas")),
    twin("services.coturn.static-auth-secret", "static-auth-secret-file", "turn-for-coturn", Some("turn")),
];

impl Twin {
    fn of(secret: &OptionView<'_>) -> Option<&'static Twin> {
        let option = secret.path().to_string();
        TWINS.iter().find(|twin| twin.setting == option)
    }

    /// The setting that names a file.
    fn path(&self) -> String {
        let (around, _) = self.setting.rsplit_once('.').unwrap_or_default();
        format!("{around}.{}", self.twin)
    }

    /// Who has to read the file: the user as whom NixOS runs the service.
    fn owner(&self) -> &'static str {
        if self.setting.starts_with("services.coturn.") { "turnserver" } else { "matrix-synapse" }
    }
}

/// Whether a page lists an option only so that a fix can ask for it.
pub(crate) fn is_for_fixes(view: &OptionView<'_>) -> bool {
    let path = view.path().to_string();
    let of_manager = path.starts_with("sops.") || path.starts_with("age.");
    of_manager || TWINS.iter().any(|twin| twin.path() == path) || section::is_for_fixes(&path)
}

/// The fix for a secret that is written out.
pub(crate) fn moved(cx: &Cx<'_>, secret: &OptionView<'_>) -> Option<Fix> {
    let twin = Twin::of(secret)?;
    let (path, value) = literal(cx, secret)?;
    let (around, last) = last_step(cx.written(path));
    if twin.setting.rsplit('.').next() != Some(last) || !users_values(cx, &cx.option(&twin.path())).is_empty() {
        return None;
    }
    let module = cx.module(path, "services")?;
    let manager = Manager::of(cx, twin.kept, &module)?;
    let text = format!("{around}{} = config.{}.{}.path", twin.twin, manager.option.join("."), twin.kept.name);
    let mut span = path.span()?;
    span.end = value.span()?.end;
    let declared = module.added(manager.option, &manager.declaration(twin.kept, Some(twin.owner())))?;
    let edits = [Edit { span, text }, declared].into_iter().chain(module.config);
    let title = format!("take it from {}, and put a new one {}", manager.called, manager.place);
    Fix::new(title, Safety::Suggestion, edits.collect())
}

/// The attribute path and the text of a secret that is written as `path = "text";`.
pub(crate) fn literal(cx: &Cx<'_>, secret: &OptionView<'_>) -> Option<(Origin, Origin)> {
    let (path, value) = cx.assignment(secret)?;
    let text = cx.written(value);
    (text.starts_with(['"', '\'']) && !text.contains("${")).then_some((path, value))
}

/// The fix where the path of a file was given in place of the secret.
pub(crate) fn renamed(cx: &Cx<'_>, secret: &OptionView<'_>) -> Option<Fix> {
    let twin = Twin::of(secret)?;
    let (path, value) = cx.assignment(secret)?;
    // A file of the project would still be copied to the store.
    let value = cx.written(value);
    let is_outside = value.starts_with("\"/") && !value.contains(['$', '\\']) && !value.contains("/nix/store")
        || value.starts_with("config.") && !value.contains(char::is_whitespace) && value.ends_with(".path");
    if !is_outside || !users_values(cx, &cx.option(&twin.path())).is_empty() {
        return None;
    }
    let (old, new) = (twin.setting, twin.path());
    let (old, new): (Vec<&str>, Vec<&str>) = (old.split('.').collect(), new.split('.').collect());
    rename(cx, path, (&old, &new), old.len() - 1, Safety::Suggestion)
}

/// An attribute path in front of its last step, and that step without quotes.
fn last_step(path: &str) -> (&str, &str) {
    let start = path.rfind('.').map_or(0, |dot| dot + 1);
    (&path[..start], path[start..].trim_matches('"'))
}
