# Files and packages of the system. Facts: nixpkgs nixos/modules/system/etc/etc.nix,
# nixos/modules/config/system-path.nix. Service modules add to both: open-ended.
{ lib, pkgs, ... }:

let
  inherit (lib) mkOption types;

  # Others define it, too, and are not read.
  shared = option: option // { definedElsewhere = true; };
  own = lib.mapAttrs (_: option: option // { definedElsewhere = false; });

  file =
    { name, config, ... }:
    {
      # A file belongs to who wrote it.
      options = own {
        enable = mkOption {
          type = types.bool;
          default = true;
        };
        target = mkOption {
          type = types.str;
          default = name;
        };
        text = mkOption {
          type = types.nullOr types.lines;
          default = null;
        };
        source = mkOption { type = types.path; };
        mode = mkOption {
          type = types.str;
          default = "symlink";
        };
        uid = mkOption {
          type = types.int;
          default = 0;
        };
        gid = mkOption {
          type = types.int;
          default = 0;
        };
        user = mkOption {
          type = types.str;
          default = "+${toString config.uid}";
        };
        group = mkOption {
          type = types.str;
          default = "+${toString config.gid}";
        };
      };
      # NixOS gives this the priority of `text`.
      config.source = lib.mkIf (config.text != null) (
        lib.mkDefault (pkgs.writeText "etc-${baseNameOf name}" config.text)
      );
    };
in
{
  options.environment = {
    etc = shared (mkOption {
      type = types.attrsOf (types.submodule file);
      default = { };
    });
    systemPackages = shared (mkOption {
      type = types.listOf types.package;
      default = [ ];
    });
  };
}
