//! The program itself on hostile input: it ends within so much memory and time, and says what it did not look at.

use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, Stdio};

/// The most memory in KiB that a run may map: the stack of 1 GiB, which is mapped and hardly used, the
/// program itself, which is large in debug builds, and 768 MiB.
const MEMORY: u64 = (1024 + 160 + 768) * 1024;
/// The most processor time of a run in seconds: a limit for hangs, far above what any takes.
const SECONDS: u64 = 120;

/// A folder with these files that is a project.
pub(crate) fn project(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in [(".git/HEAD", "")].iter().chain(files) {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, text).expect(name);
    }
    folder
}

/// The command for the program with these arguments, within the limits; `before` is a line of shell.
pub(crate) fn limited(folder: &Path, before: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new("sh");
    let line = format!("ulimit -v {MEMORY}; ulimit -t {SECONDS}; {before}exec \"$0\" \"$@\"");
    command.args(["-c", &line, env!("CARGO_BIN_EXE_optlint")]).args(arguments);
    command.current_dir(folder).env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command.stdin(Stdio::null());
    command
}

/// How a run ended and all that it said.
pub(crate) fn run(mut command: Command) -> (i32, String) {
    let output = command.output().expect("sh");
    let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).expect("text")).concat();
    let start: String = said.chars().take(2000).collect();
    assert_eq!(output.status.signal(), None, "{start}");
    let status = output.status.code().expect("a status");
    assert!(!said.contains("panicked") && status != 101, "{start}");
    (status, said)
}

/// Checks a project within the limits; what is said has to contain `expected`.
pub(crate) fn check(name: &str, folder: &Path, expected: &str) {
    let (status, said) = run(limited(folder, "", &["check", "--undecided", "--format", "compact", "."]));
    let start: String = said.chars().take(2000).collect();
    assert!(status < 2 && said.contains(expected), "{name}: {status}: {start}");
    let longest = said.lines().map(str::len).max().unwrap_or_default();
    assert!(longest < 10_000, "{name}: a line of {longest} bytes: {start}");
}

/// What is hard, a text that has it, and what is said of it.
type Hard = (&'static str, fn() -> String, &'static str);

/// Values of an option.
const VALUES: [Hard; 16] = [
    ("brackets", || format!("{}\"a\"{}", "(".repeat(100_000), ")".repeat(100_000)), "nested deeper"),
    ("lists in lists", || format!("{}{}", "[".repeat(100_000), "]".repeat(100_000)), "nested deeper"),
    ("open brackets", || "[".repeat(100_000), "nested deeper"),
    ("functions", || format!("{}1", "x:".repeat(100_000)), "is no server name"),
    ("++", || vec!["[1]"; 100_000].join(" ++ "), "too deep"),
    ("//", || vec!["{a=1;}"; 100_000].join(" // "), "too deep"),
    ("+", || vec!["\"a\""; 100_000].join(" + "), "too deep"),
    ("a million elements", || format!("[ {} ]", "1 ".repeat(1_000_000)), ""),
    ("100 MB by replicate", || "lib.strings.replicate 100000000 \"a\"".into(), "cut short"),
    ("100 MB by doubling", || "lib.foldl (a: _: a + a) \"abcdefgh\" (lib.range 1 24)".into(), "cut short"),
    ("recursion", || "let f = n: f (n + 1); in f 0".into(), "cut short"),
    ("Y", || "let y = f: (x: f (x x)) (x: f (x x)); in y (f: n: f (n + 1)) 0".into(), "cut short"),
    ("doubled lists", || "builtins.toJSON (builtins.foldl' (x: _: [ x x ]) 1 (lib.range 1 30))".into(), "cut short"),
    ("doubled sets", || doubled("{ x = @; y = @; }"), ""),
    ("a long text", || format!("\"{}!\"", "x".repeat(3_000_000)), "is no server name"),
    ("the file itself", || "import ./configuration.nix".into(), ""),
];

