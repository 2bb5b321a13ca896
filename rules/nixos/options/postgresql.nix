# PostgreSQL. Facts: nixpkgs nixos/modules/services/databases/postgresql.nix (25.11).
{ config, lib, pkgs, ... }:

let
  inherit (lib) mkDefault mkIf mkOption types;
  cfg = config.services.postgresql;
  since = lib.versionAtLeast config.system.stateVersion;

  flag =
    default:
    mkOption {
      type = types.bool;
      inherit default;
    };
  # Modules of programs with a database define it, too, and are not read.
  shared = option: option // { definedElsewhere = true; };
  lines = mkOption {
    type = types.lines;
    default = "";
  };
  strings = mkOption {
    type = types.listOf types.str;
    default = [ ];
  };
  # null: PostgreSQL's own default for new roles, and no change for old ones.
  clause = mkOption {
    type = types.nullOr types.bool;
    default = null;
  };

  user = {
    options = {
      name = mkOption { type = types.str; };
      ensureDBOwnership = flag false;
      # Removed after 23.11.
      ensurePermissions = mkOption {
        type = types.attrsOf types.str;
        default = { };
      };
      ensureClauses = mkOption {
        type = types.submodule {
          freeformType = types.attrsOf types.anything;
          options = {
            superuser = clause;
            createrole = clause;
            createdb = clause;
            "inherit" = clause;
            login = clause;
            replication = clause;
            bypassrls = clause;
          };
        };
        default = { };
      };
    };
  };
in
{
  imports = [
    (lib.mkRemovedOptionModule [ "services" "postgresql" "extraConfig" ] "Use `settings`.")
    (lib.mkRemovedOptionModule [ "services" "postgresql" "recoveryConfig" ] "Gone since version 12.")
    (lib.mkRenamedOptionModule
      [ "services" "postgresql" "port" ]
      [ "services" "postgresql" "settings" "port" ]
    )
    (lib.mkRenamedOptionModule
      [ "services" "postgresql" "logLinePrefix" ]
      [ "services" "postgresql" "settings" "log_line_prefix" ]
    )
    (lib.mkRenamedOptionModule
      [ "services" "postgresql" "extraPlugins" ]
      [ "services" "postgresql" "extensions" ]
    )
  ];

  options.services.postgresql = {
    enable = flag false;
    enableJIT = flag false;
    package = mkOption { type = types.package; };
    finalPackage = mkOption { type = types.package; };
    # A list, or a function from the version's package set to one.
    extensions = mkOption { type = types.raw; };
    systemCallFilter = mkOption { type = types.attrsOf types.anything; };
    checkConfig = flag true;
    dataDir = mkOption { type = types.path; };
    authentication = lines;
    identMap = lines;
    initdbArgs = strings;
    # Run once, when the cluster is empty.
    initialScript = mkOption {
      type = types.nullOr types.path;
      default = null;
    };
    ensureDatabases = shared strings;
    ensureUsers = shared (mkOption {
      type = types.listOf (types.submodule user);
      default = [ ];
    });
    enableTCPIP = flag false;
    settings = mkOption {
      type = types.submodule {
        freeformType = types.attrsOf types.anything;
        options = {
          port = mkOption {
            type = types.port;
            default = 5432;
          };
          log_line_prefix = mkOption {
            type = types.str;
            default = "[%p] ";
          };
          shared_preload_libraries = mkOption {
            type = types.nullOr (types.either types.str (types.listOf types.str));
            default = null;
          };
        };
      };
      default = { };
    };
    superUser = mkOption {
      type = types.str;
      default = "postgres";
      readOnly = true;
    };
  };

  config = mkIf cfg.enable {
    services.postgresql = {
      # Older states name versions that nixpkgs has dropped.
      package = mkDefault (
        if since "25.11" then
          pkgs.postgresql_17
        else if since "24.11" then
          pkgs.postgresql_16
        else if since "23.11" then
          pkgs.postgresql_15
        else if since "22.05" then
          pkgs.postgresql_14
        else
          pkgs.postgresql_13
      );
      dataDir = mkDefault "/var/lib/postgresql/${cfg.package.psqlSchema}";
      settings = {
        listen_addresses = if cfg.enableTCPIP then "*" else "localhost";
        log_destination = "stderr";
        jit = mkDefault (if cfg.enableJIT then "on" else "off");
      };
      authentication = lib.mkMerge [
        (lib.mkBefore "# Generated file; do not edit!")
        (lib.mkAfter ''
          # default value of services.postgresql.authentication
          local all postgres         peer map=postgres
          local all all              peer
          host  all all 127.0.0.1/32 md5
          host  all all ::1/128      md5
        '')
      ];
      identMap = lib.mkAfter ''
        postgres postgres postgres
      '';
    };
    users.users.postgres = {
      group = "postgres";
      home = cfg.dataDir;
      uid = 71;
    };
    users.groups.postgres.gid = 71;
  };
}
