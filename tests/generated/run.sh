#!/usr/bin/env bash
# Compares generated expressions with real Nix. Usage: run.sh <how many> [<seed>]
#
# Needs `nix`; with NIXPKGS set to a folder that holds nixpkgs' `lib`, functions of the library are
# called too. The same seed gives the same expressions. Prints what is known and wrong, and ends
# with 1 if anything is.
set -euo pipefail
here=$(dirname "$(realpath "$0")")
cd "$here/../.."
export NIX_STATE_DIR=${NIX_STATE_DIR:-$(mktemp -d)}
exec python3 "$here/expressions.py" "$@"
