"""Repositories to measure on, made by rule: the same every time, and nobody's.

Modules are as long as those that people write, about 2 KB, and are about what such modules are about.
"""

import shutil
from pathlib import Path

SAMPLE = Path(__file__).resolve().parents[2] / "fixtures/configurations/sample"

PACKAGES = "git vim curl htop ripgrep fd jq tmux wget unzip file lsof rsync tree dig nmap strace".split()


def service(n):
    """A unit with what units have."""
    return f"""{{ config, lib, pkgs, ... }}:
let
  cfg = config.site.worker{n};
  inherit (lib) mkEnableOption mkIf mkOption types;
in
{{
  options.site.worker{n} = {{
    enable = mkEnableOption "worker {n}";
    port = mkOption {{
      type = types.port;
      default = {3000 + n % 5000};
      description = "Where it listens.";
    }};
    settings = mkOption {{
      type = types.attrsOf types.str;
      default = {{ }};
      description = "What it is told.";
    }};
  }};

  config = mkIf cfg.enable {{
    users.users.worker{n} = {{
      isSystemUser = true;
      group = "worker{n}";
      home = "/var/lib/worker{n}";
    }};
    users.groups.worker{n} = {{ }};
    systemd.services.worker{n} = {{
      description = "Worker {n}";
      wantedBy = [ "multi-user.target" ];
      after = [ "network-online.target" ];
      wants = [ "network-online.target" ];
      environment = {{ PORT = toString cfg.port; }} // cfg.settings;
      serviceConfig = {{
        ExecStart = "${{pkgs.hello}}/bin/hello --port ${{toString cfg.port}}";
        User = "worker{n}";
        StateDirectory = "worker{n}";
        ProtectSystem = "strict";
        ProtectHome = true;
        PrivateTmp = true;
        NoNewPrivileges = true;
        Restart = "on-failure";
        RestartSec = 5;
      }};
    }};
    networking.firewall.allowedTCPPorts = [ cfg.port ];
  }};
}}
"""


def site(n):
    """Virtual hosts, with a few lines for nginx."""
    hosts = "".join(
        f"""    "{name}{n}.example.org" = {{
      enableACME = true;
      forceSSL = true;
      locations."/" = {{
        proxyPass = "http://127.0.0.1:{4000 + n % 1000}";
        proxyWebsockets = true;
        extraConfig = ''
          proxy_set_header X-Request-Id $request_id;
          client_max_body_size 50M;
        '';
      }};
      locations."/static/".root = pkgs.runCommand "static" {{ }} "mkdir -p $out/static";
    }};
"""
        for name in ["www", "files", "wiki"]
    )
    return f"""{{ config, lib, pkgs, ... }}:
{{
  services.nginx = {{
    enable = true;
    recommendedGzipSettings = true;
    recommendedOptimisation = true;
    recommendedProxySettings = true;
    recommendedTlsSettings = true;
  }};
  services.nginx.virtualHosts = {{
{hosts}  }};
  networking.firewall.allowedTCPPorts = [
    80
    443
  ];
}}
"""


def desk(n):
    """What somebody has at home: programs and their settings."""
    packages = "\n".join(f"    {name}" for name in PACKAGES[n % 7 :])
    aliases = "\n".join(f'      a{at} = "git log --oneline -{at}";' for at in range(12))
    return f"""{{ config, lib, pkgs, ... }}:
{{
  environment.systemPackages = with pkgs; [
{packages}
  ];

  programs.git = {{
    enable = true;
    config = {{
      init.defaultBranch = "main";
      pull.rebase = true;
      user.name = "Somebody {n}";
      user.email = "somebody{n}@example.org";
    }};
  }};
  programs.zsh = {{
    enable = true;
    autosuggestions.enable = true;
    shellAliases = {{
{aliases}
    }};
    interactiveShellInit = ''
      bindkey -e
      setopt no_beep
    '';
  }};
  fonts.packages = lib.optionals (config.networking.hostName != "server{n}") (with pkgs; [ dejavu_fonts ]);
  time.timeZone = "Europe/Berlin";
  i18n.defaultLocale = "en_US.UTF-8";
}}
"""


KINDS = [service, site, desk]

MACHINE = """{{ config, lib, pkgs, ... }}:
{{
  imports = [
{imports}
  ];
  networking.hostName = "{name}";
  networking.domain = "example.org";
  boot.loader.grub.device = "/dev/sda";
  fileSystems."/" = {{
    device = "/dev/disk/by-label/root";
    fsType = "ext4";
  }};
  system.stateVersion = "25.11";
}}
"""

FLAKE = """{{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";
  outputs =
    {{ nixpkgs, ... }}:
    let
      machine = name: nixpkgs.lib.nixosSystem {{
        system = "x86_64-linux";
        modules = [ (./hosts + "/${{name}}") ];
      }};
    in
    {{
      nixosConfigurations = nixpkgs.lib.genAttrs [
{names}
      ] machine;
    }};
}}
"""


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def machine(root, name, imports):
    text = MACHINE.format(name=name, imports="\n".join(f"    {path}" for path in imports))
    write(root / f"hosts/{name}/default.nix", text)


