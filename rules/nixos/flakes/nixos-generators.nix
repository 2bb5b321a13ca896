# nixos-generators: a machine as an image of one of many formats.
# Facts: README.md, flake.nix and format-module.nix of nix-community/nixos-generators.
{ lib, configuration, open, unread, ... }:
let
  inherit (lib) mkOption types;

  # What every format says of itself.
  formatModule.options = {
    filename = mkOption {
      type = types.str;
      default = "*";
    };
    fileExtension = mkOption {
      type = types.str;
      default = "";
    };
    formatAttr = mkOption { type = types.str; };
  };

  nixosGenerate =
    { format, modules ? [ ], specialArgs ? { }, customFormats ? { }, ... }@given:
    let
      own.imports = [ customFormats.${format} formatModule ];
      make = given.nixosSystem or (configuration "`nixosGenerate`" null);
      image = make (
        {
          inherit specialArgs;
          modules = [ (if customFormats ? ${format} then own else unread "nixosModules.${format}") ] ++ modules;
        }
        // lib.optionalAttrs (given.lib or null != null) { inherit (given) lib; }
      );
    in
    # The image of the machine: a derivation, by which the machine is still known.
    open "image" (
      removeAttrs image [ "config" "options" "pkgs" "lib" "extendModules" "_module" "type" "graph" "class" "_type" ]
      // {
        type = "derivation";
      }
    );
in
{
  inherit nixosGenerate;
}
