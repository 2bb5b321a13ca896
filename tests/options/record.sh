#!/usr/bin/env bash
# Writes evaluated.json beside the configurations under fixtures/: what real Nix says of them.
# Usage: record.sh <path of nixpkgs' lib folder> [--check]
#
# With --check nothing is written; ends with 1 if a file is not what would be written.
set -euo pipefail
nixpkgs=$(realpath "$1")
mode=${2:-write}
here=$(dirname "$(realpath "$0")")
export NIX_STATE_DIR=${NIX_STATE_DIR:-$(mktemp -d)}

nix-instantiate --eval --strict --json --readonly-mode --show-trace \
  --arg nixpkgsLib "$nixpkgs" "$here/fixtures.nix" |
  python3 -c '
import json, pathlib, sys
folder, mode = pathlib.Path(sys.argv[1]), sys.argv[2]
wrong = []
for name, values in json.load(sys.stdin).items():
    file = folder / name / "evaluated.json"
    text = json.dumps(values, indent=2, sort_keys=True) + "\n"
    if mode == "--check":
        if not file.exists() or file.read_text() != text:
            wrong.append(str(file))
    else:
        file.write_text(text)
print(*wrong, sep="\n", end="\n" if wrong else "")
sys.exit(bool(wrong))
' "$here/../../fixtures/configurations" "$mode"
