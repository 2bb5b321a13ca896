# Snowfall Lib: outputs from a standard folder structure.
# Facts: https://snowfall.org/guides/lib (systems, modules, lib) and snowfall-lib/ of snowfallorg/lib; what
# it leaves to flake-utils-plus: lib/mkFlake.nix of gytis-ivaskevicius/flake-utils-plus.
{ lib, configuration, open, unread, ... }:
let
  read = folder: if builtins.pathExists folder then builtins.readDir folder else { };
  folders = folder: lib.attrNames (lib.filterAttrs (_: type: type == "directory") (read folder));
  # Every `default.nix` below a folder, by the path to it.
  modulesBelow =
    folder:
    let
      walk =
        path:
        lib.concatLists (
          lib.mapAttrsToList (
            name: type:
            if type == "directory" then
              walk (path ++ [ name ])
            else if type == "regular" && name == "default.nix" then
              [ (lib.concatStringsSep "/" path) ]
            else
              [ ]
          ) (read (folder + lib.concatMapStrings (name: "/${name}") path))
        );
    in
    lib.genAttrs (walk [ ]) (path: folder + (if path == "" then "/default.nix" else "/${path}/default.nix"));

  # Images and the like are made by nixos-generators, and are outputs of their own.
  formats = [
    "amazon" "azure" "cloudstack" "do" "docker" "gce" "hyperv" "install-iso-hyperv" "install-iso" "iso"
    "kexec-bundle" "kexec" "kubevirt" "lxc-metadata" "lxc" "openstack" "proxmox-lxc" "proxmox" "qcow"
    "raw-efi" "raw" "sd-aarch64-installer" "sd-aarch64" "vagrant-virtualbox" "virtualbox"
    "vm-bootloader" "vm-nogui" "vmware" "vm"
  ];
  isNixOS = target: lib.hasInfix "linux" target && !lib.any (format: lib.hasInfix format target) formats;

  mkFlake =
    options:
    let
      inputs = options.inputs;
      settings = options.snowfall or { };
      root = settings.root or options.src;
      namespace = settings.namespace or "internal";
      systems = options.systems or { };

      # nixpkgs' `lib`, that of each input under the input's name, and the user's under the namespace.
      base = lib // lib.mapAttrs (name: input: if lib ? ${name} then unread "lib.${name}" else input.lib) (
        removeAttrs inputs [ "self" ]
      ) // { snowfall = open "snowfall-lib" { }; };
      systemLib = open "system-lib" (base // { ${namespace} = userLib; });
      userLib = lib.foldr lib.recursiveUpdate { } (
        map (
          path:
          let
            value = import path;
          in
          if lib.isFunction value then
            value (builtins.intersectAttrs (lib.functionArgs value) {
              inherit inputs namespace;
              lib = systemLib;
              snowfall-inputs = open "inputs" { };
            })
          else
            value
        ) (lib.attrValues (modulesBelow (root + "/lib")))
      );

      modules = lib.attrValues (modulesBelow (root + "/modules/nixos"));
      made = lib.foldl' (
        done: target:
        done
        // lib.listToAttrs (
          map (name: lib.nameValuePair name (system target name)) (
            lib.filter (name: builtins.pathExists (root + "/systems/${target}/${name}/default.nix")) (
              folders (root + "/systems/${target}")
            )
          )
        )
      ) { } (lib.filter isNixOS (folders (root + "/systems")));
      system =
        target: name:
        let
          own = systems.hosts.${name} or { };
          path = root + "/systems/${target}/${name}/default.nix";
          # The name may be a domain name turned around.
          labels = lib.reverseList (lib.splitString "." name);
        in
        configuration "snowfall-lib: systems/${target}/${name}" path {
          modules = [
            {
              networking.hostName = builtins.head labels;
              networking.domain =
                if builtins.tail labels == [ ] then
                  lib.mkDefault null
                else
                  lib.concatStringsSep "." (builtins.tail labels);
              nix.package = lib.mkDefault (unread "nix");
              nix.extraOptions = "extra-experimental-features = nix-command flakes";
            }
            path
          ]
          ++ modules
          ++ own.modules or [ ]
          ++ systems.modules.nixos or [ ]
          ++ lib.optional (inputs ? home-manager) inputs.home-manager.nixosModules.home-manager
          # Users that have a home.
          ++ [ (unread "modules/nixos/user") ];
          specialArgs = own.specialArgs or { } // {
            inherit target inputs namespace;
            system = target;
            systems = unread "systems";
            lib = systemLib;
            host = name;
            virtual = false;
            format = "linux";
            channel = unread "channel";
          };
        };
    in
    open "outputs" {
      nixosConfigurations = made;
      nixosModules = modulesBelow (root + "/modules/nixos") // options.modules.nixos or { };
      lib = userLib;
    };

  mkLib = given: open "lib" {
    mkFlake = options: mkFlake (given // options);
  };
in
{
  inherit mkFlake mkLib;
}
