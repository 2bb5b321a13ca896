//! Rules about certificates.

shipped! { "matrix/tls":
}
