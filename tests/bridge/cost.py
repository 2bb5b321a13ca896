#!/usr/bin/env python3
"""What the bridge costs: Nix with the bridge's expression against plain Nix on the same options.

Usage: cost.py OPTLINT FIXTURE…   (names of folders under fixtures/configurations/)

Prints a table for docs/bridge.md: the least time at the processor of several
runs, in turn, and the peak memory; with `valgrind` on the PATH also the instructions, which do not
depend on what else the machine does. Plain Nix
evaluates every defined option of the same prefixes to its end, each part under `tryEval`, to JSON.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROUNDS = 15
HERE = pathlib.Path(__file__).resolve().parent
# Whole names of options or of sets of them.
PREFIXES = ["services.matrix-synapse", "services.nginx.virtualHosts", "networking"]

PLAIN = """
let
  target = import %s;
  options = node: if node._type or null == "option" then [ node ] else builtins.concatMap options (builtins.attrValues node);
  try = value: let tried = builtins.tryEval value; in if tried.success then plain tried.value else null;
  plain = value:
    if builtins.isFunction value then null
    else if builtins.isPath value then toString value
    else if builtins.isList value then map try value
    else if !builtins.isAttrs value then value
    else if value.type or null == "derivation" then value.name
    else builtins.mapAttrs (_: try) value;
in
map (option: try (if option.isDefined then option.value else null)) (builtins.concatMap options [ %s ])
"""


def measured(both):
    """Least seconds at the processor, and megabytes at most, of commands and what they read, run in turn."""
    found = [(float("inf"), 0) for _ in both]
    for _ in range(ROUNDS):
        for index, (command, text) in enumerate(both):
            with tempfile.TemporaryFile() as given:
                given.write(text.encode())
                given.seek(0)
                child = subprocess.Popen(command, stdin=given, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                _, status, usage = os.wait4(child.pid, 0)
                child.returncode = os.waitstatus_to_exitcode(status)
            best, peak = found[index]
            found[index] = min(best, usage.ru_utime + usage.ru_stime), max(peak, usage.ru_maxrss / 1024)
    return found


def instructions(command, text):
    """Millions of instructions of a command that reads `text`; None without valgrind."""
    if not shutil.which("valgrind"):
        return None
    with tempfile.NamedTemporaryFile() as counts:
        counting = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={counts.name}", *command]
        run = subprocess.run(counting, input=text, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    found = re.search(r"Collected : (\d+)", run.stderr)
    return int(found[1]) / 1e6 if found else None


def bridge(optlint, folder, file, work):
    """The command and the input with which the program runs Nix."""
    wrapper = work / "nix-instantiate"
    wrapper.write_text(
        f'#!/bin/sh\n[ "$1" = --version ] && exec nix-instantiate --version\n'
        f'printf "%s\\n" "$@" > {work}/arguments; cat > {work}/input; exec nix-instantiate "$@" < {work}/input\n'
    )
    wrapper.chmod(0o755)
    command = [optlint, "show", "--eval", "--eval-file", str(file), "--nix", str(wrapper), "--path", str(folder)]
    subprocess.run(command + PREFIXES, check=True, stdout=subprocess.DEVNULL)
    return (work / "arguments").read_text().splitlines(), (work / "input").read_text()


def main():
    optlint, names = sys.argv[1], sys.argv[2:]
    print("| Configuration | plain Nix | the bridge | time | instructions | memory |\n|---|---|---|---|---|---|")
    for name in names:
        with tempfile.TemporaryDirectory() as folder:
            work = pathlib.Path(folder)
            file = work / "evaluated.nix"
            tests = HERE.parent
            file.write_text(
                f'import {tests}/options/fixture.nix {{ nixpkgsLib = {os.environ.get("NIXPKGS_LIB", HERE / "lib.nix")}; }} "{name}"\n'
            )
            source = tests.parent / "fixtures/configurations" / name
            arguments, text = bridge(optlint, source, file, work)
            options = " ".join(f"target.options.{prefix}" for prefix in PREFIXES)
            both = [
                (["nix-instantiate", "--eval", "--strict", "--json", "-"], PLAIN % (file, options)),
                (["nix-instantiate", *arguments], text),
            ]
            plain, ours = measured(both)
            times, memory = ours[0] / plain[0], ours[1] / plain[1]
            counts = [instructions(*one) for one in both]
            counted = f"{counts[1] / counts[0]:.2f} ×" if all(counts) else "–"
            print(
                f"| {name} | {plain[0]:.3f} s, {plain[1]:.0f} MB | {ours[0]:.3f} s, {ours[1]:.0f} MB "
                f"| {times:.2f} × | {counted} | {memory:.2f} × |"
            )


main()
