#!/usr/bin/env python3
"""How many instructions the main paths take, which does not depend on what else the machine does.

Usage: instructions.py OPTLINT [--update] [CASE…]

Runs the program as released (`target/release/optlint`) under valgrind's callgrind, and compares with
`instructions.txt` beside this file: more than 5 % above its figure, a case fails. `--update` writes the figures
anew. They hold for the compiler and the kind of processor that are named there; with others nothing fails.
"""

import argparse
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))
import projects

FIGURES = Path(__file__).with_name("instructions.txt")
FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
ALLOWED = 1.05


def copied(work, name):
    """A fixture by itself: what is around it here would be its project."""
    folder = work / name
    shutil.copytree(FIXTURES / "configurations" / name, folder)
    (folder / ".git").mkdir(exist_ok=True)
    return folder


def version(work):
    return work, ["--version"], None


def empty(work):
    return work, ["check"], None


def module(work):
    (work / "module.nix").write_text(projects.MATRIX)
    return work, ["check", "module.nix"], None


def passed_over(work):
    """A module about nothing that rules are about."""
    (work / "module.nix").write_text(projects.site(0))
    return work, ["check", "module.nix"], None


def buffer(work):
    folder = copied(work, "sample")
    return folder, ["check", "--stdin-filename", "synapse.nix"], folder / "synapse.nix"


def sample(work):
    return copied(work, "sample"), ["check"], None


def repository(work):
    projects.repository(work, 60)
    return work, ["check"], None


def fleet(work):
    projects.fleet(work, 20)
    return work, ["check"], None


def many(work):
    projects.many(work, 1000)
    return work, ["check"], None


CASES = {
    "--version": version,
    "an empty folder": empty,
    "a module": module,
    "a module passed over": passed_over,
    "an unsaved buffer": buffer,
    "the sample, a Matrix host": sample,
    "60 files, four machines": repository,
    "20 machines sharing modules": fleet,
    "1,000 files": many,
}


def count(optlint, case):
    """Instructions of one run."""
    with tempfile.TemporaryDirectory() as name, tempfile.NamedTemporaryFile() as out:
        folder, arguments, text = case(Path(name))
        if arguments[0] == "check":
            # Further threads do some things again, how many depends on their luck.
            arguments = [*arguments, "--threads", "1"]
        call = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={out.name}", str(optlint), *arguments]
        with open(text or "/dev/null", "rb") as given:
            run = subprocess.run(call, cwd=folder, stdin=given, capture_output=True, env={"PATH": "/usr/bin:/bin"})
    found = re.search(rb"Collected : (\d+)", run.stderr)
    if not found or run.returncode not in (0, 1):
        raise SystemExit(f"instructions.py: {' '.join(call)}: {run.stderr.decode(errors='replace')}")
    return int(found[1])


def known():
    """The figures that are kept."""
    lines = FIGURES.read_text().splitlines() if FIGURES.exists() else []
    pairs = [line.rsplit("  ", 1) for line in lines if line and not line.startswith("#")]
    return {name.strip(): int(number.replace(",", "")) for name, number in pairs}


def head():
    compiler = subprocess.run(["rustc", "--version"], capture_output=True, text=True).stdout.split()
    return f"# Instructions, with Rust {compiler[1]} on {platform.machine()}; written by instructions.py --update\n"


def write(figures):
    lines = [f"{name:<30}  {figures[name]:>15,}\n" for name in CASES if name in figures]
    FIGURES.write_text(head() + "".join(lines))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("optlint", type=lambda path: Path(path).resolve(), help="the program as released")
    parser.add_argument("cases", nargs="*", metavar="CASE", help=f"of: {'; '.join(CASES)}")
    parser.add_argument("--update", action="store_true", help="write the figures anew")
    options = parser.parse_args()
    if not shutil.which("valgrind"):
        raise SystemExit("instructions.py: no valgrind on the PATH")
    figures, worse = known(), []
    for name in options.cases or CASES:
        found, before = count(options.optlint, CASES[name]), figures.get(name)
        change = f"{(found / before - 1) * 100:+.1f} %" if before else "new"
        print(f"{name:<30}  {found:>15,}  {change}", flush=True)
        if not options.update and (before is None or found > before * ALLOWED):
            worse.append(name)
        figures[name] = found
    if options.update:
        write(figures)
    if FIGURES.exists() and not FIGURES.read_text().startswith(head()):
        print(f"{FIGURES.name} is of another compiler or kind of processor: nothing follows from it")
    elif worse:
        raise SystemExit(f"more than {(ALLOWED - 1) * 100:.0f} % above {FIGURES.name}: {'; '.join(worse)}")


if __name__ == "__main__":
    main()
