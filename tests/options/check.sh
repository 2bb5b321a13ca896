#!/usr/bin/env bash
# Evaluates the declarations under rules/ with the module system of nixpkgs: once with
# nixpkgs' library, once with ours. Usage: check.sh <path of nixpkgs' lib folder>
#
# Prints what differs from the expected defaults, and ends with 1 if anything does.
set -euo pipefail
nixpkgs=$(realpath "$1")
here=$(dirname "$(realpath "$0")")
export NIX_STATE_DIR=${NIX_STATE_DIR:-$(mktemp -d)}

for ours in false true; do
  differences=$(nix-instantiate --eval --strict --json --readonly-mode --show-trace \
    --arg nixpkgsLib "$nixpkgs" --arg ours "$ours" -A report "$here/check.nix")
  if [ "$differences" != "{}" ]; then
    echo "with our library: $ours"
    echo "$differences"
    exit 1
  fi
done
