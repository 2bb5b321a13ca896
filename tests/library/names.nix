# The attributes of nixpkgs' library, and of its namespaces, that ours lacks, as one text.
{ ours, theirs }:
let
  inherit (builtins) attrNames concatMap removeAttrs;
  namespaces = [
    "asserts" "attrsets" "cli" "customisation" "debug" "derivations" "fetchers" "fileset" "filesystem"
    "fixedPoints" "flakes" "generators" "gvariant" "kernel" "lists" "meta" "misc" "modules" "network"
    "options" "path" "sourceTypes" "sources" "strings" "stringsWithDeps" "systems" "trivial" "types"
    "versions"
  ];
  missing = left: right: attrNames (removeAttrs right (attrNames left));
  within = name: map (inner: "${name}.${inner}") (missing ours.${name} theirs.${name});
in
builtins.concatStringsSep "\n" (missing ours theirs ++ concatMap within namespaces)
