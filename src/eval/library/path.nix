# Paths, and strings that lead from one to another (`subpath`).
lib:
let
  inherit (builtins) baseNameOf concatStringsSep dirOf elem filter isPath isString length match split
    typeOf;
  path = lib.path;
  subpath = path.subpath;
  parts = text: filter (part: isString part && part != "" && part != ".") (split "/" text);
  written = names: "./" + (if names == [ ] then "." else concatStringsSep "/" names);
  checked =
    what: value:
    if subpath.isValid value then value else throw "lib.path.${what}: not a valid subpath string";
  # A path as its root and the names below it.
  taken =
    what: value:
    let
      upward =
        names: here:
        if here == dirOf here then
          {
            root = here;
            inherit names;
          }
        else
          upward ([ (baseNameOf here) ] ++ names) (dirOf here);
    in
    if isPath value then
      upward [ ] value
    else
      throw "lib.path.${what}: an argument is of type ${typeOf value}, but a path was expected";
in
{
  append = base: below: base + ("/" + checked "append" below);
  hasPrefix =
    prefix: whole:
    lib.lists.hasPrefix (taken "hasPrefix" prefix).names (taken "hasPrefix" whole).names;
  removePrefix =
    prefix: whole:
    let
      above = (taken "removePrefix" prefix).names;
      names = (taken "removePrefix" whole).names;
    in
    if lib.lists.hasPrefix above names then
      written (lib.drop (length above) names)
    else
      throw "lib.path.removePrefix: \"${toString prefix}\" is not a component-wise prefix of \"${toString whole}\".";
  splitRoot =
    whole:
    let
      split = taken "splitRoot" whole;
    in
    {
      inherit (split) root;
      subpath = written split.names;
    };
  # In the store, or written by its hash alone, as content-addressed derivations' outputs are.
  hasStorePathPrefix =
    whole:
    let
      names = (taken "hasStorePathPrefix" whole).names;
      store = parts lib.strings.storeDir;
      below = lib.drop (length store) names;
    in
    lib.lists.hasPrefix store names && below != [ ] && match ".{32}-.+" (builtins.head below) != null
    || names != [ ] && match "[0-9a-z]{52}" (builtins.head names) != null;

  subpath = {
    isValid =
      value:
      isString value
      && value != ""
      && !lib.hasPrefix "/" value
      && !elem ".." (filter isString (split "/" value));
    components = value: parts (checked "subpath.components" value);
    normalise = value: written (parts (checked "subpath.normalise" value));
    join = values: written (builtins.concatMap (value: parts (checked "subpath.join" value)) values);
  };
}
