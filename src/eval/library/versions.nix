# Parts of versions.
lib:
let
  inherit (builtins) concatStringsSep elemAt splitVersion;
in
{
  inherit (builtins) compareVersions splitVersion;
  major = version: elemAt (splitVersion version) 0;
  minor = version: elemAt (splitVersion version) 1;
  patch = version: elemAt (splitVersion version) 2;
  majorMinor = version: concatStringsSep "." (lib.take 2 (splitVersion version));
  pad =
    count: version:
    let
      numbers = builtins.head (lib.splitString "-" version);
      rest = lib.removePrefix numbers version;
    in
    concatStringsSep "." (lib.take count (splitVersion numbers ++ lib.replicate count "0")) + rest;
}
