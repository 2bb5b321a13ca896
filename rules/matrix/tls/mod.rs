//! Rules about certificates.

mod acme_wrong_file_name;
mod coturn_certificate_unreadable;
mod listener_tls_without_certificate;

shipped! { "matrix/tls":
    "acme-wrong-file-name" => acme_wrong_file_name::check;
    "coturn-certificate-unreadable" => coturn_certificate_unreadable::check;
    "listener-tls-without-certificate" => listener_tls_without_certificate::check;
}
