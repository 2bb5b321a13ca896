//! Rules about Matrix servers and clients.

pub(super) mod element_shares_homeserver_origin;
pub(super) mod extra_config_file_in_store;
mod homeserver;
pub(super) mod nixos_option_inside_settings;
pub(super) mod path_as_secret;
pub(super) mod read_file_secret;
pub(super) mod removed_nixos_option;
pub(super) mod secret_path_in_store;
mod synapse_settings;
pub(super) mod unknown_synapse_setting;
pub(super) mod unquoted_secret_path;
