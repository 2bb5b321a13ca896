# The names that nixpkgs' library has and ours lacks, two sets deep, as one text. What both have is
# not forced beyond the set that holds it.
{
  ours,
  theirs,
  # Sets that are data of nixpkgs, with too many names to say which are missing.
  skip ? [ ],
}:
let
  inherit (builtins) attrNames concatMap concatStringsSep elem isAttrs tryEval;
  isSet =
    value:
    let
      known = tryEval value;
    in
    known.success && isAttrs known.value && !(known.value ? _type) && !(known.value ? type);
  missing =
    path: depth: have: want:
    concatMap (
      name:
      let
        here = path ++ [ name ];
        text = concatStringsSep "." here;
      in
      if !(have ? ${name}) then
        [ text ]
      else if elem text skip || depth == 0 || !isSet want.${name} || !isSet have.${name} then
        [ ]
      else
        missing here (depth - 1) have.${name} want.${name}
    ) (attrNames want);
in
concatStringsSep "\n" (missing [ ] 2 ours theirs)
