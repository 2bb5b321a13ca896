# `evaluate [ modules… ]`: a NixOS-like configuration made of our declarations alone.
# `lib` is what the modules get as `lib`: nixpkgs' library, or ours.
{ nixpkgsLib, lib ? import nixpkgsLib }:

let
  rules = ../../rules;

  declarations = lib.concatMap (
    domain:
    let
      folder = rules + "/${domain}/options";
    in
    map (file: folder + "/${file}") (
      lib.filter (lib.hasSuffix ".nix") (lib.attrNames (builtins.readDir folder))
    )
  ) [ "matrix" "nixos" "vaultwarden" ];

  removed = map (option: lib.mkRemovedOptionModule option.old option.note) (
    import (rules + "/matrix/deprecation/removed-options.nix")
  );

  # Stands for a package. Enough for `${package}`, `override` and the `package` type.
  package = name: {
    type = "derivation";
    inherit name;
    outPath = "/nix/store/00000000000000000000000000000000-${name}";
    override = _: package name;
    out = package name;
    psqlSchema = "0";
  };
  file = name: text: package name // { inherit text; };

  known = lib.genAttrs [
    "apacheHttpd"
    "caddy"
    "cloudflared"
    "draupnir"
    "element-web"
    "haproxy"
    "heisenbridge"
    "iptables"
    "livekit"
    "lk-jwt-service"
    "ma1sd"
    "mailcap"
    "matrix-appservice-discord"
    "matrix-appservice-irc"
    "matrix-authentication-service"
    "matrix-hookshot"
    "maubot"
    "mautrix-discord"
    "mautrix-meta"
    "mautrix-signal"
    "mautrix-telegram"
    "mautrix-whatsapp"
    "nftables"
    "nginxStable"
    "postgresql_13"
    "postgresql_14"
    "postgresql_15"
    "postgresql_16"
    "postgresql_17"
    "redis"
    "traefik"
  ] package;
  yaml = {
    type = lib.types.anything;
    generate = name: value: file name (builtins.toJSON value);
  };
  pkgs = known // {
    inherit lib;
    writeText = file;
    formats = {
      json = _: yaml;
      yaml = _: yaml;
      toml = _: yaml;
    };
  };
in
modules:
lib.evalModules {
  modules = declarations ++ removed ++ modules ++ [ { _module.args = { inherit pkgs; }; } ];
  specialArgs = {
    inherit lib;
    modulesPath = "/modules";
  };
}
