//! The page beside this file says what is wrong and why.

use super::init_script::init_scripts;
use super::synapse_database::SynapseDatabase;
use crate::lint::prelude::*;
use crate::rules::sql::Statement;
use crate::rules::written::{items, kept_back, values};

const MESSAGE: &str = "the database gets another collation than `C`: Synapse refuses to start with it";

pub(crate) fn check(cx: &mut Cx<'_>) {
    let Some(database) = SynapseDatabase::of(cx) else { return };
    let unsafe_locale = cx.option("services.matrix-synapse.settings.database.allow_unsafe_locale");
    let allowed = Truth::any(values(&unsafe_locale).iter().map(OptionView::is_true));
    let concerned = database.is_used.clone() & database.is_postgres.clone() & database.is_local.clone() & !allowed;
    let concerned = concerned & !cluster_is_c(cx);
    let (scripts, unread) = init_scripts(cx);
    let mut made = false;
    for one in &scripts {
        for statement in &one.script.statements {
            let Statement::Database { name, collation, ctype, .. } = statement else { continue };
            if !is_named(&database.name, name) {
                continue;
            }
            made = true;
            let is_c = [collation, ctype].iter().all(|locale| locale.as_deref().is_some_and(|locale| locale == "C"));
            cx.decide(concerned.clone() & (!is_c).into(), |finding| {
                finding
                    .message(MESSAGE)
                    .primary(&one.view, "this script makes the database without `LC_COLLATE` and `LC_CTYPE`")
            });
        }
    }
    if made {
        return;
    }
    let unread = Truth::any(unread.map(Truth::Unknown)) | is_made_elsewhere(cx);
    let listed = cx.option("services.postgresql.ensureDatabases");
    let (names, more) = items(&listed);
    if let Some(more) = more.or_else(|| kept_back(&listed)) {
        cx.decide(concerned.clone() & Truth::Unknown(more) & !unread.clone(), |finding| {
            finding.message(MESSAGE).primary(&listed, "NixOS makes it with the locale of the system").possible()
        });
    }
    for name in names {
        let same = name.is_string_where(|name| name.equals(&database.name));
        cx.decide(concerned.clone() & same & !unread.clone(), |finding| {
            // Somebody may have made the database by hand, before NixOS got to it.
            finding.message(MESSAGE).primary(&name, "NixOS makes it with the locale of the system").possible()
        });
    }
}

/// Whether a name of a script is this one. What is unknown in both is taken for the same.
fn is_named(name: &Str, written: &str) -> bool {
    crate::rules::secret::text::flat(name) == written
}

/// Whether every database of the cluster has the collation `C` unless it says otherwise.
fn cluster_is_c(cx: &Cx<'_>) -> Truth {
    let (arguments, more) = items(&cx.option("services.postgresql.initdbArgs"));
    let says_c = |argument: &OptionView<'_>| {
        argument.is_string_where(|text| {
            Truth::any(["locale=C", "no-locale", "lc-collate=C", "C"].map(|ending| match text.known() {
                Some(known) => known.split_whitespace().any(|word| word.trim_start_matches("--") == ending).into(),
                None => text.holes().next().cloned().map_or(Truth::False, Truth::Unknown),
            }))
        })
    };
    Truth::any(arguments.iter().map(says_c).chain(more.map(Truth::Unknown)))
}

/// Whether a unit makes databases itself.
fn is_made_elsewhere(cx: &Cx<'_>) -> Truth {
    let scripts = ["script", "preStart", "postStart"];
    let units = scripts.iter().flat_map(|script| cx.each(&format!("systemd.services.<name>.{script}")));
    Truth::any(units.flat_map(|unit| values(&unit)).map(|unit| {
        unit.is_string_where(|text| {
            let text = crate::rules::secret::text::flat(text).to_lowercase();
            (text.contains("create database") || text.contains("createdb")).into()
        })
    }))
}
