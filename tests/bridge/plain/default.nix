# Options as a module system gives them, written out by hand: one module, one definition.
let
  path = [ "services" "matrix-synapse" "settings" ];
  module = import ./secret.nix;
  settings = module.services.matrix-synapse.settings;
in
{
  config.services.matrix-synapse.settings = settings;
  options.services.matrix-synapse.settings = {
    _type = "option";
    loc = path;
    isDefined = true;
    highestPrio = 100;
    value = settings;
    definitionsWithLocations = [
      {
        file = toString ./secret.nix;
        value = settings;
      }
    ];
  };
  type.getSubModules = [ ./secret.nix ];
  lib = { };
}
