# Derivations that are looked at as late as possible.
lib: {
  inherit (builtins) addDrvOutputDependencies unsafeDiscardOutputDependency;
  lazyDerivation =
    given@{
      derivation,
      meta ? null,
      passthru ? { },
      outputs ? [ "out" ],
    }:
    let
      checked =
        if derivation.type or null != "derivation" then
          throw "lazyDerivation: input must be a derivation."
        else if derivation.outputs != outputs then
          throw "lib.lazyDerivation: The derivation ${derivation.name or "<unknown>"} has outputs that don't match the assumed outputs."
        else
          derivation;
    in
    {
      type = "derivation";
      inherit (checked) drvPath name outPath outputName system;
      inherit outputs;
      meta = given.meta or checked.meta;
    }
    // lib.genAttrs outputs (output: checked.${output})
    // passthru;
  optionalDrvAttr = condition: value: if condition then value else null;
  warnOnInstantiate = _message: package: package;
}
