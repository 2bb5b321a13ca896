//! Texts that hold a secret among other things: the password in a URL, the lines of
//! coturn's configuration.

use crate::lint::prelude::*;
use crate::rules::secret::text::{HOLE, Meaning, OfUnknown, flat, is_hash, meaning_of_piece};

/// What the password in `[scheme://][user[:password]@]host…` means.
pub(crate) fn password_of_url(url: &Str, of_unknown: OfUnknown<'_>) -> Meaning {
    let text = flat(url);
    let behind_scheme = text.split_once("://").map_or(text.as_str(), |(_, rest)| rest);
    let authority = behind_scheme.split(['/', '?', '#']).next().unwrap_or_default();
    let login = authority.rsplit_once('@').map(|(login, _)| login);
    match login.map(|login| login.split_once(':')) {
        Some(Some((_, password))) => match meaning_of_piece(password, url, of_unknown) {
            // Nothing that follows a colon is a path to a file.
            Meaning::Path => Meaning::Secret,
            other => other,
        },
        // Unknown text in front of the `@`, or in place of host and all, may bring a password.
        Some(None) | None if login.unwrap_or(authority).starts_with(HOLE) => match url.holes().next() {
            Some(hole) => without_path(of_unknown(hole)),
            None => Meaning::Harmless,
        },
        _ => Meaning::Harmless,
    }
}

/// What the secrets in lines of `turnserver.conf`, in one text or several, mean: the first that is one, else
/// the first that nobody knows.
pub(crate) fn secret_of_turnserver<'t>(texts: impl IntoIterator<Item = &'t Str>, of_unknown: OfUnknown<'_>) -> Meaning {
    let mut unknown = None;
    for lines in texts {
        for line in flat(lines).lines() {
            let Some(secret) = secret_of_line(line.trim()) else { continue };
            match without_path(meaning_of_piece(secret, lines, of_unknown)) {
                Meaning::Secret => return Meaning::Secret,
                Meaning::Unknown(hole) => unknown = unknown.or(Some(hole)),
                Meaning::Harmless | Meaning::Path => {}
            }
        }
    }
    unknown.map_or(Meaning::Harmless, Meaning::Unknown)
}

/// The secret in one line of `turnserver.conf`. A line that is wholly unknown may be anything.
fn secret_of_line(line: &str) -> Option<&str> {
    if line.starts_with('#') {
        return None;
    }
    if !line.is_empty() && line.chars().all(|c| c == HOLE) {
        return Some(line);
    }
    let (key, value) = line.split_once('=')?;
    let value = value.trim().trim_matches('"');
    match key.trim() {
        "static-auth-secret" => Some(value),
        "cli-password" => Some(value).filter(|value| !is_hash(value)),
        // A key made by `turnadmin -k` serves as well as the password it was made from.
        "user" => value.split_once(':').map(|(_, password)| password),
        key if key.ends_with("-userdb") || key.ends_with("-statsdb") => match value.split_once("://") {
            // `postgresql://user:password@host/database`
            Some((_, rest)) => rest.split(['/', '?']).next()?.rsplit_once('@')?.0.split_once(':').map(|(_, it)| it),
            None => value.split_once("password=")?.1.split_whitespace().next(),
        },
        _ => None,
    }
}

/// Where only the text counts, a path is as good a secret as any other.
fn without_path(meaning: Meaning) -> Meaning {
    match meaning {
        Meaning::Path => Meaning::Secret,
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unknown(unknown: &Unknown) -> Meaning {
        Meaning::Unknown(unknown.clone())
    }

    #[test]
    fn urls() {
        let check =
            |url: &str, expected: Meaning| assert_eq!(password_of_url(&Str::new(url), &unknown), expected, "{url}");
        check("http://user:not-a-real-one@10.0.0.1:8080/", Meaning::Secret);
        check("user:not-a-real-one@10.0.0.1", Meaning::Secret);
        check("postgresql://mas:p:w@db/mas", Meaning::Secret);
        for url in [
            "http://proxy:8080",
            "http://user@proxy:8080",
            "http://user:@proxy",
            "http://user:$PASSWORD@proxy",
            "postgresql:///mas?host=/run/postgresql",
            "",
        ] {
            check(url, Meaning::Harmless);
        }
    }

    #[test]
    fn turnserver() {
        let check = |lines: &str, expected: Meaning| {
            assert_eq!(secret_of_turnserver([&Str::new(lines)], &unknown), expected, "{lines}")
        };
        check("no-multicast-peers\nstatic-auth-secret=not-a-real-one", Meaning::Secret);
        check("user=alice:not-a-real-one", Meaning::Secret);
        check("psql-userdb=\"host=db password=not-a-real-one\"", Meaning::Secret);
        check("psql-userdb=postgresql://coturn:not-a-real-one@db/coturn", Meaning::Secret);
        check("mongo-userdb=\"mongodb://coturn:not-a-real-one@db/coturn\"", Meaning::Secret);
        for lines in [
            "",
            "# static-auth-secret=x",
            "static-auth-secret=@turn@",
            "psql-userdb=\"host=/run/postgresql\"",
            "psql-userdb=postgresql://coturn@db/coturn",
            "psql-userdb=postgresql://coturn:@PASSWORD@@db/coturn",
            "psql-userdb=postgresql:///coturn?host=/run/postgresql",
            "cli-password=$5$79a316b350311570$81df9cfb9af7",
            "denied-peer-ip=10.0.0.0-10.255.255.255",
        ] {
            check(lines, Meaning::Harmless);
        }
    }
}
