//! Definitions on their way to the option they define.

use crate::eval::{Attribute, Elem, Eval, Kind, Thunk, Val};
use crate::option::{Order, Priority};
use crate::source::Origin;
use crate::value::{Cause, Condition, Truth, Unknown};

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
    /// An `mkOverride` was opened around it: Nix takes no other property apart below one.
    pub sealed: bool,
    /// A property stood below an `mkOverride`, where Nix leaves it as it is.
    pub broken: bool,
    /// The attribute path as written.
    pub site: Origin,
    /// The expression written for the value.
    pub expression: Origin,
    /// `expression` is not this value's own: `lib` made the set around it (`recursiveUpdate a b`).
    pub around: bool,
    /// Nobody knows whether it is there: what a set of unknown names may define.
    pub beside: Option<Beside>,
    /// `mkDefinition` was opened around it, which submodules do not take.
    pub tagged: bool,
}

/// Whose set of unknown names it is that may hold a definition.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Beside {
    /// A module's. As of a module that was not read, nobody expects it to contradict the others:
    /// it may add to lists, lines and sets, but a single value stays what they say.
    #[default]
    Module,
    /// A definition of the option in whose value this is.
    Value,
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
    /// Sorts lists and lines; `None`: nobody said `mkOrder`.
    pub order: Option<Order>,
    /// Not a definition, but the default of the option's declaration.
    pub is_default: bool,
    /// As in [`Raw`].
    pub beside: Option<Beside>,
    /// As in [`Raw`].
    pub tagged: bool,
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
            sealed: false,
            broken: false,
            site: Origin::Default,
            expression: Origin::Default,
            around: false,
            beside: None,
            tagged: false,
        }
    }

    /// Whether it stands in a module of ours.
    pub(super) fn is_ours(&self, eval: &Eval) -> bool {
        [self.site, self.expression].iter().all(|at| eval.public_origin(*at) == Origin::Default)
    }

    /// The same properties around another value.
    pub(super) fn with(&self, value: Thunk, site: Origin, condition: &Condition) -> Raw {
        let expression = value.origin();
        let condition = self.condition.and(condition).unwrap_or_else(|| self.condition.clone());
        Raw { value, site, expression, condition, ..self.clone() }
    }

    /// What this definition, an unknown set, may say of the attribute `name`.
    pub(super) fn perhaps(&self, eval: &mut Eval, unknown: &Unknown, name: &str, whose: Beside) -> Option<Raw> {
        let there = eval.derive(unknown, &format!("?{name}"));
        let condition = self.condition.and(&Condition::when(there, true))?;
        let value = Kind::Unknown(eval.derive(unknown, &format!(".{name}")));
        let value = Thunk::done(Val::new(value, self.expression));
        Some(Raw { value, condition, beside: Some(self.beside.unwrap_or(whose)), ..self.clone() })
    }

    /// The definition of one attribute of this one's value.
    pub(super) fn attribute(&self, eval: &Eval, attribute: &Attribute) -> Raw {
        let written = |origin: Origin| eval.public_origin(origin) != Origin::Default;
        let site = if written(attribute.site) { attribute.site } else { self.site };
        let origin = attribute.value.origin();
        let own = written(origin);
        let expression = if own { origin } else { self.expression };
        Raw { value: attribute.value.clone(), site, expression, around: !own, tagged: false, ..self.clone() }
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

/// Where a property stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Around a set of options: it is pushed down to each of them.
    Namespace,
    /// Around an option's value. Nix takes `mkIf` and `mkMerge` apart, then one `mkOverride`,
    /// then one `mkOrder`; what is below those belongs to the value.
    Value,
    /// One of the two: no declaration was read.
    Either,
}

