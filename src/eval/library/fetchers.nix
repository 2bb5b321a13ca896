# Arguments of fetchers.
lib:
let
  fetchers = lib.fetchers;
  names = hashTypes: [ "hash" ] ++ hashTypes;
  placeholders = {
    hash = lib.fakeHash;
    sha256 = lib.fakeSha256;
    sha512 = lib.fakeSha512;
  };
in
{
  proxyImpureEnvVars =
    builtins.concatMap (name: [ name (lib.toUpper name) ])
      [ "http_proxy" "https_proxy" "ftp_proxy" "all_proxy" "no_proxy" ]
    ++ [ "NIX_SSL_CERT_FILE" ];
  # Whatever hash is given becomes `outputHash` and `outputHashAlgo`.
  normalizeHash =
    {
      hashTypes ? [ "sha256" ],
      required ? true,
    }:
    given:
    let
      hashes = lib.attrsToList (
        builtins.intersectAttrs (lib.genAttrs (names hashTypes) (_name: null)) given
      );
      one = builtins.head hashes;
    in
    if given ? outputHash then
      given
    else if hashes == [ ] then
      if required then throw "fetcher called without `hash`" else given
    else if builtins.length hashes > 1 then
      throw "fetcher called with mutually-incompatible arguments: ${lib.concatMapStringsSep ", " (hash: hash.name) hashes}"
    else
      removeAttrs given (names hashTypes)
      // {
        outputHashAlgo = if one.name == "hash" then null else one.name;
        outputHash = if one.value == "" then placeholders.${one.name} else one.value;
      };
  withNormalizedHash =
    {
      hashTypes ? [ "sha256" ],
    }:
    fetcher:
    let
      arguments = lib.functionArgs fetcher;
      normalize = fetchers.normalizeHash {
        inherit hashTypes;
        required = !arguments.outputHash;
      };
    in
    lib.setFunctionArgs (given: fetcher (normalize given)) (
      removeAttrs arguments [ "outputHash" "outputHashAlgo" ] // { hash = arguments.outputHash; }
    );
}
