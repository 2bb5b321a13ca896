# What NixOS's module system makes of generated sets of modules: for each folder of `sets` (a JSON
# list of paths) the value of every option, `{ "$fails" = true; }` where Nix refuses it. Those of
# `skip` (`"<folder> <option>"`) are not looked at: they are known, or nothing catches their failure.
{ nixpkgsLib, sets, skip ? "[]" }:
let
  lib = import nixpkgsLib;
  skipped = lib.genAttrs (builtins.fromJSON skip) (_: true);
  fails = { "$fails" = true; };
  succeeds = value: (builtins.tryEval (builtins.seq value true)).success;

  # Also of attributes it is said that they fail.
  plain =
    value:
    if lib.isFunction value then
      { "$function" = true; }
    else if builtins.isPath value then
      baseNameOf value
    else if lib.isAttrs value then
      lib.mapAttrs (_: inner: if succeeds inner then plain inner else fails) value
    else if lib.isList value then
      map plain value
    else
      value;

  # Says on stderr what it found, so that what is known before a failure need not be computed again.
  say = case: value: builtins.trace "at-case ${builtins.toJSON (case // { inherit value; })}" null;

  attempt =
    folder: name: value:
    let
      known = plain value;
      found = builtins.tryEval (builtins.deepSeq known known);
    in
    if skipped ? "${folder} ${name}" then
      null
    else
      builtins.seq (builtins.trace "at-case ${builtins.toJSON { inherit folder name; }}" null) (
        say { inherit folder name; } (if found.success then found.value else fails)
      );

  record =
    folder:
    let
      evaluated = lib.evalModules {
        modules = [ (folder + "/configuration.nix") ];
        specialArgs = { given = 5; flag = true; };
      };
      whole = (builtins.tryEval (builtins.seq evaluated.config true)).success;
      options = lib.collect lib.isOption (removeAttrs evaluated.options [ "_module" ]);
      declared = map (option: lib.nameValuePair (lib.showOption option.loc) option.value) options;
      freeform = lib.mapAttrsToList lib.nameValuePair (removeAttrs evaluated.config (lib.attrNames evaluated.options));
      all = builtins.tryEval (builtins.deepSeq (map (entry: entry.name) (declared ++ freeform)) (declared ++ freeform));
      each = map (entry: attempt folder entry.name entry.value) all.value;
    in
    if skipped ? "${folder} *" || !whole || !all.success then
      say { inherit folder; } null
    else
      builtins.deepSeq each (say { inherit folder; } null);
in
builtins.deepSeq (map record (builtins.fromJSON sets)) "done"
