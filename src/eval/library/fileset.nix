# Sets of files. A set is a set of paths by their text, so that the operations on sets are those on
# attribute sets; `/` is replaced in the text, so that it sorts before every character of a name.
lib:
let
  inherit (builtins) attrNames attrValues baseNameOf foldl' isAttrs isPath listToAttrs mapAttrs pathExists
    readDir;
  fileset = lib.fileset;
  # Not made of `toString path`: the text of a flake's file depends on a hash.
  key = path: if path == dirOf path then "" else "${key (dirOf path)}\n${baseNameOf path}";
  ofFiles = files: {
    _type = "fileset";
    inherit files;
  };
  # The files at or below a path that `keep name type path` keeps, and with it folders.
  below =
    keep: path: type:
    if !keep path type then
      { }
    else if type == "directory" then
      foldl' (files: more: files // more) { } (
        attrValues (mapAttrs (name: below keep (path + "/${name}")) (readDir path))
      )
    else
      { ${key path} = path; };
  at = keep: path: ofFiles (below keep path (lib.pathType path));
  isSet = value: isAttrs value && value._type or null == "fileset";
  coerce =
    value:
    if isSet value then
      value
    else if value ? _isLibCleanSourceWith then
      throw "lib.fileset: an argument is a `lib.sources`-based value, but it should be a file set or a path instead."
    else if !isPath value then
      throw "lib.fileset: an argument is of type ${builtins.typeOf value}, but it should be a file set or a path instead."
    else if !pathExists value then
      throw "lib.fileset: ${toString value} is a path that does not exist."
    else
      at (_path: _type: true) value;
  filesOf = value: (coerce value).files;
in
{
  empty = ofFiles { };
  isFileset = value: isSet value || isPath value && pathExists value;
  maybeMissing = path: if pathExists path then coerce path else fileset.empty;

  union = left: right: fileset.unions [ left right ];
  unions = sets: ofFiles (foldl' (files: set: files // filesOf set) { } sets);
  intersection = left: right: ofFiles (builtins.intersectAttrs (filesOf left) (filesOf right));
  difference = left: right: ofFiles (removeAttrs (filesOf left) (attrNames (filesOf right)));

  fileFilter =
    test: path:
    at (
      file: type:
      type == "directory"
      || test rec {
        name = baseNameOf file;
        inherit type;
        hasExt = extension: lib.hasSuffix ".${extension}" name;
      }
    ) path;
  fromSource =
    source:
    if source ? _isLibCleanSourceWith then
      at (path: type: path == source.origSrc || source.filter (toString path) type) source.origSrc
    else
      coerce source;

  toList = set: attrValues (filesOf set);
  toSource =
    {
      root,
      fileset,
    }:
    let
      files = filesOf fileset;
      # Every file, and every folder on the way to one.
      upward =
        path:
        if path == root || path == dirOf path then
          [ ]
        else
          [ path ] ++ upward (dirOf path);
      kept = listToAttrs (
        map (path: {
          name = key path;
          value = null;
        }) (builtins.concatMap upward (attrValues files))
      );
    in
    if !builtins.all (lib.path.hasPrefix root) (attrValues files) then
      throw "lib.fileset.toSource: `fileset` contains files which are not under the `root` (${toString root})."
    else
      lib.cleanSourceWith {
        name = "source";
        src = root;
        filter = path: _type: kept ? ${key (/. + path)};
      };
  trace = _set: value: value;
  traceVal = set: coerce set;
}
