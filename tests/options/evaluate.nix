# `evaluate [ modules… ]`: a NixOS-like configuration made of our declarations alone.
# `lib` is what the modules get as `lib`: nixpkgs' library, or ours.
# `nixosModules`, a folder such as nixpkgs' `nixos/modules`: what it has of the services below stands in place
# of our declarations.
{
  nixpkgsLib,
  lib ? import nixpkgsLib,
  nixosModules ? null,
}:

let
  rules = ../../rules;

  # Our declarations, and where in nixpkgs' tree the options are declared.
  ofNixos = lib.filterAttrs (_: module: nixosModules != null && builtins.pathExists (nixosModules + module)) {
    "matrix/options/synapse.nix" = "/services/matrix/synapse.nix";
    "nixos/options/nginx.nix" = "/services/web-servers/nginx/default.nix";
  };
  # What those modules expect of others.
  anything = lib.mkOption { type = lib.types.attrsOf lib.types.anything; };
  around = {
    options = lib.genAttrs [ "ids" "init" "meta" ] (_: anything) // {
      boot.kernelModules = lib.mkOption { type = lib.types.listOf lib.types.str; };
      boot.kernelPackages = anything;
      services.logrotate = anything;
    };
    config.boot.kernelPackages.kernel.version = "6.12";
    config.ids = lib.genAttrs [ "uids" "gids" ] (_: { matrix-synapse = 224; nginx = 60; });
  };

  declarations = lib.concatMap (
    domain:
    let
      folder = "${domain}/options";
      files = lib.filter (lib.hasSuffix ".nix") (lib.attrNames (builtins.readDir (rules + "/${folder}")));
      module =
        file:
        if ofNixos ? ${file} then nixosModules + ofNixos.${file} else rules + "/${file}";
    in
    map (file: module "${folder}/${file}") files
  ) [ "matrix" "nixos" "vaultwarden" ];

  removed = map (option: lib.mkRemovedOptionModule option.old option.note) (
    import (rules + "/matrix/deprecation/removed-options.nix")
  );
  # The module says itself what was removed from it, but not that the sliding sync proxy is gone.
  ofSynapse = ofNixos ? "matrix/options/synapse.nix";
  slidingSync.options.services = {
    matrix-sliding-sync = anything;
    matrix-synapse.sliding-sync = anything;
  };
  more = if ofNixos == { } then removed else [ around ] ++ (if ofSynapse then [ slidingSync ] else removed);

  # Stands for a package. Enough for `${package}`, `override` and the `package` type.
  package = name: {
    type = "derivation";
    inherit name;
    pname = name;
    version = "1.28";
    meta.maintainers = [ ];
    modules = [ ];
    outPath = "/nix/store/00000000000000000000000000000000-${name}";
    override = _: package name;
    out = package name;
    psqlSchema = "0";
  };
  file = name: text: package name // { inherit text; };

  known = lib.genAttrs [
    "apacheHttpd"
    "bash"
    "cacert"
    "caddy"
    "cloudflared"
    "coreutils"
    "draupnir"
    "element-web"
    "haproxy"
    "heisenbridge"
    "iptables"
    "jemalloc"
    "livekit"
    "lk-jwt-service"
    "ma1sd"
    "mailcap"
    "matrix-appservice-discord"
    "matrix-appservice-irc"
    "matrix-authentication-service"
    "matrix-hookshot"
    "matrix-synapse"
    "maubot"
    "mautrix-discord"
    "mautrix-meta"
    "mautrix-signal"
    "mautrix-telegram"
    "mautrix-whatsapp"
    "nftables"
    "nginxStable"
    "openresty"
    "postgresql_13"
    "postgresql_14"
    "postgresql_15"
    "postgresql_16"
    "postgresql_17"
    "redis"
    "traefik"
    "util-linux"
  ] package;
  yaml = {
    type = lib.types.json;
    generate = name: value: file name (builtins.toJSON value);
  };
  pkgs = known // {
    inherit lib;
    writeText = file;
    writeShellScript = file;
    writeShellScriptBin = file;
    writers.writeNginxConfig = file;
    matrix-synapse-unwrapped = package "matrix-synapse-unwrapped" // {
      version = "1.120.0";
      optional-dependencies = lib.genAttrs [ "oidc" "postgres" "redis" "systemd" "url-preview" "user-search" ] (_: [ ]);
    };
    formats = {
      json = _: yaml;
      yaml = _: yaml;
      toml = _: yaml;
    };
  };
in
modules:
lib.evalModules {
  modules = declarations ++ more ++ modules ++ [ { _module.args = { inherit pkgs; }; } ];
  specialArgs = {
    inherit lib;
    modulesPath = "/modules";
  };
}
