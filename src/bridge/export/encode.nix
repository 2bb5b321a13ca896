# From values to JSON: what JSON has no word for is `{ "$" = tag; … }`, and so is every set,
# because a user's set may hold any name.
#
# `asked` is what is wanted of a value: `true` is all of it, otherwise `n` gives what is wanted of
# attributes by name and `any` what is wanted of every attribute and element.
{ say, skip, quick }:
let
  inherit (builtins)
    attrNames
    filter
    foldl'
    genList
    elemAt
    isAttrs
    isString
    length
    listToAttrs
    seq
    stringLength
    substring
    toJSON
    tryEval
    typeOf
    unsafeDiscardStringContext
    ;

  # Longer texts, wider sets and lists, and deeper values are cut.
  longest = 1048576;
  widest = 5000;
  deepest = 24;

  cut = { "$" = "cut"; };

  # Says what comes next, so that the last word before a fatal error names what caused it.
  announced =
    id: value:
    if quick then
      value
    else if skip ? ${id} then
      { "$" = "skipped"; }
    else
      seq (say { b = id; }) value;

  # The identity of a part of an option: the same in its value and in all definitions.
  idOf = path: toJSON path;

  within =
    asked: name:
    if asked == true then
      true
    else if (asked.n or { }) ? ${name} then
      asked.n.${name}
    else
      asked.any or null;

  # The names of a set that are wanted.
  namesOf =
    asked: set:
    if asked == true || asked ? any then
      attrNames set
    else
      filter (name: set ? ${name}) (attrNames (asked.n or { }));

  element = asked: if asked == true then true else asked.any or true;

  text =
    value:
    let
      context = builtins.getContext value;
      plain = unsafeDiscardStringContext value;
      object = name: {
        name = unsafeDiscardStringContext name;
        source = context.${name}.path or false;
      };
    in
    if stringLength value > longest then
      {
        "$" = "long";
        v = unsafeDiscardStringContext (substring 0 200 value);
      }
    else if context == { } then
      plain
    else
      {
        "$" = "text";
        v = plain;
        c = map object (attrNames context);
      };

  number = value: {
    "$" = "float";
    v = toJSON value;
    exact = builtins.fromJSON (toJSON value) == value;
  };

  # Where the names of a set are written: `[ line column ]`, with the file where it is another one.
  positions =
    file: set: names:
    listToAttrs (
      builtins.concatLists (
        map (
          name:
          let
            at = place file name set;
          in
          if at == null then
            [ ]
          else
            [
              {
                inherit name;
                value = at;
              }
            ]
        ) names
      )
    );

  place =
    file: name: set:
    let
      at = builtins.unsafeGetAttrPos name set;
    in
    if at == null then
      null
    else if at.file == file then
      [
        at.line
        at.column
      ]
    else
      [
        at.line
        at.column
        at.file
      ];

  # `raw`: properties (`mkIf` …) are taken apart and positions told; null for a merged value.
  encode = if quick then bare else raw: path: asked: value: announced (idOf path) (bare raw path asked value);

  bare =
    raw: path: asked: value:
    let
      tried = tryEval value;
    in
    if tried.success then shape raw path asked tried.value else { "$" = "throws"; };

  shape =
    raw: path: asked: value:
    let
      type = typeOf value;
    in
    if length path > deepest then
      cut
    else if type == "set" then
      set raw path asked value
    else if type == "list" then
      if length value > widest then
        cut
      else
        genList (
          at: encode (elementOf raw) (path ++ [ (toString at) ]) (element asked) (elemAt value at)
        ) (length value)
    else if type == "string" then
      text value
    else if type == "path" then
      {
        "$" = "path";
        v = toString value;
      }
    else if type == "float" then
      number value
    else if type == "lambda" then
      function raw path asked value
    else
      value;

  # The same for an element of a list: which of the merged value's it is nobody knows.
  elementOf = raw: if raw == null then null else raw // { merged = null; };

  # A submodule may be defined by a function of its name.
  function =
    raw: path: asked: value:
    let
      known = [
        "config"
        "lib"
        "name"
        "options"
      ];
      arguments = builtins.functionArgs value;
      last = elemAt path (length path - 1);
      merged = tryEval raw.merged;
      result = value {
        name = last;
        config = merged.value;
        inherit (raw) lib;
        options = { };
      };
    in
    if
      raw == null || arguments == { } || path == [ ] || !(builtins.all (name: builtins.elem name known) (attrNames arguments)) || !merged.success || merged.value == null
    then
      { "$" = "function"; }
    else
      # A whole module says apart what it declares and what it defines.
      bare raw path asked (if isAttrs result && (result ? config || result ? options) then result.config or { } else result);

  # An attribute that says what a set is; nothing where it cannot be told.
  peek =
    path: name: set:
    let
      tried = announced (idOf (path ++ [ name ])) (tryEval set.${name});
    in
    if set ? ${name} then if tried.success or false then tried.value else null else null;

  set =
    raw: path: asked: value:
    let
      tag = peek path "_type" value;
      # Under the same identity: a fatal part is one in the value and in every definition.
      inside = encode raw path asked;
      wrapped = kind: {
        "$" = kind;
        n = value.priority;
        v = inside value.content;
      };
      wrapper = {
        "if" =
          let
            holds = encode raw (path ++ [ "<condition>" ]) true value.condition;
          in
          if holds == true then
            inside value.content
          else if holds == false then
            { "$" = "no"; }
          else
            { "$" = "throws"; };
        merge = {
          "$" = "merge";
          v = map inside value.contents;
        };
        override = wrapped "override";
        order = wrapped "order";
        definition = inside value.value;
      };
    in
    if raw != null && isString tag && wrapper ? ${tag} then
      wrapper.${tag}
    else if value ? __functor then
      { "$" = "function"; }
    else if tag == "pkgs" then
      cut
    else if peek path "type" value == "derivation" then
      derivation path value
    else if value ? outPath then
      { "$" = "output"; }
    else
      attributes raw path asked value;

  derivation =
    path: value:
    let
      string = name: let found = peek path name value; in if isString found && stringLength found <= 65536 then unsafeDiscardStringContext found else null;
    in
    {
      "$" = "package";
      name = string "name";
      pname = string "pname";
      text = string "text";
    };

  attributes =
    raw: path: asked: value:
    let
      names = namesOf asked value;
      below = name: if raw == null then null else raw // { merged = if isAttrs mergedHere then mergedHere.${name} or null else null; };
      tried = tryEval raw.merged;
      mergedHere = if tried.success then tried.value else null;
      child = name: {
        inherit name;
        value = encode (below name) (path ++ [ name ]) (within asked name) value.${name};
      };
    in
    if length names > widest then
      cut
    else
      {
        "$" = "set";
        v = listToAttrs (map child names);
      }
      // (if length names == length (attrNames value) then { } else { more = true; })
      // (if raw == null then { } else { p = positions raw.file value names; });
in
{
  inherit
    announced
    bare
    encode
    idOf
    namesOf
    place
    within
    ;

  # Does all of a list, in order.
  inOrder = act: list: foldl' (_: item: seq (act item) null) null list;
}
