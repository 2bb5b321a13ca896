# What packages say about themselves.
lib:
let
  inherit (builtins) any isString mapAttrs match typeOf;
  meta = lib.meta;
  bySpdxId = lib.mapAttrs' (id: license: {
    name = lib.toLower id;
    value = license;
  }) meta.licensesSpdx;
in
{
  addMetaAttrs =
    more: package:
    if package ? overrideAttrs then
      package.overrideAttrs (old: {
        meta = old.meta or { } // more;
      })
    else
      package // { meta = package.meta or { } // more; };
  dontDistribute = meta.addMetaAttrs { hydraPlatforms = [ ]; };
  setName = name: package: package // { inherit name; };
  updateName = change: package: package // { name = change package.name; };
  appendToName =
    suffix:
    meta.updateName (
      full:
      let
        parsed = builtins.parseDrvName full;
      in
      "${parsed.name}-${suffix}-${parsed.version}"
    );
  mapDerivationAttrset =
    f: mapAttrs (_name: value: if lib.isDerivation value then f value else value);

  defaultPriority = 5;
  setPrio = priority: meta.addMetaAttrs { inherit priority; };
  hiPrio = meta.setPrio (-10);
  lowPrio = meta.setPrio 10;
  hiPrioSet = meta.mapDerivationAttrset meta.hiPrio;
  lowPrioSet = meta.mapDerivationAttrset meta.lowPrio;

  platformMatch =
    platform: pattern:
    if isString pattern then
      platform.system or null == pattern
    else
      lib.matchAttrs (if pattern ? parsed then pattern else { parsed = pattern; }) platform;
  availableOn =
    platform: package:
    let
      listed = list: any (meta.platformMatch platform) list;
    in
    (!(package ? meta.platforms) || listed package.meta.platforms)
    && !(package ? meta.badPlatforms && listed package.meta.badPlatforms);

  licensesSpdx = lib.mapAttrs' (_name: license: {
    name = license.spdxId;
    value = license;
  }) (lib.filterAttrs (_name: license: license ? spdxId) lib.licenses);
  getLicenseFromSpdxId =
    id:
    meta.getLicenseFromSpdxIdOr id {
      shortName = id;
      spdxId = id;
    };
  getLicenseFromSpdxIdOr = id: default: bySpdxId.${lib.toLower id} or default;

  getExe =
    package: meta.getExe' package (package.meta.mainProgram or (lib.getName package));
  getExe' =
    package: program:
    if !lib.isDerivation package then
      throw "lib.meta.getExe': The first argument is of type ${typeOf package}, but it should be a derivation instead."
    else if !isString program then
      throw "lib.meta.getExe': The second argument is of type ${typeOf program}, but it should be a string instead."
    else if match ".*/.*" program != null then
      throw "lib.meta.getExe': The second argument \"${program}\" is a nested path with a \"/\" character, but it should just be the name of the executable instead."
    else
      "${lib.getBin package}/bin/${program}";
  cpeFullVersionWithVendor = vendor: version: {
    inherit vendor version;
    update = "*";
  };
}
