# Functions on no particular type: combinators, arithmetic, warnings, function arguments.
# Messages are dropped: `warn` and its kin are the identity on their last argument.
lib:
let
  hexDigits = "0123456789ABCDEF";
  silent = _message: value: value;
  fromHex = digits: (builtins.fromTOML "n = 0x${digits}").n;
  # The version of nixpkgs is the user's; whoever builds this library may know it (`natives.trivial`).
  unversioned = throw "the version of nixpkgs is not known";
in
{
  inherit (builtins)
    add bitAnd bitOr bitXor ceil deepSeq div floor genericClosure isBool isFloat isInt lessThan mul
    pathExists readFile seq sub;

  id = value: value;
  const = value: _ignored: value;
  flip = f: second: first: f first second;
  pipe = value: steps: builtins.foldl' (done: step: step done) value steps;
  concat = front: back: front ++ back;
  mergeAttrs = under: over: under // over;

  and = left: right: left && right;
  "or" = left: right: left || right;
  xor = left: right: left != right;
  bitNot = n: -1 - n;
  mod = n: by: n - by * (n / by);
  min = left: right: if left < right then left else right;
  max = left: right: if left > right then left else right;
  compare = left: right: if left < right then -1 else if left > right then 1 else 0;
  splitByAndCompare =
    first: whenFirst: whenNot: left: right:
    if first left then
      (if first right then whenFirst left right else -1)
    else if first right then
      1
    else
      whenNot left right;

  boolToString = flag: if flag then "true" else "false";
  boolToYesNo = flag: if flag then "yes" else "no";
  defaultTo = default: value: if value == null then default else value;
  mapNullable = f: value: if value == null then null else f value;

  release = unversioned;
  versionSuffix = unversioned;
  codeName = unversioned;
  oldestSupportedRelease = unversioned;
  version = lib.trivial.release + lib.trivial.versionSuffix;
  nixpkgsVersion = lib.trivial.version;
  revisionWithDefault = _default: unversioned;
  oldestSupportedReleaseIsAtLeast = release: release <= lib.trivial.oldestSupportedRelease;
  isInOldestRelease = lib.trivial.oldestSupportedReleaseIsAtLeast;

  inNixShell = builtins.getEnv "IN_NIX_SHELL" != "";
  inPureEvalMode = !(builtins ? currentSystem);
  importJSON = file: builtins.fromJSON (builtins.readFile file);
  importTOML = file: builtins.fromTOML (builtins.readFile file);

  warn = silent;
  warnIf = _condition: silent;
  warnIfNot = _condition: silent;
  info = silent;
  showWarnings = silent;
  throwIf = condition: message: if condition then throw message else value: value;
  throwIfNot = condition: message: if condition then value: value else throw message;
  checkListOfEnum =
    message: valid: given:
    let
      strange = builtins.filter (one: !builtins.elem one valid) given;
      list = values: builtins.concatStringsSep ", " (map toString values);
    in
    if strange == [ ] then
      value: value
    else
      throw "${message}: ${list strange} unexpected; valid ones: ${list valid}";

  setFunctionArgs = f: args: {
    __functor = _self: f;
    __functionArgs = args;
  };
  functionArgs =
    f:
    if f ? __functor then
      f.__functionArgs or (builtins.functionArgs (f.__functor f))
    else
      builtins.functionArgs f;
  isFunction = f: builtins.isFunction f || f ? __functor && builtins.isFunction (f.__functor f);
  mirrorFunctionArgs = model: lib.flip lib.setFunctionArgs (lib.functionArgs model);
  toFunction = value: if lib.isFunction value then value else _argument: value;

  fromHexString =
    text:
    let
      prefixed = builtins.match "0[xX](.*)" text;
    in
    fromHex (if prefixed == null then text else builtins.head prefixed);
  toHexString =
    n: lib.concatMapStrings (digit: builtins.substring digit 1 hexDigits) (lib.toBaseDigits 16 n);
  toBaseDigits =
    base: n:
    assert builtins.isInt n && n >= 0 && builtins.isInt base && base >= 2;
    let
      digitsAbove = rest: if rest == 0 then [ ] else digitsAbove (rest / base) ++ [ (lib.mod rest base) ];
    in
    if n == 0 then [ 0 ] else digitsAbove n;
}
