"""docs/performance.md and its plots, written from figures."""

from parts import AGAIN
from plot import bars, growth, seconds

# One sentence per line, as in all documents.
INTRODUCTION = """<!-- Written by tests/performance/measure.py -->

# Performance

What optlint costs beside `statix`, `deadnix`, and a program that does the least that one of this kind must do.

## Method

`python3 tests/performance/measure.py OPTLINT --statix PROGRAM --deadnix PROGRAM --large FOLDER` \
measures everything anew and writes this page; `--only PART,…` does so for some parts.
Other needs are Python, `hyperfine`, GNU `time`, and Cargo for the floor.

- Times are wall-clock times of whole processes, output thrown away, files in the page cache.
- Programs are run in turn, in rounds, each first once in a while: what else the machine does meets all of them.
  A time is the median of rounds; a ratio is the median of the rounds' own ratios.
- Memory is the largest resident set, the median of three runs.
- *optlint* looks at everything anew (`--no-cache`); *optlint, again* has run before, and nothing has changed since: \
it asks whether what it went by then is the same, and [tells what it said](decisions/012-reports-are-remembered.md).
- All programs run as they come: all rules on, all cores; optlint takes [as many threads as are worth it](decisions/009-threads-walk-the-same-steps.md).
  optlint follows imports and evaluates; the others look at each file's syntax.
- The *floor* (`tests/performance/floor/`) walks the folder, reads every Nix file, searches it for the words \
that rules are about (`SUBJECTS` in `rules/mod.rs`), and parses those that hold one, with the same parser and \
allocator, on all cores.
  It finds nothing.
- Made projects come from `tests/performance/projects.py`, the same each time.
"""


def table(found, base="optlint"):
    """Rows of programs; ratios are to the first of them."""
    rows = ["| Program | Time | Least – most | Beside optlint | Peak memory |", "|---|---|---|---|---|"]
    own = found[base]["seconds"] if base in found else None
    for name, one in found.items():
        ratio = "" if name == base or not own else times(one["ratio"])
        memory = f"{one['memory']:.1f} MB" if one["memory"] else "–"
        rows.append(
            f"| {name} | {seconds(one['seconds'])} | {seconds(one['least'])} – {seconds(one['most'])} "
            f"| {ratio} | {memory} |"
        )
    return "\n".join(rows) + "\n"


def goal(words, value, bound, show, at_most=True):
    """A line that says whether a goal is met."""
    met = value <= bound if at_most else value >= bound
    return f"- {words}: {show(value)}, {'met' if met else '**not met**'}.\n"


def times(value):
    return f"{value:.3g} ×" if value < 100 else f"{value:.0f} ×"


def megabytes(value):
    return f"{value:.1f} MB"


def of_tree(name, title, part, plots, memory):
    """A section on a large folder."""
    found = part["programs"]
    own = found["optlint"]
    text = f"{part['files']:,} Nix files, {part['megabytes']:.0f} MB.\n\n{table(found)}\n"
    text += f"![{title}](performance/{name}.svg)\n\n"
    plots[name] = bars(title, [(one, figures["seconds"]) for one, figures in found.items()])
    for other, bound in [("statix", 6), ("deadnix", 8)]:
        if other in found:
            for words, value in both(found, other, lambda own, other: other / own):
                text += goal(f"Faster than `{other}`{words}, goal {bound} ×", value, bound, times, at_most=False)
    if "floor" in found:
        for words, value in both(found, "floor"):
            text += goal(f"Over the floor{words}, goal 1.4 ×", value, 1.4, times)
    if memory and own["memory"]:
        for name, words in anew_and_again(found):
            text += goal(f"Peak memory{words}, goal {memory} MB", found[name]["memory"], memory, megabytes)
    return text


def both(found, other, ratio=lambda own, other: own / other):
    """How optlint compares with another program, anew and again, and the words for that."""
    other = found[other]["seconds"]
    return [(words, ratio(found[name]["seconds"], other)) for name, words in anew_and_again(found)]


def anew_and_again(found):
    """The two ways in which optlint was measured, with words for them; figures may be older than the second."""
    return [(name, words) for name, words in [("optlint", ""), (AGAIN, ", again")] if name in found]


def large(part, plots):
    text = "Work trees side by side, as people wrote them: home-manager, nixvim, nvf, stylix and users' repositories.\n"
    return "## A large tree\n\n" + text + of_tree("large", "A large tree", part, plots, 40)


def generated(part, plots):
    text = "The same, and beside it what programs wrote: descriptions of packages, and long files of options.\n"
    return "## With generated code\n\n" + text + of_tree("generated", "With generated code", part, plots, None)


