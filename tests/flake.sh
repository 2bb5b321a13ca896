#!/usr/bin/env bash
# Does flake.nix parse, and do its outputs evaluate? tests/flake.nix stands in for nixpkgs.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if ! command -v nix-instantiate >/dev/null 2>&1; then
  echo "skipped: no nix-instantiate on the PATH"
  exit 0
fi
# A store of its own: evaluation must not need rights on the machine's.
export NIX_STATE_DIR NIX_STORE_DIR
NIX_STATE_DIR=$(mktemp -d)
NIX_STORE_DIR=$NIX_STATE_DIR/store
trap 'rm -rf "$NIX_STATE_DIR"' EXIT

nix-instantiate --parse flake.nix >/dev/null
nix-instantiate --eval --strict --json tests/flake.nix >/dev/null
echo "ok: flake.nix"
