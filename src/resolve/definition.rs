//! Definitions on their way to the option they define.

use crate::eval::{Attribute, Elem, Eval, Kind, Thunk, Val};
use crate::option::{Order, Priority};
use crate::source::Origin;
use crate::value::{Condition, Truth, Unknown};

/// A definition whose properties were pushed down but not looked into.
#[derive(Clone)]
pub(super) struct Raw {
    /// The value, perhaps still wrapped in properties.
    pub value: Thunk,
    /// Conditions of the `mkIf`s around it, not evaluated yet.
    pub conditions: Vec<Thunk>,
    /// What else must hold.
    pub condition: Condition,
    /// From the outermost `mkOverride` around it.
    pub priority: Option<Priority>,
    /// From the outermost `mkOrder` around it.
    pub order: Option<Order>,
    /// The attribute path as written.
    pub site: Origin,
    /// The expression written for the value.
    pub expression: Origin,
    /// `expression` is not this value's own: `lib` made the set around it (`recursiveUpdate a b`).
    pub around: bool,
}

/// A definition with its properties taken off and its conditions judged.
#[derive(Clone)]
pub(super) struct Discharged {
    /// The value, in weak head normal form.
    pub value: Val,
    /// What must hold.
    pub condition: Condition,
    /// Lower wins.
    pub priority: Priority,
    /// Sorts lists and lines.
    pub order: Order,
    /// The attribute path as written.
    pub site: Origin,
    /// The expression written for the value.
    pub expression: Origin,
}

impl Raw {
    /// A definition of nothing, to derive others from.
    pub(super) fn empty() -> Raw {
        Raw {
            value: Thunk::done(Val::new(Kind::Null, Origin::Default)),
            conditions: vec![],
            condition: Condition::always(),
            priority: None,
            order: None,
            site: Origin::Default,
            expression: Origin::Default,
            around: false,
        }
    }

    /// The same properties around another value.
    pub(super) fn with(&self, value: Thunk, site: Origin, condition: &Condition) -> Raw {
        let expression = value.origin();
        let condition = self.condition.and(condition).unwrap_or_else(|| self.condition.clone());
        Raw { value, site, expression, condition, ..self.clone() }
    }

    /// The definition of one attribute of this one's value.
    pub(super) fn attribute(&self, eval: &Eval, attribute: &Attribute) -> Raw {
        let written = |origin: Origin| eval.public_origin(origin) != Origin::Default;
        let site = if written(attribute.site) { attribute.site } else { self.site };
        let origin = attribute.value.origin();
        let own = written(origin);
        let expression = if own { origin } else { self.expression };
        Raw { value: attribute.value.clone(), site, expression, around: !own, ..self.clone() }
    }

    /// The expression to show for the value, now that it is known where that was born.
    fn shown_expression(&self, value: &Val) -> Origin {
        match (self.expression, value.origin) {
            (Origin::Written(around), Origin::Written(born)) if self.around && around.contains(&born) => value.origin,
            _ => self.expression,
        }
    }

    fn content(&self, eval: &Eval, content: Thunk) -> Raw {
        // `mkIf c x` is a library function: the expression stays what the user wrote.
        let origin = content.origin();
        let inside = match (origin.span(), self.expression.span()) {
            (Some(inner), Some(outer)) => outer.contains(&inner),
            _ => false,
        };
        let expression = if inside && eval.public_origin(origin) != Origin::Default { origin } else { self.expression };
        Raw { value: content, expression, ..self.clone() }
    }
}

/// What a definition turns out to be, one property at a time.
pub(super) enum Opened {
    /// No property: the value itself.
    Plain(Raw, Val),
    /// Several definitions instead of the one.
    Several(Vec<Raw>),
    /// Several, and more that nobody knows.
    Open(Vec<Raw>, Unknown),
}

/// Opens the outermost property of a definition without judging conditions
/// (nixpkgs: `pushDownProperties`).
pub(super) fn push_down_properties(eval: &mut Eval, raw: Raw) -> Opened {
    let value = eval.force_or_unknown(&raw.value);
    let alternatives = match &value.kind {
        Kind::OneOf(alternatives) => alternatives.clone(),
        Kind::Attrs(set) => return open_set(eval, raw, &value, &set.clone()),
        _ => return Opened::Plain(raw, value),
    };
    let mut several = vec![];
    for (condition, thunk) in alternatives.iter() {
        if let Some(both) = raw.condition.and(condition) {
            several.push(Raw { condition: both, ..raw.content(eval, thunk.clone()) });
        }
    }
    Opened::Several(several)
}

