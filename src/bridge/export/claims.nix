# Assertions and warnings: those of the user's modules, and of modules that declare what is asked for.
{
  say,
  have,
  skip,
  quick,
  encode,
  locations,
}:
let
  inherit (builtins)
    elem
    elemAt
    filter
    genList
    isAttrs
    isList
    isString
    length
    seq
    tryEval
    unsafeDiscardStringContext
    ;

  try =
    default: value:
    let
      tried = tryEval value;
    in
    if tried.success then tried.value else default;

  told = message: if isString message then unsafeDiscardStringContext message else null;

  assertion =
    file: claim:
    if !isAttrs claim || try true (claim.assertion or true) != false then
      null
    else
      {
        failed = told (try null (claim.message or null));
        at = encode.place file "assertion" claim;
      };

  warning =
    _file: message:
    let
      text = told (try null message);
    in
    if text == null then null else { warned = text; };

  # Each of the list that one file gives, announced.
  each =
    read: key: file: list:
    encode.inOrder (
      at:
      let
        id = "${key}.${toString at}";
        found = encode.announced id (read file (elemAt list at));
      in
      if skip ? ${id} || have ? ${id} || found == null then
        null
      else
        say (
          found
          // {
            inherit id;
            f = file;
          }
        )
    ) (genList (at: at) (length list));

  of =
    wanted: read: kind: option:
    let
      known = filter (definition: wanted (toString definition.file)) (try [ ] (locations option));
      ask =
        at:
        let
          id = "${kind} ${toString at}";
          definition = elemAt known at;
          list = if skip ? ${id} then null else seq (say { b = id; }) (try null definition.value);
        in
        if isList list then each read id (toString definition.file) list else null;
    in
    if skip ? ${kind} then
      null
    else
      seq (say { b = kind; }) (encode.inOrder ask (genList (at: at) (length known)));
in
options: wanted:
seq (if options ? assertions then of wanted assertion "assertions" options.assertions else null) (
  if options ? warnings then of wanted warning "warnings" options.warnings else null
)
