# Users and groups, as far as file ownership is concerned.
# Facts: nixpkgs nixos/modules/config/users-groups.nix. Every service module adds its own
# accounts, so these sets are open-ended.
{ lib, ... }:

let
  inherit (lib) mkAliasOptionModule mkOption types;

  nullable =
    type:
    mkOption {
      type = types.nullOr type;
      default = null;
    };
  flag =
    default:
    mkOption {
      type = types.bool;
      inherit default;
    };
  strings = mkOption {
    type = types.listOf types.str;
    default = [ ];
  };

  user =
    { name, config, ... }:
    {
      # The less common ones (ssh keys, subordinate ids, mail) are not listed.
      freeformType = types.attrsOf types.anything;
      options = {
        name = mkOption {
          type = types.str;
          default = name;
        };
        enable = flag true;
        uid = nullable types.int;
        isSystemUser = flag false;
        isNormalUser = flag false;
        group = mkOption {
          type = types.str;
          default = "";
        };
        extraGroups = strings;
        home = mkOption {
          type = types.str;
          default = if config.isNormalUser then "/home/${config.name}" else "/var/empty";
        };
        createHome = mkOption {
          type = types.bool;
          default = config.isNormalUser;
        };
        hashedPassword = nullable types.str;
        hashedPasswordFile = nullable types.str;
        initialPassword = nullable types.str;
        initialHashedPassword = nullable types.str;
        password = nullable types.str;
      };
      config = lib.mkIf config.isNormalUser {
        group = lib.mkDefault "users";
      };
    };

  group =
    { name, ... }:
    {
      options = {
        name = mkOption {
          type = types.str;
          default = name;
        };
        gid = nullable types.int;
        members = strings;
      };
    };
in
{
  imports = [
    (mkAliasOptionModule [ "users" "extraUsers" ] [ "users" "users" ])
    (mkAliasOptionModule [ "users" "extraGroups" ] [ "users" "groups" ])
  ];

  options.users = {
    mutableUsers = flag true;
    users = mkOption {
      type = types.attrsOf (types.submodule user);
      default = { };
    };
    groups = mkOption {
      type = types.attrsOf (types.submodule group);
      default = { };
    };
  };

  config.users = {
    users.root = {
      uid = 0;
      group = "root";
      home = lib.mkDefault "/root";
    };
    groups.root.gid = 0;
    groups.keys.gid = 96;
  };
}
