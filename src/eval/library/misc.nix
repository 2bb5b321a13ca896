# What nixpkgs keeps for old callers.
lib:
let
  inherit (builtins) elem filter foldl' genericClosure head isAttrs isBool isInt isList
    tail;
  misc = lib.misc;
  inputsOf =
    package: package.propagatedBuildInputs or [ ] ++ package.propagatedNativeBuildInputs or [ ];
  keyed = packages: map (val: { key = val.outPath; inherit val; }) (filter (package: package != null) packages);
in
{
  # Hashes of the right length to start with; Nix then says what it should have been.
  fakeHash = "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
  fakeSha256 = lib.strings.replicate 64 "0";
  fakeSha512 = lib.strings.replicate 128 "0";

  imap = lib.imap1;
  maybeEnv =
    name: default:
    let
      value = builtins.getEnv name;
    in
    if value == "" then default else value;
  maybeAttr = name: default: set: set.${name} or default;
  maybeAttrNullable = misc.maybeAttr;
  nvs = name: value: { ${name} = value; };
  setAttr = set: name: value: set // { ${name} = value; };
  setAttrMerge = name: default: set: f: set // { ${name} = f (set.${name} or default); };
  ifEnable =
    condition: value:
    if condition then
      value
    else if isList value then
      [ ]
    else if isAttrs value then
      { }
    else if isBool value then
      false
    else
      null;
  nixType =
    value:
    if isAttrs value then
      (if value ? outPath then "derivation" else "attrs")
    else if lib.isFunction value then
      "function"
    else if isList value then
      "list"
    else if isBool value then
      "bool"
    else if value == null then
      "null"
    else if isInt value then
      "int"
    else
      "string";

  defaultMergeArg = given: changes: if isAttrs changes then changes else changes given;
  defaultMerge = given: changes: given // misc.defaultMergeArg given changes;
  mergeAttrsWithFunc =
    f: left: right:
    left // builtins.mapAttrs (name: value: f (left.${name} or value) value) right;
  mergeAttrsConcatenateValues = misc.mergeAttrsWithFunc (left: right: lib.toList left ++ lib.toList right);
  condConcat =
    name: list: test:
    if list == [ ] then
      name
    else
      misc.condConcat (if test (head list) then name + head (tail list) else name) (lib.drop 2 list) test;
  modifySumArgs = f: more: misc.innerModifySumArgs f more { };
  innerModifySumArgs =
    f: more: sum: next:
    if next == null then f sum next // more else misc.innerModifySumArgs f more (sum // next);

  uniqList =
    {
      inputList,
      acc ? [ ],
    }:
    lib.drop (builtins.length acc) (
      foldl' (done: one: if elem one done then done else done ++ [ one ]) acc inputList
    );
  uniqListExt =
    {
      inputList,
      outputList ? [ ],
      getter ? lib.id,
      compare ? left: right: left == right,
    }:
    foldl' (
      done: one:
      if builtins.any (other: compare (getter other) (getter one)) done then done else done ++ [ one ]
    ) outputList inputList;
  lazyGenericClosure =
    { startSet, operator }:
    let
      work =
        todo: keys: done:
        if todo == [ ] then
          done
        else if elem (head todo).key keys then
          work (tail todo) keys done
        else
          work (tail todo ++ operator (head todo)) ([ (head todo).key ] ++ keys) ([ (head todo) ] ++ done);
    in
    work startSet [ ] [ ];
  closePropagation =
    packages:
    map (item: item.val) (genericClosure {
      startSet = keyed packages;
      operator = item: if isAttrs item.val then keyed (inputsOf item.val) else [ ];
    });
  closePropagationFast = misc.closePropagation;
  closePropagationSlow = misc.closePropagation;
  innerClosePropagation =
    done: todo:
    foldl' (all: package: if elem package all then all else [ package ] ++ all) done (
      filter isAttrs (misc.closePropagation todo)
    );

  # Nothing has called these for many years.
}
