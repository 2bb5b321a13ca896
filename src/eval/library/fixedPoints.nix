# Sets defined in terms of themselves, and overlays over them.
lib:
let
  fixedPoints = lib.fixedPoints;
in
{
  fix =
    f:
    let
      result = f result;
    in
    result;
  fix' =
    f:
    let
      result = f result // { __unfix__ = f; };
    in
    result;
  converge =
    f: start:
    let
      next = f start;
    in
    if next == start then start else fixedPoints.converge f next;

  extends =
    overlay: base: final:
    let
      prev = base final;
    in
    prev // overlay final prev;
  composeExtensions =
    first: second: final: prev:
    let
      changes = first final prev;
    in
    changes // second final (prev // changes);
  composeManyExtensions = lib.foldr fixedPoints.composeExtensions (_final: _prev: { });

  makeExtensible = fixedPoints.makeExtensibleWithCustomName "extend";
  makeExtensibleWithCustomName =
    extender: base:
    fixedPoints.fix' (
      self:
      base self
      // {
        ${extender} =
          overlay: fixedPoints.makeExtensibleWithCustomName extender (fixedPoints.extends overlay base);
      }
    );

  # An extension may be written as a set, as `prev: { }` or as `final: prev: { }`.
  toExtension =
    written:
    if !lib.isFunction written then
      _final: _prev: written
    else
      final: prev:
      let
        applied = written prev;
      in
      if lib.isFunction applied then written final prev else applied;
}
