//! Rules about what does not start or does not work.

mod conflicting_secret_sources;
mod fqdn_with_null_domain;
mod turn_uri_invalid;
mod turn_uris_without_credentials;
mod x_forwarded_missing;

shipped! { "matrix/operations":
    "conflicting-secret-sources" => conflicting_secret_sources::check;
    "debug-sql-logging";
    "duration-unit-milliseconds";
    "extra-config-file-missing";
    "fqdn-with-null-domain" => fqdn_with_null_domain::check;
    "path-hidden-by-sandbox";
    "report-stats-enabled";
    "setting-value-invalid";
    "turn-secret-mismatch";
    "turn-uri-invalid" => turn_uri_invalid::check;
    "turn-uris-without-credentials" => turn_uris_without_credentials::check;
    "x-forwarded-missing" => x_forwarded_missing::check;
}
