"""Generates sets of modules whose options hang on one another, in circles that Nix often gets through and often
does not: conditions ask for the names, attributes and values of other options. See modules.sh.

Usage: cycles.py HOW_MANY SEED FOLDER - writes one folder a set, with what Nix said of it.
"""

import os
import random
import sys

from module_answers import record

HEAD = """{ lib, config, options, ... }:
let
  u = import <u>;
  inherit (lib) mkOption types;
  of = type: default: mkOption { inherit type default; };
in
{
  options = {
    h = of (types.attrsOf (types.submodule { options.x = of types.int 1; options.y = of (types.nullOr types.int) null; })) { };
    on = of types.bool false;
    off = of types.bool true;
    n = of types.int 0;
    l = of (types.listOf types.int) [ ];
    t = of types.lines "";
    z = of (types.lazyAttrsOf types.int) { };
    ns.a = of types.bool false;
    ns.b = of types.bool %s;
  };
  config = lib.mkMerge [
    %s
  ];
}
"""
CONDITIONS = [
    "config.on", "config.off", "!config.on", "config.ns.a", "config.ns.b", "config.on || config.off", "config.on && u.b", "true",
    "u.b", "u.c", "options.n.isDefined", "options.h.isDefined", "config.n > 1", "config.t != \"\"", "config.l == [ ]",
    "builtins.elem 1 config.l", "config.h != { }", "config.h ? a", "config.h ? b", "builtins.attrNames config.h != [ ]",
    "config.z ? a", "config.z.a or 1 == 1", "config.h.a.x or 0 == 1", "(config.h.b or { x = 2; }).x > 1",
    "config.h.a.y or null != null", "lib.all (h: h.x > 0) (lib.attrValues config.h)",
    "lib.any (h: h.x > 1) (lib.attrValues config.h)",
]
NAMES = ["a", "b", "c", "${config.t}", "${if config.on then \"a\" else \"b\"}", "${if u.b then \"a\" else null}"]
KINDS = ["attribute"] * 3 + ["set"] * 2 + ["flag"] * 2 + ["number", "list", "text", "lazy", "lazy"] + ["space"] * 2 + ["spaces"]


class Set:
    def __init__(self, rng):
        self.rng = rng

    def one(self, *choices):
        return self.rng.choice(choices)

    def condition(self):
        return self.rng.choice(CONDITIONS)

    def number(self):
        simple = ["1", "2", "config.n", "u.i", "(config.h.a.x or 3)", "(config.z.a or 5)", "(builtins.length config.l)"]
        names = "(builtins.length (builtins.attrNames config.h))"
        return self.one(*simple, names, f"(if {self.condition()} then 1 else 2)")

    def flag(self):
        return self.one("true", "false", f"({self.condition()})")

    def maybe(self, value):
        return self.one(value, value, f"lib.mkIf ({self.condition()}) ({value})")

    def defined(self, value):
        """A value, perhaps with a priority, perhaps under a condition."""
        return self.maybe(self.one(*[value] * 6, f"lib.mkDefault ({value})", f"lib.mkForce ({value})"))

    def definition(self):
        """The path of an option, and what defines it."""
        match self.rng.choice(KINDS):
            case "attribute":
                return f"h.{self.one('a', 'b', 'c')}.{self.one('x', 'y')}", self.defined(self.number())
            case "set":
                return "h", self.maybe("{ %s = { x = %s; }; }" % (self.one(*NAMES), self.maybe(self.number())))
            case "flag":
                return self.one("on", "off"), self.defined(self.flag())
            case "number":
                return "n", self.defined(self.number())
            case "list":
                return "l", self.maybe(f"[ {self.number()} ]")
            case "text":
                return "t", self.maybe(self.one('"a"', '"b"', 'lib.concatStringsSep "," (lib.attrNames config.h)'))
            case "lazy":
                return f"z.{self.one('a', 'b')}", self.maybe(self.number())
            case "space":
                return f"ns.{self.one('a', 'b')}", self.defined(self.flag())
            case _:
                return "ns", f"lib.mkIf ({self.condition()}) {{ {self.one('a', 'b')} = {self.flag()}; }}"

    def group(self):
        """Definitions of a module that Nix takes beside one another."""
        found = {}
        for _ in range(self.rng.randint(1, 3)):
            path, value = self.definition()
            if not any(f"{path}.".startswith(f"{other}.") or f"{other}.".startswith(f"{path}.") for other in found):
                found[path] = value
        return self.maybe("{ %s }" % " ".join(f"{path} = {value};" for path, value in found.items()))

    def make(self):
        groups = [f"({self.group()})" for _ in range(self.rng.randint(2, 5))]
        return HEAD % (self.one("true", "config.on"), "\n    ".join(groups))


def main():
    count, seed, base = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    folders = [f"{base}/cycles-{seed}-{number}" for number in range(count)]
    for number, folder in enumerate(folders):
        os.makedirs(folder, exist_ok=True)
        with open(f"{folder}/configuration.nix", "w") as file:
            file.write(Set(random.Random(f"{seed} {number}")).make())
    record(folders)


main()
