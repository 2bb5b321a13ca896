# Conditions that must hold.
lib:
let
  inherit (builtins) all elem filter;
  asserts = lib.asserts;
  pretty = lib.generators.toPretty { };
in
{
  assertMsg = condition: message: if condition then true else throw message;
  assertOneOf =
    name: value: allowed:
    asserts.assertMsg (elem value allowed) "${name} must be one of ${pretty allowed}, but is: ${pretty value}";
  assertEachOneOf =
    name: values: allowed:
    asserts.assertMsg (all (value: elem value allowed) values)
      "each element in ${name} must be one of ${pretty allowed}, but is: ${pretty values}";
  checkAssertWarn =
    assertions: _warnings: value:
    let
      failed = filter (one: !one.assertion) assertions;
    in
    if failed == [ ] then
      value
    else
      throw "\nFailed assertions:\n${lib.concatMapStringsSep "\n" (one: "- ${one.message}") failed}";
}
