//! The page beside this file says what is wrong and why.

use super::init_script::{InitScript, init_scripts};
use super::synapse_database::{NAME, SynapseDatabase};
use crate::lint::prelude::*;
use crate::rules::secret::text::{HOLE, flat};
use crate::rules::sql::Statement;
use crate::rules::written::{items, users_values, values};

/// The role that every cluster of NixOS has from the start.
const SUPERUSER: &str = "postgres";

pub(crate) fn check(cx: &mut Cx<'_>) {
    let (scripts, _) = init_scripts(cx);
    for script in &scripts {
        judge_script(cx, script);
    }
    if cx.is_whole() {
        judge_login(cx);
    }
}

/// Reports what in a script leaves the role of a database missing, or unable to log in.
fn judge_script(cx: &mut Cx<'_>, one: &InitScript<'_>) {
    let mut roles: Vec<&str> = vec![SUPERUSER];
    for statement in &one.script.statements {
        match statement {
            Statement::Role { name, created: true, .. } if name.contains(char::is_whitespace) => {
                let message = format!("the role is called `{name}`: what should be options stands inside the quotes");
                cx.decide(Truth::True, |finding| finding.message(message).primary(&one.view, "the script makes it"));
                // What follows from it needs no second finding.
                return;
            }
            Statement::Role { name, created: true, .. } => roles.push(name),
            Statement::Database { name, owner: Some(owner), .. } => {
                let known = !owner.contains(HOLE) && !one.script.may_hold_more;
                let missing = known && !roles.contains(&owner.as_str());
                cx.decide(missing.into(), |finding| {
                    let message = format!(
                        "there is no role `{owner}` yet when the script makes the database `{}` for it",
                        name.replace(HOLE, "…")
                    );
                    let label = "NixOS runs it before `ensureUsers`: make the role in it, too";
                    finding.message(message).primary(&one.view, label)
                });
            }
            _ => {}
        }
    }
    judge_roles_without_login(cx, one);
}

fn judge_roles_without_login(cx: &mut Cx<'_>, one: &InitScript<'_>) {
    let Some(database) = SynapseDatabase::of(cx) else { return };
    let user = flat(&database.user);
    let of_user = one.script.statements.iter().filter_map(|statement| match statement {
        Statement::Role { name, created, login, .. } if *name == user => Some((*created, *login)),
        _ => None,
    });
    let of_user: Vec<_> = of_user.collect();
    let created = of_user.iter().any(|(created, _)| *created);
    let may_log_in = of_user.iter().filter_map(|(_, login)| *login).next_back().unwrap_or(false);
    let (users, more) = items(&cx.option("services.postgresql.ensureUsers"));
    let ensured = users.iter().map(|one| {
        let same = one.at("name").is_string_where(|name| name.equals(&database.user));
        same & one.at("ensureClauses").at("login").is_true()
    });
    let ensured = Truth::any(ensured.chain(more.map(Truth::Unknown)));
    let fires = Truth::from(created && !may_log_in && !one.script.may_hold_more);
    cx.decide(fires & database.is_used & database.is_postgres & database.is_local & !ensured, |finding| {
        let message = format!("the role `{user}` may not log in, so Synapse cannot reach its database");
        finding
            .message(message)
            .primary(&one.view, "`CREATE ROLE` without `LOGIN`")
            .help(format!("write `CREATE ROLE \"{user}\" WITH LOGIN;`, and on a machine that runs already `ALTER ROLE \"{user}\" LOGIN;`"))
    });
}

/// Reports a role that the system user of Synapse cannot log in as.
fn judge_login(cx: &mut Cx<'_>) {
    let Some(database) = SynapseDatabase::of(cx) else { return };
    let written = |option: &str| !users_values(cx, &cx.option(option)).is_empty();
    let local = cx.option("services.postgresql.enable").is_true();
    // Whoever writes these has thought about who may log in, and how.
    let is_mapped = written("services.postgresql.identMap") || written("services.postgresql.authentication");
    let has_password = ["password", "passfile"].iter().any(|key| !values(&database.args.at(key)).is_empty());
    if is_mapped || has_password {
        return;
    }
    let is_own = database.user.equals(&Str::new(NAME));
    let user = database.args.at("user");
    let fires = database.is_used & database.is_postgres & database.is_by_socket & local & !is_own;
    cx.decide(fires, |finding| {
        let message = "PostgreSQL lets Synapse in under the name of its system user only, `matrix-synapse`";
        finding.message(message).primary(&user, "another role")
    });
}
