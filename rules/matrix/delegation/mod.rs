//! Rules about server names and `/.well-known/matrix`.

mod invalid_public_baseurl;
mod invalid_server_name;
mod public_baseurl_missing;
mod server_name_from_hostname;
mod well_known_base_url_invalid;
mod well_known_base_url_mismatch;
mod well_known_client_missing;
mod well_known_client_missing_cors;
mod well_known_content_type;
mod well_known_identity_server_is_homeserver;
mod well_known_on_wrong_vhost;
mod well_known_server_invalid;
mod well_known_server_missing;
mod well_known_server_without_port;

shipped! { "matrix/delegation":
    "invalid-public-baseurl" => invalid_public_baseurl::check;
    "invalid-server-name" => invalid_server_name::check;
    "public-baseurl-missing" => public_baseurl_missing::check;
    "server-name-from-hostname" => server_name_from_hostname::check;
    "well-known-base-url-invalid" => well_known_base_url_invalid::check;
    "well-known-base-url-mismatch" => well_known_base_url_mismatch::check;
    "well-known-client-missing" => well_known_client_missing::check;
    "well-known-client-missing-cors" => well_known_client_missing_cors::check;
    "well-known-content-type" => well_known_content_type::check;
    "well-known-identity-server-is-homeserver" => well_known_identity_server_is_homeserver::check;
    "well-known-on-wrong-vhost" => well_known_on_wrong_vhost::check;
    "well-known-server-invalid" => well_known_server_invalid::check;
    "well-known-server-missing" => well_known_server_missing::check;
    "well-known-server-without-port" => well_known_server_without_port::check;
}
