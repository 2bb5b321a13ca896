//! Rules about Matrix servers and clients: a folder for each thing they protect.

mod coturn;
mod database;
mod delegation;
mod deprecation;
mod element;
mod element_web;
mod exposure;
mod extra_content;
mod extra_files;
mod federation;
mod federation_port;
mod homeserver;
mod listener;
mod operations;
mod own_names;
mod performance;
mod ports;
mod public_hosts;
mod registration;
mod rtc;
mod secrets;
mod synapse_settings;
mod tls;
mod unanswered;
pub mod vhosts;
mod well_known;
mod workers;

use crate::lint::Shipped;

/// Every rule of this domain, by category.
pub(super) const RULES: &[&[Shipped]] = &[
    secrets::RULES,
    exposure::RULES,
    delegation::RULES,
    tls::RULES,
    database::RULES,
    federation::RULES,
    workers::RULES,
    element::RULES,
    registration::RULES,
    deprecation::RULES,
    operations::RULES,
    performance::RULES,
];
