#!/usr/bin/env python3
"""How fast optlint is, beside others: measures, and writes docs/performance.md with its plots.

Usage: measure.py OPTLINT [--statix PROGRAM] [--deadnix PROGRAM] [--large FOLDER] [--only PART,…]

Parts: start, file, repository, large, generated, hosts, files. Figures of parts that are not measured stay as they
are in docs/performance/figures.json. `--large` is a folder with work trees side by side; without it the part of that
name is left out. Needs hyperfine, GNU time, and Cargo.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))
import document
import parts
import timing

HERE = Path(__file__).resolve().parent
DOCS = HERE.parents[1] / "docs"


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("optlint", type=Path, help="the program as released")
    parser.add_argument("--statix", type=Path)
    parser.add_argument("--deadnix", type=Path)
    parser.add_argument("--large", type=lambda path: Path(path).resolve(), help="a folder with work trees side by side")
    parser.add_argument("--only", type=lambda text: text.split(","), default=list(parts.ALL), help="parts, with commas")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--most", type=int, default=50_000, help="no more machines or files than these")
    parser.add_argument("--docs", type=Path, default=DOCS, help="where performance.md is written")
    parser.add_argument("--work", type=Path, help="where projects are made, about 400 MB (default: a temporary folder)")
    options = parser.parse_args()
    unknown = set(options.only) - set(parts.ALL)
    if unknown:
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    return options


def built_floor():
    """The program that does the least."""
    folder = HERE / "floor"
    subprocess.run(["cargo", "build", "--release", "--quiet"], cwd=folder, check=True)
    return folder / "target/release/optlint-floor"


def version(program, name):
    """What a program calls itself; some have no flag for it."""
    found = subprocess.run([program, "--version"], capture_output=True, text=True).stdout.strip()
    return found if found.startswith(name) else name


def machine():
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return {
        "processor": names[0] if names else platform.processor() or platform.machine(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
    }


def main():
    options = arguments()
    timing.need("hyperfine", "it measures")
    found = {name: getattr(options, name) for name in ["optlint", "statix", "deadnix"]}
    found = {name: path.resolve() for name, path in found.items() if path}
    cache = tempfile.TemporaryDirectory(dir=options.work)
    others = (found.get("statix"), found.get("deadnix"), built_floor())
    programs = parts.Programs(found["optlint"], *others, cache.name)
    store = options.docs / "performance/figures.json"
    figures = json.loads(store.read_text()) if store.exists() else {"parts": {}}
    figures["machine"] = machine()
    figures["programs"] = {name: version(path, name) for name, path in found.items()}
    store.parent.mkdir(parents=True, exist_ok=True)
    for name in options.only:
        began = time.monotonic()
        with tempfile.TemporaryDirectory(dir=options.work) as work:
            result = parts.ALL[name](programs, Path(work), options)
        print(f"{name}: {'left out' if result is None else f'{time.monotonic() - began:.0f} s'}", flush=True)
        if result is not None:
            figures["parts"][name] = result
            # After each part, so that an interrupted run leaves what it has.
            store.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
            document.write(figures, options.docs)


if __name__ == "__main__":
    main()