fn open_set(eval: &mut Eval, raw: Raw, value: &Val, set: &crate::eval::AttrSet) -> Opened {
    let get = |name: &str| set.known.get(name).map(|attribute| attribute.value.clone());
    let Some(kind) = get("_type") else { return Opened::Plain(raw, value.clone()) };
    let kind = eval.force_or_unknown(&kind);
    let Kind::Str(kind) = &kind.kind else { return Opened::Plain(raw, value.clone()) };
    match (kind.known(), get("content"), get("contents")) {
        (Some("if"), Some(content), _) => {
            let mut inner = raw.content(eval, content);
            inner.conditions.extend(get("condition"));
            Opened::Several(vec![inner])
        }
        (Some("override"), Some(content), _) => {
            let priority = number(eval, get("priority")).map(Priority);
            let inner = raw.content(eval, content);
            Opened::Several(vec![Raw { priority: raw.priority.or(priority), ..inner }])
        }
        (Some("order"), Some(content), _) => {
            let order = number(eval, get("priority")).map(Order);
            let inner = raw.content(eval, content);
            Opened::Several(vec![Raw { order: raw.order.or(order), ..inner }])
        }
        (Some("merge"), _, Some(contents)) => open_merge(eval, &raw, &contents),
        (Some("definition"), _, _) => match get("value") {
            Some(value) => Opened::Several(vec![raw.content(eval, value)]),
            None => Opened::Plain(raw, value.clone()),
        },
        _ => Opened::Plain(raw, value.clone()),
    }
}

fn open_merge(eval: &mut Eval, raw: &Raw, contents: &Thunk) -> Opened {
    let list = eval.force_or_unknown(contents);
    let list = eval.spread(&list, raw.site).unwrap_or(list);
    let items = match &list.kind {
        Kind::List(items) => items.clone(),
        Kind::Unknown(unknown) => return Opened::Open(vec![], unknown.clone()),
        _ => return Opened::Several(vec![]),
    };
    let (mut several, mut open) = (vec![], None);
    for item in items.iter() {
        match item {
            Elem::One(thunk) => several.push(raw.content(eval, thunk.clone())),
            Elem::Maybe(condition, thunk) => {
                if let Some(both) = raw.condition.and(condition) {
                    several.push(Raw { condition: both, ..raw.content(eval, thunk.clone()) });
                }
            }
            Elem::Rest(unknown) => open = Some(unknown.clone()),
        }
    }
    match open {
        Some(unknown) => Opened::Open(several, unknown),
        None => Opened::Several(several),
    }
}

fn number(eval: &mut Eval, thunk: Option<Thunk>) -> Option<i64> {
    match eval.force_or_unknown(&thunk?).kind {
        Kind::Int(number) => Some(number),
        _ => None,
    }
}

/// More definitions of one option than this are not followed.
pub(super) const MOST: usize = 5_000;

/// Opens all properties, judges all conditions (nixpkgs: `dischargeProperties`).
/// The second result says why there may be more definitions.
pub(super) fn discharge_properties(eval: &mut Eval, raws: &[Raw]) -> (Vec<Discharged>, Option<Unknown>) {
    let mut todo: Vec<Raw> = raws.iter().rev().cloned().collect();
    let (mut done, mut open, mut opened) = (vec![], None, 0);
    while let Some(raw) = todo.pop() {
        opened += 1;
        if opened > MOST {
            let cause = crate::value::Cause::Budget("too many definitions");
            open = Some(eval.new_unknown(cause, raw.site));
            break;
        }
        let Some(raw) = judge(eval, raw) else { continue };
        match push_down_properties(eval, raw) {
            Opened::Plain(raw, value) => {
                if !raw.conditions.is_empty() {
                    todo.push(raw);
                    continue;
                }
                done.push(Discharged {
                    expression: raw.shown_expression(&value),
                    value,
                    condition: raw.condition,
                    priority: raw.priority.unwrap_or(Priority::NORMAL),
                    order: raw.order.unwrap_or(Order::NORMAL),
                    site: raw.site,
                });
            }
            Opened::Several(several) => todo.extend(several.into_iter().rev()),
            Opened::Open(several, unknown) => {
                open = Some(unknown);
                todo.extend(several.into_iter().rev());
            }
        }
    }
    (done, open)
}

/// Evaluates a definition's conditions; `None` when it does not count.
fn judge(eval: &mut Eval, mut raw: Raw) -> Option<Raw> {
    for thunk in std::mem::take(&mut raw.conditions) {
        let value = eval.force_or_unknown(&thunk);
        let truth = match eval.conditions(&value, true, thunk.origin()) {
            Ok(conditions) => match &conditions[..] {
                [] => Truth::False,
                [only] => {
                    raw.condition = raw.condition.and(only)?;
                    Truth::True
                }
                // Holds in several cases that have no common description.
                _ => eval.truth(&value, thunk.origin()).unwrap_or(Truth::True),
            },
            Err(failure) => match eval.failed(&failure).kind {
                Kind::Unknown(unknown) => Truth::Unknown(unknown),
                _ => Truth::True,
            },
        };
        match truth {
            Truth::True => (),
            Truth::False => return None,
            Truth::Unknown(unknown) => raw.condition = raw.condition.and(&Condition::when(unknown, true))?,
        }
    }
    Some(raw)
}
