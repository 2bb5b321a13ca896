//! What a text given to a secret setting is: the secret itself, the path of a file,
//! a stand-in that something replaces later, or nothing that needs hiding.

use crate::lint::prelude::*;

/// Stands for each unknown piece of a text.
pub(crate) const HOLE: char = '\u{fffc}';

/// What a text turned out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// Nothing that needs hiding: empty, a stand-in, or a value the whole world knows.
    Harmless,
    /// The secret itself, at least in part.
    Secret,
    /// The path of a file, which no program will open here.
    Path,
    /// Nobody knows.
    Unknown(Unknown),
}

/// A text with [`HOLE`]s for what is unknown.
pub(crate) fn flat(text: &Str) -> String {
    let mut flat = String::new();
    for part in text.parts() {
        match part {
            Part::Text(known) => flat.push_str(known),
            Part::Hole(_) => flat.push(HOLE),
        }
    }
    flat
}

/// Says what an unknown value means where a secret is expected.
pub(crate) type OfUnknown<'f> = &'f dyn Fn(&Unknown) -> Meaning;

/// What `text` means where a secret is expected.
pub(crate) fn meaning(text: &Str, of_unknown: OfUnknown<'_>) -> Meaning {
    if text.context.iter().next().is_some() {
        return Meaning::Path;
    }
    meaning_of_piece(&flat(text), text, of_unknown)
}

/// What `piece` means where a secret is expected; it was cut out of `whole` after [`flat`].
pub(crate) fn meaning_of_piece(piece: &str, whole: &Str, of_unknown: OfUnknown<'_>) -> Meaning {
    let piece = piece.trim();
    if piece.contains(HOLE) {
        let holes: Vec<Meaning> = whole.holes().map(of_unknown).collect();
        // Whoever writes one stand-in into a text has it filled in later.
        if holes.contains(&Meaning::Harmless) {
            return Meaning::Harmless;
        }
        if piece.chars().all(|c| c == HOLE || c.is_whitespace()) {
            return holes.into_iter().next().unwrap_or(Meaning::Harmless);
        }
    }
    if piece.is_empty() || is_stand_in(piece) || is_public(piece) {
        Meaning::Harmless
    } else if is_path(piece) {
        Meaning::Path
    } else {
        Meaning::Secret
    }
}

/// What an unknown value means where a secret is expected, going by the expression
/// that gives it.
pub(crate) fn meaning_of_unknown(unknown: &Unknown, expression: &str) -> Meaning {
    // `config.sops.placeholder.…`, which sops-nix replaces in its templates.
    if expression.contains("placeholder") {
        Meaning::Harmless
    } else if unknown.cause.is_contents() || unknown.cause.is_failure() {
        // However the file is called, its text is what counts; and what Nix refuses is no text.
        Meaning::Unknown(unknown.clone())
    } else if names_secret_file(expression) || names_secret_file(quoted(&unknown.cause.to_string())) {
        Meaning::Path
    } else {
        Meaning::Unknown(unknown.clone())
    }
}

/// The option that a cause names in backticks.
fn quoted(cause: &str) -> &str {
    cause.split('`').nth(1).unwrap_or_default()
}

/// Whether an expression is the path of a file that another module declares, such as
/// `config.sops.secrets.….path`: whatever it is, it is a path at run time.
fn names_secret_file(expression: &str) -> bool {
    // `x.path or "/run/x"`: where it is not what stands behind `or`, it is that path.
    let expression = expression.split_once(" or ").map_or(expression, |(asked, _)| asked.trim_end());
    let of = |options: &str, ending: &str| expression.contains(options) && expression.ends_with(ending);
    of("sops.secrets.", ".path")
        || of("sops.templates.", ".path")
        || of("age.secrets.", ".path")
        || of("vaultix.secrets.", ".path")
        || of("clan.core.vars.generators.", ".path")
        || of("security.acme.certs.", ".directory")
        // Services write there while they run.
        || of("services.", ".dataDir")
        || of("services.", ".stateDir")
        || of("", "static-auth-secret-file")
}

/// Whether `text` is a stand-in that something else fills in at run time:
/// `!!NAME!!`, `@name@`, `$name`, `${name}`, `{{ name }}`, `#name#`, `%name%`, a name in
/// capitals, a sops-nix placeholder. `CHANGE_ME` and its like are no stand-ins:
/// nothing replaces them but people who do not forget.
pub(crate) fn is_stand_in(text: &str) -> bool {
    let text = text.trim();
    let inside = |open: &str, close: &str| {
        text.strip_prefix(open).and_then(|rest| rest.strip_suffix(close)).filter(|name| !name.is_empty())
    };
    let word = |name: &str| name.chars().all(|c| c.is_alphanumeric() || "_-./ :".contains(c) || c == HOLE);
    text.contains("<SOPS:")
        || matches!(text, "generate" | "disable")
        || ["!!", "@", "@@", "#", "##", "%", "%%", "__"].iter().any(|mark| inside(mark, mark).is_some_and(word))
        || [("${", "}"), ("$(", ")"), ("{{", "}}"), ("<%", "%>"), ("{%", "%}")]
            .iter()
            .any(|(open, close)| inside(open, close).is_some())
        || text.strip_prefix('$').is_some_and(is_identifier)
        || is_name_in_capitals(text)
}

