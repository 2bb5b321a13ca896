# haumea: folders of Nix files as one attribute set.
# Facts: https://nix-community.github.io/haumea (load, loaders, matchers, transformers) and src/ of nix-community/haumea.
{ lib, open, unread, ... }:
let
  # Underscores in front of a name say who sees it: one the whole tree, two its own folder.
  bare = name: lib.removePrefix "_" (lib.removePrefix "_" name);
  visibility = name: if lib.hasPrefix "__" name then "super" else if lib.hasPrefix "_" name then "root" else "public";
  # Up to the last dot, if there is one behind the first character.
  stem =
    name:
    let
      parts = builtins.match "(.+)\\.[^.]+" name;
    in
    if parts == null then name else builtins.head parts;

  withNamed =
    importer: inputs: path:
    let
      function = lib.toFunction (importer path);
    in
    function (lib.mapAttrs (name: _: inputs.${name}) (lib.functionArgs function));

  loaders = open "lib.loaders" {
    default = withNamed import;
    verbatim = _: import;
    path = _: path: path;
    scoped = inputs: withNamed (builtins.scopedImport inputs) inputs;
    callPackage = inputs: path: lib.callPackageWith inputs path { };
  };

  matchers = open "lib.matchers" rec {
    always = loader: { matches = _: true; inherit loader; };
    extension = ending: loader: { matches = lib.hasSuffix ".${ending}"; inherit loader; };
    nix = extension "nix";
    json = extension "json" (_: lib.importJSON);
    toml = extension "toml" (_: lib.importTOML);
  };

  transformers = open "lib.transformers" {
    # What `default.nix` gives belongs to the folder itself.
    liftDefault = _: set: removeAttrs set [ "default" ] // set.default or { };
  };

  load =
    {
      src,
      loader ? loaders.default,
      inputs ? { },
      transformer ? [ ],
    }:
    let
      known = if builtins.isFunction loader then [ (matchers.nix loader) ] else loader;
      transform = cursor: set: lib.foldl' (value: f: f cursor value) set (lib.flatten transformer);

      # The folder as `from` sees it: `null` from outside, else the folder that asks.
      view =
        node: cursor: from:
        if node.isFolder then
          transform cursor (
            lib.mapAttrs (name: child: view child (cursor ++ [ name ]) from) (
              lib.filterAttrs (
                _: child:
                {
                  public = true;
                  root = from != null;
                  super = from != null && lib.take (lib.length cursor) from == cursor;
                }
                .${child.visibility}
              ) node.children
            )
          )
        else
          node.content;

      folder =
        path: cursor:
        let
          entry =
            name: type:
            let
              plain = bare name;
              fitting = lib.filter (matcher: matcher.matches plain) known;
              called = if type == "directory" then plain else stem plain;
            in
            if plain == "" then
              [ ]
            else if type == "directory" then
              [ (lib.nameValuePair called (folder (path + "/${name}") (cursor ++ [ called ]) // { visibility = visibility name; })) ]
            else if type == "regular" && fitting != [ ] then
              [
                (lib.nameValuePair called {
                  isFolder = false;
                  visibility = visibility name;
                  content = lib.fix (
                    self:
                    (builtins.head fitting).loader (inputs // {
                      inherit self;
                      super = lib.getAttrFromPath cursor (view tree [ ] cursor);
                      root = view tree [ ] cursor;
                    }) (path + "/${name}")
                  );
                })
              ]
            else
              [ ];
        in
        {
          isFolder = true;
          children = lib.listToAttrs (lib.concatLists (lib.mapAttrsToList entry (builtins.readDir path)));
        };
      tree = folder src [ ];
    in
    view tree [ ] null;
in
{
  lib = open "lib" { inherit load loaders matchers transformers; };
}
