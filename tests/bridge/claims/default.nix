(import ../lib.nix).evalModules {
  modules = [ ../../../rules/nixos/options/system.nix ./configuration.nix ];
}
