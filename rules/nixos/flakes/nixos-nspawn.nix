# nixos-nspawn: containers for systemd-nspawn, built apart from the machines that run them.
# Facts: README.md and, below nixos_nspawn/nix, lib.nix and containers-next/{container-options,container-profile}.nix
# of m1cr0man/python-nixos-nspawn.
{ lib, configuration, open, ... }:
let
  inherit (lib) mkDefault mkOption types;
  option = type: default: mkOption { inherit type default; };
  anything = option types.anything;

  # How the container is run.
  container = {
    declarative = option types.bool false;
    sharedNix = option types.bool true;
    mountDaemonSocket = option types.bool false;
    ephemeral = option types.bool false;
    userNamespacing = option types.bool true;
    bindMounts = option (types.listOf types.str) [ ];
    bridge = option (types.nullOr types.str) null;
    zone = option (types.nullOr types.str) null;
    credentials = option (types.listOf types.anything) [ ];
    activation = {
      strategy = option types.str "restart";
      reloadScript = anything null;
      autoStart = option types.bool true;
    };
    network = anything null;
    forwardPorts = option (types.listOf types.anything) [ ];
  };

  mkContainer =
    { name, modules ? [ ], ... }@given:
    configuration "nixos-nspawn: ${name}" null (
      {
        modules = modules ++ [
          {
            options.nixosContainer = container;
            config = {
              boot.isContainer = true;
              networking = {
                hostName = mkDefault name;
                useDHCP = false;
                useHostResolvConf = false;
                useNetworkd = true;
              };
              users.mutableUsers = false;
            };
          }
        ];
      }
      // lib.optionalAttrs (given ? pkgs) { inherit (given.pkgs) lib; }
    );
in
{
  lib = open "lib" { inherit mkContainer; };
}
