# Attribute sets as command lines.
lib:
let
  inherit (builtins) concatLists concatMap isBool isList stringLength;
  cli = lib.cli;
  plain = lib.generators.mkValueStringDefault { };
in
{
  # `format` says for each option's name how it is written.
  toCommandLine =
    format: options:
    let
      write =
        {
          option,
          sep,
          explicitBool,
          formatArg ? plain,
        }:
        value:
        if value == null || value == false && !explicitBool then
          [ ]
        else if value == true && !explicitBool then
          [ option ]
        else if sep == null then
          [ option (formatArg value) ]
        else
          [ "${option}${sep}${formatArg value}" ];
      given =
        name: value:
        if name == "" then
          throw "lib.cli.toCommandLine only accepts non-empty option names."
        else
          concatMap (write (format name)) (lib.toList value);
    in
    concatLists (lib.mapAttrsToList given options);
  toCommandLineGNU =
    {
      isLong ? name: stringLength name > 1,
      explicitBool ? false,
      formatArg ? plain,
    }:
    cli.toCommandLine (name: {
      inherit explicitBool formatArg;
      option = (if isLong name then "--" else "-") + name;
      sep = if isLong name then "=" else "";
    });
  toCommandLineShell = format: options: lib.escapeShellArgs (cli.toCommandLine format options);
  toCommandLineShellGNU = style: options: lib.escapeShellArgs (cli.toCommandLineGNU style options);

  # The older form, whose every step can be replaced.
  toGNUCommandLine =
    {
      mkOptionName ? name: (if stringLength name == 1 then "-" else "--") + name,
      mkBool ? name: value: lib.optional value (mkOptionName name),
      mkList ? name: concatMap (mkOption name),
      mkOption ?
        name: value:
        if value == null then
          [ ]
        else if optionValueSeparator == null then
          [ (mkOptionName name) (plain value) ]
        else
          [ "${mkOptionName name}${optionValueSeparator}${plain value}" ],
      optionValueSeparator ? null,
    }:
    options:
    concatLists (
      lib.mapAttrsToList (
        name: value: (if isBool value then mkBool else if isList value then mkList else mkOption) name value
      ) options
    );
  toGNUCommandLineShell = style: options: lib.escapeShellArgs (cli.toGNUCommandLine style options);
}
