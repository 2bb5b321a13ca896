//! A secret for which Synapse has no setting that names a file, moved to one of the `extraConfigFiles`, which
//! sops-nix writes when the machine starts.
//!
//! Synapse takes a section from the last file that has it, whole: the file repeats what the settings say
//! of it, and adds the secret.

use crate::lint::prelude::*;
use crate::rules::secret::manager::{Kept, Manager};
use crate::rules::secret::moved::{joined, literal};
use crate::rules::written::{removed, users_values};

/// A secret in a section of Synapse's settings.
struct Section {
    /// The section and the key in it.
    at: (&'static str, &'static str),
    /// What the secret is called where it is declared.
    name: &'static str,
    /// What the secret in the encrypted file has to be.
    what: &'static str,
}

const NEW: &str = "a new one";

/// Secrets without a variant that names a file:
/// <https://element-hq.github.io/synapse/latest/usage/configuration/config_documentation.html>
const SECTIONS: &[Section] = &[
    Section { at: ("email", "smtp_pass"), name: "synapse-smtp", what: NEW },
    Section { at: ("jwt_config", "secret"), name: "synapse-jwt", what: NEW },
    // With another one nobody can log in.
    Section { at: ("password_config", "pepper"), name: "synapse-pepper", what: "it, as it is," },
];

const SETTINGS: &str = "services.matrix-synapse.settings";
const FILES: &str = "services.matrix-synapse.extraConfigFiles";

/// What pages list only so that fixes can ask for it.
pub(crate) fn for_fixes() -> impl Iterator<Item = OptionPattern> {
    let sections = SECTIONS.iter().map(|one| format!("{SETTINGS}.{}", one.at.0));
    std::iter::once(FILES.to_owned()).chain(sections).map(|path| OptionPattern::parse(&path))
}

/// The fix for a secret that is written out.
pub(crate) fn moved(cx: &Cx<'_>, secret: &OptionView<'_>) -> Option<Fix> {
    let option = secret.path().to_string();
    let section = SECTIONS.iter().find(|one| option == format!("{SETTINGS}.{}.{}", one.at.0, one.at.1))?;
    let literal = literal(cx, secret)?;
    let module = cx.module(literal.path, "services")?;
    let kept = Kept { name: section.name.to_owned(), key: None };
    let manager = Manager::sops(cx, &kept, &module)?;
    let file = format!("{}.yaml", section.name);
    let mut templates = cx.option("sops.templates").children().into_iter();
    if templates.any(|template| template.name().known() == Some(&file)) {
        return None;
    }
    let mut edits = vec![
        removed(cx, secret)?,
        module.added(manager.option, &manager.declaration(&kept, None))?,
        module.added(&["sops", "templates"], &section.template(cx, &file))?,
        listed(cx, &module, &format!("config.sops.templates.\"{file}\".path"))?,
    ];
    edits.extend(module.config);
    edits.extend(literal.binding);
    let title = format!("let sops-nix write `{}` to a file, and put {} {}", section.at.0, section.what, manager.place);
    Fix::new(title, Safety::Suggestion, joined(edits))
}

impl Section {
    /// The declaration of the file that holds the section with the secret.
    fn template(&self, cx: &Cx<'_>, file: &str) -> String {
        let (section, key) = self.at;
        let others = cx.option(&format!("{SETTINGS}.{section}")).children().into_iter();
        let mut others = others.filter(|other| other.name().known() != Some(key) && other.is_defined().is_true());
        let rest = others.next().map(|_| format!("config.{SETTINGS}.{section} // ")).unwrap_or_default();
        let secret = format!("{rest}{{ {key} = config.sops.placeholder.{}; }}", self.name);
        format!(
            "\"{file}\" = {{\n  owner = \"matrix-synapse\";\n  content = builtins.toJSON {{\n    \
             {section} = {secret};\n  }};\n}};"
        )
    }
}

/// The edit that puts an expression into the list of extra files: into the one that is written in this
/// module, if there is one.
fn listed(cx: &Cx<'_>, module: &Module<'_>, expression: &str) -> Option<Edit> {
    let lists = users_values(cx, &cx.option(FILES));
    let Some(list) = lists.iter().find(|list| list.site().file() == Some(module.id())) else {
        return module.added(&["services", "matrix-synapse"], &format!("extraConfigFiles = [ {expression} ];"));
    };
    cx.added_item(list.place(), expression)
}
