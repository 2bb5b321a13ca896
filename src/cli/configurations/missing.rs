//! Causes of gaps in the words of somebody who wonders what to provide.

use crate::value::Cause;

/// Why an import could not be followed.
pub(super) struct Missing {
    /// A clause without a full stop.
    pub(super) cause: String,
    /// The input or tree that would have to be here, as people call it.
    pub(super) needs: Option<String>,
    /// The flake input that this is about.
    pub(super) input: Option<String>,
    /// Where what is needed comes from, where that is known.
    pub(super) url: Option<String>,
}

impl Missing {
    /// The cause, with the address of what is needed.
    pub(super) fn with_url(&self) -> String {
        match &self.url {
            Some(url) => format!("{} ({url})", self.cause),
            None => self.cause.clone(),
        }
    }
}

/// Puts a cause in words.
pub(super) fn missing(cause: &Cause) -> Missing {
    let plain = |cause: String| Missing { cause, needs: None, input: None, url: None };
    let needs = |name: &str, cause: String| Missing { needs: Some(name.to_owned()), ..plain(cause) };
    match cause {
        Cause::Derived(cause) => missing(cause),
        Cause::Input(name, _) => {
            let missing = needs(name, format!("the flake input `{name}` is not here"));
            Missing { input: Some(name.to_string()), ..missing }
        }
        Cause::SearchPath(_) | Cause::Fetched(..) => match cause.tree() {
            // Modules of nixpkgs may be named by their path there.
            Some((name, _)) if name == "nixpkgs" || name.starts_with("nixos/modules/") => {
                needs("nixpkgs", "modules of nixpkgs are not read".to_owned())
            }
            Some((name, _)) => needs(name, cause.to_string()),
            None => plain(cause.to_string()),
        },
        Cause::Argument(name) => plain(format!("nobody gives the argument `{name}` in what was read")),
        cause => plain(cause.to_string()),
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
        check(Cause::Input("sops-nix".into(), None), "the flake input `sops-nix` is not here", Some("sops-nix"));
        let nixpkgs = "modules of nixpkgs are not read";
        check(Cause::SearchPath("nixpkgs/nixos".into()), nixpkgs, Some("nixpkgs"));
        let profile = Cause::Fetched("nixos/modules/profiles/minimal.nix".into(), "there".into());
        check(profile, nixpkgs, Some("nixpkgs"));
        let pin = Cause::Fetched("home-manager".into(), "the pin `home-manager`, which is not fetched".into());
        check(pin, "comes from the pin `home-manager`, which is not fetched", Some("home-manager"));
        check(Cause::SearchPath("mobile/lib".into()), "`<mobile/lib>` is looked up in NIX_PATH", Some("mobile"));
        let tree = Cause::Fetched("mobile".into(), "`https://example.org`, which is not fetched".into());
        check(tree, "comes from `https://example.org`, which is not fetched", Some("mobile"));
        check(Cause::Argument("host".into()), "nobody gives the argument `host` in what was read", None);
        check(Cause::Fails("assertion failed".into()), "evaluation fails: assertion failed", None);
    }
}