/// Opens the outermost property of a definition without judging conditions
/// (nixpkgs: `pushDownProperties`, `dischargeProperties`).
pub(super) fn push_down_properties(eval: &mut Eval, raw: Raw, place: Place) -> Opened {
    let value = eval.force_or_unknown(&raw.value);
    let alternatives = match &value.kind {
        Kind::OneOf(alternatives) => alternatives.clone(),
        Kind::Attrs(set) => return open_set(eval, raw, &value, &set.clone(), place),
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

fn open_set(eval: &mut Eval, raw: Raw, value: &Val, set: &crate::eval::AttrSet, place: Place) -> Opened {
    let get = |name: &str| set.known.get(name).map(|attribute| attribute.value.clone());
    let Some(kind) = get("_type") else { return Opened::Plain(raw, value.clone()) };
    let kind = eval.force_or_unknown(&kind);
    let kind = match &kind.kind {
        Kind::Str(kind) => kind,
        // Whether it is a property is what Nix asks first.
        Kind::Unknown(unknown) => return Opened::Open(vec![], unknown.clone()),
        _ => return Opened::Plain(raw, value.clone()),
    };
    let kind = kind.known().unwrap_or_default();
    let closed = raw.sealed || (raw.order.is_some() && place != Place::Namespace);
    if place == Place::Value && (raw.broken || closed && !(kind == "order" && raw.order.is_none())) {
        return Opened::Plain(raw, value.clone());
    }
    let broken = raw.broken || (closed && matches!(kind, "if" | "override"));
    match (kind, get("content"), get("contents")) {
        ("if", Some(content), _) => {
            let mut inner = Raw { broken, ..raw.content(eval, content) };
            if !broken {
                inner.conditions.extend(get("condition"));
            }
            Opened::Several(vec![inner])
        }
        ("override", Some(content), _) => {
            let priority = match number(eval, get("priority")) {
                Ok(priority) => priority.map(Priority),
                Err(unknown) => return Opened::Open(vec![], unknown),
            };
            let inner = raw.content(eval, content);
            Opened::Several(vec![Raw { priority: raw.priority.or(priority), sealed: true, broken, ..inner }])
        }
        ("order", Some(content), _) => {
            let order = match number(eval, get("priority")) {
                Ok(order) => order.map(Order),
                Err(unknown) => return Opened::Open(vec![], unknown),
            };
            let inner = raw.content(eval, content);
            // Nix does not push an order down: the set is not one of options to it.
            let broken = broken || place == Place::Namespace;
            Opened::Several(vec![Raw { order: raw.order.or(order), broken, ..inner }])
        }
        ("merge", _, Some(contents)) => open_merge(eval, &raw, &contents),
        ("definition", _, _) => match get("value") {
            Some(inner) => open_definition(eval, &raw, inner, place),
            _ => Opened::Plain(raw, value.clone()),
        },
        _ => Opened::Plain(raw, value.clone()),
    }
}

/// `mkDefinition`: a definition as it is, in which Nix takes no condition apart.
fn open_definition(eval: &mut Eval, raw: &Raw, inner: Thunk, place: Place) -> Opened {
    let value = eval.force_or_unknown(&inner);
    let kind = match &value.kind {
        Kind::Attrs(set) => set.known.get("_type").map(|attribute| eval.force_or_unknown(&attribute.value).kind),
        _ => None,
    };
    let plain = match &kind {
        Some(Kind::Str(kind)) => matches!(kind.known(), Some("override" | "order")),
        Some(_) => false,
        None => true,
    };
    match plain && place == Place::Value && !raw.sealed && raw.order.is_none() {
        true => Opened::Several(vec![Raw { tagged: true, ..raw.content(eval, inner) }]),
        false => {
            let cause = Cause::Unsupported("`mkDefinition` here".into());
            Opened::Open(vec![], eval.new_unknown(cause, raw.expression))
        }
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

/// The number of a property; fails where nobody knows which.
fn number(eval: &mut Eval, thunk: Option<Thunk>) -> Result<Option<i64>, Unknown> {
    let Some(thunk) = thunk else { return Ok(None) };
    match eval.force_or_unknown(&thunk).kind {
        Kind::Int(number) => Ok(Some(number)),
        Kind::Unknown(unknown) => Err(eval.after(&unknown)),
        Kind::OneOf(alternatives) => {
            let first = alternatives.first().and_then(|(condition, _)| condition.literals().next());
            first.map_or(Ok(None), |(unknown, _)| Err(eval.after(unknown)))
        }
        _ => Ok(None),
    }
}

/// More definitions of one option than this are not followed.
pub(super) const MOST: usize = 5_000;

/// Opens all properties, judges all conditions (nixpkgs: `dischargeProperties`).
/// The second result says why there may be more definitions.
pub(super) fn discharge_properties(eval: &mut Eval, raws: &[Raw], place: Place) -> (Vec<Discharged>, Option<Unknown>) {
    let mut todo: Vec<Raw> = raws.iter().rev().cloned().collect();
    let (mut done, mut open, mut opened) = (vec![], None, 0);
    while let Some(raw) = todo.pop() {
        opened += 1;
        if opened > MOST {
            let cause = Cause::Budget("too many definitions");
            open = Some(eval.new_unknown(cause, raw.site));
            break;
        }
        let raw = match judge(eval, raw) {
            Judged::Holds(raw) => raw,
            Judged::Never => continue,
            // Nix cannot say whether this definition counts, and so nothing about the option.
            Judged::Fails(unknown) => {
                open = Some(unknown);
                break;
            }
        };
        match push_down_properties(eval, raw, place) {
            Opened::Plain(raw, value) => {
                if !raw.conditions.is_empty() {
                    todo.push(raw);
                    continue;
                }
                let hopeless = raw.condition.literals().find(|(unknown, _)| unknown.cause.is_failure());
                if let Some((unknown, _)) = hopeless {
                    open = Some(unknown.clone());
                    break;
                }
                let expression = raw.shown_expression(&value);
                let value = if raw.broken { below_override(eval, expression) } else { value };
                done.push(Discharged {
                    expression,
                    value,
                    condition: raw.condition,
                    priority: raw.priority.unwrap_or(Priority::NORMAL),
                    order: raw.order,
                    is_default: false,
                    beside: raw.beside,
                    tagged: raw.tagged,
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

/// What a property is worth that stands where Nix does not look for one.
fn below_override(eval: &mut Eval, at: Origin) -> Val {
    let message = "`mkIf`, `mkForce` and their kind have no effect below `mkForce`, `mkDefault` or `mkOrder`";
    eval.unknown(Cause::Fails(message.to_owned()), at)
}

/// What became of a definition's conditions.
enum Judged {
    /// They hold, or hold under the definition's condition.
    Holds(Raw),
    /// One does not.
    Never,
    /// One cannot be evaluated.
    Fails(Unknown),
}

/// Evaluates a definition's conditions.
fn judge(eval: &mut Eval, mut raw: Raw) -> Judged {
    for thunk in std::mem::take(&mut raw.conditions) {
        let value = eval.force_or_unknown(&thunk);
        if let Kind::Unknown(unknown) = &value.kind
            && unknown.cause.is_failure()
        {
            // Releases of nixpkgs differ in what its own definitions hang on: with one that goes round in
            // circles the project would have no value at all.
            if unknown.cause.is_recursion() && raw.is_ours(eval) {
                let cause = Cause::NotRead("whether nixpkgs' modules define more here hangs on the value".to_owned());
                let unknown = eval.new_unknown(cause, Origin::Default);
                match raw.condition.and(&Condition::when(unknown, true)) {
                    Some(both) => raw.condition = both,
                    None => return Judged::Never,
                }
                continue;
            }
            return Judged::Fails(unknown.clone());
        }
        let truth = match eval.conditions(&value, true, thunk.origin()) {
            Ok(conditions) => match &conditions[..] {
                [] => Truth::False,
                [only] => match raw.condition.and(only) {
                    Some(both) => {
                        raw.condition = both;
                        Truth::True
                    }
                    None => Truth::False,
                },
                // Holds in several cases that have no common description.
                _ => eval.truth(&value, thunk.origin()).unwrap_or(Truth::True),
            },
            Err(failure) => match eval.failed(&failure).kind {
                Kind::Unknown(unknown) => return Judged::Fails(unknown),
                _ => Truth::True,
            },
        };
        let hopeless = raw.condition.literals().find(|(unknown, _)| unknown.cause.is_failure());
        if let Some((unknown, _)) = hopeless {
            return Judged::Fails(unknown.clone());
        }
        let both = match truth {
            Truth::True => continue,
            Truth::False => None,
            Truth::Unknown(unknown) => raw.condition.and(&Condition::when(unknown, true)),
        };
        match both {
            Some(both) => raw.condition = both,
            None => return Judged::Never,
        }
    }
    Judged::Holds(raw)
}
