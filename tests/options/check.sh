#!/usr/bin/env bash
# Evaluates the declarations under rules/ with the module system of nixpkgs.
#
#   tests/options/check.sh NIXPKGS_LIB
#
# NIXPKGS_LIB is nixpkgs' `lib` folder. Prints what differs from the expected
# defaults; exit 1 if anything does.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
lib=$(cd "${1:?give the path of nixpkgs/lib}" && pwd)

nix-instantiate --eval --strict --json --show-trace \
  --arg nixpkgsLib "$lib" -A report "$here/check.nix" >"${TMPDIR:-/tmp}/optlint-options.$$"
trap 'rm -f "${TMPDIR:-/tmp}/optlint-options.$$"' EXIT
result=$(cat "${TMPDIR:-/tmp}/optlint-options.$$")
echo "$result"
[ "$result" = '{}' ]
