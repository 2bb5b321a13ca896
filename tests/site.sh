#!/usr/bin/env bash
# Builds the site with mdBook, from the PATH or once from crates.io, and follows its links.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

version=0.5.4
mdbook=$(command -v mdbook || true)
if [ -z "$mdbook" ]; then
  tools=${CARGO_TARGET_DIR:-target}/tools
  mdbook=$tools/bin/mdbook
  [ -x "$mdbook" ] || cargo install mdbook --quiet --locked --version "$version" --no-default-features --features search --root "$tools"
  mdbook=$(realpath "$mdbook")
fi
site=$(mktemp -d)
trap 'rm -rf "$site"' EXIT
python3 docs/site.py "$site/site" "$mdbook"
python3 docs/screenshots.py "${CARGO_TARGET_DIR:-target}/debug/optlint" --check
echo "ok: screenshots"
