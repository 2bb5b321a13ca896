//! Nix's messages as they may be shown. What a configuration puts into one may be a secret, so only what
//! is known to be Nix's own wording is shown, and names and texts that are written in the user's files.

use crate::option::{OptionPath, Segment};

/// What may stand in a message.
pub(super) trait Known {
    /// Whether this is written as a name somewhere: an attribute, a variable, a piece of a path.
    fn is_name(&self, word: &str) -> bool;
    /// A path as the user knows it, if it may be shown.
    fn path(&self, path: &str) -> Option<String>;
    /// The text of the `throw` or `abort` that said this, as it is written: `…` for what is put into it.
    fn thrown(&self, text: &str) -> Option<String>;
}

/// What stands for a text that is not shown.
const HIDDEN: &str = "…";

/// What is said of a message of which nothing may be shown.
const OWN_WORDS: &str = "it fails with a message of its own, which is not shown: it may hold secrets";

/// Messages of Nix 2.4 to 2.34 and of nixpkgs' module system. A hole is `%` and a letter: `n` the name
/// of an attribute, a variable or an option, `p` a path, `t` a type, `d` a number, `o` a text of the
/// configuration's own, `x` what is not shown; `*` at the end is left out.
const MESSAGES: &[&str] = &[
    "%o",
    "evaluation aborted with the following error message: '%o'",
    "attribute '%n' missing",
    "attribute '%n' in selection path '%n' not found",
    "attribute '%n' in selection path '%n' not found inside path '%n', whose contents are: %*",
    "attribute '%n' already defined at %*",
    "dynamic attribute '%n' already defined at %*",
    "attribute of type '%x' missing",
    "undefined variable '%n'",
    "infinite recursion encountered",
    "infinite recursion encountered, at undefined position",
    "stack overflow (possible infinite recursion)",
    "stack overflow; max-call-depth exceeded",
    "out of memory",
    "std::bad_alloc",
    "assertion '%x' failed",
    "assertion failed",
    "division by zero",
    "integer overflow in %*",
    "value is %t while %t was expected",
    "expected %t but found %t: %*",
    "expected %t but found %t",
    "expected %t, got %t instead: %*",
    "expected %t, got %t instead",
    "cannot coerce %t to %t: %*",
    "cannot coerce %t to %t",
    "cannot add %t to %t",
    "cannot compare %t with %t; %*",
    "cannot compare %t with %t",
    "cannot compare %t with %t: %*",
    "attempt to call something which is not a function but %t: %*",
    "attempt to call something which is not a function but %t",
    "function '%n' called with unexpected argument '%n'",
    "function '%n' called without required argument '%n'",
    "list index %d is out of bounds",
    "list index %d is out of range",
    "'builtins.head' called on an empty list",
    "'builtins.tail' called on an empty list",
    "'builtins.elemAt' called with index %d on a list of size %d",
    "list is empty",
    "invalid regular expression '%x'",
    "[json.exception.%*",
    "error parsing JSON: %*",
    "while parsing a TOML string: %*",
    "syntax error, %*",
    "path '%p' does not exist",
    "path '%p' is not valid",
    "path '%p' is not in the Nix store",
    "path '%p' is not a flake (because it doesn't contain a 'flake.nix' file)",
    "path '%p' does not contain a 'flake.nix'%*",
    "path '%p' does not contain a '%n'%*",
    "Path '%p' does not exist in Git repository %*",
    "Path '%p' in the repository %x is not tracked by Git.%*",
    "source tree referenced by '%x' does not contain a '%x' file",
    "getting status of '%p': %e",
    "opening file '%p': %e",
    "opening directory '%p': %e",
    "reading symbolic link '%p': %e",
    "opening lock file '%p': %e",
    "creating directory '%p': %e",
    "creating file '%p': %e",
    "changing ownership of path '%p': %e",
    "cannot open connection to remote store 'daemon': %*",
    "cannot connect to socket at '%p': %e",
    "cannot connect to daemon at '%p': %e",
    "file '%p' was not found in the Nix search path (add it using $NIX_PATH or -I)",
    "file '%p' was not found in the Nix search path (add it using $NIX_PATH or -I)%*",
    "access to path '%p' is forbidden in restricted mode",
    "access to absolute path '%p' is forbidden in restricted mode",
    "access to absolute path '%p' is forbidden in pure eval mode%*",
    "access to path '%p' is forbidden in pure eval mode%*",
    "access to URI '%x' is forbidden in restricted mode",
    "access to canonical path '%p' is forbidden in restricted mode",
    "cannot build '%x' during evaluation because the option 'allow-import-from-derivation' is disabled",
    "cannot build '%x' during evaluation%*",
    "unable to download '%x': %*",
    "cannot find flake '%x' in the flake registries",
    "cannot write modified lock file of flake '%x' (use '--no-write-lock-file' to ignore)",
    "'%x' requires lock file changes but they're not allowed due to '--no-write-lock-file'",
    "flake '%x' requires lock file changes but they're not allowed due to '--no-update-lock-file'%*",
    "cannot update unlocked flake input '%n' in pure mode",
    "cannot call '%n' on unlocked flake reference %*",
    "interrupted by the user",
    "unrecognised flag '%x'",
    "%x: error while loading shared libraries: %*",
    "The option `%n' does not exist. %*",
    "The option `%n' does not exist.",
    "The option `%n' was accessed but has no value defined. Try setting the option.",
    "The option `%n' is used but not defined.",
    "The option `%n' is read-only, but it's set multiple times.",
    "The option `%n' is read-only, but it's set multiple times. %*",
    "The option `%n' has conflicting definition values:%*",
    "The option `%n' is defined multiple times while it's expected to be unique.%*",
    "The option `%n' is already declared in %*",
    "The unique option `%n' is defined multiple times, in:%*",
    "The option `%n' can no longer be used since it's been removed. %*",
    "A definition for option `%n' is not of type `%t'. %*",
    "A definition for option `%n' is not of type `%t'.",
    "Failed assertions:%*",
];

