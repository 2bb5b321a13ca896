//! The rules that ship. What a rule says stands in its page; each folder lists its own.

/// The rules of one folder, a line each: the page, the function beside it where the rule
/// is a search, and the file with facts it goes by.
macro_rules! shipped {
    ($folder:literal: $($id:literal $(=> $check:path $(, data = $data:literal $(in $other:literal)?)?)?;)*) => {
        /// Every rule of this folder.
        pub(super) const RULES: &[crate::lint::Shipped] = &[$(crate::lint::Shipped {
            name: concat!($folder, "/", $id),
            text: include_str!(concat!($id, ".md")),
            check: shipped!(@check $($check)?),
            data: shipped!(@data $folder $($(, $data $(in $other)?)?)?),
        }),*];
    };
    (@check) => { None };
    (@check $check:path) => { Some($check) };
    (@data $folder:literal) => { None };
    (@data $folder:literal, $data:literal) => {
        Some((concat!($folder, "/", $data), include_str!($data)))
    };
    // Of another folder, such as "matrix/other".
    (@data $folder:literal, $data:literal in $other:literal) => {
        Some((concat!($other, "/", $data), include_str!(concat!("../../", $other, "/", $data))))
    };
}

mod addresses;
mod field;
mod file_access;
mod matrix;
mod network;
mod secret;
mod sql;
mod vaultwarden;
mod web;
mod written;

pub use matrix::vhosts;

use crate::lint::Shipped;

/// Every rule that ships: the lists of the folders.
pub fn shipped() -> impl Iterator<Item = &'static Shipped> {
    matrix::RULES.iter().copied().chain([vaultwarden::RULES]).flatten()
}

macro_rules! declarations {
    ($($name:literal),* $(,)?) => {
        &[$((concat!("<", $name, ">"), include_str!(concat!($name, ".nix")))),*]
    };
}

/// The options that rules read, with types and defaults.
const DECLARATIONS: &[(&str, &str)] = declarations![
    "matrix/options/bridges",
    "matrix/options/matrix-authentication-service",
    "matrix/options/mautrix",
    "matrix/options/rtc",
    "matrix/options/synapse",
    "nixos/options/acme",
    "nixos/options/caddy",
    "nixos/options/containers",
    "nixos/options/coturn",
    "nixos/options/environment",
    "nixos/options/firewall",
    "nixos/options/networking",
    "nixos/options/nginx",
    "nixos/options/openings",
    "nixos/options/openssh",
    "nixos/options/postgresql",
    "nixos/options/proxies",
    "nixos/options/redis",
    "nixos/options/secrets",
    "nixos/options/system",
    "nixos/options/systemd",
    "nixos/options/tunnels",
    "nixos/options/users",
    "vaultwarden/options/vaultwarden",
];

/// What stands in for modules that are not read: nixpkgs' own, and those of well-known flake inputs.
pub const STAND_IN: crate::resolve::StandIn = crate::resolve::StandIn {
    class: Some("nixos"),
    declarations: DECLARATIONS,
    inputs: Some(("<nixos/inputs>", include_str!("nixos/inputs.nix"))),
    flakes: FLAKES,
    network: Some(("<nixos/network>", include_str!("nixos/network.nix"))),
    // The hardware's, the boot loader's and that of the machine's age: no two machines share all three.
    of_hosts: &[&["fileSystems"], &["boot", "loader"], &["system", "stateVersion"]],
    name_of_hosts: &["networking", "hostName"],
    guests: &[
        crate::resolve::Guests {
            path: &["containers"],
            input: None,
            module: ("<nixos/guests/container>", include_str!("nixos/guests/container.nix")),
        },
        crate::resolve::Guests {
            path: &["microvm", "vms"],
            input: Some("microvm"),
            module: ("<nixos/guests/microvm>", include_str!("nixos/guests/microvm.nix")),
        },
    ],
};

/// What the rules that ship are about: a module in which any of them can find something has one of these
/// words in it, or names a file that has (`tests/relevance.rs`).
pub const SUBJECTS: &[&str] = &[
    "cinny",
    "coturn",
    "draupnir",
    "element",
    "heisenbridge",
    "homeserver",
    "hydrogen",
    "initialScript", // passwords of all roles of the database
    "livekit",
    "lk-jwt",
    "matrix",
    "maubot",
    "mautrix",
    "mjolnir",
    "mxisd",
    "optlint:", // a comment that allows something is told of if it does not
    "postgresql",
    "redis",
    "riot",
    "schildi",
    "synapse",
    "vaultwarden",
];

macro_rules! flakes {
    ($($name:literal: $($repository:literal),* $(for $($around:literal),*)?;)*) => {
        &[$(crate::resolve::FlakeStandIn {
            name: $name,
            repositories: &[$($repository),*],
            text: (concat!("<nixos/flakes/", $name, ">"), include_str!(concat!("nixos/flakes/", $name, ".nix"))),
            around: &[$($($around),*)?],
        }),*]
    };
}

/// Flakes whose functions make configurations: the input's usual name, its repositories, and
/// words in files of their own modules in which NixOS modules stand.
const FLAKES: &[crate::resolve::FlakeStandIn] = flakes![
    "blueprint": "numtide/blueprint";
    "clan-core": "clan-core" for "\"clan.service\"";
    "colmena": "colmena";
    "easy-hosts": "easy-hosts";
    "ez-configs": "ez-configs";
    "flake-parts": "flake-parts" for "flake.modules", "flake.nixosModules", "den.aspects";
    "flake-utils": "flake-utils";
    "flake-utils-plus": "flake-utils-plus";
    "flakelight": "nix-community/flakelight";
    "haumea": "haumea";
    "nixos-generators": "nixos-generators";
    "nixos-nspawn": "nixos-nspawn", "python-nixos-nspawn";
    "nixos-unified": "nixos-unified";
    "snowfall-lib": "snowfallorg/lib", "snowfall-lib";
];
