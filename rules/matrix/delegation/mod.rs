//! Rules about server names and `/.well-known/matrix`.

mod invalid_server_name;
mod well_known_client_missing_cors;

shipped! { "matrix/delegation":
    "invalid-server-name" => invalid_server_name::check;
    "well-known-client-missing-cors" => well_known_client_missing_cors::check;
}
