# Strings, generators and command lines.
lib:
let
  texts = [ "" "a" "a b" "it's" "a$b" "\${x}" "a\"b" "a\\b" "a\nb" "äö" " a " "a.b-c_d" "a/b" "<&>" "1" "-" "*.[x]" ];
  each = f: map (text: builtins.tryEval (f text)) texts;
  pairs = f: map (left: map (f left) texts) texts;
  settings = {
    a = 1;
    b = true;
    c = "x=y";
    d = null;
    e = 1.5;
  };
  deep = {
    user.name = "A \"B\"";
    url."git@x:".insteadOf = [ "a" "b" ];
    filter.lfs.clean = "x";
    core.editor = "vi\\m";
    a.b.c.d = 1;
  };
  value = settings // {
    list = [ 1 "two" [ ] { } ];
    set = { "a b" = 1; or = 2; };
    text = "one\ntwo \${x} ''\n";
    path = /a/b;
    f = { x, y ? 1 }: x;
    drv = { type = "derivation"; name = "d"; };
  };
  gv = lib.gvariant;
in
{
  escapeShellArg = each lib.escapeShellArg;
  escapeShellArgs = lib.escapeShellArgs texts;
  escapeRegex = each lib.escapeRegex;
  escapeURL = each lib.escapeURL;
  escapeXML = each lib.escapeXML;
  escapeNixString = each lib.strings.escapeNixString;
  escapeNixIdentifier = each lib.strings.escapeNixIdentifier;
  escapeC = lib.strings.escapeC [ " " "a" "\n" ] "a b\n";
  toLower = each (text: lib.toUpper (lib.toLower text));
  toSentenceCase = each lib.toSentenceCase;
  toCamelCase = map lib.toCamelCase [ "a-b" "aB_c d" "ABC" "" "a--b" "-a" ];
  hasPrefix = pairs lib.hasPrefix;
  hasSuffix = pairs lib.hasSuffix;
  hasInfix = pairs lib.hasInfix;
  removePrefix = pairs lib.removePrefix;
  removeSuffix = pairs lib.removeSuffix;
  splitString = map (separator: each (lib.splitString separator)) [ "." " " "a" "\n" "-c" ];
  splitStringBy = map (keep: each (lib.splitStringBy (before: at: at == "b" || before == "") keep)) [ true false ];
  stringToCharacters = each lib.stringToCharacters;
  trim = map lib.trim [ " a b \n" "" " " "a" "\ta\r" ];
  trimWith = map (which: lib.trimWith which " a ") [ { } { start = true; } { end = true; } ];
  concatLines = map lib.concatLines [ [ ] [ "a" ] [ "a" "b" ] ];
  intersperse = map (lib.intersperse "/") [ [ ] [ "a" ] [ "a" "b" "c" ] ];
  toInt = map (text: builtins.tryEval (lib.toInt text)) [ "1" "-1" " 1 " "01" "a" "" "1.5" "0" "-0" "00" ];
  toIntBase10 = map (text: builtins.tryEval (lib.toIntBase10 text)) [ "1" "-1" " 1 " "01" "a" "" "0" "0010" "00" ];
  fixedWidth = map builtins.tryEval [ (lib.fixedWidthString 5 "0" "ab") (lib.fixedWidthNumber 3 15) (lib.fixedWidthString 6 "ab" "cd") ];
  fixedWidthTooLong = builtins.tryEval (lib.fixedWidthString 1 "0" "ab");
  hex = map lib.fromHexString [ "FF" "0x10" "0" ] ++ map lib.toHexString [ 0 9 10 255 4096 ];
  baseDigits = lib.toBaseDigits 2 6;
  versions = map (v: [ (lib.versionOlder v "1.10") (lib.versionAtLeast v "1.10") (lib.versions.pad 3 v) (lib.versions.majorMinor v) (lib.versions.major v) ]) [ "1.9" "1.10" "1.10.1" "2.0-rc" ];
  names = map (p: [ (lib.getName p) (lib.getVersion p) ]) [ "a-1.0" "a-b-2" { pname = "x"; version = "3"; } { name = "y-4"; } ];
  urls = lib.nameFromURL "https://x/bzip2-1.0.8.tar.gz" "-";
  sanitize = map lib.strings.sanitizeDerivationName [ "a b" "..a" "" "a??b/c" "äb" ];
  shellVars = lib.toShellVars { a = "b c"; d = [ 1 "x y" ]; e = { f = "g h"; }; h = { outPath = "/o"; }; };
  posix = each lib.isValidPosixName;
  flags = [ (lib.enableFeature true "a") (lib.withFeatureAs true "a" "b") (lib.withFeatureAs false "a" "b") (lib.cmakeBool "A" true) (lib.cmakeFeature "A" "b") (lib.mesonBool "a" true) (lib.mesonEnable "a" false) (lib.mesonOption "a" "b") ];
  storePaths = map lib.isStorePath [ "/nix/store/a" "/nix/store" "/nix/store/a/b" 1 null "a" ];
  levenshtein = map (k: lib.strings.levenshteinAtMost k "kitten" "sitting") [ 0 1 2 3 4 ] ++ pairs lib.strings.levenshtein;
  shared = pairs (left: right: [ (lib.strings.commonPrefixLength left right) (lib.strings.commonSuffixLength left right) ]);
  normalizePath = lib.strings.normalizePath "/a//b///c/";
  makeBinPath = lib.makeBinPath [ "/a" { outPath = "/b"; bin = "/b-bin"; } null ];
  charToInt = map lib.strings.charToInt [ "a" "~" " " "\n" ];
  textClosure = lib.textClosureMap lib.id { a = lib.stringAfter [ "b" ] "A"; b = lib.noDepEntry "B"; c = lib.fullDepEntry "C" [ "a" "b" ]; } [ "c" "a" ];

  keyValue = lib.generators.toKeyValue { } settings;
  keyValueLists = lib.generators.toKeyValue { listsAsDuplicateKeys = true; indent = "  "; } { a = [ 1 2 ]; b = "c"; };
  ini = lib.generators.toINI { } { "a[b]" = settings; z = { }; };
  iniLists = lib.generators.toINI { listsAsDuplicateKeys = true; mkKeyValue = lib.generators.mkKeyValueDefault { } ": "; } { s.x = [ "a" "b" ]; };
  iniGlobal = lib.generators.toINIWithGlobalSection { } { globalSection = settings; sections.s = settings; };
  gitIni = lib.generators.toGitINI deep;
  pretty = map (options: lib.generators.toPretty options value) [ { } { multiline = false; } { indent = "  "; } { allowPrettyValues = true; } ];
  plist = lib.generators.toPlist { escape = true; } (removeAttrs value [ "f" "drv" ]);
  dhall = lib.generators.toDhall { } { a = [ 1 (-1) true ]; b = "c"; };
  lua = map (options: lib.generators.toLua options { a = [ 1 "b" null { } [ ] ]; "c d" = lib.mkLuaInline "f()"; }) [ { } { multiline = false; } { indent = "    "; } ];
  luaBindings = lib.generators.toLua { asBindings = true; } { a = 1; b.c = 2; };
  yaml = lib.generators.toYAML { } { a = 1; };
  dconf = lib.generators.toDconfINI { "org/a" = { b = true; c = "x'y"; d = [ "e" ]; f = gv.mkUint32 1; g = gv.mkTuple [ (gv.mkInt32 1) "a" ]; h = gv.mkEmptyArray gv.type.string; i = gv.mkNothing "s"; j = gv.mkJust "k"; l = gv.mkDictionaryEntry "a" true; m = gv.mkVariant 1.5; n = gv.mkObjectpath "/a"; o = gv.mkUchar 1; }; };
  recursion = lib.generators.withRecursion { depthLimit = 1; throwOnDepthLimit = false; } { a.b.c = 1; d = [ [ 1 ] ]; };
  unsupported = builtins.tryEval (lib.generators.toKeyValue { } { a = "b"; });
  gnu = lib.cli.toGNUCommandLine { } { a = true; b = false; long = [ "x" 1 ]; n = null; s = "y z"; };
  gnuShell = lib.cli.toGNUCommandLineShell { optionValueSeparator = "="; } { a = true; long = [ "x" 1 ]; s = "y z"; };
  command = lib.cli.toCommandLineShellGNU { } { a = true; b = false; long = [ "x" 1 ]; n = null; s = "y z"; };
  commandBool = lib.cli.toCommandLineGNU { explicitBool = true; } { a = true; bb = false; };
}
