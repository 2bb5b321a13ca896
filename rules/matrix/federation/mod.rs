//! Rules about what other servers have to reach.

mod proxy_pass_with_uri;

shipped! { "matrix/federation":
    "federation-tls-verification-disabled";
    "federation-whitelist-empty";
    "proxy-pass-with-uri" => proxy_pass_with_uri::check;
}
