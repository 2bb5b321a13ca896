//! Rules about what other servers have to reach.

mod proxy_pass_with_uri;

shipped! { "matrix/federation":
    "proxy-pass-with-uri" => proxy_pass_with_uri::check;
}
