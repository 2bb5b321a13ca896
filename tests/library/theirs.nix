# nixpkgs' library, able to tell files' types with a Nix that has no `readFileType` yet.
nixpkgs:
(import nixpkgs).extend (
  _final: prev:
  if builtins ? readFileType then
    { }
  else
    let
      pathType =
        path: if toString path == "/" then "directory" else (builtins.readDir (dirOf path)).${baseNameOf path};
    in
    {
      filesystem = prev.filesystem // {
        inherit pathType;
        readFileType = pathType;
      };
      inherit pathType;
      readFileType = pathType;
    }
)
