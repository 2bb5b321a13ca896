//! Rules about what other servers have to reach.

mod key_server_warning;
mod listener_missing_resource;
mod proxy_matrix_location_missing;
mod proxy_pass_with_uri;
mod proxy_rewrites_path;

shipped! { "matrix/federation":
    "federation-tls-verification-disabled";
    "federation-whitelist-empty";
    "key-server-warning" => key_server_warning::check;
    "listener-missing-resource" => listener_missing_resource::check;
    "proxy-matrix-location-missing" => proxy_matrix_location_missing::check;
    "proxy-pass-with-uri" => proxy_pass_with_uri::check;
    "proxy-rewrites-path" => proxy_rewrites_path::check;
}
