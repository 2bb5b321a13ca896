#!/usr/bin/env bash
# Compares our library with nixpkgs', using real Nix. Usage: check.sh <path of nixpkgs' lib folder>
#
# 1. nixpkgs' own tests (lib/tests/misc.nix), entry by entry, with our library in place of theirs;
# 2. the expressions of `expressions/*.nix`, evaluated with both;
# 3. the names that nixpkgs has: ours has them too, or `absent.txt` says why not.
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
let import' = import $here/newer.nix; in
import' $here/ours.nix { nixpkgs = import' $nixpkgs; } // { runTests = tests: tests; }
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
    let import' = import $here/newer.nix; theirs = import' $nixpkgs; ours = import' $here/ours.nix { nixpkgs = theirs; };
        expected = import $file theirs;
    in builtins.mapAttrs (name: expr: { inherit expr; expected = expected.\${name}; }) (import $file ours)"
done
evaluate -E "
  let import' = import $here/newer.nix; theirs = import' $nixpkgs; ours = import' $here/ours.nix { nixpkgs = theirs; };
  in import $here/names.nix { inherit ours theirs; skip = [ \"licenses\" \"licensesSpdx\" \"meta.licensesSpdx\" ]; }" 2>/dev/null |
  python3 -c 'import json, sys; print(json.load(sys.stdin))' | sort > "$work/absent"
grep -v '^#' "$here/absent.txt" | cut -d: -f1 | sort > "$work/explained"
echo "names of nixpkgs that ours lacks without a reason in absent.txt:"
comm -23 "$work/absent" "$work/explained"
echo "names in absent.txt that ours has:"
comm -13 "$work/absent" "$work/explained"
