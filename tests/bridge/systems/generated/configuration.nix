# Virtual hosts and redirections that functions make of data.
{ config, lib, ... }:
let
  sites = {
    blog = { port = 8080; };
    wiki = { port = 8081; aliases = [ "docs" ]; };
  };
  full = name: "${name}.example.org";
  site =
    name:
    { port, aliases ? [ ] }:
    lib.nameValuePair (full name) {
      serverAliases = map full aliases;
      locations."/".proxyPass = "http://localhost:${toString port}";
    };
in
{
  imports = map (name: { services.nginx.virtualHosts.${full name}.forceSSL = true; }) (lib.attrNames sites);
  system.stateVersion = "24.05";
  services.nginx = {
    enable = true;
    virtualHosts =
      lib.mapAttrs' site sites
      // lib.listToAttrs (map (name: { name = full name; value = { globalRedirect = full "blog"; }; }) [ "old" "older" ])
      // {
        "example.org" = { default = true; locations = lib.mapAttrs (_: root: { inherit root; }) { "/" = "/srv/www"; }; };
      };
  };
  security.acme.certs = lib.genAttrs (map full (lib.attrNames sites)) (name: { extraDomainNames = [ "www.${name}" ]; });
}
