//! Where Element Web is served, and the configuration it is served with.

use crate::lint::prelude::*;
use crate::rules::field::{Field, field};
use crate::rules::web::url::Url;
use crate::rules::web::vhost::{Location, Vhost, behind_hash};
use crate::rules::written::values;

/// The packages that are Element Web.
pub(crate) const PACKAGES: &[&str] = &["element-web", "element-web-unwrapped"];

/// A folder with Element in it that a web server hands out.
pub(crate) struct Element<'v, 'a> {
    /// The option that names the folder.
    pub(crate) view: OptionView<'a>,
    /// The virtual host and location; none for Apache, which is not read any further.
    pub(crate) place: Option<(&'v Vhost<'a>, &'v Location<'a>)>,
    /// Element as nixpkgs has it, perhaps with a configuration.
    pub(crate) package: Package,
}

/// All places where Element itself is served, not something that was made from it.
pub(crate) fn elements<'v, 'a>(cx: &Cx<'a>, vhosts: &'v [Vhost<'a>]) -> Vec<Element<'v, 'a>> {
    let mut found = vec![];
    for vhost in vhosts {
        for location in vhost.parts() {
            for root in location.roots() {
                let Some(package) = package_of(root.view.value(), root.directive.args.first()) else { continue };
                found.push(Element { view: root.view.clone(), place: Some((vhost, location)), package });
            }
        }
    }
    if !cx.option("services.httpd.enable").is_false().is_true() {
        for view in cx.each("services.httpd.virtualHosts.<name>.documentRoot").iter().flat_map(values) {
            let text = view.text().cloned();
            let Some(package) = package_of(view.value(), text.as_ref()) else { continue };
            found.push(Element { view, place: None, package });
        }
    }
    found
}

/// The package that a folder is, if it is Element. `value` is the option's, which may hold the
/// folder in a longer text.
fn package_of(value: &Value, folder: Option<&Str>) -> Option<Package> {
    let is_element = |package: &Package| {
        let named = package.path.last().is_some_and(|name| PACKAGES.contains(&name.as_str()));
        named && package.made_of.is_empty()
    };
    match &value.shape {
        Shape::Package(package) => Some(package.clone()).filter(is_element),
        Shape::Str(text) => {
            let mut packages =
                text.context.iter().filter_map(|object| object.package.get()).filter(|it| is_element(it));
            // The hash in the path would tell which of several it is.
            let only = packages.next().filter(|_| packages.next().is_none())?;
            names_package(folder?, only.path.last()?).then(|| (**only).clone())
        }
        _ => None,
    }
}

/// Whether a folder is the package's own, not one in it.
fn names_package(folder: &Str, name: &str) -> bool {
    match folder.parts() {
        [Part::Text(store), Part::Hole(hole), rest @ ..] if hole.cause.store_package().is_some() => {
            let itself = rest.iter().all(|part| matches!(part, Part::Text(rest) if rest.trim_matches('/').is_empty()));
            &**store == "/nix/store/" && itself && hole.cause.store_package() == Some(name)
        }
        [Part::Text(store), Part::Hole(_), Part::Text(rest)] => {
            &**store == "/nix/store/" && rest.strip_prefix('-').is_some_and(|rest| rest.trim_end_matches('/') == name)
        }
        // What Nix itself says, the version behind the name.
        [Part::Text(whole)] => whole.strip_prefix("/nix/store/").and_then(behind_hash).is_some_and(|rest| {
            let rest = rest.trim_end_matches('/').strip_prefix(name);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-') && !rest.contains('/'))
        }),
        _ => false,
    }
}

impl Element<'_, '_> {
    /// What was given as `conf`, if anything.
    pub(crate) fn conf(&self) -> Option<&Value> {
        self.package.overrides.get("conf")
    }

    /// The default homeserver's address and name in `conf`.
    pub(crate) fn homeserver(&self) -> Option<(Field<'_>, Field<'_>)> {
        let conf = self.conf()?;
        let at = |key| field(conf, &["default_server_config", "m.homeserver", key]);
        Some((at("base_url"), at("server_name")))
    }

    /// Whether the web server hands out another `config.json` than the one in the folder.
    pub(crate) fn has_other_config(&self) -> Truth {
        let Some((vhost, _)) = self.place else { return Truth::False };
        Truth::any(vhost.locations.iter().map(|location| location.key.contains("config")))
    }
}

/// Whether a value of Element's configuration is there and says something.
pub(crate) fn is_set(field: &Field<'_>) -> Truth {
    field.test(false, |value| match &value.shape {
        Shape::Null | Shape::Bool(false) => Truth::False,
        Shape::Str(text) => !text.equals(&Str::default()),
        _ => Truth::True,
    })
}

/// The field as a URL, perhaps with holes.
pub(crate) fn url_of(field: &Field<'_>) -> Option<Url> {
    field.text().map(Url::parse)
}

/// Points at a value inside the package's configuration; where nobody wrote it, at the package.
pub(crate) fn point_at<'f>(
    finding: FindingBuilder<'f>,
    view: &OptionView<'_>,
    value: Option<&Value>,
    text: &str,
) -> FindingBuilder<'f> {
    match value.map(|value| value.place).filter(|place| place.span().is_some()) {
        Some(place) => finding.about(view).primary_at(place, text).related_at(view.place(), "Element is served here"),
        None => finding.primary(view, text),
    }
}

/// A fix that writes `new` for the key `old` of Element's configuration, where `old = ` stands right in
/// front of the value.
pub(crate) fn with_key(cx: &Cx<'_>, value: &Value, old: &str, new: &str, title: impl Into<String>) -> Option<Fix> {
    let before = format!("{old} = ");
    let mut span = value.place.span().or_else(|| value.origin.span())?;
    span.end = span.start;
    span.start = span.start.checked_sub(u32::try_from(before.len()).ok()?)?;
    let stands = cx.written(Origin::Written(span)) == before;
    let edit = Edit { span, text: format!("{new} = ") };
    if stands { Fix::new(title, Safety::Safe, vec![edit]) } else { None }
}
