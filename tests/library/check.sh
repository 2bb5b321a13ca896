#!/usr/bin/env bash
# Compares our library with nixpkgs', using real Nix. Usage: check.sh <path of nixpkgs' lib folder>
#
# 1. nixpkgs' own tests (lib/tests/misc.nix), entry by entry, with our library in place of theirs;
# 2. the expressions of `expressions/*.nix`, evaluated with both;
# 3. the names that nixpkgs has and we have not.
set -euo pipefail
nixpkgs=$(realpath "$1")
here=$(dirname "$(realpath "$0")")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export NIX_STATE_DIR=$work/state NIX_STORE_DIR=/nix/store

evaluate() { nix-instantiate --eval --strict --json --readonly-mode "$@"; }

mkdir "$work/lib"
cp -r "$nixpkgs/tests" "$work/lib/tests"
cat > "$work/lib/default.nix" <<NIX
import $here/ours.nix { nixpkgs = import $here/theirs.nix $nixpkgs; } // { runTests = tests: tests; }
NIX

# Prints "right", "wrong" or the error for one entry of one table.
one() {
  local table=$1 name=$2 answer
  answer=$(evaluate -E "let entry = ($table).\"$name\"; in entry.expr == entry.expected" 2>&1) || true
  case $(tail -n 1 <<<"$answer") in
    true) echo "right $name" ;;
    false) echo "wrong $name" ;;
    *) echo "fails $name: $(grep -m1 'error:' <<<"$answer" || true)" ;;
  esac
}
export -f one evaluate

check() {
  local title=$1 table=$2
  evaluate -E "builtins.concatStringsSep \"\n\" (builtins.attrNames ($table))" |
    python3 -c 'import json, sys; print(json.load(sys.stdin))' |
    TABLE=$table xargs -P 2 -d '\n' -I{} bash -c 'one "$TABLE" "$1"' _ {} | sort > "$work/answers"
  echo "$title: $(grep -c ^right "$work/answers" || true) of $(wc -l < "$work/answers") right"
  grep -v ^right "$work/answers" || true
}

[ -n "${SKIP_NIXPKGS:-}" ] || check "nixpkgs' tests" "import $work/lib/tests/misc.nix"
shopt -s nullglob
for file in "$here"/expressions/*.nix; do
  check "$(basename "$file")" "
    let theirs = import $here/theirs.nix $nixpkgs; ours = import $here/ours.nix { nixpkgs = theirs; };
        expected = import $file theirs;
    in builtins.mapAttrs (name: expr: { inherit expr; expected = expected.\${name}; }) (import $file ours)"
done
echo "names not provided:"
evaluate -E "import $here/names.nix { theirs = import $nixpkgs; ours = import $here/ours.nix { nixpkgs = import $nixpkgs; }; }" |
  python3 -c 'import json, sys; print(json.load(sys.stdin))'