/// Forty bindings, each of which names the one before twice.
fn doubled(shape: &str) -> String {
    let binding = |number: usize| format!("a{} = {}; ", number + 1, shape.replace('@', &format!("a{number}")));
    format!("let a0 = 1; {} in a40", (0..40).map(binding).collect::<String>())
}

#[test]
fn hard_values() {
    for (name, value, expected) in VALUES {
        let value = value();
        let text = format!(
            "{{ lib, ... }}: {{ services.matrix-synapse.enable = true; services.matrix-synapse.settings.server_name = {value}; }}"
        );
        check(name, project(&[("configuration.nix", &text)]).path(), expected);
    }
}

/// Something large or endless in a file that a machine imports, and what is said of it.
const MODULES: [Hard; 7] = [
    (
        "50 MB on a line",
        || format!("{{ a = \"{}\"; }}", "x".repeat(50_000_000)),
        "not read: odd.nix: it is larger than",
    ),
    ("4 MB on a line", || format!("{{ my.list = [ {} ]; }}", "(1 + 1) ".repeat(500_000)), ""),
    ("a folder without end", || "{ imports = [ ./odd.nix ./. ]; my = import ./.; }".into(), "default.nix"),
    (
        "modules that import each other",
        || "{ imports = [ ./configuration.nix ./odd.nix ]; }".into(),
        "Checked 1 configuration",
    ),
    (
        "values that import each other",
        || "{ my = import ./configuration.nix; other = (import ./odd.nix).my; }".into(),
        "",
    ),
    ("a file that ends early", || "{ my = {".into(), "odd.nix:1:1: error"),
    ("no text", || "\u{0}\u{1}\u{feff}\u{202e}".into(), "odd.nix:1:1: error"),
];

#[test]
fn hard_modules() {
    for (name, text, expected) in MODULES {
        let machine = "{ imports = [ ./odd.nix ]; services.matrix-synapse.enable = true; }";
        check(name, project(&[("configuration.nix", machine), ("odd.nix", &text())]).path(), expected);
    }
}

/// Inputs that follow each other twice, again and again: all ways through them are more than can be gone.
#[test]
fn a_lock_that_doubles_its_ways() {
    let inputs = (1..46).map(|number| format!(", \"x{number}\": [\"x{0}\", \"x{0}\"]", number - 1));
    let inputs: String = inputs.collect();
    let lock =
        format!(r#"{{"nodes": {{"root": {{"inputs": {{"x0": "root"{inputs}}}}}}}, "root": "root", "version": 7}}"#);
    let flake = "{ inputs.x45.url = \"github:a/b\"; outputs = { self, x45, nixpkgs }: { nixosConfigurations.a =
        nixpkgs.lib.nixosSystem { modules = [ x45.nixosModules.default { services.matrix-synapse.enable = true; } ]; }; }; }";
    check("lock", project(&[("flake.nix", flake), ("flake.lock", &lock)]).path(), "Checked 1 configuration");
}

/// Patterns take far more memory than their text has bytes, and each folder may have a file of them.
#[test]
fn lists_of_ignored_files_without_end() {
    let (patterns, machine) = ("*?b[c-z]*x**/a*\n".repeat(200_000), "{ services.matrix-synapse.enable = true; }");
    let folder = project(&[("configuration.nix", machine), (".gitignore", &patterns), ("a/.gitignore", &patterns)]);
    check("many patterns", folder.path(), "not read: .gitignore: with those around it, it has more than 256 KB");
    let settings = format!("skip = [\"{}\"]", "[a-z]*".repeat(200_000));
    std::fs::write(folder.path().join("optlint.toml"), settings).expect("the settings");
    let (status, said) = run(limited(folder.path(), "", &["check", "."]));
    assert!(status == 2 && said.contains("more than 256 KB of patterns"), "{status}: {said}");
}
