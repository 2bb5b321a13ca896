//! Causes of gaps in the words of somebody who wonders what to provide.

use crate::value::Cause;

/// Why an import could not be followed.
pub(super) struct Missing {
    /// A clause without a full stop.
    pub(super) cause: String,
    /// The input or tree that would have to be here, as people call it.
    pub(super) needs: Option<String>,
}

/// Puts a cause in words.
pub(super) fn missing(cause: &Cause) -> Missing {
    let needs = |name: &str, cause: String| Missing { cause, needs: Some(name.to_owned()) };
    match cause {
        Cause::Derived(cause) => missing(cause),
        Cause::Input(name) => needs(name, format!("the flake input `{name}` is not here")),
        Cause::Argument(name) if *name == "modulesPath" => {
            needs("nixpkgs", "a module of nixpkgs (`modulesPath`), which is not read".to_owned())
        }
        Cause::Fetched(name, _) => {
            // A part of nixpkgs that is told apart has the part's name.
            let tree = if name.starts_with("nixos/modules/") { "nixpkgs" } else { name };
            needs(tree, cause.to_string())
        }
        Cause::SearchPath(name) => {
            let name = name.split('/').next().unwrap_or_default();
            needs(name, format!("`<{name}>` is looked up in NIX_PATH, which is not read"))
        }
        Cause::Argument(name) => {
            Missing { cause: format!("nobody gives the argument `{name}` in what was read"), needs: None }
        }
        cause => Missing { cause: cause.to_string(), needs: None },
    }
}

#[cfg(test)]
mod tests {
    use super::missing;
    use crate::value::Cause;

    #[test]
    fn words() {
        let check = |cause: Cause, expected: &str, needs: Option<&str>| {
            for cause in [cause.clone(), Cause::Derived(cause.into())] {
                let found = missing(&cause);
                assert_eq!((&found.cause[..], found.needs.as_deref()), (expected, needs));
            }
        };
        check(Cause::Input("sops-nix".into()), "the flake input `sops-nix` is not here", Some("sops-nix"));
        let nixpkgs = "a module of nixpkgs (`modulesPath`), which is not read";
        check(Cause::Argument("modulesPath".into()), nixpkgs, Some("nixpkgs"));
        let channel = "`<nixpkgs>` is looked up in NIX_PATH, which is not read";
        check(Cause::SearchPath("nixpkgs/nixos".into()), channel, Some("nixpkgs"));
        let part = Cause::Fetched("nixos/modules/x.nix".into(), "`x.nix` of nixpkgs, which is not read".into());
        check(part, "comes from `x.nix` of nixpkgs, which is not read", Some("nixpkgs"));
        let pin = Cause::Fetched("home-manager".into(), "the pin `home-manager`, which is not fetched".into());
        check(pin, "comes from the pin `home-manager`, which is not fetched", Some("home-manager"));
        check(Cause::Argument("host".into()), "nobody gives the argument `host` in what was read", None);
        check(Cause::Fails("assertion failed".into()), "evaluation fails: assertion failed", None);
    }
}
