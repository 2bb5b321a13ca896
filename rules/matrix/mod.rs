//! Rules about Matrix servers and clients.

pub(super) mod extra_config_file_in_store;
pub(super) mod path_as_secret;
pub(super) mod read_file_secret;
pub(super) mod secret_path_in_store;
pub(super) mod unquoted_secret_path;
