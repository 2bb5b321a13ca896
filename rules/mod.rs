//! The rules that ship: one line each. What a rule says stands in its page.

mod matrix;
mod secret;
mod web;
mod written;

use crate::lint::Shipped;

/// A page; the function beside it where the rule is a search; the file with facts it goes by.
macro_rules! page {
    ($name:literal) => {
        Shipped { name: $name, text: include_str!(concat!($name, ".md")), check: None, data: None }
    };
    ($name:literal, $check:path) => {
        Shipped { name: $name, text: include_str!(concat!($name, ".md")), check: Some($check), data: None }
    };
    ($name:literal, $check:path, data = $data:literal) => {
        Shipped {
            name: $name,
            text: include_str!(concat!($name, ".md")),
            check: Some($check),
            data: Some(($data, include_str!($data))),
        }
    };
}

/// Every rule that ships, by domain and name.
pub const RULES: &[Shipped] = &[
    page!("matrix/element-default-hs-url", matrix::element_default_hs_url::check),
    page!("matrix/element-shares-homeserver-origin", matrix::element_shares_homeserver_origin::check),
    page!("matrix/extra-config-file-in-store", matrix::extra_config_file_in_store::check),
    page!("matrix/inline-coturn-auth-secret", secret::inline),
    page!("matrix/inline-database-password", secret::inline),
    page!("matrix/inline-form-secret", secret::inline),
    page!("matrix/inline-jwt-secret", secret::inline),
    page!("matrix/inline-macaroon-secret-key", secret::inline),
    page!("matrix/inline-manhole-password", secret::inline),
    page!("matrix/inline-mas-shared-secret", secret::inline),
    page!("matrix/inline-module-secret", secret::inline),
    page!("matrix/inline-oidc-client-secret", secret::inline),
    page!("matrix/inline-password-pepper", secret::inline),
    page!("matrix/inline-proxy-credentials", secret::inline),
    page!("matrix/inline-recaptcha-private-key", secret::inline),
    page!("matrix/inline-redis-password", secret::inline),
    page!("matrix/inline-registration-shared-secret", secret::inline),
    page!("matrix/inline-saml-key", secret::inline),
    page!("matrix/inline-sentry-dsn", secret::inline),
    page!("matrix/inline-smtp-password", secret::inline),
    page!("matrix/inline-turn-shared-secret", secret::inline),
    page!("matrix/inline-worker-replication-secret", secret::inline),
    page!("matrix/invalid-server-name", matrix::invalid_server_name::check),
    page!(
        "matrix/nixos-option-inside-settings",
        matrix::nixos_option_inside_settings::check,
        data = "matrix/synapse-keys.nix"
    ),
    page!("matrix/open-registration-refused", matrix::open_registration_refused::check),
    page!("matrix/path-as-secret", matrix::path_as_secret::check),
    page!("matrix/proxy-pass-with-uri", matrix::proxy_pass_with_uri::check),
    page!("matrix/read-file-secret", matrix::read_file_secret::check),
    page!("matrix/removed-nixos-option", matrix::removed_nixos_option::check, data = "matrix/removed-options.nix"),
    page!("matrix/secret-path-in-store", matrix::secret_path_in_store::check),
    page!("matrix/synapse-admin-api-exposed", matrix::synapse_admin_api_exposed::check),
    page!("matrix/unknown-synapse-setting", matrix::unknown_synapse_setting::check, data = "matrix/synapse-keys.nix"),
    page!("matrix/unquoted-secret-path", matrix::unquoted_secret_path::check),
    page!("matrix/unverified-open-registration", matrix::unverified_open_registration::check),
    page!("matrix/well-known-client-missing-cors", matrix::well_known_client_missing_cors::check),
];

macro_rules! declarations {
    ($($name:literal),* $(,)?) => {
        &[$((concat!("<", $name, ">"), include_str!(concat!($name, ".nix")))),*]
    };
}

/// The options that rules read, with types and defaults.
const DECLARATIONS: &[(&str, &str)] = declarations![
    "matrix/options/bridges",
    "matrix/options/matrix-authentication-service",
    "matrix/options/mautrix",
    "matrix/options/rtc",
    "matrix/options/synapse",
    "nixos/options/acme",
    "nixos/options/caddy",
    "nixos/options/coturn",
    "nixos/options/environment",
    "nixos/options/firewall",
    "nixos/options/networking",
    "nixos/options/nginx",
    "nixos/options/openssh",
    "nixos/options/postgresql",
    "nixos/options/proxies",
    "nixos/options/redis",
    "nixos/options/secrets",
    "nixos/options/system",
    "nixos/options/systemd",
    "nixos/options/users",
];

/// What stands in for modules that are not read: nixpkgs' own, and those of well-known flake inputs.
pub const STAND_IN: crate::resolve::StandIn = crate::resolve::StandIn {
    declarations: DECLARATIONS,
    inputs: Some(("<nixos/inputs>", include_str!("nixos/inputs.nix"))),
};
