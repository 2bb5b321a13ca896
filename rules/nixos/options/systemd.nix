# Units. Every service module defines some, so nothing here is complete.
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
      after = names;
      before = names;
      requires = names;
      requiredBy = names;
      wants = names;
      wantedBy = names;
      partOf = names;
      bindsTo = names;
      unitConfig = section;
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

  units =
    kind:
    mkOption {
      type = types.attrsOf (types.submodule kind);
      default = { };
    };
in
{
  options.systemd = {
    services = units service;
    sockets = units unit;
    timers = units unit;
    targets = units unit;
    paths = units unit;
    tmpfiles.rules = names;
    tmpfiles.settings = mkOption {
      type = types.attrsOf types.anything;
      default = { };
    };
  };
}
