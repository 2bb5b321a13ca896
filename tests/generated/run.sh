#!/usr/bin/env bash
# Compares generated expressions with real Nix. Usage: run.sh <how many> [<seed>]
#
# Needs `nix-instantiate`; OPTLINT names the program (default: target/debug/optlint). The same
# seed gives the same expressions. Prints what is known and wrong, and ends with 1 if anything is.
set -euo pipefail
here=$(dirname "$(realpath "$0")")
export OPTLINT=${OPTLINT:-$here/../../target/debug/optlint}
export NIX_STATE_DIR=${NIX_STATE_DIR:-$(mktemp -d)}
exec python3 "$here/expressions.py" "$@"
