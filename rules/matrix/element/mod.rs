//! Rules about Element Web.

mod duplicate_cors_header;
mod element_base_url_mismatch;
mod element_camelcase_key_shadowed;
mod element_default_hs_url;
mod element_default_server_matrix_org;
mod element_headers_lost_in_location;
mod element_missing_security_headers;
mod element_server_name_matrix_org;
mod element_server_name_mismatch;
pub(super) mod element_shares_homeserver_origin;
mod element_wrong_package_use;
mod web_client_shares_homeserver_origin;

shipped! { "matrix/element":
    "duplicate-cors-header" => duplicate_cors_header::check;
    "element-base-url-mismatch" => element_base_url_mismatch::check;
    "element-camelcase-key-shadowed" => element_camelcase_key_shadowed::check;
    "element-default-hs-url" => element_default_hs_url::check;
    "element-default-server-matrix-org" => element_default_server_matrix_org::check;
    "element-headers-lost-in-location" => element_headers_lost_in_location::check;
    "element-missing-security-headers" => element_missing_security_headers::check;
    "element-server-name-matrix-org" => element_server_name_matrix_org::check;
    "element-server-name-mismatch" => element_server_name_mismatch::check;
    "element-shares-homeserver-origin" => element_shares_homeserver_origin::check;
    "element-wrong-package-use" => element_wrong_package_use::check;
    "web-client-shares-homeserver-origin" => web_client_shares_homeserver_origin::check;
}
