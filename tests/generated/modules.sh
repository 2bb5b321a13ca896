#!/usr/bin/env bash
# Compares generated sets of modules with real Nix. Usage: modules.sh <how many> [<seed>]
#
# Needs `nix-instantiate`, and NIXPKGS_LIB, the path of nixpkgs' `lib` folder. The same seed gives
# the same sets. Prints what is known and wrong, and ends with 1 if anything is; the sets and what
# Nix said stay in the folder that MODULE_SETS names (default: a new one).
set -euo pipefail
here=$(dirname "$(realpath "$0")")
export NIXPKGS_LIB=$(realpath "$NIXPKGS_LIB")
export NIX_STATE_DIR=${NIX_STATE_DIR:-$(mktemp -d)}
export MODULE_SETS=${MODULE_SETS:-$(mktemp -d)}
echo "the sets are in $MODULE_SETS" >&2
python3 "$here/modules.py" "$1" "${2:-1}" "$MODULE_SETS"
python3 "$here/cycles.py" "$1" "${2:-1}" "$MODULE_SETS"
cd "$here/../.."
exec cargo test -q --test soundness generated -- --nocapture
