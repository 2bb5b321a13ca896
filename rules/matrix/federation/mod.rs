//! Rules about what other servers have to reach.

mod key_server_warning;
mod listener_missing_resource;
mod proxy_pass_with_uri;

shipped! { "matrix/federation":
    "federation-tls-verification-disabled";
    "federation-whitelist-empty";
    "key-server-warning" => key_server_warning::check;
    "listener-missing-resource" => listener_missing_resource::check;
    "proxy-pass-with-uri" => proxy_pass_with_uri::check;
}
