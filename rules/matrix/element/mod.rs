//! Rules about Element Web.

mod element_default_hs_url;
pub(super) mod element_shares_homeserver_origin;

shipped! { "matrix/element":
    "element-default-hs-url" => element_default_hs_url::check;
    "element-shares-homeserver-origin" => element_shares_homeserver_origin::check;
}
