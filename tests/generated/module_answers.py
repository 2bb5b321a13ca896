"""What Nix makes of sets of modules: the values of their options, one record for each world.

Usage: module_answers.py FOLDER - writes `worlds.json` beside each `configuration.nix` below it.
Some conditions and values come from `import <u>`: optlint cannot look it up, Nix finds one of
several files. Whatever optlint calls known must be so with each of them.
"""

import json
import os
import re
import subprocess
import sys
import tempfile

WORLDS = [
    """{
      b = true; c = false; i = 1; s = "a"; n = "a"; l = [ 1 ]; m = [ "a" ];
      d = { a = 1; }; o = { a = { a = 1; }; b.b = [ 1 ]; };
      g = { a.l = [ 5 ]; a.x = 2; };
    }""",
    """{
      b = false; c = false; i = 7; s = "b"; n = null; l = [ ]; m = [ ];
      d = { b = 2; c = 3; }; o = { }; g = { };
    }""",
    """{
      b = false; c = true; i = 0; s = "c"; n = "c"; l = [ 2 3 ]; m = [ "b" "a" ];
      d = { }; o = { a.b = "a"; c.a = 2; }; g = { a.t = "more"; a.s.j = 2; };
    }""",
]
UNKNOWN = re.compile(r"\bu\.")
HERE = os.path.dirname(os.path.realpath(__file__))


def nix(folders, world, base):
    """What Nix makes of each folder's modules; `base` holds the worlds."""
    answers = {folder: {} for folder in folders}
    todo, skip = list(folders), []
    while todo:
        part = todo[:200]
        command = ["nix-instantiate", "--eval", "--readonly-mode", "-I", f"u={base}/world{world}.nix",
                   "--argstr", "sets", json.dumps(part), "--argstr", "skip", json.dumps(skip),
                   "--argstr", "nixpkgsLib", os.environ["NIXPKGS_LIB"], f"{HERE}/modules.nix"]
        done = subprocess.run(command, capture_output=True, text=True)
        tried = None
        for line in done.stderr.splitlines():
            if not line.startswith("trace: at-case "):
                continue
            case = json.loads(line[len("trace: at-case "):])
            if "name" not in case:
                todo, skip, tried = todo[1:], [], None
            elif "value" not in case:
                tried = case["name"]
            else:
                answers[case["folder"]][case["name"]] = case["value"]
                skip.append(f"{case['folder']} {case['name']}")
                tried = None
        if done.returncode != 0:
            # Nothing catches what this one does.
            if tried:
                answers[todo[0]][tried] = {"$fails": True}
            skip.append(f"{todo[0]} {tried or '*'}")
            if os.environ.get("VERBOSE"):
                print(todo[0], tried, [line for line in done.stderr.splitlines() if line.startswith("error")][:1], flush=True)
    return answers


def record(folders):
    """Writes `worlds.json` into each folder of modules."""
    uncertain = {folder for folder in folders if any(UNKNOWN.search(text) for text in modules(folder))}
    found = {folder: [] for folder in folders}
    with tempfile.TemporaryDirectory() as base:
        for world, text in enumerate(WORLDS):
            with open(f"{base}/world{world}.nix", "w") as file:
                file.write(text)
            wanted = [folder for folder in folders if world == 0 or folder in uncertain]
            for folder, answer in nix(wanted, world, base).items():
                found[folder].append(answer)
    for folder, answers in found.items():
        with open(f"{folder}/worlds.json", "w") as file:
            file.write(json.dumps(answers, sort_keys=True) + "\n")


def modules(folder):
    for name in os.listdir(folder):
        if name.endswith(".nix"):
            with open(f"{folder}/{name}") as file:
                yield file.read()


if __name__ == "__main__":
    record(sorted(entry.path for entry in os.scandir(os.path.realpath(sys.argv[1])) if os.path.exists(f"{entry.path}/configuration.nix")))