def repository(part, plots):
    found = part["programs"]
    text = f"## A repository\n\n{part['files']} files, four machines, one of them a Matrix server with mistakes.\n\n"
    text += table(found) + "\n"
    if "statix" in found:
        for words, value in both(found, "statix"):
            text += goal(f"Beside `statix`{words}, goal 1 ×", value, 1, times)
    return text


def file(part, plots):
    text = f"## One file\n\nOf a repository of {part['files']} files, as a hook names it (`optlint check FILE`):\n\n"
    text += table(part["hook"]) + "\nAs an editor holds it (`--stdin-filename`), read through a shell, which is in all "
    text += "figures:\n\n" + table(part["buffer"])
    text += "\nA file alone, in no project:\n\n" + table(part["alone"])
    text += "\nThe whole repository:\n\n" + table(part["whole"]) + "\n"
    for kind, words in [("alone", "A file alone"), ("hook", "From a hook"), ("buffer", "From an editor")]:
        if "statix" in part[kind]:
            for more, value in both(part[kind], "statix"):
                text += goal(f"{words}{more}, beside `statix`, goal 1 ×", value, 1, times)
    for kind, words in [("hook", "From a hook"), ("buffer", "From an editor")]:
        for name, more in anew_and_again(part[kind]):
            taken = part[kind][name]["seconds"]
            text += goal(f"{words}{more}, in a repository of 300 files, goal 30 ms", taken, 0.03, seconds)
    return text


def start(part, plots):
    found = part["programs"]
    text = "## Start-up\n\n" + table(found, base="true").replace("Beside optlint", "Beside `true`") + "\n"
    base = found["true"]["seconds"]
    for name in ["optlint --version", "optlint, empty folder"]:
        text += goal(f"`{name}` above `true`, goal 2 ms", found[name]["seconds"] - base, 0.002, seconds)
    return text


def fitted(line, unit):
    start, sign = abs(line["start"]), "-" if line["start"] < 0 else ""
    return (
        f"{sign}{seconds(start)} + {seconds(line['slope'])} a {unit}; "
        f"the point farthest from the line is {line['off'] * 100:.0f} % away"
    )


def hosts(part, plots):
    points = part["points"]
    each = {one["n"]: one for one in points}
    rows = [f"| {one['n']} | {seconds(one['seconds'])} | {one['memory'] or 0:.1f} MB |" for one in points]
    plots["hosts"] = growth(
        "Machines of one flake", "machines", {"optlint": ([(one["n"], one["seconds"]) for one in points], part["line"])}
    )
    text = "## Growth with machines\n\nMachines of one flake, each of which imports the same 21 modules, one of them a "
    text += "Matrix server's, and one of its own.\n\n"
    text += "| Machines | Time | Peak memory |\n|---|---|---|\n" + "\n".join(rows) + "\n\n"
    text += "![Growth with machines](performance/hosts.svg)\n\n"
    text += f"- Fitted: {fitted(part['line'], 'machine')}.\n"
    more = each[100]["seconds"] / each[1]["seconds"]
    return text + f"- A hundred machines take {more:.1f} times as long as one.\n"


def files(part, plots):
    series = part["series"]
    names = list(series)
    counts = [one["n"] for one in series["optlint"]]
    rows = []
    for at, n in enumerate(counts):
        cells = [seconds(series[name][at]["seconds"]) for name in names]
        rows.append(f"| {n:,} | {' | '.join(cells)} | {series['optlint'][at]['memory'] or 0:.1f} MB |")
    shown = {
        name: ([(one["n"], one["seconds"]) for one in found], part["lines"][name] if name == "optlint" else None)
        for name, found in series.items()
    }
    plots["files"] = growth("Files", "files", shown)
    head = "| Files | " + " | ".join(names) + " | Peak memory of optlint |\n" + "|---" * (len(names) + 2) + "|\n"
    text = "## Growth with files\n\nRepositories of 100 files side by side, in each twentieth a Matrix server.\n\n"
    text += head + "\n".join(rows) + "\n\n![Growth with files](performance/files.svg)\n\n"
    return text + "".join(f"- Fitted, {name}: {fitted(part['lines'][name], 'file')}.\n" for name in names)


SECTIONS = [large, generated, repository, file, start, hosts, files]


def write(figures, folder):
    """Writes the page and its plots below `folder`, which is docs/."""
    plots, parts = {}, figures["parts"]
    machine = figures["machine"]
    text = INTRODUCTION + f"\nMeasured on {machine['processor']}, {machine['cores']} cores, {machine['system']}, with "
    text += ", ".join(figures["programs"].values()) + ".\n"
    for section in SECTIONS:
        if parts.get(section.__name__):
            text += "\n" + section(parts[section.__name__], plots)
    (folder / "performance").mkdir(exist_ok=True)
    (folder / "performance.md").write_text(text, encoding="utf-8")
    for name, plot in plots.items():
        (folder / f"performance/{name}.svg").write_text(plot, encoding="utf-8")
