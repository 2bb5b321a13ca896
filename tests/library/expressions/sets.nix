# Sets, lists, functions, packages, files and platforms.
lib:
let
  package = {
    type = "derivation";
    name = "p-1";
    pname = "p";
    outPath = "/nix/store/p";
    bin = { outPath = "/nix/store/p-bin"; };
    meta.mainProgram = "main";
  };
  attempt = value: builtins.tryEval (builtins.deepSeq value value);
  data = set: lib.filterAttrs (_name: value: !builtins.isFunction value) set;
  platformFields = [
    "system" "config" "linuxArch" "darwinArch" "efiArch" "extensions" "uname" "is32bit" "is64bit" "isAarch32" "isAarch64"
    "isBSD" "isBigEndian" "isDarwin" "isEfi" "isElf" "isGnu" "isLinux" "isLittleEndian" "isMacOS" "isMusl" "isRiscV"
    "isStatic" "isUnix" "isWindows" "isi686" "isx86" "isx86_32" "isx86_64" "isAarch" "isArmv7" "isMips" "isPower"
    "hasSharedLibraries" "isMacho" "libc" "isFreeBSD" "isOpenBSD" "isRiscV64" "isAndroid"
  ];
  files = lib.fileset;
  here = ../expressions;
  relative = map (lib.path.removePrefix ../.);
