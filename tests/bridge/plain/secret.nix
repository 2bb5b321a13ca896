let
  inherit (builtins) concatStringsSep;
in
{
  # Only evaluation tells what this is.
  services.matrix-synapse.settings.${concatStringsSep "_" [ "registration" "shared" "secret" ]} = "swordfish";
}
