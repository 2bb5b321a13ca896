#!/usr/bin/env bash
# Runs the scripts of action.yml as GitHub would, on a small repository: tests/action.sh OPTLINT
# Needs python3. Shows that a mistake fails the step after the report was written, and a clean one does not.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
optlint=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/repo" "$work/repo/.git"
echo '{ services.matrix-synapse.settings.server_name = "my_server"; services.matrix-synapse.enable = true; }' \
  > "$work/repo/configuration.nix"

# The text of the `run: |` block of the step that holds the second argument, without its indentation.
step() {
  python3 - "$here/action.yml" "$1" <<'PYTHON'
import re, sys
text = open(sys.argv[1]).read()
for block in re.findall(r"      run: \|\n((?:        .*\n|\n)+)", text):
    if sys.argv[2] in block:
        print(re.sub(r"^        ", "", block, flags=re.M), end="")
PYTHON
}

cd "$work/repo"
export GITHUB_OUTPUT=$work/output SARIF=optlint.sarif ARGUMENTS="--select delegation --quiet" PATHS=. BINARY=$optlint SOURCE=$here TARGET=$work
bash -e -c "$(step 'cargo install')" > /dev/null
grep -qx "path=$optlint" "$GITHUB_OUTPUT"
bash -e -c "$(step 'check --format github')" > "$work/log"
grep -qx "status=1" "$GITHUB_OUTPUT"
grep -q "^::error file=configuration.nix,line=1," "$work/log"
grep -q '"invalid-server-name"' optlint.sarif

# What an input holds is an argument, and nothing else.
SARIF="" PATHS='. ;touch${IFS}hurt $(touch hurt) *.nix' bash -e -c "$(step 'check --format github')" > /dev/null 2>&1
test ! -e hurt && tail -n1 "$GITHUB_OUTPUT" | grep -qx "status=2"
echo "action.yml: ok"
