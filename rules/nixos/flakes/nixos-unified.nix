# nixos-unified: hosts and modules from folders, for flake-parts.
# Facts: https://nixos-unified.org (autowiring, special arguments) and nix/modules/flake-parts of srid/nixos-unified.
{ lib, configuration, open, ... }:
let
  files =
    folder: f:
    lib.concatMapAttrs (
      name: type:
      if type == "regular" && lib.hasSuffix ".nix" name then
        { ${lib.removeSuffix ".nix" name} = f (folder + "/${name}"); }
      else if type == "directory" && builtins.pathExists (folder + "/${name}/default.nix") then
        { ${name} = f (folder + "/${name}"); }
      else
        { }
    ) (if builtins.pathExists folder then builtins.readDir folder else { });

  library =
    { self, inputs, config, ... }:
    let
      specialArgs.flake = { inherit self inputs config; };
    in
    {
      flake.nixos-unified = open "nixos-unified" {
        lib = open "lib" {
          specialArgsFor = open "specialArgsFor" { common = specialArgs; nixos = specialArgs; };
          mkLinuxSystem =
            { home-manager ? false }:
            module:
            configuration "nixos-unified" (if builtins.isPath module then module else null) {
              inherit specialArgs;
              modules = [
                (
                  { lib, ... }:
                  {
                    nix.settings.max-jobs = lib.mkDefault "auto";
                    nix.settings.experimental-features = lib.mkDefault "nix-command flakes";
                  }
                )
                module
              ]
              ++ lib.optional home-manager inputs.home-manager.nixosModules.home-manager;
            };
        };
      };
    };

  autoWire =
    { self, ... }:
    {
      flake.nixosConfigurations = files (self.outPath + "/configurations/nixos") (
        self.nixos-unified.lib.mkLinuxSystem { home-manager = true; }
      );
      flake.nixosModules = files (self.outPath + "/modules/nixos") (file: file);
    };
in
{
  flakeModules = open "flakeModules" { default = library; inherit autoWire; };
  flakeModule = library;
}
