(import ../lib.nix).evalModules { modules = [ ./configuration.nix ]; }
