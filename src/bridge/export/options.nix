# What the options of a configuration are: whether they are defined, their values, the definitions
# that count. Options that may be fatal come last.
{
  say,
  have,
  skip,
  quick,
  encode,
}:
let
  inherit (builtins)
    concatLists
    filter
    genList
    isAttrs
    elemAt
    length
    seq
    tryEval
    ;
  inherit (encode)
    announced
    idOf
    inOrder
    namesOf
    within
    ;

  isOption = node: isAttrs node && node._type or null == "option";

  # Every option that is asked for, in the order of names.
  find =
    path: asked: node:
    let
      step = name: find (path ++ [ name ]) (within asked name) node.${name};
    in
    if !isAttrs node || asked == null then
      [ ]
    else if isOption node then
      [
        {
          inherit path asked;
          option = node;
        }
      ]
    else
      concatLists (map step (filter (name: name != "_module") (namesOf asked node)));

  locations =
    option:
    option.definitionsWithLocations or (genList (at: {
      file = elemAt option.files at;
      value = elemAt option.definitions at;
    }) (length option.files));

  try =
    default: value:
    let
      tried = tryEval value;
    in
    if tried.success then tried.value else default;

  # Delivers a record unless an earlier run did.
  deliver = id: record: if have ? ${id} then null else say (seq (say { b = id; }) record);

  one =
    lib: isOfNixos: next:
    {
      path,
      asked,
      option,
    }:
    let
      id = kind: "${kind}${idOf path}";
      defined = try false (option.isDefined or true);
      winner =
        at: definition:
        let
          tried = tryEval definition.value;
          raw = {
            inherit lib;
            inherit (definition) file;
            merged = if skip ? ${id "v"} then null else option.value;
          };
        in
        {
          f = toString definition.file;
          # An option's default is told with its value.
          v = if byDefault && isOfNixos (toString definition.file) then null else if tried.success then encode.bare raw path asked tried.value else { "$" = "throws"; };
        };
      winners = try [ ] (locations option);
      byDefault = try true (option.highestPrio or 1500) >= 1500;
      about = {
        o = path;
        inherit defined;
        priority = try null (option.highestPrio or null);
      };
      value = encode.bare null path asked option.value;
      definitions = genList (at: winner at (elemAt winners at)) (length winners);
    in
    if quick then
      say (about // next // (if defined then { inherit value definitions; } else { }))
    else
      seq
      (
        if skip ? ${id "o"} then
          null
        else
          deliver (id "o") about
      )
      (
        if skip ? ${id "o"} || !defined then
          null
        else
          seq
            (
              if skip ? ${id "v"} then
                null
              else
                deliver (id "v") {
                  v = path;
                  inherit value;
                }
            )
            (
              if skip ? ${id "w"} then
                null
              else
                deliver (id "w") {
                  w = path;
                  inherit definitions;
                }
            )
      );
in
{
  inherit find isOption locations;

  isIn = set: found: set ? ${idOf found.path};

  ask =
    lib: isOfNixos: options:
    let
      begin = at: if at < length options then { b = "o${idOf (elemAt options at).path}"; } else { b = "options"; };
      # A line of a quick run also says what comes next.
      ask = at: one lib isOfNixos (if quick then begin (at + 1) else { }) (elemAt options at);
    in
    seq (if quick && options != [ ] then say (begin 0) else null) (inOrder ask (genList (at: at) (length options)));
}
