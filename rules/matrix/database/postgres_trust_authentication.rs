//! The page beside this file says what is wrong and why.

use super::synapse_database::SynapseDatabase;
use crate::lint::prelude::*;
use crate::rules::secret::text::flat;
use crate::rules::written::values;

pub(crate) fn check(cx: &mut Cx<'_>) {
    let Some(database) = SynapseDatabase::of(cx) else { return };
    // A module on its own that does not speak of Synapse may be for a machine without it.
    let speaks = ["enable", "settings.database"]
        .iter()
        .any(|option| cx.option(&format!("services.matrix-synapse.{option}")).is_defined().is_true());
    if !cx.is_whole() && !speaks {
        return;
    }
    let (name, user) = (flat(&database.name), flat(&database.user));
    for lines in values(&cx.option("services.postgresql.authentication")) {
        let Some(text) = lines.text() else { continue };
        let flat = flat(text);
        let trusting = flat.lines().find(|line| trusts(line, &name, &user));
        let Some(line) = trusting else { continue };
        let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
        cx.decide(database.is_used.clone() & database.is_postgres.clone(), |finding| {
            finding.primary(&lines, format!("`{line}`"))
        });
    }
}

/// Whether a line of `pg_hba.conf` lets any process log in to the database `name` as `user`,
/// as the superuser or as anybody.
fn trusts(line: &str, name: &str, user: &str) -> bool {
    let line = line.split('#').next().unwrap_or_default();
    let words: Vec<&str> = line.split_whitespace().map(|word| word.trim_matches('"')).collect();
    let [kind, databases, users, ..] = words[..] else { return false };
    let named = |list: &str, one: &str| list.split(',').any(|item| item == one || item == "all");
    // Methods stand last, before options such as map=…
    let method = words.iter().skip(3).rev().find(|word| !word.contains('='));
    ["local", "host", "hostssl", "hostnossl", "hostgssenc", "hostnogssenc"].contains(&kind)
        && named(databases, name)
        && (named(users, user) || named(users, "postgres"))
        && method == Some(&"trust")
}

#[cfg(test)]
mod tests {
    use super::trusts;

    #[test]
    fn lines() {
        let check = |line: &str, expected: bool| assert_eq!(trusts(line, "synapse", "chat"), expected, "{line}");
        for line in [
            "local all all trust",
            "host  synapse chat 127.0.0.1/32 trust",
            "host all all 127.0.0.1 255.255.255.255 trust",
            "local all postgres trust # comment",
            "local \"synapse\" a,chat trust",
        ] {
            check(line, true);
        }
        for line in [
            "",
            "# local all all trust",
            "local all all peer map=trust",
            "local other all trust",
            "local synapse other trust",
            "local replication all trust",
            "local all all md5",
        ] {
            check(line, false);
        }
    }
}
