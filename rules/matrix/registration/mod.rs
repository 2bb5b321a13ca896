//! Rules about who may register and log in.

mod mas_compat_routes_missing;
mod mas_conflicting_settings;
mod mas_endpoint_mismatch;
mod open;
mod open_registration_refused;
mod proxy_synapse_client_missing;
mod registration_check_unconfigured;
mod unverified_open_registration;

shipped! { "matrix/registration":
    "guest-access-enabled";
    "mas-compat-routes-missing" => mas_compat_routes_missing::check;
    "mas-conflicting-settings" => mas_conflicting_settings::check;
    "mas-endpoint-mismatch" => mas_endpoint_mismatch::check;
    "open-registration-refused" => open_registration_refused::check;
    "proxy-synapse-client-missing" => proxy_synapse_client_missing::check;
    "registration-check-unconfigured" => registration_check_unconfigured::check;
    "unverified-open-registration" => unverified_open_registration::check;
}
