//! The page beside this file says what is wrong and why.

use crate::lint::prelude::*;
use crate::rules::matrix::database::init_scripts;
use crate::rules::secret::reads_file;
use crate::rules::secret::text::{HOLE, Meaning, meaning_of_piece, meaning_of_unknown};
use crate::rules::sql::Statement;

pub(crate) fn check(cx: &mut Cx<'_>) {
    let (scripts, unread) = init_scripts(cx);
    for one in &scripts {
        let of_unknown = |unknown: &Unknown| {
            let expression = cx.written(unknown.at);
            // What a file says is nobody's to know; that it is read into the store is.
            if reads_file(expression) { Meaning::Secret } else { meaning_of_unknown(unknown, expression) }
        };
        let passwords = one.script.statements.iter().filter_map(|statement| match statement {
            Statement::Role { name, password: Some(password), .. } => Some((name, password)),
            _ => None,
        });
        let passwords: Vec<_> = passwords
            .map(|(name, password)| {
                // A verifier of SCRAM is no use to log in with.
                let hashed = password.starts_with("SCRAM-SHA-256$");
                let fires = match meaning_of_piece(password, &one.text, &of_unknown) {
                    _ if hashed => Truth::False,
                    Meaning::Secret => Truth::True,
                    Meaning::Unknown(unknown) => Truth::Unknown(unknown),
                    Meaning::Harmless | Meaning::Path => Truth::False,
                };
                (name.replace(HOLE, "…"), fires)
            })
            .collect();
        for (name, fires) in passwords {
            cx.decide(fires, |finding| {
                let message = format!("the password of the role `{name}` stands in a script in the Nix store, where everyone on the machine can read it");
                finding.message(message).primary(&one.view, "this script is in the store").secret()
            });
        }
    }
    if let (Some(unknown), true) = (unread, scripts.is_empty()) {
        let option = cx.option("services.postgresql.initialScript");
        cx.decide(Truth::Unknown(unknown), |finding| finding.primary(&option, ""));
    }
}