def flake(root, names):
    (root / ".git").mkdir(parents=True, exist_ok=True)
    write(root / "flake.nix", FLAKE.format(names="\n".join(f'        "{name}"' for name in names)))


def repository(root, files):
    """`files` Nix files, four machines, one of them for Matrix. Returns the file with most of its mistakes."""
    names = ["matrix", "web", "build", "desk"]
    flake(root, names)
    parts = ["configuration.nix", "synapse.nix", "element.nix"]
    (root / "hosts/matrix").mkdir(parents=True)
    for part in parts:
        shutil.copy(SAMPLE / part, root / "hosts/matrix" / part)
    shutil.copy(SAMPLE / "secrets.yaml", root / "hosts/matrix")
    count = files - 1 - len(names) - len(parts)
    for n in range(count):
        write(root / f"modules/m{n}.nix", KINDS[n % len(KINDS)](n))
    for at, name in enumerate(names):
        own = [f"../../modules/m{n}.nix" for n in range(count) if n % len(names) == at or n < 8]
        machine(root, name, own + [f"./{part}" for part in parts if name == "matrix"])
    # The sample says what the machine is called and how old it is.
    text = (root / "hosts/matrix/default.nix").read_text().split("  networking.hostName")[0] + "}\n"
    write(root / "hosts/matrix/default.nix", text)
    return root / "hosts/matrix/synapse.nix"


MATRIX = """{ config, ... }:
{
  services.matrix-synapse = {
    enable = true;
    settings = {
      server_name = config.networking.domain;
      public_baseurl = "https://${config.networking.fqdn}";
      listeners = [
        {
          port = 8008;
          bind_addresses = [ "127.0.0.1" ];
          type = "http";
          tls = false;
          x_forwarded = true;
          resources = [ { names = [ "client" "federation" ]; compress = true; } ];
        }
      ];
    };
  };
  services.nginx.virtualHosts.${config.networking.fqdn} = {
    enableACME = true;
    forceSSL = true;
    locations."/_matrix".proxyPass = "http://127.0.0.1:8008";
  };
}
"""


def fleet(root, hosts):
    """`hosts` machines of one flake, which share 20 modules and a Matrix server's, and have one of their own."""
    names = [f"host{n}" for n in range(hosts)]
    flake(root, names)
    write(root / "modules/matrix.nix", MATRIX)
    for n in range(20):
        write(root / f"modules/m{n}.nix", KINDS[n % len(KINDS)](n))
    shared = [f"../../modules/m{n}.nix" for n in range(20)] + ["../../modules/matrix.nix"]
    for n, name in enumerate(names):
        machine(root, name, [*shared, "./own.nix"])
        write(root / f"hosts/{name}/own.nix", KINDS[n % len(KINDS)](100 + n))


def many(root, files):
    """`files` files: repositories of 100 side by side, a Matrix server in each twentieth."""
    for at in range(max(files // 100, 1)):
        part = root / f"r{at}"
        if at % 20 == 0:
            repository(part, 100)
        else:
            flake(part, ["web"])
            machine(part, "web", [f"../../modules/m{n}.nix" for n in range(20)])
            for n in range(98):
                write(part / f"modules/m{n}.nix", KINDS[n % len(KINDS)](at * 100 + n))


def generated(root, megabytes):
    """What programs wrote: half of it many small descriptions of packages, half of it long files of options."""
    needs = """          (hsPkgs."dep-%d" or (errorHandler.buildDepError "dep-%d"))\n"""
    needs = "".join(needs % (at, at) for at in range(45))
    for n in range(megabytes * 125):
        write(
            root / f"packages/p{n % 100}/p{n}.nix",
            f"""{{ system, compiler, flags, pkgs, hsPkgs, pkgconfPkgs, errorHandler, config, ... }}:
{{
  flags = {{ debug = false; }};
  package = {{
    specVersion = "1.10";
    identifier = {{ name = "p{n}"; version = "0.{n % 10}"; }};
    license = "MIT";
    buildType = "Simple";
    components."library" = {{
      depends = [
{needs}      ];
    }};
  }};
}}
""",
        )
    option = """        "field%d" = mkOption {
          description = "What the field %d of the object is for, in a sentence that came with its API.";
          type = types.nullOr (types.either types.str types.int);
          default = null;
        };
"""
    fields = "".join(option % (at, at) for at in range(40))
    for n in range(max(megabytes // 2, 1)):
        kind = '    "api.v%d.Kind%d" = {\n      options = {\n%s      };\n    };\n'
        kinds = "".join(kind % (n, at, fields) for at in range(110))
        write(root / f"api/v{n}.nix", f"{{ lib, ... }}: with lib; {{\n  definitions = {{\n{kinds}  }};\n}}\n")
