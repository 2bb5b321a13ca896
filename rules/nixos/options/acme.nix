# Certificates. Facts: nixpkgs nixos/modules/security/acme/default.nix (2025).
{ config, lib, ... }:

let
  inherit (lib) mkOption types;
  cfg = config.security.acme;

  nullable =
    type:
    mkOption {
      type = types.nullOr type;
      default = null;
    };
  strings = mkOption {
    type = types.listOf types.str;
    default = [ ];
  };

  # What `security.acme.defaults` sets for every certificate.
  inheritable = from: {
    validMinDays = mkOption {
      type = types.int;
      default = from.validMinDays or 30;
    };
    renewInterval = mkOption {
      type = types.str;
      default = from.renewInterval or "daily";
    };
    server = mkOption {
      type = types.nullOr types.str;
      default = from.server or "https://acme-v02.api.letsencrypt.org/directory";
    };
    email = mkOption {
      type = types.nullOr types.str;
      default = from.email or null;
    };
    group = mkOption {
      type = types.str;
      default = from.group or "acme";
    };
    reloadServices = mkOption {
      type = types.listOf types.str;
      default = from.reloadServices or [ ];
    };
    postRun = mkOption {
      type = types.lines;
      default = from.postRun or "";
    };
    keyType = mkOption {
      type = types.str;
      default = from.keyType or "ec256";
    };
    webroot = mkOption {
      type = types.nullOr types.str;
      default = from.webroot or null;
    };
    dnsProvider = mkOption {
      type = types.nullOr types.str;
      default = from.dnsProvider or null;
    };
    dnsResolver = mkOption {
      type = types.nullOr types.str;
      default = from.dnsResolver or null;
    };
    dnsPropagationCheck = mkOption {
      type = types.bool;
      default = from.dnsPropagationCheck or true;
    };
    environmentFile = mkOption {
      type = types.nullOr types.path;
      default = from.environmentFile or null;
    };
    credentialsFile = mkOption {
      type = types.nullOr types.path;
      default = from.credentialsFile or null;
    };
    credentialFiles = mkOption {
      type = types.attrsOf types.path;
      default = from.credentialFiles or { };
    };
    ocspMustStaple = mkOption {
      type = types.bool;
      default = from.ocspMustStaple or false;
    };
    enableDebugLogs = mkOption {
      type = types.bool;
      default = from.enableDebugLogs or true;
    };
    profile = mkOption {
      type = types.nullOr types.str;
      default = from.profile or null;
    };
    extraLegoFlags = mkOption {
      type = types.listOf types.str;
      default = from.extraLegoFlags or [ ];
    };
    extraLegoRenewFlags = mkOption {
      type = types.listOf types.str;
      default = from.extraLegoRenewFlags or [ ];
    };
    extraLegoRunFlags = mkOption {
      type = types.listOf types.str;
      default = from.extraLegoRunFlags or [ ];
    };
  };

  certificate =
    { name, config, ... }:
    {
      options = inheritable (lib.optionalAttrs config.inheritDefaults cfg.defaults) // {
        inheritDefaults = mkOption {
          type = types.bool;
          default = true;
        };
        domain = mkOption {
          type = types.str;
          default = name;
        };
        extraDomainNames = strings;
        directory = mkOption {
          type = types.str;
          default = "/var/lib/acme/${name}";
          readOnly = true;
        };
        listenHTTP = nullable types.str;
        s3Bucket = nullable types.str;
      };
    };
in
{
  imports = [
    (lib.mkRenamedOptionModule
      [ "security" "acme" "email" ]
      [ "security" "acme" "defaults" "email" ]
    )
    (lib.mkRenamedOptionModule
      [ "security" "acme" "server" ]
      [ "security" "acme" "defaults" "server" ]
    )
    (lib.mkRenamedOptionModule
      [ "security" "acme" "validMinDays" ]
      [ "security" "acme" "defaults" "validMinDays" ]
    )
    (lib.mkRenamedOptionModule
      [ "security" "acme" "renewInterval" ]
      [ "security" "acme" "defaults" "renewInterval" ]
    )
  ];

  options.security.acme = {
    acceptTerms = mkOption {
      type = types.bool;
      default = false;
    };
    preliminarySelfsigned = mkOption {
      type = types.bool;
      default = true;
    };
    useRoot = mkOption {
      type = types.bool;
      default = false;
    };
    maxConcurrentRenewals = mkOption {
      type = types.int;
      default = 5;
    };
    defaults = mkOption {
      type = types.submodule { options = inheritable { }; };
      default = { };
    };
    certs = mkOption {
      type = types.attrsOf (types.submodule certificate);
      default = { };
    };
  };
}
