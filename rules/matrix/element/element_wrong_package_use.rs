//! Element's package with arguments or folders that it does not have.

use crate::lint::prelude::*;
use crate::rules::matrix::element_web::{PACKAGES, elements, with_key};
use crate::rules::web::vhost::vhosts;

/// What the function that makes the package takes.
const ARGUMENTS: &[&str] = &["conf", "config", "element-web-unwrapped", "jq", "lib", "stdenv"];
/// Where other packages and other builds of Element keep their files.
const FOLDERS: &[&str] = &["/share/element-web", "/share/element", "/webapp", "/share/www", "/dist"];

pub(crate) fn check(cx: &mut Cx<'_>) {
    let vhosts = vhosts(cx);
    for element in elements(cx, &vhosts) {
        let package = &element.package;
        let wrapped = package.path.last().is_some_and(|name| name == "element-web");
        let wrong = package.overrides.iter().filter(|(name, _)| wrapped && !ARGUMENTS.contains(&name.as_str()));
        for (name, value) in wrong {
            let fix = with_key(cx, value, name.as_str(), &format!("conf.{name}"), "put it into `conf`");
            cx.decide(Truth::True, |finding| {
                finding
                    .message(format!("the package `element-web` has no argument `{name}`: NixOS cannot be built"))
                    .about(&element.view)
                    .primary_at(value.place, "put this into `conf`")
                    .related_at(element.view.place(), "Element is served here")
                    .fix(fix)
            });
        }
    }
    for root in vhosts.iter().flat_map(|vhost| vhost.parts()).flat_map(|part| part.roots()) {
        let Some(folder) = folder_in_package(&root.directive.args) else { continue };
        let fix = without(cx, &root.view, folder);
        cx.decide(Truth::True, |finding| {
            finding
                .message(format!("the package of Element has no folder `{folder}`: visitors get nothing"))
                .primary(&root.view, "the files lie in the package's own folder")
                .fix(fix)
        });
    }
}

/// A folder in the package that is not there.
fn folder_in_package(args: &[Str]) -> Option<&'static str> {
    let [Part::Text(store), Part::Hole(hole), Part::Text(rest)] = args.first()?.parts() else { return None };
    let (start, folder) = rest.split_once('/').filter(|_| &**store == "/nix/store/")?;
    let name = hole.cause.store_package().filter(|_| start.is_empty()).or(start.strip_prefix('-'))?;
    let folder = folder.trim_end_matches('/');
    let is_folder = |have: &&&str| have.trim_start_matches('/') == folder;
    FOLDERS.iter().find(is_folder).copied().filter(|_| PACKAGES.contains(&name))
}

fn without(cx: &Cx<'_>, view: &OptionView<'_>, folder: &str) -> Option<Fix> {
    let written = cx.written(view.place());
    let (old, new) = (format!("}}{folder}"), "}");
    let edit = Edit { span: view.place().span()?, text: written.replacen(&old, new, 1) };
    let is_plain = written.starts_with('"') && written.matches(&old).count() == 1;
    if is_plain { Fix::new("name the package's own folder", Safety::Safe, vec![edit]) } else { None }
}
