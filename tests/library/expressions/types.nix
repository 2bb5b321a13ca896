# Types: what they accept, how they are described, how they merge.
lib:
let
  inherit (lib) mkAfter mkBefore mkDefault mkForce mkIf mkMerge mkOption types;
  inherit (types) attrs attrsOf bool either enum int lazyAttrsOf listOf nullOr oneOf path str submodule;

  values = [
    0 1 (-1) 255 256 65536 1.5 true null "" "a" "a:b" "a\nb" "a\n" " \n" "/a" "/nix/store" "a/b" ./types.nix
    "/nix/store/00000000000000000000000000000000-a" "/nix/store/00000000000000000000000000000000-a/b"
    "/nix/store/.links" [ ] [ "a" ] [ 1 ] { } { a = 1; } { a = "b"; } { type = "derivation"; }
    { type = "derivation"; shellPath = "/bin/sh"; } { outPath = "/a"; } { _type = "pkgs"; }
    { _type = "lua-inline"; } { _type = "option"; } (types.mkOptionType { name = "own"; })
  ];
  known =
    types
    // types.ints
    // {
      numberPositive = types.numbers.positive;
      numberNonnegative = types.numbers.nonnegative;
      intBetween = types.ints.between 0 9;
      numberBetween = types.numbers.between 0 1.5;
      strMatching = types.strMatching "a.*";
      listOfStr = listOf str;
      nonEmptyListOf = types.nonEmptyListOf str;
      attrsOf = attrsOf int;
      lazyAttrsOf = lazyAttrsOf int;
      nullOr = nullOr str;
      either = either int str;
      oneOf = oneOf [ int str bool ];
      nested = listOf (nullOr (either int (attrsOf str)));
      enum = enum [ "a" 1 true ];
      enumOne = enum [ "a" ];
      enumNone = enum [ ];
      uniq = types.uniq str;
      passwdEntry = types.passwdEntry str;
      separatedString = types.separatedString "-";
      coercedTo = types.coercedTo int toString str;
      addCheck = types.addCheck str (value: value != "");
      functionTo = types.functionTo str;
      submodule = submodule { };
      attrTag = types.attrTag { a = mkOption { type = int; }; b = mkOption { type = str; }; };
      relative = types.pathWith { absolute = false; };
    };
  names = [
    "addCheck" "anything" "attrTag" "attrs" "attrsOf" "bool" "boolByOr" "coercedTo" "commas" "deferredModule"
    "either" "enum" "enumNone" "enumOne" "envVar" "externalPath" "float" "functionTo" "int" "intBetween"
    "json" "lazyAttrsOf" "lines" "listOfStr" "luaInline" "nested" "nonEmptyListOf" "nonEmptyStr" "nullOr"
    "number" "numberBetween" "numberNonnegative" "numberPositive" "oneOf" "optionType" "package"
    "passwdEntry" "path" "pathInStore" "pkgs" "port" "positive" "raw" "relative" "s16" "s32" "s8"
    "separatedString" "shellPackage" "singleLineStr" "str" "strMatching" "submodule" "toml" "u16" "u32"
    "u8" "uniq" "unsigned" "unspecified"
  ];
  accepts =
    name:
    map (value: builtins.tryEval (known.${name}.check value)) (
      if name == "passwdEntry" then builtins.filter builtins.isString values else values
    );

  merged =
    type: definitions:
    builtins.tryEval (
      let
        value =
          (lib.evalModules {
            modules = [ { options.o = mkOption { inherit type; }; } ] ++ map (o: { inherit o; }) definitions;
          }).config.o;
      in
      builtins.deepSeq value value
    );
  prefixed = prefix: set: lib.mapAttrs' (name: value: { name = "${prefix} ${name}"; inherit value; }) set;
