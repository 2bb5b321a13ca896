//! Rules about what is reachable that should not be.

mod synapse_admin_api_exposed;

shipped! { "matrix/exposure":
    "synapse-admin-api-exposed" => synapse_admin_api_exposed::check;
}
