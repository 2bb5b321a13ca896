"""What is measured: each part makes its project, runs the programs on it, and returns figures."""

import shutil
from pathlib import Path

import projects
from timing import line, paired

HOSTS = [1, 2, 5, 10, 20, 50, 100, 200]
# An optlint that was run before, and where nothing has changed since.
AGAIN = "optlint, again"
FILES = [100, 300, 1_000, 3_000, 10_000, 30_000, 50_000]


class Programs:
    """The command lines of the programs that are there; `cache` is the folder where optlint remembers."""

    def __init__(self, optlint, statix, deadnix, floor, cache):
        self.optlint, self.statix, self.deadnix, self.floor = optlint, statix, deadnix, floor
        self.anew, self.again = f"{optlint} check --no-cache", f"{optlint} check --cache-dir {cache}"

    def check(self, target, floor=False):
        """Name → command line of everything that can look at `target`."""
        lines = {"optlint": f"{self.anew} {target}", AGAIN: f"{self.again} {target}"}
        lines |= {"statix": f"{self.statix} check {target}"} if self.statix else {}
        lines |= {"deadnix": f"{self.deadnix} {target}"} if self.deadnix else {}
        if floor and self.floor:
            lines["floor"] = f"{self.floor} {target}"
        return lines


def extent(folder):
    """Nix files below a folder, and their megabytes."""
    sizes = [file.stat().st_size for file in Path(folder).rglob("*.nix") if file.is_file() and not file.is_symlink()]
    return {"files": len(sizes), "megabytes": sum(sizes) / 1e6}


def tree(programs, folder, rounds):
    """A large folder, with the floor and what parsing everything takes."""
    lines = programs.check(".", floor=True)
    if programs.floor:
        lines["floor, one thread"] = f"{programs.floor} --one-thread ."
        lines["all parsed, one thread"] = f"{programs.floor} --one-thread --all ."
    return extent(folder) | {"programs": paired(lines, folder, rounds=rounds, runs=1)}


def large(programs, work, options):
    return tree(programs, options.large, options.rounds) if options.large else None


def generated(programs, work, options):
    """The large folder with what programs wrote beside it."""
    folder = work / "generated"
    if options.large:
        shutil.copytree(options.large, folder / "written", symlinks=True, ignore_dangling_symlinks=True)
    projects.generated(folder / "generated", 67)
    return tree(programs, folder, max(options.rounds // 2, 3))


def repository(programs, work, options):
    folder = work / "sixty"
    projects.repository(folder, 60)
    return extent(folder) | {"programs": paired(programs.check("."), folder, options.rounds, runs=10)}


def file(programs, work, options):
    """One file of a repository of 300, as a hook names it, and as an editor holds it."""
    folder = work / "three-hundred"
    path = projects.repository(folder, 300)
    name = path.relative_to(folder)
    found = extent(folder) | {"hook": paired(programs.check(str(name)), folder, options.rounds, runs=10)}
    # hyperfine gives nothing to read to what it runs: a shell does.
    stdin = f"--stdin-filename {name}"
    buffer = {"optlint": f"{programs.anew} {stdin}", AGAIN: f"{programs.again} {stdin}"}
    buffer |= {"statix": f"{programs.statix} check --stdin"} if programs.statix else {}
    buffer["only the shell"] = shutil.which("true")
    buffer = {one: f"sh -c 'exec {line} < {path}'" for one, line in buffer.items()}
    found["buffer"] = paired(buffer, folder, options.rounds, runs=10)
    found["whole"] = paired(programs.check("."), folder, options.rounds, runs=5)
    # A file alone: nothing around it is a project.
    alone = work / "alone"
    alone.mkdir()
    shutil.copy(path, alone / "synapse.nix")
    return found | {"alone": paired(programs.check("synapse.nix"), alone, options.rounds, runs=10)}


def start(programs, work, options):
    """Start-up: what there is before there is anything to do."""
    folder = work / "empty"
    folder.mkdir()
    lines = {"true": shutil.which("true"), "optlint --version": f"{programs.optlint} --version"}
    lines |= {f"{name}, empty folder": line for name, line in programs.check(".").items()}
    return {"programs": paired(lines, folder, options.rounds, runs=30)}


def hosts(programs, work, options):
    """Machines of one flake that share their modules."""
    points = []
    for count in [count for count in HOSTS if count <= options.most]:
        folder = work / f"fleet{count}"
        projects.fleet(folder, count)
        found = paired({"optlint": f"{programs.anew} ."}, folder, 3, runs=3 if count < 100 else 1)
        points.append({"n": count, **found["optlint"]})
        shutil.rmtree(folder)
    return {"points": points, "line": line([(one["n"], one["seconds"]) for one in points])}


def files(programs, work, options):
    """Files, in repositories side by side."""
    series = {}
    for count in [count for count in FILES if count <= options.most]:
        folder = work / f"many{count}"
        projects.many(folder, count)
        lines = programs.check(".", floor=True)
        for name, found in paired(lines, folder, 3, runs=3 if count < 1000 else 1).items():
            series.setdefault(name, []).append({"n": count, **found})
        shutil.rmtree(folder)
    points = {name: [(one["n"], one["seconds"]) for one in found] for name, found in series.items()}
    return {"series": series, "lines": {name: line(found) for name, found in points.items()}}


ALL = {part.__name__: part for part in [start, file, repository, large, generated, hosts, files]}
