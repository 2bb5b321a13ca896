//! What writes secrets to files when the machine starts, sops-nix or agenix: what a configuration has of it,
//! and how one more secret is declared.

use crate::lint::prelude::*;
use crate::rules::written::users_values;
use std::path::{Component, Path, PathBuf};

/// The manager that a configuration uses already.
pub(crate) struct Manager {
    /// What people call it.
    pub(crate) called: &'static str,
    /// The option that declares files.
    pub(crate) option: &'static [&'static str],
    /// Where the secret has to be put, as a person would say.
    pub(crate) place: String,
    /// What a declaration says besides the owner.
    said: Vec<String>,
}

/// A secret that is to be declared.
pub(crate) struct Kept {
    /// What it is called where it is declared.
    pub(crate) name: String,
    /// What it is called in the encrypted file, where two programs share one secret.
    pub(crate) key: Option<&'static str>,
}

impl Kept {
    fn key(&self) -> &str {
        self.key.unwrap_or(&self.name)
    }

    /// Whether nothing is declared under the name.
    fn is_new(&self, secrets: &[OptionView<'_>]) -> bool {
        !secrets.iter().any(|secret| secret.name().known() == Some(&self.name))
    }
}

impl Manager {
    /// The one that the configuration uses, if what it needs to know shows.
    pub(crate) fn of(cx: &Cx<'_>, kept: &Kept, module: &Module<'_>) -> Option<Manager> {
        Self::sops(cx, kept, module).or_else(|| Self::age(cx, kept, module))
    }

    /// sops-nix, where all secrets lie in one file, or where that of others is a file for several.
    pub(crate) fn sops(cx: &Cx<'_>, kept: &Kept, module: &Module<'_>) -> Option<Manager> {
        let secrets = cx.option("sops.secrets").children();
        let mut said = vec![];
        let place = match users_values(cx, &cx.option("sops.defaultSopsFile")).is_empty() {
            false => "the file of `sops.defaultSopsFile`".to_owned(),
            true => {
                let mut files = secrets.iter().filter_map(|secret| file_of(cx, &secret.at("sopsFile")));
                let file = relative(&files.find(|file| holds_several(file))?, module.file.parent()?)?;
                said.push(format!("sopsFile = {file};"));
                format!("`{file}`")
            }
        };
        said.extend(kept.key.map(|key| format!("key = \"{key}\";")));
        let place = format!("as `{}` into {place}", kept.key());
        kept.is_new(&secrets).then_some(Manager { called: "sops-nix", option: &["sops", "secrets"], place, said })
    }

    /// agenix, where another secret shows in which folder the files lie.
    fn age(cx: &Cx<'_>, kept: &Kept, module: &Module<'_>) -> Option<Manager> {
        let secrets = cx.option("age.secrets").children();
        let file = secrets.iter().find_map(|secret| file_of(cx, &secret.at("file")))?;
        let file = relative(&file.with_file_name(format!("{}.age", kept.key())), module.file.parent()?)?;
        let (place, said) = (format!("into `{file}`"), vec![format!("file = {file};")]);
        kept.is_new(&secrets).then_some(Manager { called: "agenix", option: &["age", "secrets"], place, said })
    }

    /// The declaration of a secret, as it is written among the others.
    pub(crate) fn declaration(&self, kept: &Kept, owner: Option<&str>) -> String {
        let name = &kept.name;
        let lines: Vec<String> =
            self.said.iter().cloned().chain(owner.map(|owner| format!("owner = \"{owner}\";"))).collect();
        match &lines[..] {
            [] => format!("{name} = {{ }};"),
            [one] => format!("{name}.{one}"),
            several => format!("{name} = {{\n  {}\n}};", several.join("\n  ")),
        }
    }
}

/// Whether sops keeps several secrets in a file of this kind, each under its name.
fn holds_several(file: &Path) -> bool {
    file.extension().is_some_and(|kind| ["yaml", "yml", "json"].iter().any(|known| kind == *known))
}

/// The file that a user gave to a secret.
fn file_of(cx: &Cx<'_>, option: &OptionView<'_>) -> Option<PathBuf> {
    users_values(cx, option).iter().find_map(|file| match &file.value().shape {
        Shape::Path(path) => Some(PathBuf::from(path.known()?)),
        _ => None,
    })
}

/// The path literal that leads from a folder to a file; `None` if a name in it would have to be written
/// otherwise, or if the two have nothing in common.
fn relative(file: &Path, from: &Path) -> Option<String> {
    let (ours, theirs): (Vec<_>, Vec<_>) = (from.components().collect(), file.components().collect());
    let shared = ours.iter().zip(&theirs).take_while(|(a, b)| a == b).count();
    let up = ours[shared..].iter().map(|_| "..");
    let down = theirs[shared..].iter().map(|part| match part {
        Component::Normal(name) => name.to_str().unwrap_or(" "),
        _ => " ",
    });
    let steps: Vec<&str> = up.chain(down).collect();
    let is_plain = |step: &&str| step.chars().all(|c| c.is_ascii_alphanumeric() || "._-+".contains(c));
    let start = if steps.first() == Some(&"..") { None } else { Some(".") };
    let is_sound = steps.iter().all(is_plain) && shared > 1;
    is_sound.then(|| start.into_iter().chain(steps).collect::<Vec<_>>().join("/"))
}

#[cfg(test)]
mod tests {
    use super::relative;
    use std::path::Path;

    #[test]
    fn from_folder_to_file() {
        let check = |file: &str, from: &str, expected: Option<&str>| {
            assert_eq!(relative(Path::new(file), Path::new(from)).as_deref(), expected, "{file} from {from}");
        };
        check("/p/a.age", "/p", Some("./a.age"));
        check("/p/secrets/a.age", "/p", Some("./secrets/a.age"));
        check("/p/secrets/a.age", "/p/hosts/a", Some("../../secrets/a.age"));
        check("/p/hosts/a.age", "/p/hosts/a", Some("../a.age"));
        check("/p/my secrets/a.age", "/p", None);
        check("/elsewhere/a.age", "/p", None);
    }
}
