# Functions on strings: joining, splitting, searching, changing case. Escapes are in `escapes.nix`.
lib:
let
  inherit (builtins) concatStringsSep filter genList head isString length match replaceStrings stringLength
    substring;
  strings = lib.strings;
  blank = "[ \t\r\n]*";
  visible = "[^ \t\r\n]";
  alphabet = "abcdefghijklmnopqrstuvwxyz";
  ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  inheritContext = strings.addContextFrom;
  # The length of what `left` and `right` share, counted by `letter`, which picks the n-th one.
  shared =
    letter: left: right:
    let
      end = lib.min (stringLength left) (stringLength right);
      from = n: if n < end && letter n left == letter n right then from (n + 1) else n;
    in
    from 0;
in
{
  inherit (builtins)
    appendContext compareVersions concatStringsSep elem elemAt filter fromJSON genList head isAttrs isInt
    isList isPath isString match parseDrvName readFile replaceStrings split stringLength substring tail
    toJSON typeOf unsafeDiscardStringContext;
  storeDir = builtins.storeDir or "/nix/store";

  # Joining.
  join = concatStringsSep;
  concatStrings = concatStringsSep "";
  concatMapStrings = f: list: concatStringsSep "" (map f list);
  concatImapStrings = f: list: concatStringsSep "" (lib.imap1 f list);
  concatMapStringsSep = separator: f: list: concatStringsSep separator (map f list);
  concatImapStringsSep = separator: f: list: concatStringsSep separator (lib.imap1 f list);
  concatMapAttrsStringSep =
    separator: f: set:
    concatStringsSep separator (builtins.attrValues (builtins.mapAttrs f set));
  concatLines = lines: concatStringsSep "" (map (line: line + "\n") lines);
  intersperse =
    separator: list:
    lib.drop 1 (builtins.concatMap (element: [ separator element ]) list);
  optionalString = condition: text: if condition then text else "";
  replicate = n: text: concatStringsSep "" (lib.lists.replicate n text);
  addContextFrom = source: text: substring 0 0 source + text;

  # Splitting.
  stringToCharacters = text: genList (n: substring n 1 text) (stringLength text);
  stringAsChars = f: text: strings.concatMapStrings f (strings.stringToCharacters text);
  splitString =
    separator: text:
    map (inheritContext text) (
      filter isString (builtins.split (strings.escapeRegex (toString separator)) (toString text))
    );
  # `splits before at` says whether a new part begins with the character `at`.
  splitStringBy =
    splits: keep: text:
    let
      letter = n: if n < 0 then "" else substring n 1 text;
      starts = filter (n: splits (letter (n - 1)) (letter n)) (genList lib.id (stringLength text));
      part =
        from: to:
        inheritContext text (substring from (to - from) text);
      begins = [ 0 ] ++ map (n: if keep then n else n + 1) starts;
      ends = starts ++ [ (stringLength text) ];
    in
    lib.zipListsWith part begins ends;

  # Trimming and replacing.
  trim = strings.trimWith {
    start = true;
    end = true;
  };
  trimWith =
    {
      start ? false,
      end ? false,
    }:
    text:
    let
      before = if start then blank else "";
      after = if end then blank else "";
      kept = match "${before}(.*${if end then visible else ""})${after}" text;
    in
    if kept == null then "" else head kept;
  removePrefix =
    prefix: text:
    if strings.hasPrefix prefix text then substring (stringLength prefix) (-1) text else text;
  removeSuffix =
    suffix: text:
    if strings.hasSuffix suffix text then
      substring 0 (stringLength text - stringLength suffix) text
    else
      text;
  replaceChars = replaceStrings; # its old name
  replaceString = from: to: replaceStrings [ from ] [ to ];
  fileContents = file: strings.removeSuffix "\n" (builtins.readFile file);
  normalizePath =
    text:
    concatStringsSep "" (
      map (piece: if isString piece then piece else "/") (builtins.split "//+" "${text}")
    );

  # Searching.
  hasPrefix = prefix: text: substring 0 (stringLength prefix) text == prefix;
  hasSuffix =
    suffix: text:
    let
      start = stringLength text - stringLength suffix;
    in
    start >= 0 && substring start (-1) text == suffix;
  hasInfix =
    infix: text:
    infix == "" || length (builtins.split (strings.escapeRegex infix) "${text}") > 1;
  isStringLike = value: isString value || builtins.isPath value || value ? outPath || value ? __toString;
  isConvertibleWithToString =
    value:
    strings.isStringLike value
    || builtins.elem (builtins.typeOf value) [ "null" "int" "float" "bool" ]
    || builtins.isList value && builtins.all strings.isConvertibleWithToString value;
  isStorePath =
    value:
    strings.isStringLike value
    && (
      let
        text = toString value;
      in
      strings.hasPrefix "/" text
      && (dirOf text == strings.storeDir || match "/[0-9a-z]{52}" text != null)
    );

  # Case.
  lowerChars = strings.stringToCharacters alphabet;
  upperChars = strings.stringToCharacters ALPHABET;
  toLower = replaceStrings strings.upperChars strings.lowerChars;
  toUpper = replaceStrings strings.lowerChars strings.upperChars;
  toSentenceCase =
    text:
    if !isString text then
      throw "toSentenceCase does only accepts string values, but got ${builtins.typeOf text}"
    else
      strings.toUpper (substring 0 1 text) + strings.toLower (substring 1 (-1) text);
  toCamelCase =
    text:
    let
      separated = strings.splitStringBy (_before: at: builtins.elem at [ "-" "_" " " ]) false text;
      humps = strings.splitStringBy (before: at: match "[a-z]" before != null && match "[A-Z]" at != null) true;
      parts = builtins.concatMap humps separated;
    in
    if !isString text then
      throw "toCamelCase does only accepts string values, but got ${builtins.typeOf text}"
    else
      strings.toLower (head parts) + strings.concatMapStrings strings.toSentenceCase (builtins.tail parts);

  # Numbers.
  fixedWidthString =
    width: filler: text:
    let
      missing = width - stringLength text;
      fillers = if missing == 0 then 0 else missing / stringLength filler;
    in
    if missing < 0 then
      throw "fixedWidthString: requested string length (${toString width}) must not be shorter than actual length (${toString (stringLength text)})"
    else if fillers * stringLength filler != missing then
      throw "fixedWidthString: the filler does not fit"
    else
      strings.replicate fillers filler + text;
  fixedWidthNumber = width: n: strings.fixedWidthString width "0" (toString n);
  floatToString = toString;
  toInt =
    text:
    let
      digits = match "[[:space:]]*(-?[[:digit:]]+)[[:space:]]*" text;
    in
    if digits == null then
      throw "toInt: Could not convert ${strings.escapeNixString text} to int."
    else if match "0[[:digit:]]+" (head digits) != null then
      throw "toInt: Ambiguity in interpretation of ${strings.escapeNixString text} between octal and zero padded integer."
    else
      builtins.fromJSON (head digits);
  toIntBase10 =
    text:
    let
      digits = match "[[:space:]]*0*(-?[[:digit:]]+)[[:space:]]*" text;
    in
    if digits == null then
      throw "toIntBase10: Could not convert ${strings.escapeNixString text} to int."
    else if match "0+" (head digits) != null then
      0
    else
      builtins.fromJSON (head digits);

  # Names and versions.
  versionOlder = left: right: builtins.compareVersions left right < 0;
  versionAtLeast = left: right: builtins.compareVersions left right >= 0;
  getName =
    package:
    if isString package then
      (builtins.parseDrvName package).name
    else
      package.pname or (builtins.parseDrvName package.name).name;
  getVersion =
    package:
    if isString package then
      (builtins.parseDrvName package).version
    else
      package.version or (builtins.parseDrvName package.name).version;
  nameFromURL =
    url: separator:
    let
      file = lib.last (strings.splitString "/" url);
      name = head (strings.splitString separator file);
    in
    assert name != file;
    name;
  # At most 207 characters, no leading dot, and a dash for each run of characters that may not occur.
  sanitizeDerivationName =
    name:
    let
      text = builtins.unsafeDiscardStringContext name;
      undotted = head (match "\\.*(.*)" text);
      pieces = builtins.split "[^[:alnum:]+._?=-]+" undotted;
      joined = strings.concatMapStrings (piece: if isString piece then piece else "-") pieces;
      short = substring (lib.max 0 (stringLength joined - 207)) (-1) joined;
    in
    if stringLength text <= 207 && match "[[:alnum:]+_?=-][[:alnum:]+._?=-]*" text != null then
      text
    else if short == "" then
      "unknown"
    else
      short;

  # Search paths.
  makeSearchPath =
    folder: paths:
    concatStringsSep ":" (map (path: path + "/" + folder) (filter (path: path != null) paths));
  makeSearchPathOutput =
    output: folder: packages:
    strings.makeSearchPath folder (map (lib.getOutput output) packages);
  makeLibraryPath = strings.makeSearchPathOutput "lib" "lib";
  makeIncludePath = strings.makeSearchPathOutput "dev" "include";
  makeBinPath = strings.makeSearchPathOutput "bin" "bin";

  # Distance.
  commonPrefixLength = shared (n: substring n 1);
  commonSuffixLength = shared (n: text: substring (stringLength text - 1 - n) 1 text);
  levenshtein =
    left: right:
    let
      width = stringLength right;
      table = genList (i: genList (cell i) (width + 1)) (stringLength left + 1);
      at = i: j: builtins.elemAt (builtins.elemAt table i) j;
      cell =
        i: j:
        if i == 0 || j == 0 then
          i + j
        else
          lib.min (1 + lib.min (at (i - 1) j) (at i (j - 1))) (
            at (i - 1) (j - 1)
            + (if substring (i - 1) 1 left == substring (j - 1) 1 right then 0 else 1)
          );
    in
    at (stringLength left) width;
  levenshteinAtMost =
    most: left: right:
    if most <= 0 then left == right else strings.levenshtein left right <= most;
}
