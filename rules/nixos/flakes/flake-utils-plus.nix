# flake-utils-plus: hosts with defaults and channels, over flake-utils.
# Facts: README.md, flake.nix and lib/{mkFlake,options,exportModules,overlay}.nix of gytis-ivaskevicius/flake-utils-plus.
{ lib, configuration, open, unread, ... }:
let
  inherit (lib) mkDefault mkIf mkOption types;

  # Of two sets: sets and lists in both are put together.
  mergeAny =
    lhs: rhs:
    lhs
    // builtins.mapAttrs (
      name: value:
      if builtins.isAttrs value then
        lhs.${name} or { } // value
      else if builtins.isList value then
        lhs.${name} or [ ] ++ value
      else
        value
    ) rhs;

  defaultSystems = [ "aarch64-darwin" "aarch64-linux" "x86_64-darwin" "x86_64-linux" ];
  # `f system` gives `{ output = …; }`; wanted is `{ output.system = …; }`.
  eachSystem =
    systems: f:
    lib.foldl' (
      done: system: done // builtins.mapAttrs (name: value: done.${name} or { } // { ${system} = value; }) (f system)
    ) { } systems;

  # Modules by the names of their files.
  exportModules =
    modules:
    open "exportModules" (
      lib.listToAttrs (
        map (path: lib.nameValuePair (lib.removeSuffix ".nix" (baseNameOf path)) (import path)) (
          lib.filter (path: builtins.isPath path && lib.hasSuffix ".nix" (baseNameOf path)) modules
        )
      )
    );

  # What every host has besides.
  fromInputs =
    { config, inputs, ... }:
    {
      key = "flake-utils-plus/lib/options.nix";
      options.nix = lib.genAttrs [ "generateNixPathFromInputs" "generateRegistryFromInputs" "linkInputs" ] (
        _:
        mkOption {
          type = types.bool;
          default = false;
        }
      );
      config.environment.etc = mkIf (config.nix.linkInputs || config.nix.generateNixPathFromInputs) (
        lib.mapAttrs' (name: input: lib.nameValuePair "nix/inputs/${name}" { source = input.outPath; }) inputs
      );
    };

  mkFlake =
    {
      self,
      inputs,
      channels ? { },
      channelsConfig ? { },
      sharedOverlays ? [ ],
      hosts ? { },
      hostDefaults ? { },
      supportedSystems ? defaultSystems,
      ...
    }@args:
    let
      # Packages of nixpkgs' releases. Their `srcs` and what flake-utils-plus adds are no business of modules.
      packages =
        system:
        let
          channel =
            name:
            let
              own = channels.${name} or { };
              input = own.input or inputs.${name};
            in
            import input {
              inherit system;
              config = channelsConfig // own.config or { };
              overlays = sharedOverlays ++ (if own ? overlaysBuilder then own.overlaysBuilder all else [ ]);
            }
            // {
              inherit name input;
            };
          all = open "channels" (lib.genAttrs (lib.unique ([ "nixpkgs" ] ++ lib.attrNames channels)) channel);
        in
        { inherit channel all; };

      made =
        name: given:
        let
          host = {
            channelName = "nixpkgs";
            system = "x86_64-linux";
            output = "nixosConfigurations";
            modules = [ ];
            extraArgs = { };
            specialArgs = { };
          }
          // mergeAny hostDefaults given;
          channel = (packages host.system).channel host.channelName;
          # The name may be a domain name turned around.
          labels = lib.reverseList (lib.splitString "." name);
          builder = host.builder or (configuration "flake-utils-plus: ${name}" null);
        in
        {
          ${host.output}.${name} = builder {
            inherit (host) system;
            inherit (channel) lib;
            modules = [
              {
                networking.hostName = builtins.head labels;
                networking.domain =
                  if builtins.tail labels == [ ] then
                    mkDefault null
                  else
                    lib.concatStringsSep "." (builtins.tail labels);
                nix.package = mkDefault (unread "nix");
                nix.extraOptions = "extra-experimental-features = nix-command flakes";
                _module.args = {
                  inherit inputs;
                }
                // host.extraArgs;
              }
            ]
            ++ host.modules
            ++ [ fromInputs ];
            specialArgs = host.specialArgs // { inherit channel; };
          };
        };
      others = removeAttrs args [
        "inputs"
        "hosts"
        "hostDefaults"
        "nixosProfiles"
        "channels"
        "channelsConfig"
        "self"
        "sharedOverlays"
        "supportedSystems"
        "outputsBuilder"
      ];
    in
    # What `outputsBuilder` gives is not looked at.
    open "outputs" (
      mergeAny others (
        lib.foldl' mergeAny { pkgs = lib.genAttrs supportedSystems (system: (packages system).all); } (
          lib.mapAttrsToList made hosts
        )
      )
    );
in
{
  lib = open "lib" {
    inherit defaultSystems eachSystem exportModules mergeAny mkFlake;
    eachDefaultSystem = eachSystem defaultSystems;
    eachSystemMap = lib.genAttrs;
    eachDefaultSystemMap = lib.genAttrs defaultSystems;
    modulesFromList = exportModules;
    patchChannel = _: channel: patches: if patches == [ ] then channel else unread "patchChannel";
    systemFlake = mkFlake;
  };
  nixosModules = open "nixosModules" { autoGenFromInputs = fromInputs; };
}
