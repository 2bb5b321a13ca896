//! Rules about what does not start or does not work.

mod client_max_body_size_too_small;
mod conflicting_secret_sources;
mod fqdn_with_null_domain;
mod proxy_target_not_listening;
mod rtc_proxy_prefix_kept;
mod rtc_synapse_features_missing;
mod turn_uri_invalid;
mod turn_uris_without_credentials;
mod x_forwarded_missing;

shipped! { "matrix/operations":
    "client-max-body-size-too-small" => client_max_body_size_too_small::check;
    "conflicting-secret-sources" => conflicting_secret_sources::check;
    "debug-sql-logging";
    "duration-unit-milliseconds";
    "extra-config-file-missing";
    "fqdn-with-null-domain" => fqdn_with_null_domain::check;
    "path-hidden-by-sandbox";
    "proxy-target-not-listening" => proxy_target_not_listening::check;
    "report-stats-enabled";
    "rtc-proxy-prefix-kept" => rtc_proxy_prefix_kept::check;
    "rtc-synapse-features-missing" => rtc_synapse_features_missing::check;
    "setting-value-invalid";
    "turn-secret-mismatch";
    "turn-uri-invalid" => turn_uri_invalid::check;
    "turn-uris-without-credentials" => turn_uris_without_credentials::check;
    "x-forwarded-missing" => x_forwarded_missing::check;
}
