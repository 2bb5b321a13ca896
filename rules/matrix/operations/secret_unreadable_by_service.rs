//! The page beside this file says what is wrong and why.

use crate::lint::prelude::*;
use crate::rules::file_access::Reader;
use crate::rules::secret::declared::declared;
use crate::rules::secret::is_switched_off;
use crate::rules::written::{add_attribute, values};

pub(crate) fn check(cx: &mut Cx<'_>) {
    let synapse = Reader::of(cx, "matrix-synapse", "matrix-synapse");
    let coturn = Reader::of(cx, "turnserver", "coturn");
    for path in cx.listed() {
        let name = path.path().to_string();
        let reader = match () {
            () if name.ends_with(".enable") => continue,
            () if name.starts_with("services.matrix-synapse.") => &synapse,
            () if name.starts_with("services.coturn.") => &coturn,
            () => continue,
        };
        if reader.is_other(cx) || is_switched_off(cx, &path) {
            continue;
        }
        for path in values(&path) {
            judge(cx, reader, &path);
        }
    }
}

fn judge<'a>(cx: &mut Cx<'a>, reader: &Reader<'a>, path: &OptionView<'_>) {
    let Some(file) = declared(cx, path) else { return };
    let user = reader.user;
    let is_owned = ["owner", "user"].iter().any(|key| file.at(key).is_defined().is_true());
    let places = [file.place(), file.born()];
    let fix =
        places.iter().filter(|_| !is_owned && !file.path().to_string().starts_with("deployment.")).find_map(|at| {
            add_attribute(
                cx,
                *at,
                &format!("owner = \"{user}\";"),
                format!("give the file to `{user}`"),
                Safety::Suggestion,
            )
        });
    cx.decide(!reader.may_read(&file), |finding| {
        finding
            .message(format!("the service runs as `{user}`, which may not read this file: it does not start"))
            .help(format!("set `{}.owner = \"{user}\";`", file.path()))
            .primary(path, format!("`{user}` opens this file"))
            .related_at(file.site(), "by owner, group and mode only others may read it")
            .fix(fix)
    });
}
