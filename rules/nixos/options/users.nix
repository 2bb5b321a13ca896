# Users and groups, as far as file ownership is concerned.
# Facts: nixpkgs nixos/modules/config/users-groups.nix. Every service module adds its own
# accounts, so these sets are open-ended. It also says which kind of account it is or its number, as every account has
# to, and the number of its group: where nothing here does, what is here is not all.
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

  # Others may define it, too, and are not read.
  shared = option: option // { definedElsewhere = true; };
  # It does not.
  own = option: option // { definedElsewhere = false; };

  user =
    { name, config, ... }:
    let
      unless = said: option: option // { definedElsewhere = !said; };
      isPerson = name == "root" || config.isNormalUser;
      hasNumber = isPerson || config.uid != null;
      ofServices = unless (hasNumber || config.isSystemUser);
    in
    {
      # The less common ones (ssh keys, subordinate ids, mail) are not listed.
      freeformType = types.attrsOf types.anything;
      options = {
        name = own (mkOption {
          type = types.str;
          default = name;
        });
        enable = own (flag true);
        uid = unless isPerson (nullable types.int);
        isSystemUser = unless hasNumber (flag false);
        isNormalUser = own (flag false);
        group = ofServices (mkOption {
          type = types.str;
          default = "";
        });
        extraGroups = ofServices strings;
        home = ofServices (mkOption {
          type = types.str;
          default = if config.isNormalUser then "/home/${config.name}" else "/var/empty";
        });
        createHome = ofServices (mkOption {
          type = types.bool;
          default = config.isNormalUser;
        });
        hashedPassword = own (nullable types.str);
        hashedPasswordFile = own (nullable types.str);
        initialPassword = own (nullable types.str);
        initialHashedPassword = own (nullable types.str);
        password = own (nullable types.str);
      };
      config = lib.mkIf config.isNormalUser {
        group = lib.mkDefault "users";
      };
    };

  group =
    { name, config, ... }:
    {
      options = {
        name = own (mkOption {
          type = types.str;
          default = name;
        });
        gid = nullable types.int;
        members = strings // { definedElsewhere = config.gid == null; };
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
    users = shared (mkOption {
      type = types.attrsOf (types.submodule user);
      default = { };
    });
    groups = shared (mkOption {
      type = types.attrsOf (types.submodule group);
      default = { };
    });
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
