# The attributes of nixpkgs' library, and of its namespaces, that ours lacks, as one line each.
{ ours, theirs }:
let
  missing = left: right: builtins.attrNames (builtins.removeAttrs right (builtins.attrNames left));
  isPlain = value: builtins.isAttrs value && !(value ? __functor) && !(value ? _type);
  within =
    name:
    let
      right = builtins.tryEval theirs.${name};
    in
    if
      ours ? ${name}
      && !builtins.elem name [ "licenses" "licensesSpdx" "maintainers" "teams" ]
      && right.success
      && isPlain right.value
    then
      map (inner: "${name}.${inner}") (missing ours.${name} right.value)
    else
      [ ];
in
builtins.concatStringsSep "\n" (
  missing ours theirs ++ builtins.concatMap within (builtins.attrNames theirs)
)
