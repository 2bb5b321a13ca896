# The whole library, tied together from its files.
#
# `parts` has one function `lib: { … }` for each file of this folder, by the file's name. `natives`
# (a set, or a function of the whole library) has what the evaluator itself provides: sets named
# like a namespace are laid over that namespace, everything else over the library. `open` has for
# `lib` and each namespace a set that says of other names that they are unknown, not missing.
{
  parts,
  natives ? { },
  open ? { },
}:
let
  namespaces = {
    asserts = [ "asserts" ];
    attrsets = [ "attrsets" ];
    cli = [ "cli" ];
    customisation = [ "customisation" ];
    debug = [ "debug" ];
    derivations = [ "derivations" ];
    fetchers = [ "fetchers" ];
    fileset = [ "fileset" ];
    filesystem = [ "filesystem" ];
    fixedPoints = [ "fixedPoints" ];
    flakes = [ "flakes" ];
    generators = [ "generators" "languages" ];
    gvariant = [ "gvariant" ];
    kernel = [ "kernel" ];
    licenses = [ "licenses" ];
    lists = [ "lists" ];
    meta = [ "meta" ];
    misc = [ "misc" ];
    modules = [ "modules" ];
    network = [ "network" ];
    options = [ "options" ];
    path = [ "path" ];
    sources = [ "sources" ];
    sourceTypes = [ "sourceTypes" ];
    strings = [ "strings" "escapes" ];
    stringsWithDeps = [ "stringsWithDeps" ];
    systems = [ "systems" ];
    trivial = [ "trivial" ];
    types = [ "types" "composedTypes" "moduleTypes" ];
    versions = [ "versions" ];
  };

  base =
    lib:
    let
      # What evaluates modules gives them the library it stands in, also if that was extended.
      makers = builtins.intersectAttrs { evalModules = null; nixosSystem = null; } natives;
      given = natives // builtins.mapAttrs (_name: make: make lib) makers;
      load = builtins.foldl' (done: file: done // parts.${file} lib) { };
      space = name: files: (open.${name} or { }) // load files // (given.${name} or { });
      spaces = builtins.mapAttrs space namespaces // {
        # `submodule` evaluates modules too. No name that the namespace may have elsewhere is this one.
        modules = space "modules" namespaces.modules // builtins.intersectAttrs { evalModules = null; } given;
      };
    in
    (open.lib or { })
    // spaces
    // {
      inherit (builtins)
        convertHash fromJSON fromTOML getContext hasContext hashString parseDrvName placeholder toFile
        toJSON toString toXML tryEval;
      inherit (lib.asserts) assertMsg assertOneOf;
      inherit (lib.attrsets)
        attrByPath attrNames attrsToList attrVals attrValues cartesianProduct
        cartesianProductOfSets catAttrs chooseDevOutputs collect concatMapAttrs
        dontRecurseIntoAttrs filterAttrs filterAttrsRecursive foldAttrs foldlAttrs genAttrs
        genAttrs' getAttr getAttrFromPath getAttrs getBin getDev getFirstOutput getInclude getLib
        getMan getOutput getStatic hasAttr hasAttrByPath intersectAttrs isAttrs isDerivation
        listToAttrs mapAttrs mapAttrs' mapAttrsFlatten mapAttrsRecursive mapAttrsRecursiveCond
        mapAttrsToList mapAttrsToListRecursive mapAttrsToListRecursiveCond mapCartesianProduct
        matchAttrs mergeAttrsList nameValuePair optionalAttrs overrideExisting recurseIntoAttrs
        recursiveUpdate recursiveUpdateUntil removeAttrs setAttrByPath showAttrPath toDerivation
        updateManyAttrsByPath zipAttrs zipAttrsWith zipAttrsWithNames;
      inherit (lib.customisation)
        callPackagesWith callPackageWith extendDerivation extendMkDerivation hydraJob
        makeOverridable makeScope makeScopeWithSplicing makeScopeWithSplicing' mapCrossIndex
        overrideDerivation renameCrossIndexFrom renameCrossIndexTo;
      inherit (lib.debug)
        addErrorContext runTests testAllTrue trace traceFnSeqN traceIf traceSeq traceSeqN traceVal
        traceValFn traceValSeq traceValSeqFn traceValSeqN traceValSeqNFn unsafeGetAttrPos;
      inherit (lib.derivations)
        addDrvOutputDependencies lazyDerivation optionalDrvAttr unsafeDiscardOutputDependency
        warnOnInstantiate;
      inherit (lib.filesystem)
        baseNameOf dirOf hashFile isPath packagesFromDirectoryRecursive pathIsDirectory
        pathIsRegularFile pathType readDir readFileType;
      inherit (lib.fixedPoints)
        composeExtensions composeManyExtensions converge extends fix fix' makeExtensible
        makeExtensibleWithCustomName toExtension;
      inherit (lib.flakes) flakeRefToString parseFlakeRef;
      inherit (lib.generators) mkLuaInline;
      inherit (lib.lists)
        all allUnique any compareLists concatAttrValues concatLists concatMap count crossLists
        drop dropEnd elem elemAt filter findFirst findSingle flatten fold foldl foldl' foldr
        forEach genList groupBy groupBy' head ifilter0 imap0 imap1 init intersectLists isList last
        length listDfs map mutuallyExclusive naturalSort optional optionals partition range remove
        replaceElemAt replicate reverseList singleton sort sortOn sublist subtractLists tail take
        takeEnd toList toposort unique uniqueStrings zipLists zipListsWith;
      inherit (lib.meta)
        addMetaAttrs appendToName dontDistribute getExe getExe' getLicenseFromSpdxId
        getLicenseFromSpdxIdOr hiPrio hiPrioSet licensesSpdx lowPrio lowPrioSet
        mapDerivationAttrset setName setPrio updateName;
      inherit (lib.misc)
        closePropagation condConcat defaultMerge defaultMergeArg fakeHash
        fakeSha256 fakeSha512 ifEnable imap innerClosePropagation
        innerModifySumArgs lazyGenericClosure maybeAttr maybeAttrNullable maybeEnv 
        
        mergeAttrsConcatenateValues mergeAttrsWithFunc modifySumArgs nixType
        nvs setAttr setAttrMerge uniqList uniqListExt;
      inherit (lib.modules)
        dischargeProperties doRename evalModules filterOverrides
        fixMergeModules fixupOptionType mergeDefinitions 
        mkAfter mkAliasAndWrapDefinitions mkAliasDefinitions mkAliasOptionModule
        mkAliasOptionModuleMD mkAssert mkBefore mkChangedOptionModule mkDefault mkDefinition
        mkDerivedConfig mkFixStrictness mkForce mkIf mkImageMediaOverride mkMerge
        mkMergedOptionModule mkOptionDefault mkOrder mkOverride mkRemovedOptionModule
        mkRenamedOptionModule mkRenamedOptionModuleWith mkVMOverride pushDownProperties
        setDefaultModuleLocation sortProperties ;
      inherit (lib.network.ipv6) mkEUI64Suffix;
      inherit (lib.options)
        getFiles getValues isOption literalDocBook literalExample literalExpression literalMD
        mdDoc mergeDefaultOption mergeEqualOption mergeOneOption mergeUniqueOption mkEnableOption
        mkOption mkPackageOption mkPackageOptionMD mkSinkUndeclaredOptions optionAttrSetToDocList
        optionAttrSetToDocList' scrubOptionValue showFiles showOption showOptionWithDefLocs
        unknownModule;
      inherit (lib.sources)
        canCleanSource cleanSource cleanSourceFilter cleanSourceWith 
        filterSource pathHasContext repoRevToName revOrTag sourceByRegex
        sourceFilesBySuffices;
      inherit (lib.strings)
        addContextFrom appendContext cmakeBool cmakeFeature cmakeOptionType concatImapStrings
        concatImapStringsSep concatLines concatMapAttrsStringSep concatMapStrings
        concatMapStringsSep concatStrings concatStringsSep enableFeature enableFeatureAs escape
        escapeRegex escapeShellArg escapeShellArgs escapeURL escapeXML fileContents
        fixedWidthNumber fixedWidthString getName getVersion hasInfix hasPrefix hasSuffix
        intersperse isStorePath isString isStringLike isValidPosixName join lowerChars makeBinPath
        makeIncludePath makeLibraryPath makeSearchPath makeSearchPathOutput match mesonBool
        mesonEnable mesonOption nameFromURL optionalString removePrefix removeSuffix replaceChars
        replaceString replaceStrings split splitString splitStringBy stringAsChars stringLength
        stringToCharacters substring toCamelCase toInt toIntBase10 toLower toSentenceCase
        toShellVar toShellVars toUpper trim trimWith typeOf unsafeDiscardStringContext upperChars
        versionAtLeast versionOlder withFeature withFeatureAs;
      inherit (lib.stringsWithDeps)
        fullDepEntry noDepEntry packEntry stringAfter textClosureList textClosureMap;
      inherit (lib.trivial)
        add and bitAnd bitNot bitOr bitXor boolToString boolToYesNo ceil checkListOfEnum compare
        concat const deepSeq defaultTo div flip floor fromHexString functionArgs genericClosure id
        importJSON importTOML info inNixShell inPureEvalMode isBool isFloat isFunction
        isInOldestRelease isInt lessThan mapNullable max mergeAttrs min mirrorFunctionArgs mod mul
        nixpkgsVersion oldestSupportedReleaseIsAtLeast "or" pathExists pipe readFile seq
        setFunctionArgs showWarnings splitByAndCompare sub throwIf throwIfNot toBaseDigits
        toFunction toHexString version warn warnIf warnIfNot xor;
      inherit (lib.types)
        defaultFunctor defaultTypeMerge isOptionType isType mkOptionType setType;
      inherit (lib.versions) compareVersions splitVersion;
    }
    // {
      platforms = lib.systems.doubles;
    }
    // builtins.removeAttrs given (builtins.attrNames namespaces);

  # `extend` lays an overlay over the library, as seen by every function in it.
  extensible =
    build:
    let
      lib = build lib // {
        extend =
          overlay:
          extensible (
            final:
            let
              prev = build final;
            in
            prev // overlay final prev
          );
      };
    in
    lib;
in
extensible base
