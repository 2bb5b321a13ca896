#!/usr/bin/env python3
"""How much of real configurations is decided: a Markdown table.

usage: decided.py OPTLINT FOLDER [-v] [--only TEXT]
FOLDER holds one work tree per folder. Asks `optlint show`, `vhosts` and `check` about each and prints, for each facet
of a Matrix server, how many trees have it and in how many it is known, symbolic (a text with a hole whose cause lies
outside what was read, so that it can still be compared) or undecided; every instance in a tree has to be, and the
worst of them counts. A tree has a facet when optlint reads a definition of it, or when the text of a file says so:
what optlint did not see counts as undecided. A file's text says so outside of addresses (a health check that asks
`http://localhost/_matrix/…` leads nobody to Synapse) and of declared options, whose examples define nothing. The
columns L1 to L3 are what resolvers of growing strength decided of 102 repositories when people classified them by
hand: one file; with imports and values of other files; with functions, `lib`, option defaults and entry points. -v
lists what is not decided, with cause and place.
"""
import json, os, re, signal, statistics, subprocess, sys, tempfile, time
from collections import Counter

KNOWN, SYMBOLIC, UNDECIDED = range(3)
TIMEOUT = 60
# Causes that lie outside what was read: the same hole is the same text.
OUTSIDE = {"undefined", "argument", "input", "fetched", "outside", "search-path", "package"}
ALONE = "other modules of the configuration may define it"
FACETS = [  # name, share decided by hand at L1, L2, L3
    ("server_name", 51, 67, 95),
    ("secret settings: in the store or not", 65, 73, 98),
    ("extraConfigFiles: in the store or not", 77, 78, 98),
    ("names of vhosts that lead to Synapse", 36, 47, 94),
    ("names of vhosts that serve Element", 33, 51, 96),
]
SECRET = re.compile(
    r"^(registration_shared_secret|macaroon_secret_key|form_secret|turn_shared_secret|turn_password|recaptcha_private_key"
    r"|worker_replication_secret|client_secret|smtp_pass|pepper|password|bind_password|secret|admin_token|hs_token|as_token"
    r"|access_key_id|secret_access_key)(_path|_file)?$"
)
SECRET_RULES = re.compile(r"^(inline-|read-file-secret|path-as-secret|secret-path-in-store|unquoted-secret-path)")
SYNAPSE = "services.matrix-synapse"
# A module of its own that takes the same settings.
NEXT = "services.matrix-synapse-next"
# What the text of a file that has a facet looks like, without what `plain` takes away.
PROXY = r"\b([Pp]roxyPass|proxy_pass|reverse_proxy)\b"
TEXT = {
    0: re.compile(r"\bserver_name\b\s*=|inherit[^;]*\bserver_name\b"),
    2: re.compile(r"\bextraConfigFiles\b\s*="),
    3: re.compile(r"(?<!\w)_matrix[\s\S]*%s|%s[\s\S]*(?<!\w)_matrix" % (PROXY, PROXY)),
    4: re.compile(r"\b(root|alias)\b[^;]*element-web|element-web\.override|\broot \*? ?\$\{[^}]*element"),
}
WEB = re.compile(r"(?i)virtualhosts|nginx|caddy|httpd|vhost")
COMMENT = re.compile(r"/\*[\s\S]*?\*/|(?m:(^|\s)#.*$)")
# Whom a request is passed on to, or asks, is not what it is for: a location's path is, not the address behind it.
ADDRESS = re.compile(r"https?://[^\s\"';]*")
DECLARED = re.compile(r"=\s*(lib\.)?mkOption\s*\{")
MAIN = re.compile(r"\bservices\.matrix-synapse\b\s*=|\bmatrix-synapse\b\s*=\s*(lib\.)?(mkIf|\{|rec|mkMerge)|\bmatrix-synapse\.(enable|settings|server_name)\b")


