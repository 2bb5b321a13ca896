//! Properties taken off definitions that Nix told with them.

use super::locate::Site;
use super::record::Told;
use super::values::inside_properties;
use crate::option::{Order, Priority};
use crate::syntax::Expr;
use crate::value::Unknown;

/// What one module gives an option, or an attribute inside one.
#[derive(Clone)]
pub(super) struct Contribution {
    pub value: Told,
    /// The file, as Nix names it.
    pub file: String,
    pub site: Site,
    /// Whether the user wrote it.
    pub own: bool,
}

/// One definition without properties.
pub(super) struct Discharged {
    pub contribution: Contribution,
    pub priority: i64,
    pub order: i64,
}

/// The value that all definitions together have.
pub(super) enum Merged<'t> {
    Told(&'t Told),
    /// Nobody defines it, and there is no default.
    Undefined,
    Unknown(Unknown),
}

/// The definitions in what a module gives; the outermost priority counts.
pub(super) fn discharge(whole: &Contribution) -> Vec<Discharged> {
    let mut found = vec![];
    open(whole, None, None, &mut found);
    found
}

fn open(whole: &Contribution, priority: Option<i64>, order: Option<i64>, found: &mut Vec<Discharged>) {
    let with = |value: &Told| Contribution { value: value.clone(), ..whole.clone() };
    match &whole.value {
        Told::No => {}
        Told::Override(number, inner) => open(&with(inner), priority.or(Some(*number)), order, found),
        Told::Order(number, inner) => open(&with(inner), priority, order.or(Some(*number)), found),
        Told::Merge(parts) => {
            let elements = elements_of_merge(&whole.site, parts.len());
            for (at, part) in parts.iter().enumerate() {
                let mut one = with(part);
                if let Some(element) = elements.as_ref().map(|elements| elements[at].clone()) {
                    one.site.value = Some(element);
                }
                open(&one, priority, order, found);
            }
        }
        _ => found.push(Discharged {
            contribution: whole.clone(),
            priority: priority.unwrap_or(Priority::NORMAL.0),
            order: order.unwrap_or(Order::NORMAL.0),
        }),
    }
}

/// The expressions of `mkMerge [ a b ]`.
fn elements_of_merge(site: &Site, count: usize) -> Option<Vec<super::locate::Written>> {
    let (tree, expr) = inside_properties(site.value.clone()?);
    let Expr::Apply { argument, .. } = tree.expr(expr) else { return None };
    let Expr::List(items) = tree.expr(*argument) else { return None };
    (items.len() == count).then(|| items.iter().map(|item| (tree.clone(), *item)).collect())
}
