#!/usr/bin/env python3
"""Holds our module system to nixpkgs' own tests of its (lib/tests/modules.sh).

Usage: module_tests.py OPTLINT LIB [-v]: the program, and the path of nixpkgs' `lib` folder.

Each check there asks for one value of a set of modules. Where it says what comes out, ours is
right, unknown or wrong (also when we say that Nix fails); where it says that Nix refuses it, ours
is refused, unknown or unsound.
Ends with 1 if anything is wrong or unsound; -v says what is unknown.
"""

import json
import os
import re
import subprocess
import sys

# The checks' own functions, replaced by some that say how they were called. Where a warning is an
# error, the values are the same.
RECORD = r"""
record() { if [ -z "${NIX_ABORT_ON_WARN:-}" ]; then printf '%s\0' "$@"; printf '\n\0'; fi; }
for check in checkConfigOutput checkConfigError checkConfigCodeOutErr checkExpression; do
  eval "$check() { record $check \"\$@\"; }"
  readonly -f $check
done
"""
SYSTEM = "(import ./default.nix {{ lib = import <nixpkgs/lib>; modules = [ {} ]; }}).{}"


def checks(lib):
    """What each check asks for: the wanted text or `None` where Nix refuses it, an expression."""
    with open(f"{lib}/tests/modules.sh") as file:
        text = file.read().replace('DIR="$( cd "$( dirname "${BASH_SOURCE[0]}" )" >/dev/null && pwd )"', f"DIR={lib}/tests")
    script = RECORD + re.sub(r"^set -o .*$", "", text, flags=re.M)
    done = subprocess.run(["bash", "-c", script], capture_output=True, cwd=f"{lib}/tests/modules")
    calls = [call.strip("\0").split("\0") for call in done.stdout.decode().split("\n\0")]
    for kind, *given in (call for call in calls if call[0].startswith("check")):
        if kind == "checkExpression":
            # About the graph of modules, which ours does not give.
            continue
        wanted, *rest = given if kind != "checkConfigCodeOutErr" else [given[1] if given[0] == "0" else None, *given[3:]]
        attribute, *modules = rest
        yield wanted if kind != "checkConfigError" else None, SYSTEM.format(" ".join(modules), attribute)


def verdict(optlint, lib, wanted, expression):
    command = [optlint, "eval", "--json", "--expr", expression]
    done = subprocess.run(command, capture_output=True, text=True, cwd=f"{lib}/tests/modules")
    if done.returncode not in (0, 1):
        return "crash", done.stderr
    try:
        value = json.loads(done.stdout)
    except ValueError:
        return ("refused" if wanted is None else "wrong"), done.stderr
    if "$unknown" in done.stdout:
        fails = wanted is not None and "evaluation fails" in done.stdout
        return ("wrong" if fails else "unknown"), done.stdout
    if wanted is None:
        return "unsound", done.stdout
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    matches = subprocess.run(["grep", "-Eq", wanted], input=text, text=True).returncode == 0
    return ("right" if matches else "wrong"), text


def main():
    optlint, lib = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    counts = {}
    for wanted, expression in checks(lib):
        found, answer = verdict(optlint, lib, wanted, expression)
        title = found if found != "unknown" else "unknown" if wanted else "unknown where Nix refuses"
        counts[title] = counts.get(title, 0) + 1
        if found in ("wrong", "unsound", "crash") or found == "unknown" and "-v" in sys.argv:
            print(f"{title}: {expression}\n    wanted {wanted}, got {answer.strip()[:400]}")
    print(", ".join(f"{count} {title}" for title, count in sorted(counts.items())))
    sys.exit(any(title in counts for title in ("wrong", "unsound", "crash")))


main()
