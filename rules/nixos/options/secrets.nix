# Secret managers. Facts: sops-nix modules/sops/{default.nix,templates}, agenix modules/age.nix,
# NixOps nix/keys.nix. They are no part of nixpkgs: a configuration imports them, and
# whichever it does not import simply has no definitions here.
{ config, lib, pkgs, ... }:

let
  inherit (lib) mkIf mkOption types;

  text =
    default:
    mkOption {
      type = types.str;
      inherit default;
    };
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
  number =
    default:
    mkOption {
      type = types.nullOr types.int;
      inherit default;
    };

  sopsSecret =
    { name, config, ... }:
    {
      options = {
        name = text name;
        key = text (if sops.defaultSopsKey != null then sops.defaultSopsKey else name);
        path = text (
          if config.neededForUsers then
            "/run/secrets-for-users/${config.name}"
          else
            "/run/secrets/${config.name}"
        );
        format = mkOption {
          type = types.enum [ "yaml" "json" "binary" "dotenv" "ini" ];
          default = sops.defaultSopsFormat;
        };
        mode = text "0400";
        # null since uid and gid exist; "root" before. Either way root owns the file.
        owner = nullable types.str;
        uid = number 0;
        group = mkOption {
          type = types.nullOr types.str;
          default =
            if config.owner != null then users.${config.owner}.group else null;
        };
        gid = number 0;
        sopsFile = mkOption {
          type = types.path;
          default = sops.defaultSopsFile;
        };
        restartUnits = strings;
        reloadUnits = strings;
        neededForUsers = flag false;
      };
    };

  sopsTemplate =
    { name, config, ... }:
    {
      options = {
        name = text name;
        path = text "/run/secrets/rendered/${config.name}";
        content = mkOption {
          type = types.lines;
          default = "";
        };
        file = mkOption {
          type = types.path;
          default = pkgs.writeText config.name config.content;
        };
        mode = text "0400";
        owner = nullable types.str;
        uid = number 0;
        group = mkOption {
          type = types.nullOr types.str;
          default =
            if config.owner != null then users.${config.owner}.group else null;
        };
        gid = number 0;
        restartUnits = strings;
        reloadUnits = strings;
      };
    };

  ageSecret =
    { name, config, ... }:
    {
      options = {
        name = text name;
        file = mkOption { type = types.path; };
        path = text "${age.secretsDir}/${config.name}";
        mode = text "0400";
        owner = text "0";
        group = text (users.${config.owner}.group or "0");
        symlink = flag true;
        # agenix-rekey's addition.
        rekeyFile = nullable types.path;
      };
    };

  deploymentKey =
    { name, config, ... }:
    {
      # Colmena and NixOps each know a few more.
      freeformType = types.attrsOf types.anything;
      options = {
        text = nullable types.str;
        keyFile = nullable types.path;
        destDir = mkOption {
          type = types.path;
          default = "/run/keys";
        };
        path = mkOption {
          type = types.path;
          default = "${config.destDir}/${name}";
        };
        user = text "root";
        group = text "root";
        permissions = text "0600";
      };
    };

  sops = config.sops;
  age = config.age;
  users = config.users.users;
in
{
  imports = [
    (lib.mkRenamedOptionModule [ "age" "sshKeyPaths" ] [ "age" "identityPaths" ])
  ];

  options = {
    sops = {
      secrets = mkOption {
        type = types.attrsOf (types.submodule sopsSecret);
        default = { };
      };
      templates = mkOption {
        type = types.attrsOf (types.submodule sopsTemplate);
        default = { };
      };
      # Stands in the templates until activation puts the secret there.
      placeholder = mkOption {
        type = types.attrsOf types.str;
        default = { };
      };
      defaultSopsFile = mkOption { type = types.path; };
      defaultSopsFormat = text "yaml";
      defaultSopsKey = nullable types.str;
      validateSopsFiles = flag true;
      keepGenerations = mkOption {
        type = types.int;
        default = 1;
      };
      age = mkOption {
        type = types.attrsOf types.anything;
        default = { };
      };
      gnupg = mkOption {
        type = types.attrsOf types.anything;
        default = { };
      };
      environment = mkOption {
        type = types.attrsOf types.anything;
        default = { };
      };
    };
    age = {
      secrets = mkOption {
        type = types.attrsOf (types.submodule ageSecret);
        default = { };
      };
      secretsDir = mkOption {
        type = types.path;
        default = "/run/agenix";
      };
      secretsMountPoint = text "/run/agenix.d";
      # The host's own ssh keys.
      identityPaths = mkOption { type = types.listOf types.path; };
      ageBin = mkOption { type = types.str; };
      rekey = mkOption {
        type = types.attrsOf types.anything;
        default = { };
      };
    };
    # The rest of `deployment` belongs to the tool that deploys.
    deployment.keys = mkOption {
      type = types.attrsOf (types.submodule deploymentKey);
      default = { };
    };
  };

  config.sops.placeholder = mkIf (sops.templates != { }) (
    lib.mapAttrs (
      name: _: lib.mkDefault "<SOPS:${builtins.hashString "sha256" name}:PLACEHOLDER>"
    ) sops.secrets
  );
}
