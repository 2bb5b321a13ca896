# Units. Modules of NixOS define many of them, also of those that somebody defines a part of.
# Facts: nixpkgs nixos/lib/systemd-unit-options.nix.
{ lib, ... }:

let
  inherit (lib) mkOption types;

  # A unit file may repeat a key: lists are joined.
  sectionValue = types.either (types.listOf types.anything) types.anything;
  section = mkOption {
    type = types.attrsOf sectionValue;
    default = { };
  };
  names = mkOption {
    type = types.listOf types.str;
    default = [ ];
  };
  script = mkOption {
    type = types.lines;
    default = "";
  };

  unit = {
    freeformType = types.attrsOf types.anything;
    options = {
      enable = mkOption {
        type = types.bool;
        default = true;
      };
      description = mkOption {
        type = types.str;
        default = "";
      };
      documentation = names;
      aliases = names;
      after = names;
      before = names;
      conflicts = names;
      upholds = names;
      requisite = names;
      onFailure = names;
      onSuccess = names;
      requires = names;
      requiredBy = names;
      wants = names;
      wantedBy = names;
      partOf = names;
      bindsTo = names;
      unitConfig = section;
      restartTriggers = mkOption {
        type = types.listOf types.anything;
        default = [ ];
      };
      reloadTriggers = mkOption {
        type = types.listOf types.anything;
        default = [ ];
      };
    };
  };

  service = unit // {
    options = unit.options // {
      serviceConfig = section;
      environment = mkOption {
        type = types.attrsOf types.anything;
        default = { };
      };
      path = mkOption {
        type = types.listOf types.anything;
        default = [ ];
      };
      script = script;
      preStart = script;
      postStart = script;
      reload = script;
      preStop = script;
      postStop = script;
    };
  };

  # Others define it, too, and are not read: what is written for it is not all there is.
  shared = option: option // { definedElsewhere = true; };

  units =
    kind:
    shared (mkOption {
      type = types.attrsOf (types.submodule kind);
      default = { };
    });
in
{
  options.systemd = {
    services = units service;
    sockets = units unit;
    timers = units unit;
    targets = units unit;
    paths = units unit;
    tmpfiles.rules = shared names;
    tmpfiles.settings = shared (mkOption {
      type = types.attrsOf types.anything;
      default = { };
    });
  };
}
