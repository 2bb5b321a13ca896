# The user's own modules, read a second time: where their definitions are written, which of them
# lost, and which properties stand around them. The module system does not keep that.
{
  say,
  have,
  skip,
  quick,
  roots,
  encode,
  isOption,
}:
let
  inherit (builtins)
    any
    attrNames
    concatLists
    elem
    elemAt
    filter
    functionArgs
    genList
    genericClosure
    isAttrs
    isFunction
    isList
    isPath
    isString
    length
    listToAttrs
    seq
    stringLength
    substring
    tryEval
    ;
  inherit (encode)
    announced
    idOf
    inOrder
    namesOf
    within
    ;

  try =
    default: value:
    let
      tried = tryEval value;
    in
    if tried.success then tried.value else default;

  isBelow = path: root: path == root || substring 0 (stringLength root + 1) path == "${root}/";
  isUsers = path: any (isBelow path) roots;

  callable = module: isFunction module || (isAttrs module && module ? __functor);
  argumentsOf =
    module: if isFunction module then functionArgs module else module.__functionArgs or (functionArgs (module.__functor module));

  # The module as a set, with the arguments that the module system would give it.
  opened =
    target: lib: module:
    let
      given = {
        inherit lib;
        inherit (target) config options;
      }
      // (target._module.specialArgs or target.config._module.specialArgs or { });
      more = filter (name: !(given ? ${name})) (attrNames (argumentsOf module));
      named = name: {
        inherit name;
        value = (target._module.args or target.config._module.args).${name};
      };
    in
    if callable module then module (given // listToAttrs (map named more)) else module;

  isFile = module: isPath module || (isString module && substring 0 1 module == "/");

  # A module and where it stands; one of a file is known by that file.
  item =
    parent: at: module:
    if isFile module then
      {
        key = toString module;
        file = toString module;
        module = import module;
      }
    else
      {
        key = "${parent.key} ${toString at}";
        file = if isAttrs module then toString (module._file or parent.file) else parent.file;
        inherit module;
      };

  # What is not read: files elsewhere, and what cannot be told.
  items =
    parent: modules:
    let
      of =
        at:
        let
          module = try null (elemAt modules at);
        in
        if module == null || (isFile module && !isUsers (toString module)) then
          [ ]
        else if isFile module || callable module || isAttrs module then
          [ (item parent at module) ]
        else
          [ ];
    in
    if isList modules then concatLists (genList of (length modules)) else [ ];

  read =
    target: lib: one:
    let
      id = "m ${one.key}";
      set = try null (opened target lib one.module);
    in
    if quick then
      (if isAttrs set then set else { })
    else if skip ? ${id} then
      { }
    else
      seq (say { b = id; }) (if isAttrs set then set else { });

  # Every module of the user's, imports followed.
  all =
    target: lib:
    let
      start = items {
        key = "";
        file = "";
      } (target.type.getSubModules or [ ]);
      found = genericClosure {
        startSet = map withSet start;
        operator = one: map withSet (items one (try [ ] (one.set.imports or [ ])));
      };
      withSet = one: one // { set = read target lib one; };
      keyOf = module: toString (if isAttrs module then module.key else module);
      disabled = concatLists (map (one: try [ ] (map keyOf (one.set.disabledModules or [ ]))) found);
    in
    filter (one: !(elem (toString (one.set.key or one.key)) disabled)) found;

  config =
    set:
    if set ? config || set ? options then
      set.config or { }
    else
      removeAttrs set [
        "_class"
        "_file"
        "disabledModules"
        "freeformType"
        "imports"
        "key"
        "meta"
        "require"
      ];

  # Down to the options, properties on the way kept.
  walk =
    lib: isLate: late: one:
    {
      path,
      asked,
      options,
      around,
      at,
    }@here:
    value:
    let
      id = "c ${one.key} ${idOf path}${toString (length around)}";
      tried = announced id (tryEval value);
      inner = walk lib isLate late one;
      through = property: content: inner (here // { around = around ++ [ property ]; }) content;
      set = tried.value;
      kind = set._type or null;
      step =
        name:
        if !(options ? ${name}) then
          null
        else
          inner {
            path = path ++ [ name ];
            asked = within asked name;
            options = options.${name};
            inherit around;
            at =
              let
                place = encode.place one.file name set;
              in
              # What the library names is written nowhere of the user's.
              if place == null || length place == 3 && !(isUsers (elemAt place 2)) then at else place;
          } set.${name};
      tell = { "if" = [ set.content ]; merge = set.contents; override = [ set.content ]; order = [ set.content ]; };
      condition = try false set.condition;
    in
    if asked == null then
      null
    else if isOption options then
      definition lib isLate late one here value
    else if !(tried.success or false) || !isAttrs set then
      null
    else if kind == "if" then
      if condition == true then inner here set.content else null
    else if kind == "merge" then
      inOrder (at: inner (here // { around = around ++ [ { merge = at; } ]; }) (elemAt set.contents at)) (genList (at: at) (length set.contents))
    else if kind == "override" || kind == "order" then
      through { ${kind} = set.priority; } set.content
    else
      inOrder step (namesOf asked set);

  # One definition of one option. Those of options that are asked late are only placed at first.
  definition =
    lib: isLate: late: one:
    {
      path,
      asked,
      options,
      around,
      at,
    }:
    value:
    let
      id = "d ${one.key} ${idOf path}${builtins.toJSON around}";
      placed = isLate path && !late;
      raw = {
        inherit lib;
        inherit (one) file;
        merged = if skip ? "v${idOf path}" then null else options.value;
      };
      properties = map (property: if property ? merge then { } else property) around;
    in
    if (late && !(isLate path)) || have ? ${id} || skip ? ${id} then
      null
    else
      say (
        seq (announced id null) {
          d = path;
          id = if placed then null else id;
          f = one.file;
          inherit at;
          around = filter (property: property != { }) properties;
          v = if placed then { "$" = "skipped"; } else encode.bare raw path asked value;
        }
      );
in
{
  inherit all isUsers;

  ask =
    lib: isLate: late: asked: options: modules:
    inOrder (
      one:
      walk lib isLate late one {
        path = [ ];
        inherit asked options;
        around = [ ];
        at = null;
      } (config one.set)
    ) modules;
}
