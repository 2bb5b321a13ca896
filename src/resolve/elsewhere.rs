//! Whether modules of which no more than declarations are known define an option: whatever is configured, or
//! where somebody asks for it with another option.

use super::context::{Context, begins_with};
use super::declared::is_option;
use super::level::{Level, Options};
use super::module::show;
use super::node::Node;
use crate::eval::{Elem, Eval, Kind, Thunk};
use crate::source::Origin;
use crate::value::{Cause, Str, Unknown};
use std::rc::Rc;

/// What was found out about one option.
pub(super) struct Elsewhere {
    path: Vec<Str>,
    /// What they may say of it; `None`: nothing.
    unknown: Option<Unknown>,
    /// The only attributes of its value that they may define; `None`: any.
    names: Option<Vec<Str>>,
}

/// Which options users ask with, and which attributes they name in doing so.
#[derive(Default)]
struct Asked {
    /// They do, without a name.
    without_name: bool,
    names: Vec<Str>,
}

impl Elsewhere {
    /// What a declaration of ours says: `definedElsewhere` may be a truth; or the paths of options with which users
    /// ask for a definition, `*` being any name; or those paths as `asked`, and as `names` the paths of options
    /// beside them that tell the attributes which are defined, where one of them is set.
    pub(super) fn read(eval: &mut Eval, context: &Rc<Context>, path: &[Str], options: &Options) -> Option<Elsewhere> {
        let Kind::Attrs(set) = eval.force_or_unknown(&options.tree).kind else { return None };
        let said = set.known.get("definedElsewhere").filter(|_| options.embedded && is_option(eval, &set))?;
        let asked = match eval.force_or_unknown(&said.value).kind {
            Kind::Bool(said) => Asked { without_name: said, names: vec![] },
            Kind::List(_) => Asked::read(eval, context, &said.value, None),
            Kind::Attrs(said) => match (said.known.get("asked"), said.known.get("names")) {
                (Some(asked), names) => Asked::read(eval, context, &asked.value, names.map(|names| &names.value)),
                _ => Asked::perhaps(),
            },
            _ => Asked::perhaps(),
        };
        let defined = asked.without_name || !asked.names.is_empty();
        let unknown = defined.then(|| eval.new_unknown(Cause::Elsewhere(show(path)), Origin::Default));
        Some(Elsewhere { path: path.to_vec(), unknown, names: (!asked.without_name).then_some(asked.names) })
    }

    /// The option's path.
    pub(super) fn path(&self) -> &[Str] {
        &self.path
    }

    /// Whether it is about this very option.
    pub(super) fn is_about(&self, path: &[Str]) -> bool {
        self.path.len() == path.len() && begins_with(path, &self.path)
    }

    /// What they may say of what is at `path`, by the option that it is or lies in: one unknown for one path.
    pub(super) fn of(eval: &mut Eval, all: &[Elsewhere], path: &[Str]) -> Option<Unknown> {
        let around = all.iter().filter(|elsewhere| begins_with(path, &elsewhere.path));
        let elsewhere = around.max_by_key(|elsewhere| elsewhere.path.len())?;
        let unknown = elsewhere.unknown.as_ref()?;
        if let (Some(names), Some(own)) = (&elsewhere.names, path.get(elsewhere.path.len()))
            && names.iter().all(|name| name.equals(own).is_false())
        {
            return None;
        }
        Some(eval.derive(unknown, &show(path)))
    }
}

impl Asked {
    /// In doubt they do.
    fn perhaps() -> Asked {
        Asked { without_name: true, names: vec![] }
    }

    fn read(eval: &mut Eval, context: &Rc<Context>, patterns: &Thunk, names: Option<&Thunk>) -> Asked {
        if !context.reach.whole || !context.is_root() {
            return Asked::perhaps();
        }
        let names = names.map_or(Some(vec![]), |names| paths(eval, names));
        let (Some(root), Some(patterns), Some(names)) = (context.root(eval), paths(eval, patterns), names) else {
            return Asked::perhaps();
        };
        let mut asked = Asked::default();
        for pattern in patterns {
            let steps: Vec<&str> = pattern.iter().map(String::as_str).collect();
            asked.look(eval, &root, &steps, &names);
            if asked.without_name {
                break;
            }
        }
        asked
    }

    /// Takes note of the options at `steps` that are set, or may be.
    fn look(&mut self, eval: &mut Eval, level: &Rc<Level>, steps: &[&str], names: &[Vec<String>]) {
        let Some((step, rest)) = steps.split_first() else { return };
        if level.others.is_some() {
            self.without_name = true;
            return;
        }
        let named = |name: &str| *step == "*" || *step == name;
        let nodes: Vec<Rc<Node>> =
            level.children.iter().filter(|(name, _)| named(name)).map(|(_, node)| node.clone()).collect();
        for node in nodes {
            match rest {
                [] if node.is_asked_for(eval) => self.take_names(eval, level, names),
                [] => (),
                _ => self.look_below(eval, &node, rest, names),
            }
        }
    }

    fn look_below(&mut self, eval: &mut Eval, node: &Rc<Node>, steps: &[&str], names: &[Vec<String>]) {
        if !node.has_definitions() {
            return;
        }
        let resolved = node.resolve(eval);
        let Some(level) = resolved.as_ref().and_then(|resolved| resolved.level.as_ref()) else {
            let kind = resolved.as_ref().map(|resolved| &resolved.value.kind);
            self.without_name |= matches!(kind, None | Some(Kind::Unknown(_) | Kind::OneOf(_)));
            return;
        };
        let enable = level.children.get("enable").map(|enable| enable.value(eval));
        if !enable.is_some_and(|value| matches!(value.kind, Kind::Bool(false))) {
            self.look(eval, level, steps, names);
        }
    }

    /// What the options at `names` in a set say.
    fn take_names(&mut self, eval: &mut Eval, level: &Rc<Level>, names: &[Vec<String>]) {
        let mut any = false;
        for path in names {
            let path: Vec<&str> = path.iter().map(String::as_str).collect();
            let Some(node) = level.find(eval, &path) else { continue };
            match node.value(eval).kind {
                Kind::Str(text) => {
                    any = true;
                    self.names.push((*text).clone());
                }
                Kind::Null => (),
                _ => self.without_name = true,
            }
        }
        self.without_name |= !any;
    }
}

/// Paths of options, if all of them are known.
fn paths(eval: &mut Eval, list: &Thunk) -> Option<Vec<Vec<String>>> {
    let Kind::List(items) = eval.force_or_unknown(list).kind else { return None };
    let mut path = |item: &Elem| {
        let Elem::One(path) = item else { return None };
        let Kind::Str(path) = eval.force_or_unknown(path).kind else { return None };
        Some(path.known()?.split('.').map(str::to_owned).collect())
    };
    items.iter().map(&mut path).collect()
}
