//! Rules about secrets that end up in the Nix store.

mod element_config_secret;
mod extra_config_file_in_store;
mod path_as_secret;
mod postgres_init_script_password;
mod read_file_secret;
mod secret_path_in_store;
mod unquoted_secret_path;

use crate::rules::secret;

shipped! { "matrix/secrets":
    "element-config-secret" => element_config_secret::check;
    "extra-config-file-in-store" => extra_config_file_in_store::check;
    "inline-coturn-auth-secret" => secret::inline;
    "inline-database-password" => secret::inline;
    "inline-form-secret" => secret::inline;
    "inline-jwt-secret" => secret::inline;
    "inline-macaroon-secret-key" => secret::inline;
    "inline-manhole-password" => secret::inline;
    "inline-mas-shared-secret" => secret::inline;
    "inline-module-secret" => secret::inline;
    "inline-oidc-client-secret" => secret::inline;
    "inline-password-pepper" => secret::inline;
    "inline-proxy-credentials" => secret::inline;
    "inline-recaptcha-private-key" => secret::inline;
    "inline-redis-password" => secret::inline;
    "inline-registration-shared-secret" => secret::inline;
    "inline-saml-key" => secret::inline;
    "inline-sentry-dsn" => secret::inline;
    "inline-smtp-password" => secret::inline;
    "inline-turn-shared-secret" => secret::inline;
    "inline-worker-replication-secret" => secret::inline;
    "path-as-secret" => path_as_secret::check;
    "postgres-init-script-password" => postgres_init_script_password::check;
    "read-file-secret" => read_file_secret::check;
    "secret-path-in-store" => secret_path_in_store::check;
    "unquoted-secret-path" => unquoted_secret_path::check;
}
