//! Rules about what does not start or does not work.

mod bridge_homeserver_mismatch;
mod client_max_body_size_too_small;
mod conflicting_secret_sources;
mod debug_sql_logging;
mod duration_unit_milliseconds;
mod durations;
mod extra_config_needs_extra;
mod extra_config_replaces_section;
mod firewall_http_ports_closed;
mod fqdn_with_null_domain;
mod path_hidden_by_sandbox;
mod port_collision;
mod proxy_headers_missing;
mod proxy_target_not_listening;
mod rtc_proxy_prefix_kept;
mod rtc_synapse_features_missing;
mod rtc_transports_not_advertised;
mod secret_unreadable_by_service;
mod setting_value_invalid;
mod turn_firewall_closed;
mod turn_uri_invalid;
mod turn_uris_without_credentials;
mod unix_socket_not_accessible;
mod write_outside_sandbox;
mod x_forwarded_missing;

shipped! { "matrix/operations":
    "bridge-homeserver-mismatch" => bridge_homeserver_mismatch::check;
    "client-max-body-size-too-small" => client_max_body_size_too_small::check;
    "conflicting-secret-sources" => conflicting_secret_sources::check;
    "debug-sql-logging" => debug_sql_logging::check;
    "duration-unit-milliseconds" => duration_unit_milliseconds::check;
    "extra-config-file-missing";
    "extra-config-needs-extra" => extra_config_needs_extra::check;
    "extra-config-replaces-section" => extra_config_replaces_section::check, data = "synapse-keys.nix" in "matrix/deprecation";
    "firewall-http-ports-closed" => firewall_http_ports_closed::check;
    "fqdn-with-null-domain" => fqdn_with_null_domain::check;
    "path-hidden-by-sandbox" => path_hidden_by_sandbox::check;
    "port-collision" => port_collision::check;
    "proxy-headers-missing" => proxy_headers_missing::check;
    "proxy-target-not-listening" => proxy_target_not_listening::check;
    "report-stats-enabled";
    "rtc-proxy-prefix-kept" => rtc_proxy_prefix_kept::check;
    "rtc-synapse-features-missing" => rtc_synapse_features_missing::check;
    "rtc-transports-not-advertised" => rtc_transports_not_advertised::check;
    "secret-unreadable-by-service" => secret_unreadable_by_service::check;
    "setting-value-invalid" => setting_value_invalid::check;
    "turn-firewall-closed" => turn_firewall_closed::check;
    "turn-secret-mismatch";
    "turn-uri-invalid" => turn_uri_invalid::check;
    "turn-uris-without-credentials" => turn_uris_without_credentials::check;
    "unix-socket-not-accessible" => unix_socket_not_accessible::check;
    "write-outside-sandbox" => write_outside_sandbox::check;
    "x-forwarded-missing" => x_forwarded_missing::check;
}
