//! Rules about certificates.

mod acme_host_mismatch;
mod acme_terms_or_email_missing;
mod acme_without_tls_listener;
mod acme_wrong_file_name;
mod coturn_certificate_unreadable;
mod listener_tls_without_certificate;
mod matrix_vhost_without_tls;
mod ssl_vhost_without_certificate;

shipped! { "matrix/tls":
    "acme-host-mismatch" => acme_host_mismatch::check;
    "acme-terms-or-email-missing" => acme_terms_or_email_missing::check;
    "acme-without-tls-listener" => acme_without_tls_listener::check;
    "acme-wrong-file-name" => acme_wrong_file_name::check;
    "coturn-certificate-unreadable" => coturn_certificate_unreadable::check;
    "listener-tls-without-certificate" => listener_tls_without_certificate::check;
    "matrix-vhost-without-tls" => matrix_vhost_without_tls::check;
    "ssl-vhost-without-certificate" => ssl_vhost_without_certificate::check;
}
