# Network addresses.
lib:
let
  inherit (builtins) concatStringsSep elemAt filter head length match;
  octet = "([0-9A-Fa-f]{2})[-:.]?";
  hex = n: lib.toLower (lib.toHexString n);
  refuse = address: throw "${address} is not a valid IPv6 address";
  # The eight groups of an address; `::` stands for as many zeros as are missing.
  groups =
    address:
    let
      part = text: filter (group: group != "") (lib.splitString ":" text);
      halves = map part (lib.splitString "::" address);
      given = builtins.concatLists halves;
      zeros = lib.replicate (8 - length given) "0";
      some = "([0-9A-Fa-f]{1,4}:)*[0-9A-Fa-f]{1,4}";
      wellFormed = match "${some}|(${some})?::(${some})?" address != null;
    in
    if !wellFormed then
      refuse address
    else if length halves == 1 then
      if length given == 8 then given else refuse address
    else if length given >= 8 then
      refuse address
    else
      head halves ++ zeros ++ elemAt halves 1;
in
{
  ipv6 = {
    fromString =
      text:
      let
        parts = lib.splitString "/" text;
        prefix = lib.toInt (elemAt parts 1);
      in
      {
        address = lib.concatMapStringsSep ":" (group: hex (lib.fromHexString group)) (groups (head parts));
        prefixLength =
          if length parts == 1 then
            128
          else if length parts == 2 && prefix >= 1 && prefix <= 128 then
            prefix
          else
            throw "${text} is not a valid IPv6 address in CIDR notation";
      };
    # The lower half of an address made from a MAC address: the second lowest bit of the first octet
    # is flipped, and `fffe` comes into the middle.
    mkEUI64Suffix =
      mac:
      let
        octets = match "${lib.strings.replicate 5 octet}([0-9A-Fa-f]{2})" mac;
        at = elemAt octets;
      in
      if octets == null then
        throw "\"${mac}\" is not a valid MAC address (expected 6 octets of hex digits)"
      else
        lib.toLower (
          concatStringsSep ":" [
            (hex (builtins.bitXor 512 (lib.fromHexString (at 0 + at 1))))
            (at 2 + "ff")
            ("fe" + at 3)
            (at 4 + at 5)
          ]
        );
  };
}
