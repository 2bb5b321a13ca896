//! Whether a virtual host of nginx speaks TLS, and where its certificate comes from.

use super::super::written::items;
use super::vhost::Vhost;
use crate::lint::prelude::*;

/// The flags that make a virtual host listen with TLS.
const FLAGS: &[&str] = &["forceSSL", "addSSL", "onlySSL", "enableSSL"];

/// The flag that asks for TLS, and whether one does.
pub(crate) fn asked<'a>(vhost: &Vhost<'a>) -> (Truth, Option<OptionView<'a>>) {
    let flags: Vec<_> = FLAGS.iter().map(|flag| vhost.view.at(flag)).collect();
    let truth = Truth::any(flags.iter().map(OptionView::is_true));
    let first = flags.iter().position(|flag| flag.is_true().is_true());
    let first = first.or_else(|| flags.iter().position(|flag| !flag.is_true().is_false()));
    (truth, first.map(|at| flags[at].clone()))
}

/// Whether it may be reached with TLS: by a flag, or because it says so itself in `listen` or in text.
pub(crate) fn speaks(vhost: &Vhost<'_>) -> Truth {
    let (listen, more) = items(&vhost.view.at("listen"));
    let listen = listen.iter().map(|item| {
        let parameters = item.at("extraParameters").items();
        item.at("ssl").is_true() | Truth::any(parameters.iter().map(|parameter| parameter.is_text("ssl")))
    });
    let text = vhost.own.named(&["listen", "ssl_certificate"]).map(|statement| {
        let directive = &statement.directive;
        let is_ssl = directive.args.iter().any(|arg| arg.known() == Some("ssl"));
        Truth::from(is_ssl || directive.is("ssl_certificate"))
    });
    let gaps = vhost.own.gaps.iter().cloned().chain(more).map(Truth::Unknown);
    asked(vhost).0 | Truth::any(listen.chain(text).chain(gaps))
}

/// Whether a certificate of NixOS' ACME module is used, and the option that says so.
pub(crate) fn acme<'a>(vhost: &Vhost<'a>) -> (Truth, OptionView<'a>) {
    let (own, borrowed) = (vhost.view.at("enableACME"), vhost.view.at("useACMEHost"));
    let borrows = !borrowed.is_null();
    match own.is_true() {
        Truth::False => (borrows, borrowed),
        truth => (truth | borrows, own),
    }
}