fn is_identifier(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_' || c == HOLE)
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == HOLE)
}

/// `TURN_SHARED_SECRET`, but not `CHANGE_ME` or `YOUR_SECRET_HERE`.
fn is_name_in_capitals(text: &str) -> bool {
    let words: Vec<&str> = text.split('_').collect();
    let capitals = |word: &&str| !word.is_empty() && word.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
    let starts_well = text.starts_with(|c: char| c.is_ascii_uppercase());
    let for_people = [
        "CHANGE",
        "CHANGEME",
        "CHANGEIT",
        "REPLACE",
        "REPLACEME",
        "TODO",
        "FIXME",
        "YOUR",
        "MY",
        "EXAMPLE",
        "INSERT",
        "ENTER",
        "FILL",
        "PUT",
        "HERE",
        "ME",
        "THIS",
        "DUMMY",
        "TEST",
        "VERY",
        "SUPER",
    ];
    words.len() >= 2 && starts_well && words.iter().all(capitals) && !words.iter().any(|word| for_people.contains(word))
}

/// Values that documentation gives to everybody, so that hiding them protects nothing.
fn is_public(text: &str) -> bool {
    const PUBLIC: [&str; 5] = [
        // The free TURN service of Metered: user and password alike, and the shared secret.
        "openrelayproject",
        "openrelayprojectsecret",
        // Synapse's own TURN documentation, in jest.
        "n0t4ctuAllymatr1Xd0TorgSshar3d5ecret4obvIousreAsons",
        // Google's key for automated tests of reCAPTCHA.
        "6LeIxAcTAAAAAGG-vFI1TnRWxMZNFuojJ4WifJWe",
        // Cloudflare's key for automated tests of Turnstile.
        "1x0000000000000000000000000000000AA",
    ];
    PUBLIC.contains(&text)
}

/// Whether `text` is the path of a file rather than a secret that begins with a slash.
pub(crate) fn is_path(text: &str) -> bool {
    let text = text.trim();
    let below_hole = text.trim_start_matches(HOLE);
    let relative = text.starts_with("./") || text.starts_with("../") || text.starts_with("~/");
    let absolute = below_hole.starts_with('/');
    let plain = |c: char| c.is_alphanumeric() || "/._-@:~".contains(c) || c == HOLE;
    if !(relative || absolute) || !text.chars().all(plain) || text.contains("//") {
        return false;
    }
    const ROOTS: [&str; 17] = [
        "run",
        "var",
        "etc",
        "nix",
        "home",
        "root",
        "srv",
        "mnt",
        "opt",
        "tmp",
        "data",
        "secrets",
        "keys",
        "persist",
        "persistent",
        "state",
        "usr",
    ];
    let mut steps = below_hole.split('/').filter(|step| !step.is_empty());
    let first = steps.next().unwrap_or_default();
    relative || below_hole.len() < text.len() || ROOTS.contains(&first) || steps.next().is_some()
}

/// Whether `text` is a salted hash (`$6$…`, `$2b$…`) rather than the password.
pub(crate) fn is_hash(text: &str) -> bool {
    let mut pieces = text.trim().split('$');
    pieces.next() == Some("") && pieces.next().is_some_and(|kind| !kind.is_empty()) && pieces.count() >= 2
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Meaning) {
        let of_unknown = |unknown: &Unknown| Meaning::Unknown(unknown.clone());
        assert_eq!(meaning(&Str::new(text), &of_unknown), expected, "{text}");
    }

    #[test]
    fn secrets() {
        for text in
            ["hunter2", "CHANGE_ME", "changeme", "YOUR_SECRET_HERE", "$ecret!word", "a b", "/k3J8+abc==", "UPPER"]
        {
            check(text, Meaning::Secret);
        }
    }

    #[test]
    fn stand_ins() {
        for text in [
            "",
            " ",
            "!!turn!!",
            "@turn@",
            "$TURN",
            "${TURN}",
            "{{ turn }}",
            "#static-auth-secret#",
            "TURN_SHARED_SECRET",
            "<SOPS:0a1b:PLACEHOLDER>",
            "generate",
            "openrelayproject",
        ] {
            check(text, Meaning::Harmless);
        }
    }

    #[test]
    fn paths() {
        for text in
            ["/run/secrets/turn", "/var/lib/x", "/etc/secret", "/a/b", "./secret", "~/secret", "/run/secrets/\n"]
        {
            check(text, Meaning::Path);
        }
    }

    #[test]
    fn hashes() {
        assert!(is_hash("$5$79a316b350311570$81df9cfb9af7f5e5"));
        assert!(!is_hash("$5 for lunch"));
        assert!(!is_hash("hunter2"));
    }
}
