//! Rules about secrets that end up in the Nix store.

mod appservice_registration_in_store;
mod element_config_secret;
mod extra_config_file_in_store;
mod inline_bridge_token;
mod inline_unit_secret;
mod path_as_secret;
mod postgres_init_script_password;
mod read_file_secret;
mod secret_file_format_mismatch;
mod secret_path_in_store;
mod signing_key_in_store;
mod sops_placeholder_outside_template;
mod unquoted_secret_path;

use crate::rules::secret;

shipped! { "matrix/secrets":
    "element-config-secret" => element_config_secret::check;
    "appservice-registration-in-store" => appservice_registration_in_store::check;
    "extra-config-file-in-store" => extra_config_file_in_store::check;
    "inline-bridge-token" => inline_bridge_token::check;
    "inline-coturn-auth-secret" => secret::inline;
    "inline-database-password" => secret::inline;
    "inline-form-secret" => secret::inline;
    "inline-jwt-secret" => secret::inline;
    "inline-livekit-secret" => secret::inline;
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
    "inline-unit-secret" => inline_unit_secret::check;
    "inline-worker-replication-secret" => secret::inline;
    "path-as-secret" => path_as_secret::check;
    "postgres-init-script-password" => postgres_init_script_password::check;
    "read-file-secret" => read_file_secret::check;
    "secret-file-format-mismatch" => secret_file_format_mismatch::check;
    "secret-path-in-store" => secret_path_in_store::check;
    "signing-key-in-store" => signing_key_in_store::check;
    "smtp-without-tls";
    "sops-placeholder-outside-template" => sops_placeholder_outside_template::check;
    "unquoted-secret-path" => unquoted_secret_path::check;
}
