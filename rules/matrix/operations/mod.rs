//! Rules about what does not start or does not work.

mod fqdn_with_null_domain;

shipped! { "matrix/operations":
    "fqdn-with-null-domain" => fqdn_with_null_domain::check;
}
