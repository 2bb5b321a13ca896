# Values as GLib's GVariant text format writes them: sets with a type and a `__toString`.
lib:
let
  inherit (builtins) head isAttrs isBool isFloat isInt isList isString;
  gvariant = lib.gvariant;
  type = gvariant.type;
  variant = type: value: write: {
    _type = "gvariant";
    inherit type value;
    __toString = write;
  };
  typed = self: "@${self.type} ${toString self.value}";
  plain = self: toString self.value;
  listed = self: lib.concatMapStringsSep "," toString self.value;
  tagged = type: value: variant type value typed;
  integer = name: type: min: max: { inherit max min name type; };
in
{
  type = {
    boolean = "b";
    uchar = "y";
    int16 = "n";
    uint16 = "q";
    int32 = "i";
    uint32 = "u";
    int64 = "x";
    uint64 = "t";
    double = "d";
    string = "s";
    variant = "v";
    arrayOf = element: "a" + element;
    maybeOf = element: "m" + element;
    tupleOf = elements: "(${lib.concatStrings elements})";
    dictionaryEntryOf = name: value: "{${name}${value}}";
  };
  intConstructors = [
    (integer "mkInt32" type.int32 (-2147483648) 2147483647)
    (integer "mkUint32" type.uint32 0 4294967295)
    (integer "mkInt64" type.int64 null null)
    (integer "mkUint64" type.uint64 0 null)
    (integer "mkInt16" type.int16 (-32768) 32767)
    (integer "mkUint16" type.uint16 0 65535)
    (integer "mkUchar" type.uchar 0 255)
  ];
  isGVariant = value: (value._type or "") == "gvariant";
  mkValue =
    value:
    if gvariant.isGVariant value then
      value
    else if isBool value then
      gvariant.mkBoolean value
    else if isFloat value then
      gvariant.mkDouble value
    else if isString value then
      gvariant.mkString value
    else if isList value then
      gvariant.mkArray value
    else if isInt value then
      throw "The GVariant type for number “${toString value}” is unclear."
    else if isAttrs value then
      throw "Cannot construct GVariant value from an attribute set."
    else
      throw "The GVariant type of “${builtins.typeOf value}” can't be inferred.";

  mkBoolean = value: variant type.boolean value (self: lib.boolToString self.value);
  mkString =
    value:
    variant type.string value (
      self: "'${builtins.replaceStrings [ "\\" "'" "\n" ] [ "\\\\" "\\'" "\\n" ] self.value}'"
    );
  mkObjectpath = value: variant type.string value (self: "objectpath '${lib.escape [ "'" ] self.value}'");
  mkDouble = value: variant type.double value plain;
  mkInt32 = value: variant type.int32 value plain;
  mkUint32 = tagged type.uint32;
  mkInt16 = tagged type.int16;
  mkUint16 = tagged type.uint16;
  mkInt64 = tagged type.int64;
  mkUint64 = tagged type.uint64;
  mkUchar = tagged type.uchar;

  mkArray =
    elements:
    let
      values = map gvariant.mkValue elements;
      element = (head values).type;
    in
    if elements == [ ] then
      throw "Please create empty array with mkEmptyArray."
    else if !builtins.all (value: value.type == element) values then
      throw "Elements in a list should have same type."
    else
      variant (type.arrayOf element) values (self: "@${self.type} [${listed self}]");
  mkEmptyArray = element: variant (type.arrayOf element) [ ] (self: "@${self.type} []");
  mkVariant = value: variant type.variant (gvariant.mkValue value) (self: "<${toString self.value}>");
  mkDictionaryEntry =
    name: value:
    let
      key = gvariant.mkValue name;
      entry = gvariant.mkValue value;
    in
    variant (type.dictionaryEntryOf key.type entry.type) { inherit name value; } (
      self: "@${self.type} {${key},${entry}}"
    );
  mkTuple =
    elements:
    let
      values = map gvariant.mkValue elements;
    in
    variant (type.tupleOf (map (value: value.type) values)) values (self: "@${self.type} (${listed self})");
  mkMaybe =
    element: value:
    variant (type.maybeOf element) value (
      self: if self.value == null then "@${self.type} nothing" else "just ${toString self.value}"
    );
  mkNothing = element: gvariant.mkMaybe element null;
  mkJust =
    value:
    let
      inner = gvariant.mkValue value;
    in
    gvariant.mkMaybe inner.type inner;
}
