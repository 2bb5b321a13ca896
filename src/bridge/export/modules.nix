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
  all' = builtins.all;
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

  # The arguments that the module system gives a module of the system, by what it asks for.
  ofSystem =
    target: lib:
    let
      given = {
        inherit lib;
        inherit (target) config options;
      }
      // (target._module.specialArgs or target.config._module.specialArgs or { });
      named = name: {
        inherit name;
        value = (target._module.args or target.config._module.args).${name};
      };
    in
    asked: given // listToAttrs (map named (filter (name: !(given ? ${name})) (attrNames asked)));

  isFile = module: isPath module || (isString module && substring 0 1 module == "/");

  # A module, where it stands, and what file the module system says it is of; one of a file is known by that file.
  item =
    parent: at: module:
    if isFile module then
      {
        key = toString module;
        file = toString module;
        called = toString module;
        module = import module;
      }
    else
      {
        key = "${parent.key} ${toString at}";
        file = if isAttrs module then toString (module._file or parent.file) else parent.file;
        inherit (parent) called;
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

  # `give` is the arguments by what is asked for, or null.
  read =
    give: one:
    let
      id = "m ${one.key}";
      arguments = give (argumentsOf one.module);
      opened = if !(callable one.module) then one.module else if arguments == null then { } else one.module arguments;
      set = try null opened;
    in
    if quick then
      (if isAttrs set then set else { })
    else if skip ? ${id} then
      { }
    else
      seq (say { b = id; }) (if isAttrs set then set else { });

  # Every module of the user's, imports followed.
  all = target: lib: closure (ofSystem target lib) "" (target.type.getSubModules or [ ]);

  closure =
    give: key: modules:
    let
      start = items {
        inherit key;
        file = "";
        called = "";
      } modules;
      found = genericClosure {
        startSet = map withSet start;
        operator = one: map withSet (items one (try [ ] (one.set.imports or [ ])));
      };
      # A module may say what it is called, and that it is the same as another one.
      withSet =
        one:
        let
          set = read give one;
        in
        one
        // {
          inherit set;
          key = toString (try one.key (set.key or one.key));
          called = toString (try one.called (set._file or one.called));
        };
      keyOf = module: toString (if isAttrs module then module.key else module);
      disabled = concatLists (map (one: try [ ] (map keyOf (one.set.disabledModules or [ ]))) found);
    in
    filter (one: !(elem one.key disabled)) found;

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
        seq (announced id null) (
          {
            d = path;
            id = if placed then null else id;
            f = one.file;
            inherit at;
            around = filter (property: property != { }) properties;
            v = if placed then { "$" = "skipped"; } else encode.bare raw path asked value;
          }
          // (if one.called == one.file then { } else { m = one.called; })
        )
      );

  # What the user's modules in the type of an option define: in its value, or in each attribute of it.
  ofType =
    lib:
    {
      path,
      asked,
      option,
    }:
    let
      type = option.type;
      inner = type.nestedTypes.elemType or { };
      keyed = elem type.name [ "attrsOf" "lazyAttrsOf" ];
      isSubmodule = (if keyed || type.name == "nullOr" then inner else type).name or null == "submodule";
      whole = path;
      declared = any isUsers (map toString (option.declarations or [ ]));
      value = try null option.value;
      known = isAttrs value && !(skip ? "v${idOf path}");
      each =
        name: merged: path: asked: wrap:
        let
          given = {
            inherit lib name;
            config = merged;
            options = { };
          };
          give = wanted: if all' (name: given ? ${name} || wanted.${name}) (attrNames wanted) then given else null;
          tell =
            one:
            let
              id = "s ${one.key} ${idOf path}";
              raw = {
                inherit lib merged;
                inherit (one) file;
              };
            in
            if !(isUsers one.file) || have ? ${id} || skip ? ${id} then
              null
            else
              say (
                seq (announced id null) {
                  s = true;
                  inherit id;
                  f = one.file;
                  d = whole;
                  around = [ ];
                  v = wrap (encode.bare raw path asked (config one.set));
                }
              );
        in
        if isAttrs merged && asked != null then inOrder tell (closure give (idOf path) type.getSubModules) else null;
      ofName =
        name:
        let
          wrap = told: {
            "$" = "set";
            v = { ${name} = told; };
          };
        in
        each name (try null value.${name}) (path ++ [ name ]) (within asked name) wrap;
      last = elemAt path (length path - 1);
    in
    if !declared || !isSubmodule || !known || !isList (type.getSubModules or null) then
      null
    else if keyed then
      inOrder ofName (namesOf asked value)
    else
      each last value path asked (told: told);
in
{
  inherit all isUsers;

  # The same of options that may be fatal comes late.
  ofTypes =
    lib: isLate: late: found:
    inOrder (one: if isLate one.path == late then ofType lib one else null) found;

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