/// The words of which types of values and options are described.
const TYPE_WORDS: &str = "a an the of or and with in to not null nul string strings str bool boolean integer int signed \
    unsigned positive negative nonnegative bit 8 16 32 64 floating point float number set attribute attrset list path \
    absolute relative store function lambda built-in partially applied primop package derivation external thunk lazy \
    submodule module option optionType raw anything value unspecified one between both inclusive exclusive meaning \
    >0 >=0 0 1 255 65535 4294967295 -128 127 -32768 32767 that evaluates can be coerced concatenated separated \
    matching pattern non-empty empty unique singular nested optionally freeform JSON YAML TOML INI XML atom section \
    file mode tuple at";

/// A message as it may be shown: `known` tells what is written in the user's files.
pub(super) fn shown(message: &str, known: &dyn Known) -> String {
    // What Nix thinks was meant is a name that nobody wrote.
    let message = message.split(" Did you mean ").next().unwrap_or_default();
    // The first is all of a text that is thrown: it is asked last.
    let (thrown, own) = (&MESSAGES[..1], &MESSAGES[1..]);
    let found = own.iter().chain(thrown).find_map(|template| filled(template, message, known));
    found.unwrap_or_else(|| OWN_WORDS.to_owned())
}

/// The template with what the message has in its holes.
fn filled(template: &str, message: &str, known: &dyn Known) -> Option<String> {
    let mut pieces = template.split('%').peekable();
    let first = pieces.next()?;
    let mut rest = message.strip_prefix(first)?;
    let mut shown = first.to_owned();
    while let Some(piece) = pieces.next() {
        let (kind, literal) = piece.split_at_checked(1)?;
        let end = match pieces.peek() {
            None => rest.strip_suffix(literal)?.len(),
            Some(_) => rest.find(literal)?,
        };
        shown += &hole(kind, &rest[..end], known)?;
        shown += literal;
        rest = &rest[end + literal.len()..];
    }
    rest.is_empty().then(|| shown.trim_end_matches([' ', ':', ';']).to_owned())
}

