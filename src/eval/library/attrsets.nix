# Functions on attribute sets.
lib:
let
  inherit (builtins) attrNames attrValues catAttrs concatMap elemAt foldl' hasAttr head isAttrs length
    listToAttrs mapAttrs removeAttrs;
  attrsets = lib.attrsets;
  pair = name: value: { inherit name value; };
in
{
  inherit (builtins)
    attrNames attrValues catAttrs getAttr hasAttr intersectAttrs isAttrs listToAttrs mapAttrs
    removeAttrs zipAttrsWith;

  # Paths into sets.
  attrByPath =
    path: default: set:
    let
      follow =
        n: here:
        if n == length path then
          here
        else if here ? ${elemAt path n} then
          follow (n + 1) here.${elemAt path n}
        else
          default;
    in
    attrsets.nativeByPath path default set (follow 0 set);
  hasAttrByPath =
    path: set:
    let
      follow = n: here: n == length path || here ? ${elemAt path n} && follow (n + 1) here.${elemAt path n};
    in
    follow 0 set;
  longestValidPathPrefix =
    path: set:
    let
      follow =
        n: here: if n < length path && here ? ${elemAt path n} then follow (n + 1) here.${elemAt path n} else n;
    in
    lib.take (follow 0 set) path;
  setAttrByPath = path: value: attrsets.nativeAtPath path value (lib.foldr (name: inner: { ${name} = inner; }) value path);
  getAttrFromPath =
    path: attrsets.attrByPath path (abort "cannot find attribute '${builtins.concatStringsSep "." path}'");
  showAttrPath =
    path:
    if path == [ ] then
      "<root attribute path>"
    else
      lib.concatMapStringsSep "." lib.strings.escapeNixIdentifier path;
  # Updates that end here are applied, in order, to the result of those that end deeper.
  updateManyAttrsByPath =
    updates: value:
    let
      refuse = reason: update: throw "updateManyAttrsByPath: '${attrsets.showAttrPath update.path}' ${reason}";
      go =
        depth: known: here: todo:
        let
          ends = builtins.partition (update: length update.path == depth) todo;
          deeper = builtins.groupBy (update: elemAt update.path depth) ends.wrong;
          changed =
            mapAttrs (name: go (depth + 1) (known && here ? ${name}) (here.${name})) deeper;
          base =
            if ends.wrong == [ ] then
              (if known then here else refuse "is read by its update, but does not exist" (head ends.right))
            else if !known then
              changed
            else if isAttrs here then
              here // changed
            else
              refuse "is inside a value that is not an attribute set" (head ends.wrong);
        in
        lib.foldl (done: update: update.update done) base ends.right;
    in
    go 0 true value updates;

  # Choosing attributes.
  attrVals = names: set: map (name: set.${name}) names;
  getAttrs = names: set: attrsets.genAttrs names (name: set.${name});
  optionalAttrs = condition: set: if condition then set else { };
  filterAttrs =
    test: set: removeAttrs set (builtins.filter (name: !test name set.${name}) (attrNames set));
  filterAttrsRecursive =
    test: set:
    mapAttrs (
      _name: value: if isAttrs value then attrsets.filterAttrsRecursive test value else value
    ) (attrsets.filterAttrs test set);
  collect =
    test: value:
    if test value then
      [ value ]
    else if isAttrs value then
      concatMap (attrsets.collect test) (attrValues value)
    else
      [ ];

  # Building and mapping.
  nameValuePair = pair;
  genAttrs = names: f: listToAttrs (map (name: pair name (f name)) names);
  genAttrs' = list: f: listToAttrs (map f list);
  mapAttrs' = f: set: listToAttrs (attrValues (mapAttrs f set));
  mapAttrsToList = f: set: attrValues (mapAttrs f set);
  attrsToList = set: attrValues (mapAttrs pair set);
  concatMapAttrs = f: set: foldl' (done: some: done // some) { } (attrValues (mapAttrs f set));
  mapAttrsRecursive = attrsets.mapAttrsRecursiveCond (_set: true);
  mapAttrsRecursiveCond =
    enter: f: set:
    let
      at =
        path:
        mapAttrs (
          name: value:
          (if isAttrs value && enter value then at else f) (path ++ [ name ]) value
        );
    in
    at [ ] set;
  mapAttrsToListRecursive = attrsets.mapAttrsToListRecursiveCond (_path: _set: true);
  mapAttrsToListRecursiveCond =
    enter: f: set:
    let
      at =
        path: here:
        concatMap (
          name:
          let
            value = here.${name};
            below = path ++ [ name ];
          in
          if isAttrs value && enter below value then at below value else [ (f below value) ]
        ) (attrNames here);
    in
    at [ ] set;
  foldlAttrs = f: start: set: lib.foldl' (done: name: f done name set.${name}) start (attrNames set);
  foldAttrs =
    f: start: sets:
    mapAttrs (_name: lib.foldr f start) (builtins.zipAttrsWith (_name: values: values) sets);
  cartesianProduct =
    set:
    foldl' (
      done: name: concatMap (some: map (value: some // { ${name} = value; }) set.${name}) done
    ) [ { } ] (attrNames set);
  cartesianProductOfSets = attrsets.cartesianProduct; # its old name
  mapAttrsFlatten = attrsets.mapAttrsToList; # likewise
  mapCartesianProduct = f: set: map f (attrsets.cartesianProduct set);

  # Combining.
  zipAttrsWithNames = names: f: sets: attrsets.genAttrs names (name: f name (catAttrs name sets));
  zipAttrs = builtins.zipAttrsWith (_name: values: values);
  mergeAttrsList = foldl' (done: set: done // set) { };
  # Written with `//` and `mapAttrs`, so that attributes known on one side stay known
  # where the other side is not.
  recursiveUpdateUntil =
    stop: left: right:
    let
      at =
        path: old: new:
        old
        // mapAttrs (
          name: value:
          let
            here = path ++ [ name ];
          in
          if old ? ${name} && !stop here old.${name} value then at here old.${name} value else value
        ) new;
    in
    at [ ] left right;
  recursiveUpdate =
    old: new:
    old
    // mapAttrs (
      name: value:
      if isAttrs value && old ? ${name} && isAttrs old.${name} then
        attrsets.recursiveUpdate old.${name} value
      else
        value
    ) new;
  overrideExisting = old: new: mapAttrs (name: value: new.${name} or value) old;
  unionOfDisjoint =
    left: right:
    let
      both = builtins.intersectAttrs left right;
    in
    left
    // right
    // mapAttrs (
      name: _value:
      throw "unionOfDisjoint: collision on ${name}; complete list: ${builtins.concatStringsSep " " (attrNames both)}"
    ) both;
  matchAttrs =
    pattern: set:
    builtins.all (
      name:
      let
        wanted = pattern.${name};
      in
      set ? ${name}
      && (
        if isAttrs wanted then
          isAttrs set.${name} && attrsets.matchAttrs wanted set.${name}
        else
          wanted == set.${name}
      )
    ) (attrNames pattern);

  # Derivations.
  isDerivation = value: value.type or null == "derivation";
  toDerivation =
    path:
    let
      outPath = builtins.storePath path;
      self = {
        type = "derivation";
        # A store path's base name is a hash of 32 characters, a dash and the name.
        name = lib.strings.sanitizeDerivationName (builtins.substring 33 (-1) (baseNameOf outPath));
        inherit outPath;
        outputs = [ "out" ];
        outputName = "out";
        out = self;
      };
    in
    self;
  getOutput =
    output: package:
    if package.outputSpecified or false then package else package.${output} or package.out or package;
  getFirstOutput =
    candidates: package:
    let
      present = builtins.filter (output: hasAttr output package) candidates;
    in
    if package.outputSpecified or false || present == [ ] then package else package.${head present};
  getBin = attrsets.getOutput "bin";
  getLib = attrsets.getOutput "lib";
  getDev = attrsets.getOutput "dev";
  getMan = attrsets.getOutput "man";
  getStatic = attrsets.getFirstOutput [ "static" "lib" "out" ];
  getInclude = attrsets.getFirstOutput [ "include" "dev" "out" ];
  chooseDevOutputs = map attrsets.getDev;
  recurseIntoAttrs = set: set // { recurseForDerivations = true; };
  dontRecurseIntoAttrs = set: set // { recurseForDerivations = false; };

  # What is done natively where all names are known: `plain` elsewhere.
  nativeByPath = _path: _default: _set: plain: plain;
  nativeAtPath = _path: _value: plain: plain;
}
