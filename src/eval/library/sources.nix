# Source folders, with filters on what is copied of them. A filtered source keeps its origin and
# filter, so that filters add up.
lib:
let
  inherit (builtins) any baseNameOf elem elemAt head isString length match split substring toString;
  sources = lib.sources;
  versionControl = [ ".svn" "CVS" ".hg" ".jj" ".pijul" "_darcs" ];
  archive = "(.*)\\.(git|tar|zip|gz|tgz|bz|tbz|bz2|tbz2|lzma|txz|xz|zstd)";
  pathParts = path: builtins.filter isString (split "/" path);
in
{
  filterSource = builtins.filterSource;
  cleanSourceFilter =
    path: type:
    let
      name = baseNameOf (toString path);
    in
    !(
      name == ".git"
      || type == "directory" && elem name versionControl
      || lib.hasSuffix "~" name
      || match "(\\..*)?\\.sw[a-z]" name != null
      || lib.hasSuffix ".o" name
      || lib.hasSuffix ".so" name
      || type == "symlink" && lib.hasPrefix "result" name
      || type == "unknown"
    );
  cleanSource =
    src:
    sources.cleanSourceWith {
      filter = sources.cleanSourceFilter;
      inherit src;
    };
  cleanSourceWith =
    {
      src,
      filter ? _path: _type: true,
      name ? null,
    }:
    let
      inner = if src ? _isLibCleanSourceWith then src else { };
      self = {
        _isLibCleanSourceWith = true;
        origSrc = inner.origSrc or src;
        name = if name == null then inner.name or "source" else name;
        filter =
          if inner ? filter then path: type: filter path type && inner.filter path type else filter;
        outPath = builtins.path {
          inherit (self) filter name;
          path = self.origSrc;
        };
      };
    in
    self;
  sourceByRegex =
    src: patterns:
    let
      root = toString (src.origSrc or src) + "/";
    in
    sources.cleanSourceWith {
      inherit src;
      filter =
        path: _type: any (pattern: match pattern (lib.removePrefix root (toString path)) != null) patterns;
    };
  sourceFilesBySuffices =
    src: suffixes:
    sources.cleanSourceWith {
      inherit src;
      filter =
        path: type:
        type == "directory" || any (suffix: lib.hasSuffix suffix (baseNameOf path)) suffixes;
    };
  # `*` stands for part of a name, `**` for any number of names. Folders on the way to a match stay.
  sourceByGlobs =
    src: globs:
    let
      root = "${toString src}/";
      piece = text: if isString text then lib.escapeRegex text else "[^/]*";
      part =
        glob: if glob == "**" then ".*" else lib.concatMapStrings piece (split "\\*+" glob);
      fits =
        patterns: names: isFolder:
        if names == [ ] then
          patterns == [ ] || isFolder
        else if patterns == [ ] then
          false
        else if head patterns == ".*" then
          length patterns == 1
          || (
            if match (elemAt patterns 1) (head names) != null then
              fits (lib.drop 1 patterns) names isFolder
            else
              fits patterns (lib.drop 1 names) isFolder
          )
        else
          match (head patterns) (head names) != null && fits (lib.drop 1 patterns) (lib.drop 1 names) isFolder;
      compiled = map (glob: map part (pathParts glob)) globs;
    in
    sources.cleanSourceWith {
      inherit src;
      filter =
        path: type:
        let
          names = pathParts (lib.removePrefix root (toString path));
          isFolder = type == "directory" || type == "symlink";
        in
        any (patterns: fits patterns names isFolder) compiled;
    };
  trace = src: src;

  pathHasContext = builtins.hasContext;
  canCleanSource = src: src ? _isLibCleanSourceWith || !sources.pathHasContext (toString src);

  # Names of fetched sources.
  urlToName =
    url:
    let
      base = baseNameOf (lib.removeSuffix "/" (lib.last (lib.splitString ":" (toString url))));
      bare =
        name:
        let
          matched = match archive name;
        in
        if matched == null then name else bare (head matched);
    in
    bare base;
  shortRev =
    rev:
    let
      name = baseNameOf (toString rev);
      version = match "([A-Za-z]+[-_. ]?)*(v)?([0-9.]+.*)" name;
    in
    if match "[a-f0-9]+" name != null then
      substring 0 7 name
    else if version != null then
      lib.last version
    else
      name;
  revOrTag = rev: tag: if tag != null then tag else if rev != null then rev else "HEAD";
  repoRevToName =
    kind: repo: rev: suffix:
    let
      part = text: if text == null then "" else "-${text}";
    in
    if kind == "source" then
      "source"
    else if elem kind [ "versioned" "full" ] then
      "${sources.urlToName repo}${part (if rev == null then null else sources.shortRev rev)}${
        part (if kind == "full" then suffix else null)
      }-source"
    else
      throw "repoRevToName: invalid kind";
}
