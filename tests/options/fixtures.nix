# What NixOS's module system makes of the configurations under fixtures/, with our declarations
# in place of nixpkgs'. `record` is what evaluated.json beside each of them holds: the value of
# every option that the configuration defines, and of some whose defaults are computed.
{ nixpkgsLib }:

let
  lib = import nixpkgsLib;
  folder = ../../fixtures/configurations;
  configuration = import ./fixture.nix { inherit nixpkgsLib; };

  computed = [
    [ "networking" "fqdn" ]
    [ "services" "matrix-synapse" "settings" ]
  ];

  # JSON for a value: packages and functions by what they are, store files by their name.
  # Attributes that fail are left out.
  plain =
    value:
    if lib.isDerivation value then
      { "$package" = value.name; }
    else if lib.isFunction value then
      { "$function" = true; }
    else if builtins.isPath value then
      baseNameOf value
    else if lib.isAttrs value then
      lib.mapAttrs (_: plain) (lib.filterAttrs (_: item: (builtins.tryEval (builtins.seq item true)).success) value)
    else if lib.isList value then
      map plain value
    else
      value;

  # Conflicting definitions and wrong types are something to record, too.
  attempt =
    option:
    let
      value = plain option.value;
      found = builtins.tryEval (builtins.deepSeq value value);
    in
    if found.success then found.value else { "$fails" = true; };

  entry = option: lib.nameValuePair (lib.showOption option.loc) (attempt option);

  record =
    name:
    let
      options = (configuration name).options;
      leaves = lib.collect lib.isOption (removeAttrs options [ "_module" "assertions" "warnings" ]);
      own = option: lib.head option.loc == "my";
      # Whether there is a definition cannot be told of an option whose default is another's value
      # that is missing.
      defined = option: (builtins.tryEval (option.isDefined && option.highestPrio < 1500)).value;
      interesting = option: own option || lib.elem option.loc computed || defined option;
    in
    lib.listToAttrs (map entry (lib.filter interesting leaves));
in
lib.genAttrs (lib.filter (
  name: lib.any (file: builtins.pathExists (folder + "/${name}/${file}")) [ "flake.nix" "configuration.nix" ]
) (lib.attrNames (builtins.readDir folder))) record
