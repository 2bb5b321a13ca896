//! Keys of Element's configuration that nobody reads any more.

use crate::lint::prelude::*;
use crate::rules::field::{Field, field};
use crate::rules::matrix::element_web::{elements, point_at, with_key};
use crate::rules::web::vhost::vhosts;

/// Keys in the old spelling, and the new one, which is in the sample configuration under them.
const SHADOWED: &[(&[&str], &str)] = &[
    (&["defaultCountryCode"], "default_country_code"),
    (&["roomDirectory"], "room_directory"),
    (&["settingDefaults"], "setting_defaults"),
    (&["showLabsSettings"], "show_labs_settings"),
    (&["jitsi", "preferredDomain"], "preferred_domain"),
];
/// Keys in the old spelling, which still are read.
const OLD: &[(&[&str], &str)] = &[
    (&["desktopBuilds"], "desktop_builds"),
    (&["embeddedPages"], "embedded_pages"),
    (&["mobileBuilds"], "mobile_builds"),
    (&["mobileGuideToast"], "mobile_guide_toast"),
    (&["permalinkPrefix"], "permalink_prefix"),
    (&["reportEvent"], "report_event"),
];

pub(crate) fn check(cx: &mut Cx<'_>) {
    let vhosts = vhosts(cx);
    for element in elements(cx, &vhosts) {
        let Some(conf) = element.conf() else { continue };
        let cases = SHADOWED.iter().map(|case| (case, true)).chain(OLD.iter().map(|case| (case, false)));
        for ((path, new), shadowed) in cases {
            let old = field(conf, path);
            let Field::There(value) = old else { continue };
            let twin: Vec<&str> = path[..path.len() - 1].iter().copied().chain([*new]).collect();
            let both = field(conf, &twin).is_there();
            let name = path.join(".");
            let last = path.last().copied().unwrap_or_default();
            let fix = with_key(cx, value, last, new, format!("write it `{new}`"));
            cx.decide(!both & !element.has_other_config(), |finding| {
                let (severity, message) = match shadowed {
                    true => (
                        Severity::Warning,
                        format!("Element ignores `{name}`: the sample configuration below it has `{new}`, which wins"),
                    ),
                    false => {
                        (Severity::Info, format!("`{name}` is an old spelling of `{new}`, which Element may drop"))
                    }
                };
                let text = format!("write it `{new}`");
                point_at(finding.severity(severity).message(message).fix(fix), &element.view, Some(value), &text)
            });
        }
    }
}
