# The rest of `lib.strings`: writing text in another language, be it shell, Nix, C, XML or a
# configure script's flags.
lib:
let
  inherit (builtins) attrNames attrValues concatStringsSep elem genList isAttrs isBool isList isString
    listToAttrs match replaceStrings toJSON;
  strings = lib.strings;
  letters = strings.stringToCharacters;
  hexByte = n: strings.fixedWidthString 2 "0" (lib.toHexString n);
  # Code points by character, 1 to 127: JSON can write every one of them.
  ascii = listToAttrs (
    genList (n: {
      name = builtins.fromJSON "\"\\u00${hexByte (n + 1)}\"";
      value = n + 1;
    }) 127
  );
  unreserved = letters "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~";
  inURL = removeAttrs ascii unreserved;
  keywords = [ "assert" "else" "if" "in" "inherit" "let" "or" "rec" "then" "with" ];
  metacharacters = letters "\\[{()^$?*+|.";
  flag = yes: no: condition: feature: "--${if condition then yes else no}-${feature}";
  flagAs =
    write: condition: feature: value:
    write condition feature + (if condition then "=${value}" else "");
  cmakeTypes = [ "BOOL" "FILEPATH" "PATH" "STRING" "INTERNAL" "LIST" ];
in
{
  charToInt = character: ascii.${character};

  escape = characters: replaceStrings characters (map (character: "\\" + character) characters);
  escapeC =
    characters:
    replaceStrings characters (
      map (character: "\\x" + strings.toLower (hexByte (strings.charToInt character))) characters
    );
  escapeURL = replaceStrings (attrNames inURL) (map (n: "%" + hexByte n) (attrValues inURL));
  escapeXML = replaceStrings [ "&" "<" ">" "\"" "'" ] [ "&amp;" "&lt;" "&gt;" "&quot;" "&apos;" ];
  escapeRegex = strings.escape metacharacters;

  escapeShellArg =
    argument:
    let
      text = toString argument;
    in
    if match "[[:alnum:],._+:@%/-]+" text != null then
      text
    else
      "'" + replaceStrings [ "'" ] [ "'\\''" ] text + "'";
  escapeShellArgs = strings.concatMapStringsSep " " strings.escapeShellArg;
  isValidPosixName = name: match "[a-zA-Z_][a-zA-Z0-9_]*" name != null;
  toShellVar =
    name: value:
    if !strings.isValidPosixName name then
      throw "toShellVar: ${name} is not a valid shell variable name"
    else if isList value then
      "declare -a ${name}=(${strings.escapeShellArgs value})"
    else if isAttrs value && !strings.isStringLike value then
      let
        entry = key: one: "[${strings.escapeShellArg key}]=${strings.escapeShellArg one}";
      in
      "declare -A ${name}=(${strings.concatMapAttrsStringSep " " entry value})"
    else
      "${name}=${strings.escapeShellArg value}";
  toShellVars = strings.concatMapAttrsStringSep "\n" strings.toShellVar;

  escapeNixString = text: replaceStrings [ "$" ] [ "\\$" ] (toJSON text);
  escapeNixIdentifier =
    name:
    if match "[a-zA-Z_][a-zA-Z0-9_'-]*" name != null && !elem name keywords then
      name
    else
      strings.escapeNixString name;

  # Flags of configure scripts, CMake and Meson.
  enableFeature = flag "enable" "disable";
  enableFeatureAs = flagAs strings.enableFeature;
  withFeature = flag "with" "without";
  withFeatureAs = flagAs strings.withFeature;
  cmakeOptionType =
    type: feature: value:
    assert elem (strings.toUpper type) cmakeTypes && isString feature && isString value;
    "-D${feature}:${strings.toUpper type}=${value}";
  cmakeBool =
    feature: value:
    assert isBool value;
    strings.cmakeOptionType "bool" feature (if value then "TRUE" else "FALSE");
  cmakeFeature = strings.cmakeOptionType "string";
  mesonOption =
    feature: value:
    assert isString feature && isString value;
    "-D${feature}=${value}";
  mesonBool = feature: value: strings.mesonOption feature (lib.boolToString value);
  mesonEnable = feature: value: strings.mesonOption feature (if value then "enabled" else "disabled");
}
