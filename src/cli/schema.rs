//! `optlint schema`: JSON schemas, for programs that read reports and editors that complete settings.

use super::args::{Schema, SchemaArgs};
use super::{Cx, Exit, Failure};

pub(super) fn run(args: &SchemaArgs, cx: &mut Cx<'_>) -> Result<Exit, Failure> {
    let schema = match args.what {
        Schema::Report => crate::report::json::SCHEMA,
        Schema::Settings => crate::settings::SCHEMA,
    };
    write!(cx.out, "{schema}")?;
    Ok(Exit::Clean)
}
