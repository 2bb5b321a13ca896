# Properties, option declarations, and modules that move options.
lib:
let
  inherit (lib) mkOption types;
  evaluate =
    modules:
    let
      warnings.options = {
        warnings = mkOption { type = types.listOf types.str; default = [ ]; };
        assertions = mkOption { type = types.listOf types.unspecified; default = [ ]; };
      };
    in
    (lib.evalModules { modules = [ warnings ] ++ modules; }).config;
  located = lib.setDefaultModuleLocation "user.nix";
  new.options.new.place = mkOption { type = types.listOf types.int; default = [ 0 ]; };
  plain = option: removeAttrs option [ "type" "apply" ];
  tree.pkgs.hello = "hello";
in
{
  properties = [
    (lib.mkIf true 1) (lib.mkMerge [ 1 2 ]) (lib.mkOverride 7 1) (lib.mkOrder 8 [ ]) (lib.mkDefault 1)
    (lib.mkForce 1) (lib.mkOptionDefault 1) (lib.mkVMOverride 1) (lib.mkImageMediaOverride 1)
    (lib.mkBefore [ ]) (lib.mkAfter [ ]) (lib.mkDefinition { file = "a"; value = 1; })
    (lib.mkAssert true "" 1)
  ];
  failed-assertion = builtins.tryEval (lib.mkAssert false "no" 1).condition;
  alias = lib.mkAliasDefinitions { isDefined = true; definitions = [ 1 2 ]; };
  derived = lib.mkDerivedConfig { highestPrio = 50; value = 1; } (n: n + 1);
  location = lib.setDefaultModuleLocation "a" { };
  pushed = lib.modules.pushDownProperties (lib.mkIf true (lib.mkMerge [ { a = 1; } (lib.mkForce { b = 2; }) ]));
  discharged = lib.modules.dischargeProperties (lib.mkMerge [ (lib.mkIf true 1) (lib.mkIf false 2) 3 ]);
  filtered = lib.modules.filterOverrides' [ { file = "a"; value = lib.mkForce 1; } { file = "b"; value = 2; } ];
  sorted = lib.modules.sortProperties [ { value = lib.mkAfter 1; } { value = 2; } { value = lib.mkBefore 3; } ];
  priorities = lib.modules.mergeAttrDefinitionsWithPrio {
    loc = [ "o" ];
    type = types.attrsOf types.int;
    definitionsWithLocations = [ { file = "a"; value = lib.mkForce { a = 1; }; } { file = "b"; value = { a = lib.mkDefault 2; b = 3; }; } ];
  };

  enable = plain (lib.mkEnableOption "the thing");
  package = plain (lib.mkPackageOption tree.pkgs "hello" { });
  package-null = plain (lib.mkPackageOption tree.pkgs "hello" { nullable = true; default = null; example = [ "a" "b" ]; extraDescription = "More."; });
  package-missing = builtins.tryEval (lib.mkPackageOption tree.pkgs "absent" { }).default;
  package-path = plain (lib.mkPackageOption tree [ "pkgs" "hello" ] { example = "x"; pkgsText = "p"; });
  sink = plain (lib.mkSinkUndeclaredOptions { });
  literals = [ (lib.literalExpression "a") (lib.literalMD "a") (lib.options.literalCode "nix" "a") ];
  literal-wrong = builtins.tryEval (lib.literalExpression 1);
  shown = map lib.showOption [ [ "a" ] [ "a" "b.c" ] [ "a" "<name>" "*" ] [ "a" "or" "1" "x-y" ] ];
  files = lib.showFiles [ "a" "b" ];
  unique = map (values: builtins.tryEval (lib.mergeOneOption [ "a" ] (map (value: { file = "f"; inherit value; }) values))) [ [ 1 ] [ 1 1 ] ];
  equal = map (values: builtins.tryEval (lib.mergeEqualOption [ "a" ] (map (value: { file = "f"; inherit value; }) values))) [ [ 1 ] [ 1 1 ] [ 1 2 ] ];
  default = map (values: builtins.tryEval (lib.mergeDefaultOption [ "a" ] (map (value: { file = "f"; inherit value; }) values))) [ [ 1 ] [ 1 1 ] [ 1 2 ] [ [ 1 ] [ 2 ] ] [ true false ] [ "a" "b" ] [ { a = 1; } { b = 2; } ] ];

  renamed = evaluate [ new (lib.mkRenamedOptionModule [ "old" "place" ] [ "new" "place" ]) (located { old.place = [ 1 ]; }) ];
  renamed-undefined = evaluate [ new (lib.mkRenamedOptionModule [ "old" "place" ] [ "new" "place" ]) ];
  renamed-forced = evaluate [ new (lib.mkRenamedOptionModule [ "old" "place" ] [ "new" "place" ]) (located { old.place = lib.mkForce [ 1 ]; new.place = [ 2 ]; }) ];
  aliased = evaluate [ new (lib.mkAliasOptionModule [ "old" "place" ] [ "new" "place" ]) { old.place = [ 1 ]; } { new.place = [ 2 ]; } ];
  removed = (evaluate [ (lib.mkRemovedOptionModule [ "old" "place" ] "Use a map.") (located { old.place = 1; }) ]).assertions;
  removed-unused = (evaluate [ (lib.mkRemovedOptionModule [ "old" "place" ] "Use a map.") ]).assertions;
  changed = evaluate [
    { options.new.place = mkOption { type = types.str; default = "none"; }; }
    (lib.mkChangedOptionModule [ "old" "place" ] [ "new" "place" ] (config: toString config.old.place))
    (located { old.place = 1; })
  ];
  merged = evaluate [
    { options.new.place = mkOption { type = types.str; default = "none"; }; }
    (lib.mkMergedOptionModule [ [ "a" ] [ "b" ] ] [ "new" "place" ] (config: "both"))
  ];
  renamed-into-submodule = (evaluate [
    { options.many = mkOption { type = types.attrsOf (types.submodule { options.x = mkOption { type = types.int; }; }); default = { }; }; }
    (lib.doRename { from = [ "one" ]; to = [ "many" "one" "x" ]; visible = true; warn = false; use = x: x; })
    { one = 1; }
  ]).many;
}
