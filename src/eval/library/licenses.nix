# The licences that configurations name most, by nixpkgs' names for them.
lib:
let
  inherit (builtins) all any elem mapAttrs;
  licenses = lib.licenses;
  simple =
    shortName: licence:
    {
      inherit shortName;
      licenseType = "simple";
      free = true;
      redistributable = licence.free or true;
      deprecated = false;
    }
    // (
      if licence ? spdxId then { url = "https://spdx.org/licenses/${licence.spdxId}.html"; } else { }
    )
    // licence;
  spdx = spdxId: fullName: { inherit fullName spdxId; };
  unfree = fullName: {
    inherit fullName;
    free = false;
  };
  old = licence: licence // { deprecated = true; };
  compound = operator: parts: {
    licenseType = "compound";
    inherit operator;
    licenses = parts;
  };
  bracket =
    licence:
    if elem licence.licenseType [ "compound" "exception" ] then
      "(${licenses.toSPDX licence})"
    else
      licenses.toSPDX licence;
in
mapAttrs simple {
  afl3 = spdx "AFL-3.0" "Academic Free License v3.0";
  agpl3Only = spdx "AGPL-3.0-only" "GNU Affero General Public License v3.0 only";
  agpl3Plus = spdx "AGPL-3.0-or-later" "GNU Affero General Public License v3.0 or later";
  apsl20 = spdx "APSL-2.0" "Apple Public Source License 2.0";
  artistic2 = spdx "Artistic-2.0" "Artistic License 2.0";
  asl20 = spdx "Apache-2.0" "Apache License 2.0";
  bitstreamVera = spdx "Bitstream-Vera" "Bitstream Vera Font License";
  boost = spdx "BSL-1.0" "Boost Software License 1.0";
  bsd0 = spdx "0BSD" "BSD Zero Clause License";
  bsd2 = spdx "BSD-2-Clause" "BSD 2-clause \"Simplified\" License";
  bsd3 = spdx "BSD-3-Clause" "BSD 3-clause \"New\" or \"Revised\" License";
  cc-by-30 = spdx "CC-BY-3.0" "Creative Commons Attribution 3.0";
  cc-by-40 = spdx "CC-BY-4.0" "Creative Commons Attribution 4.0";
  cc-by-sa-40 = spdx "CC-BY-SA-4.0" "Creative Commons Attribution Share Alike 4.0";
  cc0 = spdx "CC0-1.0" "Creative Commons Zero v1.0 Universal";
  cddl = spdx "CDDL-1.0" "Common Development and Distribution License 1.0";
  epl20 = spdx "EPL-2.0" "Eclipse Public License 2.0";
  eupl11 = spdx "EUPL-1.1" "European Union Public License 1.1";
  eupl12 = spdx "EUPL-1.2" "European Union Public License 1.2";
  fdl13Plus = spdx "GFDL-1.3-or-later" "GNU Free Documentation License v1.3 or later";
  gpl1Plus = spdx "GPL-1.0-or-later" "GNU General Public License v1.0 or later";
  gpl2Only = spdx "GPL-2.0-only" "GNU General Public License v2.0 only";
  gpl2Plus = spdx "GPL-2.0-or-later" "GNU General Public License v2.0 or later";
  gpl3Only = spdx "GPL-3.0-only" "GNU General Public License v3.0 only";
  gpl3Plus = spdx "GPL-3.0-or-later" "GNU General Public License v3.0 or later";
  isc = spdx "ISC" "ISC License";
  lgpl2Plus = spdx "LGPL-2.0-or-later" "GNU Library General Public License v2 or later";
  lgpl21Only = spdx "LGPL-2.1-only" "GNU Lesser General Public License v2.1 only";
  lgpl21Plus = spdx "LGPL-2.1-or-later" "GNU Lesser General Public License v2.1 or later";
  lgpl3Only = spdx "LGPL-3.0-only" "GNU Lesser General Public License v3.0 only";
  lgpl3Plus = spdx "LGPL-3.0-or-later" "GNU Lesser General Public License v3.0 or later";
  libpng = spdx "Libpng" "libpng License";
  llvm-exception = spdx "LLVM-exception" "LLVM Exception";
  mit = spdx "MIT" "MIT License";
  mit0 = spdx "MIT-0" "MIT No Attribution";
  mpl11 = spdx "MPL-1.1" "Mozilla Public License 1.1";
  mpl20 = spdx "MPL-2.0" "Mozilla Public License 2.0";
  ncsa = spdx "NCSA" "University of Illinois/NCSA Open Source License";
  ofl = spdx "OFL-1.1" "SIL Open Font License 1.1";
  openssl = spdx "OpenSSL" "OpenSSL License";
  postgresql = spdx "PostgreSQL" "PostgreSQL License";
  psfl = spdx "Python-2.0" "Python Software Foundation License version 2";
  unlicense = spdx "Unlicense" "The Unlicense";
  upl = spdx "UPL-1.0" "Universal Permissive License";
  vim = spdx "Vim" "Vim License";
  w3c = spdx "W3C" "W3C Software Notice and License";
  wtfpl = spdx "WTFPL" "Do What The F*ck You Want To Public License";
  x11 = spdx "X11" "X11 License";
  zlib = spdx "Zlib" "zlib License";
  zpl21 = spdx "ZPL-2.1" "Zope Public License 2.1";

  agpl3 = old (spdx "AGPL-3.0" "GNU Affero General Public License v3.0");
  gpl2 = old (spdx "GPL-2.0" "GNU General Public License v2.0");
  gpl3 = old (spdx "GPL-3.0" "GNU General Public License v3.0");
  lgpl2 = old (spdx "LGPL-2.0" "GNU Library General Public License v2");
  lgpl21 = old (spdx "LGPL-2.1" "GNU Lesser General Public License v2.1");
  lgpl3 = old (spdx "LGPL-3.0" "GNU Lesser General Public License v3.0");

  bsl11 = unfree "Business Source License 1.1" // { spdxId = "BUSL-1.1"; };
  cc-by-nc-40 = unfree "Creative Commons Attribution Non Commercial 4.0" // { spdxId = "CC-BY-NC-4.0"; };
  cc-by-nc-sa-40 = unfree "Creative Commons Attribution Non Commercial Share Alike 4.0" // { spdxId = "CC-BY-NC-SA-4.0"; };
  elastic20 = unfree "Elastic License 2.0" // { spdxId = "Elastic-2.0"; };
  sspl = unfree "Server Side Public License" // { spdxId = "SSPL-1.0"; };
  free.fullName = "Unspecified free software license";
  publicDomain.fullName = "Public Domain";
  unfree = unfree "Unfree";
  unfreeRedistributable = unfree "Unfree redistributable" // { redistributable = true; };
  unfreeRedistributableFirmware.fullName = "Unfree redistributable firmware";
}
// {
  # Several licences at once.
  AND = compound "AND";
  OR = compound "OR";
  WITH = license: exception: {
    licenseType = "exception";
    operator = "WITH";
    inherit exception license;
  };
  PLUS = license: {
    licenseType = "plus";
    operator = "+";
    inherit license;
  };

  evaluateProperty =
    test: permissive: licence:
    let
      inner = licenses.evaluateProperty test permissive;
      some = if permissive then any else all;
      every = if permissive then all else any;
    in
    if licence.licenseType == "simple" then
      test licence
    else if licence.licenseType == "compound" then
      (if licence.operator == "OR" then some else every) inner licence.licenses
    else if licence.licenseType == "exception" then
      inner licence.license && inner licence.exception
    else
      inner licence.license;
  evaluateNamedProperty = name: licenses.evaluateProperty (licence: licence.${name});
  isFree = licenses.evaluateNamedProperty "free" true;
  isRedistributable = licenses.evaluateNamedProperty "redistributable" true;
  containsLicenses = wanted: licenses.evaluateProperty (licence: elem licence wanted) false;
  toSPDX =
    licence:
    if licence.licenseType == "simple" then
      licence.spdxId or "LicenseRef-nixos-${licence.shortName}"
    else if licence.licenseType == "compound" then
      lib.concatMapStringsSep " ${licence.operator} " bracket licence.licenses
    else if licence.licenseType == "exception" then
      "${bracket licence.license} WITH ${bracket licence.exception}"
    else
      "${bracket licence.license}+";
}
