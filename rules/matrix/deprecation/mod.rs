//! Rules about options and settings that nobody reads.

mod listener_unknown_option;
mod nixos_option_inside_settings;
mod refused_combinations;
mod removed_nixos_option;
mod renamed_option;
mod setting_refused_by_synapse;
mod unknown_synapse_setting;
mod well_known_sliding_sync_proxy;

shipped! { "matrix/deprecation":
    "listener-unknown-option" => listener_unknown_option::check;
    "nixos-option-inside-settings" => nixos_option_inside_settings::check, data = "synapse-keys.nix";
    "obsolete-setting";
    "removed-nixos-option" => removed_nixos_option::check, data = "removed-options.nix";
    "renamed-option" => renamed_option::check;
    "setting-refused-by-synapse" => setting_refused_by_synapse::check;
    "unknown-synapse-setting" => unknown_synapse_setting::check, data = "synapse-keys.nix";
    "well-known-sliding-sync-proxy" => well_known_sliding_sync_proxy::check;
}
