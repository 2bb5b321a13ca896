//! Rules about Vaultwarden: how small the pack of another service can be.

shipped! { "vaultwarden":
    "inline-vaultwarden-secret";
}
