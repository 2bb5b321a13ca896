//! A file below `/var/lib/acme` that the ACME client never writes.

use crate::lint::prelude::*;
use crate::rules::written::{replace_literal, values};

const FOLDER: &str = "/var/lib/acme/";
/// What NixOS puts into the folder of each certificate.
const WRITTEN: &[&str] = &["cert.pem", "chain.pem", "fullchain.pem", "full.pem", "key.pem"];

pub(crate) fn check(cx: &mut Cx<'_>) {
    for view in cx.listed().iter().flat_map(values) {
        let text = match &view.value().shape {
            Shape::Str(text) | Shape::Path(text) => text.clone(),
            _ => continue,
        };
        // The name of the certificate may be unknown; that of the file may not.
        let file = text.known_suffix().rsplit_once('/').map(|(_, file)| file.to_owned());
        let Some(file) = file.filter(|file| !file.is_empty()) else { continue };
        let below = text.starts_with(FOLDER);
        let fires = below & Truth::from(file.ends_with(".pem") && !WRITTEN.contains(&file.as_str()));
        let right = match file.contains("key") {
            true => "key.pem",
            false => "fullchain.pem",
        };
        let fix = text.known().and_then(|known| {
            let mended = format!("{}{right}", known.strip_suffix(&file)?);
            replace_literal(cx, &view, known, &mended, format!("name `{right}`"))
        });
        cx.decide(fires, |finding| {
            finding
                .message(format!(
                    "there is no `{file}` below `/var/lib/acme`: the certificate's folder holds `{right}`"
                ))
                .primary(&view, "this file is never written")
                .fix(fix)
        });
    }
}
