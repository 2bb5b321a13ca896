//! Rules about who may register and log in.

mod open;
mod open_registration_refused;
mod unverified_open_registration;

shipped! { "matrix/registration":
    "open-registration-refused" => open_registration_refused::check;
    "unverified-open-registration" => unverified_open_registration::check;
}