/// What is shown of a text in a hole; `None` if it is none of this kind.
fn hole(kind: &str, text: &str, known: &dyn Known) -> Option<String> {
    let hidden = || HIDDEN.to_owned();
    Some(match kind {
        "*" => String::new(),
        "n" => {
            let is_known = |step: &Segment| step.as_name().is_some_and(|name| known.is_name(name));
            match known.is_name(text) || OptionPath::parse(text).0.iter().all(is_known) {
                true => text.to_owned(),
                false => hidden(),
            }
        }
        "p" => known.path(text).unwrap_or_else(hidden),
        "t" => {
            let is_of_types = |word: &&str| TYPE_WORDS.split_whitespace().any(|known| known == *word);
            let trimmed = |word: &str| word.trim_matches(|c: char| "(),;:'`".contains(c)).to_owned();
            let words = text.split_whitespace().map(|word| match is_of_types(&trimmed(word).as_str()) {
                true => word,
                false => HIDDEN,
            });
            words.collect::<Vec<_>>().join(" ")
        }
        "d" => text.parse::<i64>().ok()?.to_string(),
        "e" => {
            let of_the_system = ["No such file or directory", "Permission denied", "Not a directory", "Is a directory"];
            let more = ["Read-only file system", "Connection refused", "No space left on device", "File exists"];
            let errors = of_the_system.iter().chain(&more);
            errors.into_iter().find(|error| **error == text).map_or_else(hidden, ToString::to_string)
        }
        "o" => known.thrown(text)?,
        _ => hidden(),
    })
}

#[cfg(test)]
mod tests {
    use super::{Known, OWN_WORDS, shown};

    struct Written;

    impl Known for Written {
        fn is_name(&self, word: &str) -> bool {
            ["services", "nginx", "vhost", "example.org"].contains(&word)
        }

        fn path(&self, path: &str) -> Option<String> {
            path.strip_prefix("/project/").map(String::from)
        }

        fn thrown(&self, text: &str) -> Option<String> {
            text.starts_with("not ").then(|| "not …".to_owned())
        }
    }

    #[test]
    fn only_what_is_known_is_shown() {
        let check = |message: &str, expected: &str| assert_eq!(shown(message, &Written), expected, "{message}");
        check("hunter", OWN_WORDS);
        check("not hunter", "not …");
        check(
            "evaluation aborted with the following error message: 'not hunter'",
            "evaluation aborted with the following error message: 'not …'",
        );
        check("evaluation aborted with the following error message: 'hunter'", OWN_WORDS);
        check("attribute 'vhost' missing", "attribute 'vhost' missing");
        check("attribute 'hunter' missing Did you mean hunter2?", "attribute '…' missing");
        check("The option `services.nginx' does not exist.", "The option `services.nginx' does not exist.");
        check("The option `services.hunter' does not exist. Definition values: x", "The option `…' does not exist.");
        check("The option `services.\"example.org\"' is used but not defined.", {
            "The option `services.\"example.org\"' is used but not defined."
        });
        check(
            "A definition for option `vhost' is not of type `null or hunter'. Definition values: - hunter",
            "A definition for option `vhost' is not of type `null or …'.",
        );
        check("expected a set but found a string: \"hunter\"", "expected a set but found a string");
        check("cannot coerce a function to a string", "cannot coerce a function to a string");
        check("path '/project/a.nix' does not exist", "path 'a.nix' does not exist");
        check("opening file '/hunter': No such file or directory", "opening file '…': No such file or directory");
        check("opening file '/hunter': hunter", "opening file '…': …");
        check("list index 3 is out of bounds", "list index 3 is out of bounds");
        check("list index hunter is out of bounds", OWN_WORDS);
        check("assertion '(x == \"hunter\")' failed", "assertion '…' failed");
        check("", OWN_WORDS);
    }
}
