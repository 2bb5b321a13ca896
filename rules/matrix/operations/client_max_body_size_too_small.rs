//! A web server that takes smaller uploads than Synapse.

use crate::lint::prelude::*;
use crate::rules::matrix::homeserver::Homeserver;
use crate::rules::web::access::answers;
use crate::rules::web::vhost::{Location, Server, Statement, Vhost, vhosts};
use crate::rules::written::{add_to, values};

const DIRECTIVE: &str = "client_max_body_size";
/// Where clients put their files.
const UPLOAD: &str = "/_matrix/media/v3/upload";

pub(crate) fn check(cx: &mut Cx<'_>) {
    let enabled = cx.option("services.matrix-synapse.enable").is_true();
    if !cx.is_whole() || enabled.is_false() {
        return;
    }
    let homeserver = Homeserver::of(cx);
    let setting = cx.option("services.matrix-synapse.settings.max_upload_size");
    let Some((wanted, wanted_text)) = upload_size(&setting) else { return };
    for vhost in vhosts(cx).iter().filter(|vhost| vhost.server == Server::Nginx) {
        for location in vhost.parts() {
            let reached = answers(vhost, location, UPLOAD);
            if reached.is_false() {
                continue;
            }
            let (behind, Some(statement)) = homeserver.behind_for(location, &[UPLOAD], None) else { continue };
            let Some(limit) = limit(cx, vhost, location) else { continue };
            let smaller =
                limit.bytes.clone().map_or_else(Truth::Unknown, |bytes| (bytes != 0 && bytes < wanted).into());
            let fires = enabled.clone() & reached & behind & smaller;
            judge(cx, fires, (vhost, location, statement), &limit, &wanted_text, &setting);
        }
    }
}

fn judge<'a>(
    cx: &mut Cx<'a>,
    fires: Truth,
    (vhost, location, statement): (&Vhost<'a>, &Location<'a>, &Statement<'a>),
    limit: &Limit<'a>,
    wanted: &str,
    setting: &OptionView<'a>,
) {
    let has_text = location.view.at("extraConfig").is_defined();
    let is_option = !std::ptr::eq(location, &vhost.own) && has_text.is_false() && !limit.of_place;
    let attribute = format!("extraConfig = \"{DIRECTIVE} {wanted};\";");
    let title = "let nginx take what Synapse takes";
    let add = || add_to(cx, &location.view, &attribute, title, Safety::Safe);
    let fix = if is_option { add() } else { None };
    let written = limit.view.as_ref().filter(|view| cx.is_users(view.place())).cloned();
    let setting = Some(setting).filter(|setting| cx.is_users(setting.place()));
    cx.decide(fires, |finding| {
        let finding = finding
            .message(format!(
                "files of more than {} cannot be sent: nginx turns them away before Synapse, which takes {wanted}, sees \
                 them",
                limit.text
            ))
            .fix(fix);
        let finding = match &written {
            Some(view) => finding
                .primary(view, format!("nginx takes up to {}", limit.text))
                .related(&statement.view, "requests are passed on to Synapse here"),
            None => finding.primary(&statement.view, format!("nginx takes up to {} unless it is told more", limit.text)),
        };
        match setting {
            Some(setting) => finding.related(setting, "Synapse takes as much"),
            None => finding,
        }
    });
}

/// How much nginx takes.
struct Limit<'a> {
    bytes: Result<u64, Unknown>,
    text: String,
    view: Option<OptionView<'a>>,
    /// Whether the location or the virtual host says it.
    of_place: bool,
}

/// The limit that counts: the location's, else the virtual host's, else nginx' own. None where what the
/// server itself says is not looked into.
fn limit<'a>(cx: &Cx<'a>, vhost: &Vhost<'a>, location: &Location<'a>) -> Option<Limit<'a>> {
    for place in [location, &vhost.own] {
        if let Some(statement) = place.named(&[DIRECTIVE]).last() {
            let arg = statement.directive.args.first()?;
            let unknown = || arg.holes().next().cloned();
            let bytes =
                arg.known().and_then(nginx_bytes).map_or_else(|| unknown().map(Err), |bytes| Some(Ok(bytes)))?;
            let view = Some(statement.view.clone());
            return Some(Limit { bytes, text: arg.to_string(), view, of_place: true });
        }
        if let Some(gap) = place.gaps.first() {
            return Some(Limit { bytes: Err(gap.clone()), text: "some size".into(), view: None, of_place: false });
        }
    }
    // A location inside another one takes over what that says.
    let around = vhost.parts().filter(|other| !std::ptr::eq(*other, location));
    let mut around = around.filter(|other| !other.matcher.matches(UPLOAD).is_false());
    let is_text = !location.view.path().to_string().contains(".locations.");
    if is_text && around.any(|other| other.named(&[DIRECTIVE]).next().is_some()) {
        return None;
    }
    // A whole `http` block says it itself.
    if !values(&cx.option("services.nginx.httpConfig")).is_empty()
        || !values(&cx.option("services.nginx.config")).is_empty()
    {
        return None;
    }
    let option = cx.option("services.nginx.clientMaxBodySize");
    if let Some(unknown) = option.unknown() {
        return Some(Limit { bytes: Err(unknown), text: "some size".into(), view: None, of_place: false });
    }
    let text = option.text()?.known()?.to_owned();
    Some(Limit { bytes: Ok(nginx_bytes(&text)?), text, view: Some(option), of_place: false })
}

/// Bytes in nginx' writing: `10m`, `0` for no limit.
fn nginx_bytes(text: &str) -> Option<u64> {
    bytes(text, &[('k', 10), ('m', 20), ('g', 30)])
}

/// What Synapse takes: a number or a size such as `50M`; 50M unless it is set.
fn upload_size(setting: &OptionView<'_>) -> Option<(u64, String)> {
    if setting.is_defined().is_false() {
        return Some((50 << 20, "50M".into()));
    }
    match &setting.value().shape {
        Shape::Int(number) => Some((u64::try_from(*number).ok()?, number.to_string())),
        Shape::Str(text) => {
            let text = text.known()?;
            Some((bytes(text, &[('k', 10), ('m', 20), ('g', 30), ('t', 40)])?, text.to_owned()))
        }
        _ => None,
    }
}

fn bytes(text: &str, units: &[(char, u32)]) -> Option<u64> {
    let text = text.trim();
    let unit = text.chars().last().map(|last| last.to_ascii_lowercase());
    let shift = units.iter().find(|(name, _)| Some(*name) == unit).map(|(_, shift)| *shift);
    let number = match shift {
        Some(_) => &text[..text.len() - 1],
        None => text,
    };
    number.parse::<u64>().ok()?.checked_mul(1 << shift.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        for (text, expected) in
            [("10m", Some(10 << 20)), ("0", Some(0)), ("1G", Some(1 << 30)), ("", None), ("5x", None)]
        {
            assert_eq!(nginx_bytes(text), expected, "{text}");
        }
    }
}
