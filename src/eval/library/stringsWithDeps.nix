# Texts that need other texts before them, as activation scripts do.
lib:
let
  inherit (builtins) head isAttrs tail;
  stringsWithDeps = lib.stringsWithDeps;
in
{
  fullDepEntry = text: deps: { inherit deps text; };
  stringAfter = deps: text: { inherit deps text; };
  noDepEntry = text: {
    deps = [ ];
    inherit text;
  };
  packEntry = deps: {
    inherit deps;
    text = "";
  };
  # Names stand for entries of `known` and count once; an entry comes after what it depends on.
  textClosureList =
    known: wanted:
    let
      add =
        done: todo:
        if todo == [ ] then
          done
        else if isAttrs (head todo) then
          let
            before = add done (head todo).deps;
          in
          add (before // { texts = before.texts ++ [ (head todo).text ]; }) (tail todo)
        else if done.names ? ${head todo} then
          add done (tail todo)
        else
          add (done // { names = done.names // { ${head todo} = null; }; }) (
            [ known.${head todo} ] ++ tail todo
          );
    in
    (add {
      names = { };
      texts = [ ];
    } wanted).texts;
  textClosureMap =
    f: known: wanted:
    lib.concatMapStringsSep "\n" f (stringsWithDeps.textClosureList known wanted);
}
