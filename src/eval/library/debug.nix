# Tracing, which here only passes its value on, and tests.
lib:
let
  inherit (builtins) attrNames elem filter length;
  silent = _message: value: value;
in
{
  addErrorContext = silent;
  unsafeGetAttrPos = builtins.unsafeGetAttrPos;

  trace = silent;
  traceIf = _condition: silent;
  traceVal = value: value;
  traceValFn = silent;
  traceSeq = silent;
  traceSeqN = _depth: silent;
  traceValSeq = value: value;
  traceValSeqFn = silent;
  traceValSeqN = silent;
  traceValSeqNFn = _f: silent;
  traceFnSeqN = _depth: _name: f: f;

  runTests =
    tests:
    let
      chosen = tests.tests or [ ];
      isTest = name: if chosen == [ ] then lib.hasPrefix "test" name else elem name chosen;
      fails = name: tests.${name}.expr != tests.${name}.expected;
    in
    map (name: {
      inherit name;
      inherit (tests.${name}) expected;
      result = tests.${name}.expr;
    }) (filter (name: isTest name && name != "tests" && fails name) (attrNames tests));
  testAllTrue = expr: {
    inherit expr;
    expected = map (_value: true) expr;
  };
  throwTestFailures =
    {
      failures,
      description ? "tests",
      ...
    }:
    if failures == [ ] then
      null
    else
      throw "${toString (length failures)} ${description} failed:\n- ${
        lib.concatMapStringsSep "\n- " (failure: failure.name) failures
      }\n\n${builtins.toJSON failures}";
}
