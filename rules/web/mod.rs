//! What web servers do: readers of their configuration text and one view over nginx, Caddy and Apache.

pub(crate) mod access;
mod apache;
mod caddy;
mod caddy_json;
pub(crate) mod caddyfile;
pub(crate) mod directive;
pub(crate) mod front;
pub(crate) mod header;
pub(crate) mod httpd;
pub(crate) mod json;
pub(crate) mod matcher;
mod nginx;
pub(crate) mod nginx_text;
pub(crate) mod passed_on;
pub(crate) mod regex;
pub(crate) mod text;
pub(crate) mod tls;
pub(crate) mod upstream;
pub(crate) mod url;
pub(crate) mod vhost;
