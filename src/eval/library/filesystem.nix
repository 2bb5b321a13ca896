# Files and folders, read while evaluating.
lib:
let
  inherit (builtins) attrNames baseNameOf concatMap dirOf filter isString match pathExists readDir toString;
  filesystem = lib.filesystem;
in
{
  inherit (builtins) baseNameOf dirOf hashFile isPath readDir;
  # Nix can tell since 2.15; before, the folder that holds the file could.
  readFileType =
    builtins.readFileType
      or (path: if toString path == "/" then "directory" else (readDir (dirOf path)).${baseNameOf path});
  pathType = filesystem.readFileType;
  pathIsDirectory = path: pathExists path && filesystem.pathType path == "directory";
  pathIsRegularFile = path: pathExists path && filesystem.pathType path == "regular";
  resolveDefaultNix =
    path:
    if filesystem.pathIsDirectory path then
      path + "/default.nix"
    else if isString path && lib.hasSuffix "/" path then
      path + "default.nix"
    else
      path;

  listFilesRecursive =
    folder:
    let
      entries = readDir folder;
    in
    concatMap (
      name:
      let
        path = folder + "/${name}";
      in
      if entries.${name} == "directory" then filesystem.listFilesRecursive path else [ path ]
    ) (attrNames entries);
  haskellPathsInDir =
    root:
    lib.filterAttrs (name: path: pathExists (path + "/${name}.cabal")) (
      builtins.mapAttrs (name: _type: root + "/${name}") (readDir root)
    );
  locateDominatingFile =
    pattern: start:
    let
      upward =
        path:
        let
          matches = filter (groups: groups != null) (map (match pattern) (attrNames (readDir path)));
        in
        if matches != [ ] then
          { inherit path matches; }
        else if toString path == "/" then
          null
        else
          upward (dirOf path);
    in
    upward (if filesystem.pathIsDirectory start then start else dirOf start);

  packagesFromDirectoryRecursive =
    given@{
      callPackage,
      directory,
      ...
    }:
    let
      entry =
        scope: name: type:
        let
          path = directory + "/${name}";
        in
        if type == "directory" then
          { ${name} = filesystem.packagesFromDirectoryRecursive (scope // { directory = path; }); }
        else if type == "regular" && lib.hasSuffix ".nix" name then
          { ${lib.removeSuffix ".nix" name} = scope.callPackage path { }; }
        else if type == "regular" then
          { }
        else
          throw "lib.filesystem.packagesFromDirectoryRecursive: Unsupported file type ${type} at path ${toString path}";
      within = scope: lib.concatMapAttrs (entry scope) (readDir directory);
    in
    if pathExists (directory + "/package.nix") then
      callPackage (directory + "/package.nix") { }
    else if given ? newScope then
      lib.recurseIntoAttrs (
        lib.makeScope given.newScope (self: within (given // { inherit (self) callPackage newScope; }))
      )
    else
      within given;
}
