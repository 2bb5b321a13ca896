//! What web servers answer at `/.well-known/matrix/…`: where clients and other servers
//! learn which machine serves the accounts of a domain.

use crate::lint::prelude::*;
use crate::rules::web::access;
use crate::rules::web::json;
use crate::rules::web::vhost::{Location, Server, Statement, Vhost};

/// What other servers ask for.
pub(crate) const SERVER: &str = "/.well-known/matrix/server";
/// What clients ask for.
pub(crate) const CLIENT: &str = "/.well-known/matrix/client";

/// An answer that is written in the configuration: text, or a file in the store.
#[derive(Clone, Debug)]
pub(crate) struct Answer<'v, 'a> {
    pub(crate) vhost: &'v Vhost<'a>,
    pub(crate) location: &'v Location<'a>,
    pub(crate) statement: &'v Statement<'a>,
    /// The JSON, perhaps unknown; `None` if it is no JSON.
    pub(crate) body: Option<Value>,
    /// Whether this is what requests for the path get.
    pub(crate) used: Truth,
}

/// The answers to requests for `path`, one of [`SERVER`] and [`CLIENT`]. Locations that
/// are for other pages too are left out: they say nothing about Matrix.
pub(crate) fn answers<'v, 'a>(vhosts: &'v [Vhost<'a>], path: &str) -> Vec<Answer<'v, 'a>> {
    let mut found = vec![];
    for vhost in vhosts {
        for location in vhost.parts() {
            let asked = location.matcher.matches(path) & !location.matcher.matches("/any-other-page");
            if asked.is_false() {
                continue;
            }
            let used = match vhost.server {
                Server::Nginx => asked & access::answers(vhost, location, path),
                Server::Caddy | Server::Httpd => asked,
            };
            for statement in &location.statements {
                if let Some(body) = body(statement, path) {
                    found.push(Answer { vhost, location, statement, body, used: used.clone() });
                }
            }
        }
    }
    found
}

impl Answer<'_, '_> {
    /// The JSON, or why nobody knows it; what is no JSON has no fields.
    pub(crate) fn json(&self) -> Value {
        self.body.clone().unwrap_or_else(|| Value::new(Shape::Null, self.statement.view.place()))
    }
}

/// What a statement answers by itself: `Some(None)` is an answer that is no JSON.
fn body(statement: &Statement<'_>, path: &str) -> Option<Option<Value>> {
    let at = statement.view.place();
    let directive = &statement.directive;
    let text = match directive.name.known()? {
        "return" => match (directive.known_arg(0), &directive.args[..]) {
            (Some("200"), [_, body]) => body.clone(),
            _ => return None,
        },
        "respond" => match &directive.args[..] {
            [body] if !is_status(body) => body.clone(),
            [body, status] if status.known() == Some("200") => body.clone(),
            _ => return None,
        },
        "alias" | "root" => file_text(statement, path)?,
        _ => return None,
    };
    // nginx fills in variables.
    if directive.is("return") && text.contains("$").is_true() {
        let what = crate::rules::web::text::not_followed("a variable of nginx", at);
        return Some(Some(Value::unknown(what)));
    }
    Some(json::read(&text, at))
}

fn is_status(text: &Str) -> bool {
    text.known().is_some_and(|known| known.len() == 3 && known.chars().all(|c| c.is_ascii_digit()))
}

/// The text of the file that is served for `path`, if the configuration writes it.
fn file_text(statement: &Statement<'_>, path: &str) -> Option<Str> {
    let name = Str::new(path.rsplit('/').next().unwrap_or_default());
    let value = statement.view.value();
    let context = match &value.shape {
        Shape::Str(text) | Shape::Path(text) => &text.context,
        Shape::Package(package) => &package.context,
        _ => return None,
    };
    let served = |object: &&std::sync::Arc<StoreObject>| match statement.directive.is("alias") {
        // Of a text with several files, the one whose name the directive ends with.
        true => statement.is_option || names_file(&statement.directive.args, &object.name),
        false => object.name.equals(&name).is_true(),
    };
    context.iter().find(served)?.text.get().cloned().flatten()
}

fn names_file(args: &[Str], name: &Str) -> bool {
    name.known().is_some_and(|name| args.first().is_some_and(|arg| arg.known_suffix().ends_with(name)))
}
