#!/usr/bin/env bash
# The hooks of .pre-commit-hooks.yaml, run by the real pre-commit on a repository of its own with
# staged and unstaged changes. Skips itself where there is no pre-commit (`pip install pre-commit`).
# Needs no network: the hook is the one that takes optlint from the PATH.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if ! command -v pre-commit >/dev/null 2>&1; then
  echo "skipped: no pre-commit on the PATH"
  exit 0
fi
cargo build --quiet --locked
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
target=$(cargo metadata --format-version 1 --no-deps --offline | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')
export PATH="$target/debug:$PATH"
export PRE_COMMIT_HOME="$work/cache" HOME="$work" XDG_CACHE_HOME="$work/cache"
export GIT_AUTHOR_NAME=Nobody GIT_AUTHOR_EMAIL=nobody@example.org
export GIT_COMMITTER_NAME=Nobody GIT_COMMITTER_EMAIL=nobody@example.org
export GIT_CONFIG_NOSYSTEM=1 NO_COLOR=1
unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE

# pre-commit clones hooks by a revision: the hooks as they are, committed or not.
mkdir "$work/hooks"
cp .pre-commit-hooks.yaml "$work/hooks"
git -C "$work/hooks" init -q
git -C "$work/hooks" add -A
git -C "$work/hooks" commit -qm hooks
revision=$(git -C "$work/hooks" rev-parse HEAD)

mkdir "$work/nixos"
cd "$work/nixos"
git init -q
cat >.pre-commit-config.yaml <<YAML
repos:
  - repo: file://$work/hooks
    rev: $revision
    hooks:
      - id: optlint-system
        args: [--select, secrets]
YAML
cat >configuration.nix <<'NIX'
{
  imports = [ ./synapse.nix ];
  services.matrix-synapse.enable = true;
}
NIX
clean='{ services.matrix-synapse.settings.registration_shared_secret_path = "/run/secrets/registration"; }'
leaky='{ services.matrix-synapse.settings.registration_shared_secret = "not-a-secret-but-looks-like-one"; }'
fixable='{ services.matrix-synapse.settings.registration_shared_secret_path = /run/secrets/registration; }'
echo "$clean" >synapse.nix
git add -A
pre-commit install >/dev/null
git commit -qm "A clean start" 2>/dev/null

fail() {
  echo "pre-commit: $1" >&2
  cat "$work/out" >&2
  exit 1
}
# `commits` and `refuses` say what becomes of what is staged.
commits() { git commit -m "$1" >"$work/out" 2>&1 || fail "refuses: $1"; }
refuses() {
  if git commit -m "$1" >"$work/out" 2>&1; then fail "commits: $1"; fi
  grep -q "$2" "$work/out" || fail "does not say $2: $1"
}

echo "$leaky" >synapse.nix
git add synapse.nix
refuses "a leak that is staged" 'synapse.nix:1:.*inline-registration-shared-secret'
if grep -q looks-like-one "$work/out"; then fail "shows the secret"; fi

echo "$clean" >synapse.nix
refuses "a leak that is staged, mended in the work tree only" inline-registration-shared-secret
test "$(cat synapse.nix)" = "$clean" || fail "loses what is not staged"

echo "# clean too
$clean" >synapse.nix
git add synapse.nix
echo "$leaky" >synapse.nix
commits "a clean file, with a leak in the work tree only"
test "$(cat synapse.nix)" = "$leaky" || fail "loses what is not staged"

git checkout -q synapse.nix
echo "$leaky" >other.nix
git add other.nix
refuses "a leak in a file that nothing imports yet" 'other.nix:1:'
git rm -qf other.nix

echo words >README
git add README
commits "no Nix file"
grep -q Skipped "$work/out" || fail "is run without a Nix file"

git mv synapse.nix chat.nix
sed -i 's/synapse.nix/chat.nix/' configuration.nix
git add -A
commits "a file that is renamed"
git rm -qf chat.nix
echo '{ services.matrix-synapse.enable = true; }' >configuration.nix
git add -A
commits "a file that is deleted"

echo "$fixable" >synapse.nix
git add synapse.nix
sed -i 's/secrets]/secrets, --fix]/' .pre-commit-config.yaml
git add .pre-commit-config.yaml
refuses "a file that is mended by the hook" 'files were modified by this hook'
git add -A
commits "what the hook has mended"
grep -q '"/run/secrets/registration"' synapse.nix || fail "does not mend"
echo "ok: $(pre-commit --version)"