in
prefixed "accepts" (lib.genAttrs names accepts)
// prefixed "describes" (lib.genAttrs names (name: known.${name}.description))
// prefixed "is called" (lib.genAttrs names (name: known.${name}.name))
// prefixed "without definitions" (lib.genAttrs names (name: merged known.${name} [ ]))
// prefixed "merges" {
  "one string" = merged str [ "a" ];
  "equal strings" = merged str [ "a" "a" ];
  "unequal strings" = merged str [ "a" "b" ];
  "forced" = merged str [ "a" (mkForce "b") (mkDefault "c") ];
  "condition" = merged str [ (mkIf true "a") (mkIf false "b") ];
  "merge" = merged (listOf str) [ (mkMerge [ [ "a" ] (mkIf true [ "b" ]) (mkIf false [ "c" ]) ]) ];
  "lists" = merged (listOf str) [ [ "a" ] (mkBefore [ "b" ]) (mkAfter [ "c" ]) [ "d" ] ];
  "list elements" = merged (listOf int) [ [ (mkIf false 1) 2 (mkIf true 3) ] ];
  "no list" = merged (listOf int) [ 1 ];
  "sets" = merged (attrsOf int) [ { a = 1; } { b = 2; } ];
  "sets overlap" = merged (attrsOf int) [ { a = 1; } { a = 2; } ];
  "sets with priorities" = merged (attrsOf int) [ { a = mkDefault 1; } { a = 2; b = mkIf false 1; } ];
  "sets with condition" = merged (attrsOf int) [ (mkIf true { a = 1; }) (mkIf false { b = 1; }) ];
  "lazy sets" = merged (lazyAttrsOf int) [ { a = mkDefault 1; } { a = 2; } ];
  "lazy sets with empty" = merged (lazyAttrsOf (nullOr int)) [ { a = mkIf false 1; } ];
  "plain sets" = merged attrs [ { a = 1; } { a = 2; b = 3; } ];
  "lines" = merged types.lines [ "a" "b" (mkBefore "c") ];
  "commas" = merged types.commas [ "a" "b" ];
  "or" = merged types.boolByOr [ false true ];
  "null" = merged (nullOr int) [ null null ];
  "null and not" = merged (nullOr int) [ null 1 ];
  "not null" = merged (nullOr int) [ 1 1 ];
  "either" = merged (either int str) [ "a" "a" ];
  "either lists" = merged (either (listOf int) (attrsOf int)) [ [ 1 ] [ 2 ] ];
  "one of" = merged (oneOf [ int str (listOf str) ]) [ [ "a" ] [ "b" ] ];
  "enum" = merged (enum [ "a" "b" ]) [ "b" ];
  "enum wrong" = merged (enum [ "a" "b" ]) [ "c" ];
  "coerced" = merged (types.coercedTo int toString str) [ 1 ];
  "coerced lists" = merged (types.coercedTo str lib.singleton (listOf str)) [ "a" [ "b" ] ];
  "unique" = merged (types.uniq str) [ "a" ];
  "unique twice" = merged (types.uniq str) [ "a" "a" ];
  "single line" = merged types.singleLineStr [ "a\n" ];
  "anything sets" = merged types.anything [ { a.b = 1; } { a.c = 2; d = [ 1 ]; } ];
  "anything unequal" = merged types.anything [ { a = 1; } { a = 2; } ];
  "anything functions" = builtins.tryEval ((merged types.anything [ (x: { a = x; }) (x: { b = x; }) ]).value 1);
  "unspecified sets" = merged types.unspecified [ { a = 1; } { b = 2; } ];
  "unspecified lists" = merged types.unspecified [ [ 1 ] [ 2 ] ];
  "raw twice" = merged types.raw [ 1 1 ];
  "function" = ((merged (types.functionTo (listOf int)) [ (x: [ x ]) (x: [ (x + 1) ]) ]).value 1);
  "tag" = merged known.attrTag [ { a = 1; } ];
  "tags" = merged known.attrTag [ { a = 1; } { b = ""; } ];
  "json" = merged types.json [ { a = [ 1 { b = null; } ]; } { c = "d"; } ];
  "submodule" = merged (submodule { options.a = mkOption { type = int; default = 1; }; options.b = mkOption { type = str; }; }) [ { b = "c"; } ];
  "submodules" = merged (attrsOf (submodule ({ name, ... }: { options.a = mkOption { type = str; default = name; }; }))) [ { x = { }; y.a = "z"; } ];
  "submodule of functions" = merged (submodule { options.a = mkOption { type = int; }; }) [ ({ ... }: { a = 1; }) ];
  "freeform" = merged (submodule { freeformType = attrsOf int; options.a = mkOption { default = "b"; }; }) [ { c = 1; } ];
  "submodule list" = merged (listOf (submodule { options.a = mkOption { type = int; default = 0; }; })) [ [ { a = 1; } { } ] [ { a = 2; } ] ];
  "own check" = merged (types.addCheck int (n: n > 1)) [ 1 ];
  "own type" = merged (types.mkOptionType { name = "own"; merge = _path: definitions: builtins.length definitions; }) [ 1 2 3 ];
}
// prefixed "declared twice" (
  let
    twice =
      left: right: value:
      builtins.tryEval (
        (lib.evalModules {
          modules = [
            { options.o = mkOption { type = left; }; }
            { options.o = mkOption { type = right; }; }
            { o = value; }
          ];
        }).config.o
      );
  in
  {
    "strings" = twice str str "a";
    "enums" = twice (enum [ "a" ]) (enum [ "b" ]) "b";
    "lists of enums" = twice (listOf (enum [ "a" ])) (listOf (enum [ "b" ])) [ "a" "b" ];
    "different" = twice str int "a";
    "nullable" = twice (nullOr (enum [ 1 ])) (nullOr (enum [ 2 ])) 2;
    "either" = twice (either int (enum [ "a" ])) (either int (enum [ "b" ])) "b";
    "sets" = twice (attrsOf (enum [ 1 ])) (attrsOf (enum [ 2 ])) { a = 2; };
    "submodules" = twice (submodule { options.a = mkOption { default = 1; }; }) (submodule { options.b = mkOption { default = 2; }; }) { };
    "separated" = twice (types.separatedString "a") (types.separatedString "b") "";
  }
)
