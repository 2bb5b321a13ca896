//! Assertions that fail and warnings: findings at the definition they speak of.

use super::{folder, optlint, said};

#[test]
fn assertions_and_warnings_are_findings() {
    let output = optlint(
        &folder("claims"),
        &["check", "--eval", "--eval-file", "default.nix", "--select=inline-registration-shared-secret"],
    );
    let (found, told, status) = said(&output);
    assert_eq!(status, 1, "{told}");
    let expected = [
        "configuration.nix:10:5: error: an assertion does not hold: `my.name` must not be that [nixos-assertion]",
        "configuration.nix:10:5: warning: NixOS warns: my.name is short [nixos-warning]",
        "configuration.nix:17:9: error: an assertion does not hold: nobody speaks of an option [nixos-assertion]",
        "configuration.nix:18:9: error: an assertion does not hold: its message cannot be evaluated [nixos-assertion]",
        "configuration.nix:21:5: warning: NixOS warns: line by line [nixos-warning]",
    ];
    assert_eq!(found, expected, "{told}");
}
