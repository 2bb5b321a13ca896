//! Rules about what does not start or does not work.

mod fqdn_with_null_domain;
mod x_forwarded_missing;

shipped! { "matrix/operations":
    "fqdn-with-null-domain" => fqdn_with_null_domain::check;
    "x-forwarded-missing" => x_forwarded_missing::check;
}