in
{
  attrByPath = map (path: lib.attrByPath path "no" { a.b = 1; c = null; }) [ [ ] [ "a" ] [ "a" "b" ] [ "a" "b" "c" ] [ "c" "d" ] [ "x" ] ];
  recursiveUpdate = lib.recursiveUpdate { a.b = 1; a.c = [ 1 ]; d = 1; e.f = 1; } { a.c = [ 2 ]; d.x = 1; e = 2; g = { }; };
  recursiveUpdateUntil = lib.recursiveUpdateUntil (path: _left: _right: path == [ "a" ]) { a.b = 1; c.d = { }; } { a.e = 2; c.d.f = 1; };
  foldAttrs = lib.foldAttrs (item: done: [ item ] ++ done) [ ] [ { a = 1; b = 2; } { a = 3; } ];
  collect = lib.collect builtins.isList { a.b = [ 1 ]; c = [ 2 ]; d = 1; };
  cartesian = lib.cartesianProduct { a = [ 1 2 ]; b = [ 3 4 ]; };
  mapRecursive = lib.mapAttrsRecursiveCond (set: !(set ? stop)) (path: value: [ path value ]) { a.b = 1; c.stop = 2; };
  filterRecursive = lib.filterAttrsRecursive (name: value: name != "x" && value != null) { a.x = 1; a.b = null; c = [ null ]; d = { x = 1; }; };
  zip = lib.zipAttrs [ { a = 1; } { a = 2; b = 3; } ];
  zipNames = lib.zipAttrsWithNames [ "a" "c" ] (name: values: [ name values ]) [ { a = 1; } { a = 2; b = 3; } ];
  updateMany = lib.updateManyAttrsByPath [ { path = [ "a" "b" ]; update = n: n + 1; } { path = [ "c" ]; update = _: 1; } { path = [ "a" ]; update = set: set // { z = 1; }; } ] { a.b = 1; };
  foldlAttrs = [ (attempt (lib.foldlAttrs (_: _: value: value) (throw "t") { x = 1; })) (lib.foldlAttrs (all: name: value: all + name + toString value) "" { b = 1; a = 2; }) ];
  disjoint = [ (attempt (lib.attrsets.unionOfDisjoint { a = 1; } { b = 2; })) (attempt (lib.attrsets.unionOfDisjoint { a = 1; } { a = 2; })) ];
  longest = lib.attrsets.longestValidPathPrefix [ "a" "b" "c" ] { a.b = 1; };
  outputs = [ (lib.getBin package).outPath (lib.getLib package).outPath (lib.getDev package).outPath (lib.getInclude package).outPath ];
  exe = [ (lib.getExe package) (lib.getExe' package "x") ];
  exeWithout = lib.getExe (removeAttrs package [ "meta" "bin" ]);
  hiPrio = (lib.hiPrio package).meta;
  lowPrio = (lib.lowPrio package).meta;
  availableOn = map (system: lib.meta.availableOn { inherit system; } { meta = { platforms = [ "a" "b" ]; badPlatforms = [ "b" ]; }; }) [ "a" "b" "c" ];
  override =
    let
      f = lib.makeOverridable ({ a, b ? 2 }: { sum = a + b; });
      first = f { a = 1; };
    in
    [ first.sum (first.override { b = 3; }).sum (first.override (old: { a = old.a + 10; })).sum (lib.functionArgs f) ];
  callPackage = map (given: (lib.callPackageWith { a = 1; b = 2; } ({ a, b ? 0, c ? 5 }: { inherit a b c; }) given).b) [ { } { b = 9; } ];
  scope =
    let
      base = lib.makeScope lib.callPackageWith (self: { a = 1; b = self.a + 1; });
    in
    [ base.b (base.overrideScope (_final: _prev: { a = 5; })).b ];
  extensible =
    let
      base = lib.makeExtensible (final: { a = 1; b = final.a + 1; });
    in
    [ base.b (base.extend (_final: prev: { a = prev.a + 4; })).b ];
  extend = ((lib.extend (_final: prev: { mine = prev.toUpper "x"; })).extend (final: _prev: { more = final.mine + "y"; })).more;
  compose = (lib.fix (lib.extends (lib.composeManyExtensions [ (_f: p: { a = p.a + 1; }) (f: _p: { c = f.a; }) ]) (_final: { a = 1; }))).c;

  flatten = lib.flatten [ 1 [ 2 [ 3 ] [ ] ] ];
  sublist = map (count: map (start: lib.sublist start count [ 1 2 3 ]) [ 0 1 3 5 ]) [ 0 1 9 ];
  toposort = [ (lib.toposort (a: b: a < b) [ 3 2 1 ]) (lib.toposort (a: b: true) [ 1 2 3 ]) (lib.toposort lib.hasPrefix [ "/a/b" "/a" "/c" ]) ];
  listDfs = lib.listDfs false lib.hasPrefix [ "/home/user" "other" "/" "/home" ];
  naturalSort = lib.naturalSort [ "disk11" "disk8" "disk100" "v0.15" "v0.0" "9" "10" ];
  sortOn = lib.sortOn builtins.stringLength [ "ccc" "a" "bb" "d" ];
  zipLists = lib.zipLists [ 1 2 ] [ "a" "b" "c" ];
  unique = [ (lib.unique [ 3 1 3 2 1 ]) (lib.uniqueStrings [ "b" "a" "b" ]) (lib.allUnique [ 1 1 ]) ];
  crossLists = lib.crossLists (a: b: [ a b ]) [ [ 1 2 ] [ 3 4 ] ];
  findFirst = [ (lib.findFirst (x: x > 1) 9 [ 1 2 3 ]) (lib.findFirst (x: x > 5) 9 [ 1 ]) (lib.findSingle (x: x > 1) "none" "many" [ 1 2 3 ]) ];
  commonPrefix = lib.lists.commonPrefix [ 1 2 3 ] [ 1 2 4 ];
  groupBy' = lib.groupBy' builtins.add 0 (x: if x > 2 then "big" else "small") [ 1 2 3 4 ];
  numbers = [ (lib.mod 11 (-10)) (lib.mod (-7) 3) (lib.bitNot 5) (lib.compare 1 2) (lib.xor true false) (lib.min 1 2) ];
  throwIf = [ (attempt (lib.throwIf true "a" 1)) (attempt (lib.throwIfNot true "a" 1)) (attempt (lib.checkListOfEnum "m" [ 1 2 ] [ 1 3 ] 0)) ];
  asserts = map attempt [ (lib.assertMsg true "a") (lib.assertMsg false "a") (lib.assertOneOf "n" 1 [ 1 2 ]) (lib.assertOneOf "n" 3 [ 1 2 ]) ];
  ifEnable = map (value: lib.ifEnable false value) [ [ 1 ] { a = 1; } true 1 ];
  misc = [ (lib.mergeAttrsWithFunc (a: b: a + b) { a = 1; b = 2; } { b = 3; c = 4; }) (lib.uniqList { inputList = [ 1 2 1 ]; }) (lib.fakeHash + lib.fakeSha256 + lib.fakeSha512) ];
  hash = lib.fetchers.normalizeHash { } { hash = ""; a = 1; };
  hashAlgo = lib.fetchers.normalizeHash { hashTypes = [ "sha512" ]; } { sha512 = "x"; };
  proxies = lib.sort builtins.lessThan lib.fetchers.proxyImpureEnvVars;
  kernel = [ lib.kernel.yes lib.kernel.no lib.kernel.module lib.kernel.unset (lib.kernel.option lib.kernel.yes) (lib.kernel.freeform "x") ];
  eui64 = lib.mkEUI64Suffix "66:75:63:6B:20:75";
  ipv6 = map (address: attempt (lib.network.ipv6.fromString address)) [ "2001:DB8::ffff/32" "::1" "::" "1:2:3:4:5:6:7:8" "fe80::" "1::2::3" "1:2" "x::" "1::/129" ":1::" "::1:2:3:4:5:6:7:8" ];
  licences = map (name: removeAttrs lib.licenses.${name} [ "fullName" ]) [ "mit" "asl20" "gpl3Only" "gpl3Plus" "gpl2Plus" "agpl3Only" "bsd3" "unfree" "unfreeRedistributable" "isc" "mpl20" "publicDomain" "ofl" "cc0" "lgpl21Plus" "wtfpl" "unlicense" "eupl12" "upl" "zlib" ];
  licencesUnfree = map (name: lib.licenses.${name}.free) [ "bsl11" "elastic20" "sspl" "cc-by-nc-sa-40" "unfreeRedistributableFirmware" ];
  sourceTypes = lib.sourceTypes;

  doubles = lib.mapAttrs (_name: lib.sort builtins.lessThan) (data lib.systems.doubles);
  flakeExposed = lib.systems.flakeExposed;
  pathComponents = map (path: attempt (lib.path.subpath.components path)) [ "./a/b" "a//b/." "." "/a" "../a" "" "a/../b" ];
  pathNormal = map (path: attempt (lib.path.subpath.normalise path)) [ "./a/b" "a//b/." "." "a/./b/" ];
  pathJoin = lib.path.subpath.join [ "a" "./b/c" "." ];
  pathFunctions = [ (lib.path.hasPrefix /a /a/b) (lib.path.hasPrefix /a/b /a) (lib.path.removePrefix /a /a/b/c) (lib.path.append /a "b/c") (lib.path.splitRoot /a/b).subpath (lib.path.hasStorePathPrefix /nix/store/00000000000000000000000000000000-a/b) (lib.path.hasStorePathPrefix /a) ];

  fileList = relative (files.toList here);
  fileUnion = relative (files.toList (files.union ./sets.nix ./text.nix));
  fileDifference = relative (files.toList (files.difference here ./sets.nix));
  fileIntersection = relative (files.toList (files.intersection here (files.unions [ ./sets.nix ../ours.nix ])));
  fileFilter = relative (files.toList (files.fileFilter (file: file.hasExt "sh") ../.));
  fileMissing = relative (files.toList (files.maybeMissing ./absent));
  fileSource = map (name: (files.toSource { root = ../.; fileset = ./sets.nix; }).filter (toString name) (lib.pathType name)) [ ./. ./sets.nix ./text.nix ../ours.nix ];
  filesRecursive = relative (lib.filesystem.listFilesRecursive ../.);
  sources = map (path: map (type: lib.cleanSourceFilter path type) [ "directory" "regular" "symlink" ]) [ "/a/.git" "/a/.svn" "/a/b~" "/a/.b.swp" "/a/b.o" "/a/result" "/a/b" "/a/.swx" ];
  globs = map (name: (lib.sources.sourceByGlobs ../. [ "*.sh" "**/sets.nix" ]).filter (toString name) (lib.pathType name)) [ ./. ./sets.nix ./text.nix ../check.sh ];
  regexes = map (name: (lib.sourceByRegex ../. [ ".*\\.sh" ]).filter (toString name) "regular") [ ../check.sh ../ours.nix ];
  repoNames = map (kind: lib.repoRevToName kind "https://a/b.tar.gz" "0123456789abcdef" "x") [ "source" "versioned" "full" ];
}
// lib.listToAttrs (
  map (system: lib.nameValuePair "platform ${system}" (lib.getAttrs platformFields (lib.systems.elaborate system))) [
    "x86_64-linux" "aarch64-linux" "i686-linux" "armv7l-linux" "armv6l-linux" "riscv64-linux" "x86_64-darwin"
    "aarch64-darwin" "powerpc64le-linux" "x86_64-freebsd" "loongarch64-linux" "s390x-linux"
  ]
)
