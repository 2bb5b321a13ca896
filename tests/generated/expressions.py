"""Generates small expressions, some of whose values nobody can know, and compares what
`optlint eval` knows of them with what Nix computes. See run.sh.

Unknown values come from `import <u>`: optlint cannot look it up, Nix finds one of several files.
Whatever optlint calls known must be so with each of them.
"""

import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile

from writer import Writer

# So many expressions are asked of one Nix, over a thousand a second; of more it takes much longer for each.
AT_ONCE = 300

WORLDS = [
    '{ b = true; c = false; i = 1; j = 2; s = "a"; t = "b"; l = [ 1 2 ]; m = [ "a" ]; a = { x = 1; y = 2; }; d = { }; }',
    '{ b = false; c = false; i = 2; j = 2; s = "a"; t = "a"; l = [ ]; m = [ "b" "a" ]; a = { x = 2; z = 3; }; d = { x = 5; }; }',
    '{ b = false; c = true; i = 0; j = -1; s = ""; t = "x"; l = [ 3 ]; m = [ ]; a = { }; d = { y = 1; z = 2; }; }',
    '{ b = true; c = true; i = 5; j = 1; s = "x"; t = "a.b"; l = [ 2 1 3 ]; m = [ "x" "y" ]; a = { y = 1; }; d = { x = 1; y = 1; }; }',
]
# The folder that holds nixpkgs' `lib`, if its functions are to be called too.
NIXPKGS = os.environ.get("NIXPKGS", "")
LIBRARY = "lib = import <nixpkgs/lib>; " if NIXPKGS else ""
# So many expressions in a row on which Nix gives up at once say that it is not there.
MOST_FUTILE = 20



def agrees(known, real):
    """Whether what optlint knows may be what Nix computed."""
    if isinstance(known, dict):
        if "$unknown" in known and len(known) == 1:
            return True
        if not isinstance(real, dict):
            return False
        open_ = "$unknown" in known
        if any(name not in real or not agrees(value, real[name]) for name, value in known.items() if name != "$unknown"):
            return False
        return open_ or all(name in known for name in real)
    if isinstance(known, list):
        if not isinstance(real, list):
            return False
        marked = [isinstance(item, dict) and list(item) == ["$unknown"] for item in known]
        if any(marked) and not (len(known) == len(real) and all(map(agrees, known, real))):
            # There may be any number of unknown elements: what else is known must be there.
            sure = [item for item, mark in zip(known, marked) if not mark]
            return all(any(agrees(item, other) for other in real) for item in sure)
        return len(known) == len(real) and all(map(agrees, known, real))
    if isinstance(known, float):
        # This Nix may write six digits of it, and `2` for `2.0`.
        return type(real) in (int, float) and abs(known - real) <= 1e-5 * max(1e-300, abs(known))
    return type(known) is type(real) and known == real


def nix(expressions, world):
    """What Nix makes of each: a value, or None where it fails. One process for them, unless Nix
    itself gives up on one for want of stack: the next process takes those behind it."""
    found, futile = [], 0
    while len(found) < len(expressions):
        answers = nix_until_it_gives_up(expressions[len(found) :], world)
        found += answers
        if len(found) < len(expressions):
            found.append(None)
            futile = 0 if answers else futile + 1
            if futile > MOST_FUTILE:
                sys.exit("Nix does not start")
    return found


def nix_until_it_gives_up(expressions, world):
    folder = tempfile.mkdtemp()
    with open(f"{folder}/u.nix", "w") as file:
        file.write(WORLDS[world])
    command = ["nix", "--extra-experimental-features", "nix-command", "repl", "-I", f"u={folder}/u.nix", "-I", f"nixpkgs={NIXPKGS}"]
    lines = ["u = import <u>", LIBRARY.rstrip("; ") or "lib = null"]
    for number, expression in enumerate(expressions):
        with open(f"{folder}/{number}.nix", "wb") as file:
            file.write(f"u: lib: ({expression})".encode())
        lines += [f"builtins.toJSON (import {folder}/{number}.nix u lib)", f'"MARK {number}"']
    done = subprocess.run(command, input="\n".join(lines) + "\n", capture_output=True, text=True, errors="replace", env={**os.environ, "TERM": "dumb"})
    shutil.rmtree(folder)
    found, last = [], None
    for line in re.sub("\x1b\\[[0-9;]*m", "", done.stdout).split("\n"):
        mark = re.fullmatch('"MARK [0-9]+"', line)
        if mark:
            found.append(last)
            last = None
        elif line.startswith('"'):
            last = json.loads(unescaped(line))
    return found


def unescaped(line):
    """The text that Nix prints as a string literal."""
    return re.sub(r"\\(.)", lambda found: {"n": "\n", "r": "\r", "t": "\t"}.get(found[1], found[1]), line[1:-1])


def optlint(expressions):
    """What optlint knows of each; None where it says that Nix fails."""
    folder = tempfile.mkdtemp()
    with open(f"{folder}/expressions", "w") as file:
        file.write("".join(json.dumps(f"let u = import <u>; {LIBRARY}in ({expression})") + "\n" for expression in expressions))
    environment = {**os.environ, "GENERATED": f"{folder}/expressions"}
    command = ["cargo", "test", "-q", *os.environ.get("CARGO_FLAGS", "").split(), "--test", "expressions", "generated_expressions"]
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    with open(f"{folder}/expressions.answers") as file:
        answers = file.read().split("\n")[:-1]
    if len(answers) != len(expressions):
        print("CRASH", expressions[len(answers)], done.stderr[-500:])
    answers += ["error"] * (len(expressions) - len(answers))
    return [None if answer == "error" else json.loads(answer) for answer in answers]


def main():
    count, seed = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1
    rng = random.Random(seed)
    writer = Writer(rng, bool(NIXPKGS))
    expressions = [writer.expression() for _ in range(count)]
    found = optlint(expressions)
    wrong = known = 0
    # Small expressions first.
    order = sorted(range(count), key=lambda at: len(expressions[at]))
    failures = {}
    for world in range(len(WORLDS)):
        real = []
        for start in range(0, count, AT_ONCE):
            real += nix(expressions[start : start + AT_ONCE], world)
        for at in order:
            if real[at] is None and "$unknown" not in json.dumps(found[at]) and found[at] is not None:
                continue
            if real[at] is not None and found[at] is None:
                failures.setdefault(at, f"world {world}: Nix says {json.dumps(real[at])}, optlint that it fails")
            elif real[at] is not None and not agrees(found[at], real[at]):
                failures.setdefault(at, f"world {world}: Nix says {json.dumps(real[at])}, optlint {json.dumps(found[at])}")
    for at in order:
        wrong += at in failures
        known += "$unknown" not in json.dumps(found[at])
        if at in failures and wrong <= 12:
            print(expressions[at], "\n   ", failures[at])
    failing = sum(value is None for value in found)
    print(f"{count} expressions: {known} wholly known, {failing} of them that they fail, {wrong} wrong")
    sys.exit(wrong > 0)


main()
