//! Rules about Matrix servers and clients.

pub(super) mod element_default_hs_url;
pub(super) mod element_shares_homeserver_origin;
pub(super) mod extra_config_file_in_store;
mod homeserver;
pub(super) mod invalid_server_name;
pub(super) mod nixos_option_inside_settings;
pub(super) mod open_registration_refused;
pub(super) mod path_as_secret;
pub(super) mod proxy_pass_with_uri;
pub(super) mod read_file_secret;
mod registration;
pub(super) mod removed_nixos_option;
pub(super) mod secret_path_in_store;
pub(super) mod synapse_admin_api_exposed;
mod synapse_settings;
pub(super) mod unknown_synapse_setting;
pub(super) mod unquoted_secret_path;
pub(super) mod unverified_open_registration;
pub(super) mod well_known_client_missing_cors;
