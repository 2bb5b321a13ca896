//! Open registration that Synapse does not start with.

use super::open::registrations;
use crate::lint::prelude::*;
use crate::rules::matrix::extra_files::extra_files;
use crate::rules::written::add_to;

pub(crate) fn check(cx: &mut Cx<'_>) {
    let elsewhere = extra_files(cx);
    let is_whole = cx.is_whole();
    let settings = cx.option("services.matrix-synapse.settings");
    let title = "let people register with a token";
    let fix = add_to(cx, &settings, "registration_requires_token = true;", title, Safety::Suggestion);
    let fix = fix.filter(|_| settings.at("registration_requires_token").is_defined().is_false());
    for registration in registrations(cx) {
        let fires = registration.is_open & !registration.is_verified & !registration.is_unverified;
        let fix = fix.clone();
        cx.decide(fires, |finding| {
            let mut finding = finding
                .fix(fix)
                .message("anybody may register without being verified: Synapse refuses to start")
                .primary(&registration.enabled, "this wants a token, a captcha or an address to be required as well");
            if let Some(unverified) = &registration.unverified {
                finding = finding.related(unverified, "this would allow it");
            }
            if !is_whole {
                finding = finding.possible();
            }
            match &elsewhere {
                // What is required may stand in a file that nobody sees.
                Some(files) => finding
                    .severity(Severity::Warning)
                    .possible()
                    .related(files, "unless one of these files says what is required"),
                None => finding,
            }
        });
    }
}
