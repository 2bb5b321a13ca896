# Calling packages with what they ask for, and overriding what they were called with.
lib:
let
  inherit (builtins) attrNames intersectAttrs isAttrs listToAttrs mapAttrs;
  customisation = lib.customisation;
  load = written: if lib.isFunction written then written else import written;
  crossIndex = [ "buildBuild" "buildHost" "buildTarget" "hostHost" "hostTarget" "targetTarget" ];
  withPrefix =
    prefix: name: prefix + lib.toUpper (builtins.substring 0 1 name) + builtins.substring 1 (-1) name;
in
{
  # Overriding.
  makeOverridable =
    f:
    let
      again = lib.mirrorFunctionArgs f;
      call =
        arguments:
        let
          result = f arguments;
          override = again (
            changes:
            customisation.makeOverridable f (
              arguments // (if lib.isFunction changes then changes arguments else changes)
            )
          );
          through = change: customisation.makeOverridable (again change) arguments;
        in
        if isAttrs result then
          result
          // {
            inherit override;
            overrideDerivation =
              changes: through (other: customisation.overrideDerivation (f other) changes);
          }
          // lib.optionalAttrs (result ? overrideAttrs) {
            overrideAttrs = changes: through (other: (f other).overrideAttrs changes);
          }
        else if lib.isFunction result then
          lib.setFunctionArgs result (lib.functionArgs result) // { inherit override; }
        else
          result;
    in
    if isAttrs f then
      f
      // again call
      // lib.optionalAttrs (f ? override) {
        override = changes: customisation.makeOverridable (f.override changes);
      }
    else
      again call;
  overrideDerivation =
    package: changes:
    customisation.extendDerivation true ({ meta = package.meta or { }; } // package.passthru or { }) (
      derivation (package.drvAttrs // changes package)
    );
  extendDerivation =
    condition: passthru: package:
    let
      guard = value: assert condition; value;
      outputs = map (outputName: {
        name = outputName;
        value =
          common
          // {
            inherit (package.${outputName}) type outputName;
            outputSpecified = true;
            drvPath = guard package.${outputName}.drvPath;
            outPath = guard package.${outputName}.outPath;
          }
          // lib.optionalAttrs (passthru ? overrideAttrs) {
            overrideAttrs = changes: (passthru.overrideAttrs changes).${outputName};
          };
      }) (package.outputs or [ "out" ]);
      common =
        package
        // listToAttrs outputs
        // { all = map (output: output.value) outputs; }
        // passthru
        // {
          drvPath = guard package.drvPath;
          outPath = guard package.outPath;
        };
    in
    common;
  extendMkDerivation =
    {
      constructDrv,
      excludeDrvArgNames ? [ ],
      excludeFunctionArgNames ? [ ],
      extendDrvArgs,
      inheritFunctionArgs ? true,
      transformDrv ? lib.id,
    }:
    {
      inherit constructDrv excludeDrvArgNames extendDrvArgs transformDrv;
      __functor =
        _self: written:
        transformDrv (
          constructDrv (
            final:
            let
              given = lib.toFunction written final;
            in
            removeAttrs given excludeDrvArgNames // extendDrvArgs final given
          )
        );
      __functionArgs = removeAttrs (
        lib.optionalAttrs inheritFunctionArgs (
          removeAttrs (lib.functionArgs constructDrv) excludeDrvArgNames
        )
        // lib.functionArgs (extendDrvArgs { })
      ) excludeFunctionArgNames;
    };
  hydraJob =
    package:
    let
      outputs = package.outputs or [ "out" ];
      common = {
        inherit (package) name system meta;
        inherit outputs;
      }
      // lib.optionalAttrs (package._hydraAggregate or false) {
        _hydraAggregate = true;
        constituents = map customisation.hydraJob (lib.flatten package.constituents);
      }
      // lib.genAttrs outputs output;
      output =
        outputName:
        common
        // {
          inherit outputName;
          inherit (package.${outputName}) outPath drvPath;
          type = "derivation";
        };
      job = output (builtins.head outputs);
    in
    if package == null then null else builtins.deepSeq job job;

  # Calling.
  callPackageWith =
    available: written: given:
    let
      f = load written;
      wanted = lib.functionArgs f;
      arguments = intersectAttrs wanted available // given;
      missing = lib.filterAttrs (_name: hasDefault: !hasDefault) (removeAttrs wanted (attrNames arguments));
    in
    if missing == { } then
      customisation.makeOverridable f arguments
    else
      abort "lib.customisation.callPackageWith: Function called without required argument \"${builtins.head (attrNames missing)}\"";
  callPackagesWith =
    available: written: given:
    let
      f = load written;
      arguments = intersectAttrs (lib.functionArgs f) available // given;
      one =
        name: _package:
        customisation.makeOverridable (lib.mirrorFunctionArgs f (others: (f others).${name})) arguments;
      packages = f arguments;
    in
    if lib.isDerivation packages then
      throw "function `callPackages` was called on a *single* derivation \"${packages.name or "<unknown-name>"}\"; did you mean to use `callPackage` instead?"
    else
      mapAttrs one packages;

  # Scopes: sets of packages that call each other.
  makeScope =
    newScope: packages:
    let
      self = {
        callPackage = self.newScope { };
      }
      // packages self
      // {
        inherit packages;
        newScope = more: newScope (self // more);
        overrideScope = overlay: customisation.makeScope newScope (lib.extends overlay packages);
      };
    in
    self;
  makeScopeWithSplicing =
    splicePackages: newScope: otherSplices: keep: extra: f:
    customisation.makeScopeWithSplicing' { inherit splicePackages newScope; } {
      inherit
        extra
        f
        keep
        otherSplices
        ;
    };
  makeScopeWithSplicing' =
    base@{ splicePackages, newScope }:
    scope@{
      otherSplices,
      keep ? (_self: { }),
      extra ? (_spliced: { }),
      f,
    }:
    let
      plain = splicePackages {
        pkgsBuildBuild = otherSplices.selfBuildBuild;
        pkgsBuildHost = otherSplices.selfBuildHost;
        pkgsBuildTarget = otherSplices.selfBuildTarget;
        pkgsHostHost = otherSplices.selfHostHost;
        pkgsHostTarget = self;
        pkgsTargetTarget = otherSplices.selfTargetTarget;
      };
      spliced = extra plain // plain // keep self;
      self = f self // {
        packages = f;
        newScope = more: newScope (spliced // more);
        callPackage = newScope spliced;
        overrideScope =
          overlay: customisation.makeScopeWithSplicing' base (scope // { f = lib.extends overlay f; });
      };
    in
    self;

  # Names of the six pairs of platforms.
  renameCrossIndexFrom =
    prefix: set: lib.genAttrs crossIndex (name: set.${withPrefix prefix name});
  renameCrossIndexTo =
    prefix: set: lib.genAttrs' crossIndex (name: lib.nameValuePair (withPrefix prefix name) set.${name});
  mapCrossIndex = f: set: lib.genAttrs crossIndex (name: f set.${name});
}