def run(tool, tree, *args):
    """What a command writes to standard output, its seconds (by the clock, of the processor), its peak memory in KiB."""
    with tempfile.TemporaryFile() as out:
        started = time.time()
        child = subprocess.Popen([tool, *args], cwd=tree, stdout=out, stderr=subprocess.DEVNULL)
        signal.signal(signal.SIGALRM, lambda *_: child.kill())
        signal.alarm(TIMEOUT)
        _, status, usage = os.wait4(child.pid, 0)
        signal.alarm(0)
        child.returncode = status
        out.seek(0)
        try:
            answer = json.load(out)
        except ValueError:
            answer = None
        return answer, (time.time() - started, usage.ru_utime + usage.ru_stime), usage.ru_maxrss


def plain(text):
    """A file's text without comments, addresses, and declared options with their examples: those define nothing."""
    text = ADDRESS.sub(" ", COMMENT.sub(" ", text))
    kept, at = [], 0
    for declared in DECLARED.finditer(text):
        if declared.start() < at:
            continue
        kept.append(text[at : declared.start()])
        at, open = declared.end(), 1
        while open and at < len(text):
            open += {"{": 1, "}": -1}.get(text[at], 0)
            at += 1
        if open:
            return text
    return "".join([*kept, text[at:]])


def worst(states):
    return max(states, default=KNOWN)


