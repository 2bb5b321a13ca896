#!/usr/bin/env python3
"""What the bridge costs: Nix with the bridge's expression against plain Nix on the same options.

Usage: cost.py OPTLINT FIXTURE…   (names of folders under fixtures/configurations/)

Prints a table for docs/bridge.md: the least time at the processor of several
runs and the peak memory. Plain Nix
evaluates every defined option of the same prefixes to its end, each part under `tryEval`, to JSON.
"""

import os
import pathlib
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


def measured(command, text):
    """Least seconds at the processor, and megabytes at most, of a command that reads `text`."""
    best, peak = float("inf"), 0
    for _ in range(ROUNDS):
        with tempfile.TemporaryFile() as given:
            given.write(text.encode())
            given.seek(0)
            child = subprocess.Popen(command, stdin=given, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            _, status, usage = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
            best, peak = min(best, usage.ru_utime + usage.ru_stime), max(peak, usage.ru_maxrss / 1024)
    return best, peak


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
    print("| Configuration | plain Nix | the bridge | time | memory |\n|---|---|---|---|---|")
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
            plain = measured(["nix-instantiate", "--eval", "--strict", "--json", "-"], PLAIN % (file, options))
            ours = measured(["nix-instantiate", *arguments], text)
            times, memory = ours[0] / plain[0], ours[1] / plain[1]
            print(
                f"| {name} | {plain[0]:.2f} s, {plain[1]:.0f} MB | {ours[0]:.2f} s, {ours[1]:.0f} MB "
                f"| {times:.2f} × | {memory:.2f} × |"
            )


main()