def reasons(value):
    """Every unknown inside a value."""
    if isinstance(value, dict):
        if "$unknown" in value:
            yield value["$unknown"]
            return
        for inner in value.values():
            yield from reasons(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from reasons(inner)


def of_text(value):
    """How much of a text is known."""
    if isinstance(value, dict) and "$one_of" in value:
        return max(SYMBOLIC, worst(map(of_text, value["$one_of"])))
    if isinstance(value, dict) and "$maybe" in value:
        return max(SYMBOLIC, of_text(value["$maybe"]))
    if isinstance(value, dict) and ("$text" in value or "$unknown" in value or "$path" in value):
        holes = list(reasons(value))
        fine = lambda hole: hole["kind"] in OUTSIDE or hole["cause"] == ALONE
        return KNOWN if not holes else SYMBOLIC if all(map(fine, holes)) else UNDECIDED
    return KNOWN


def of_place(value, undecided):
    """Whether it is decided that what a value names, or says, lies in the store; `undecided`: causes for which not."""
    if isinstance(value, list):
        return worst(of_place(item, undecided) for item in value)
    if isinstance(value, dict):
        if "$one_of" in value:
            return worst(of_place(item, undecided) for item in value["$one_of"])
        if "$maybe" in value:
            return of_place(value["$maybe"], undecided)
        if "$text" in value and isinstance(value["$text"][0], str):
            return KNOWN
        if "$text" in value or "$unknown" in value:
            return UNDECIDED if next(reasons(value))["cause"] in undecided else SYMBOLIC
    return KNOWN


def secrets(path, value):
    """The secrets in the value of an option, with their paths."""
    last = path[-1]
    if SECRET.match(last) and not (isinstance(value, dict) and not any(key.startswith("$") for key in value)):
        if value is not None and value != "":
            yield ".".join(path), value
    elif isinstance(value, dict):
        for name, inner in value.items():
            if name in ("$one_of", "$maybe"):
                yield from secrets(path, inner)
            elif not name.startswith("$"):
                yield from secrets([*path, name], inner)
    elif isinstance(value, list):
        for inner in value:
            yield from secrets([*path, "[]"], inner)


class Tree:
    """What is found in one tree: instances (state, file, line, cause) of each facet."""

    def __init__(self, tool, tree):
        self.instances = {facet: [] for facet in range(len(FACETS))}
        # Files of which it is known what they have to do with a facet.
        self.seen = {facet: set() for facet in range(len(FACETS))}
        shown, _, _ = run(tool, tree, "show", "--format", "json", SYNAPSE, NEXT)
        vhosts, _, _ = run(tool, tree, "vhosts", "--format", "json")
        checked, self.seconds, self.memory = run(
            tool, tree, "check", "--format", "json", "--undecided", "--fail-on", "never", "."
        )
        self.failed = checked is None
        self.undecided = (checked or {}).get("undecided", [])
        self.configurations = (shown or {}).get("configurations", [])
        self.read = {file for one in self.configurations if one["whole"] for file in one["files"]}
        enabled = [
            one["value"]
            for configuration in self.configurations
            if configuration["whole"]
            for option in configuration["options"]
            for one in option["definitions"]
            if one["option"] == option["option"] + ".enable" and one["file"]
        ]
        self.alone = {one["name"]: one["files"] for one in self.configurations if not one["whole"]}
        # No whole configuration has a Synapse.
        self.off = bool(self.read) and all(value is False for value in enabled)
        for one in self.configurations:
            self.synapse(one)
        self.vhosts((vhosts or {}).get("configurations", []))
        self.texts(tree)

    def add(self, facet, state, place, value, note=""):
        why = next((reason for reason in reasons(value)), None)
        cause = note or (why["cause"] if why else "")
        line = (place.get("range") or {}).get("start", {}).get("line", 0)
        self.instances[facet].append((state, place.get("file") or "", line, cause))
        self.seen[facet].add(place.get("file"))

    def causes(self, rule, option):
        """Why a rule could not decide something about an option."""
        plain = option.replace(".[]", "")
        strip = lambda text: re.sub(r"\[\d+\]|\.\d+(?=\.|$)", "", text)
        about = lambda one: rule.match(one["rule"]) and strip(one["option"]).startswith(plain)
        return {one["cause"] for one in self.undecided if about(one)}

    def synapse(self, configuration):
        definitions = [(option["option"], one) for option in configuration["options"] for one in option["definitions"]]
        for synapse, one in definitions:
            if not one["file"] or not one["counts"]:
                continue
            path, value = one["option"].split("."), one["value"]
            below = one["option"][len(synapse) + 1 :].removeprefix("settings.")
            if below == "server_name":
                self.add(0, of_text(value), one, value)
            elif below == "extraConfigFiles":
                undecided = self.causes(re.compile("^extra-config-file-in-store$"), one["option"])
                self.add(2, of_place(value, undecided), one, value)
            elif below in ("", "settings") and isinstance(value, dict) and ("$unknown" in value or "$others" in value):
                # A set that is not spelled out may hold anything.
                for facet in (0, 1):
                    self.add(facet, UNDECIDED, one, value, "a set: " + next(reasons(value))["cause"])
            for option, secret in secrets(path, value):
                # NixOS writes settings to a file in the store: one that names no file lies there whatever it says.
                lies_there = ".settings." in option and not option.endswith(("_path", "_file"))
                outside = lies_there and all(hole["kind"] in OUTSIDE for hole in reasons(secret))
                undecided = set() if outside else self.causes(SECRET_RULES, option)
                self.add(1, of_place(secret, undecided), one, secret)

    def vhosts(self, configurations):
        for facet, key in ((3, "synapse"), (4, "element")):
            for one in configurations:
                for vhost in one["vhosts"]:
                    if vhost[key]["answer"] is True:
                        # Only one place is told of a host that several modules make up.
                        self.seen[facet].update(self.alone.get(one["name"], []))
                        names = vhost["names"] or [{"$unknown": {"kind": "none", "cause": "no name"}}]
                        values = names + ([vhost["more_names"]] if vhost["more_names"] else [])
                        place = vhost[key] if vhost[key]["file"] else vhost
                        self.add(facet, worst(map(of_text, values)), place, values)
        self.perhaps = {
            (facet, vhost[key]["file"]): next(reasons(vhost[key]["answer"]))["cause"]
            for facet, key in ((3, "synapse"), (4, "element"))
            for one in configurations
            for vhost in one["vhosts"]
            # Of a file that a whole configuration reads, that one's answer counts.
            if isinstance(vhost[key]["answer"], dict) and (one["whole"] or vhost[key]["file"] not in self.read)
        }

    def texts(self, tree):
        """Compares with what the files themselves say."""
        self.main = []
        for folder, folders, files in os.walk(tree):
            folders[:] = sorted(name for name in folders if name != ".git")
            for name in sorted(files):
                path = os.path.join(folder, name)
                if not name.endswith(".nix") or os.path.islink(path):
                    continue
                with open(path, errors="replace") as file:
                    text = file.read()
                if "\0" in text:
                    continue
                text = plain(text)
                name = os.path.relpath(path, tree)
                if MAIN.search(text):
                    self.main.append((name, name in self.read))
                for facet, pattern in TEXT.items():
                    beside = MAIN if facet in (0, 2) else WEB
                    if not pattern.search(text) or not beside.search(text):
                        continue
                    if name in self.seen[facet]:
                        continue
                    perhaps = self.perhaps.get((facet, name))
                    if perhaps:
                        self.instances[facet].append((UNDECIDED, name, 0, "perhaps: " + perhaps))
                    elif name in self.read and (facet < 3 or facet == 3 and self.off):
                        # Every configuration that reads the file leaves it out.
                        self.instances[facet].append((KNOWN, name, 0, "switched off"))
                    elif name not in self.read or not self.instances[facet]:
                        self.instances[facet].append((UNDECIDED, name, 0, "not seen, though the text says so"))


def main():
    tool, folder = os.path.abspath(sys.argv[1]), sys.argv[2]
    verbose, only = "-v" in sys.argv, sys.argv[sys.argv.index("--only") + 1] if "--only" in sys.argv else ""
    names = sorted(name for name in os.listdir(folder) if only in name and os.path.isdir(os.path.join(folder, name)))
    trees = {name: Tree(tool, os.path.join(folder, name)) for name in names}
    print("| facet | trees | known | symbolic | undecided | decided | L1 | L2 | L3 |")
    print("|---|---|---|---|---|---|---|---|---|")
    for facet, (label, *levels) in enumerate(FACETS):
        states = [worst(one[0] for one in tree.instances[facet]) for tree in trees.values() if tree.instances[facet]]
        count, all = Counter(states), len(states) or 1
        share = lambda number: "%d (%.0f %%)" % (number, 100 * number / all)
        cells = [share(count[state]) for state in (KNOWN, SYMBOLIC, UNDECIDED)]
        decided = "%.0f %%" % (100 * (count[KNOWN] + count[SYMBOLIC]) / all)
        print("| %s |" % " | ".join([label, str(len(states)), *cells, decided, *("%d %%" % level for level in levels)]))
    main = [reached for tree in trees.values() for _, reached in tree.main]
    some = [any(reached for _, reached in tree.main) for tree in trees.values() if tree.main]
    slowest = max(trees, key=lambda name: trees[name].seconds[1])
    largest = max(trees, key=lambda name: trees[name].memory)
    percent = lambda items: "%d of %d (%.0f %%)" % (sum(items), len(items), 100 * sum(items) / (len(items) or 1))
    print()
    print("Files that define Synapse, reached from a whole configuration: %s;" % percent(main), end=" ")
    print("trees in which one is: %s." % percent(some))
    for which, what in enumerate(("by the clock", "of the processor")):
        seconds = [tree.seconds[which] for tree in trees.values()]
        print("`check`: median %.2f s, worst %.2f s %s;" % (statistics.median(seconds), max(seconds), what), end=" ")
    print("slowest %s;" % slowest, end=" ")
    print("peak memory %.0f MiB (%s)." % (trees[largest].memory / 1024, largest), end=" ")
    print("Failed: %s." % (", ".join(name for name, tree in trees.items() if tree.failed) or "none"))
    if verbose:
        for facet, (label, *_) in enumerate(FACETS):
            for state, word in ((UNDECIDED, "undecided"), (SYMBOLIC, "symbolic")):
                for name, tree in trees.items():
                    for found, file, line, cause in sorted(set(tree.instances[facet])):
                        if found == state:
                            print("%s\t%s\t%s\t%s:%d\t%s" % (label, word, name, file, line, cause))
        for name, tree in trees.items():
            for file, reached in tree.main:
                if not reached:
                    print("not reached\t%s\t%s" % (name, file))
        for name in sorted(trees, key=lambda name: -trees[name].seconds[1])[:12]:
            print("slow\t%s\t%.2f s\t%.2f s\t%.0f MiB" % (name, *trees[name].seconds, trees[name].memory / 1024))


main()
