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
    /// The paths that were looked at, which several options may share.
    patterns: Option<Rc<Vec<Elem>>>,
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
        let mut patterns = None;
        let asked = match eval.force_or_unknown(&said.value).kind {
            Kind::Bool(said) => Asked { without_name: said, names: vec![] },
            Kind::List(items) => {
                let before = context.reach.asked_elsewhere(&items);
                patterns = Some(items);
                match before {
                    Some(without_name) => Asked { without_name, names: vec![] },
                    None => Asked::read(eval, context, &said.value, None),
                }
            }
            Kind::Attrs(said) => match (said.known.get("asked"), said.known.get("names")) {
                (Some(asked), names) => Asked::read(eval, context, &asked.value, names.map(|names| &names.value)),
                _ => Asked::perhaps(),
            },
            _ => Asked::perhaps(),
        };
        let defined = asked.without_name || !asked.names.is_empty();
        let unknown = defined.then(|| eval.new_unknown(Cause::Elsewhere(show(path)), Origin::Default));
        Some(Elsewhere { path: path.to_vec(), unknown, names: (!asked.without_name).then_some(asked.names), patterns })
    }

    /// The option's path.
    pub(super) fn path(&self) -> &[Str] {
        &self.path
    }

    /// What was found out of these paths, if they are those of this option.
    pub(super) fn by(&self, patterns: &Rc<Vec<Elem>>) -> Option<bool> {
        let same = self.patterns.as_ref().is_some_and(|own| Rc::ptr_eq(own, patterns));
        same.then_some(self.unknown.is_some())
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
        let patterns: Vec<&[String]> = patterns.iter().map(Vec::as_slice).collect();
        asked.look(eval, &root, &patterns, &names);
        asked
    }

    /// Takes note of the options at `patterns` that are set, or may be.
    fn look(&mut self, eval: &mut Eval, level: &Rc<Level>, patterns: &[&[String]], names: &[Vec<String>]) {
        if level.others.is_some() {
            self.without_name = true;
            return;
        }
        for (name, node) in level.children.iter().filter(|(_, node)| node.has_definitions()) {
            let behind = patterns.iter().filter_map(|pattern| match pattern.split_first() {
                Some((step, rest)) if *step == "*" || **step == **name => Some(rest),
                _ => None,
            });
            let (ends, below): (Vec<&[String]>, Vec<&[String]>) = behind.partition(|rest| rest.is_empty());
            if !ends.is_empty() && node.is_asked_for(eval) {
                self.take_names(eval, level, names);
            }
            if !below.is_empty() && !self.without_name {
                self.look_below(eval, node, &below, names);
            }
            if self.without_name {
                return;
            }
        }
    }

    fn look_below(&mut self, eval: &mut Eval, node: &Rc<Node>, patterns: &[&[String]], names: &[Vec<String>]) {
        let resolved = node.resolve(eval);
        let Some(level) = resolved.as_ref().and_then(|resolved| resolved.level.as_ref()) else {
            let kind = resolved.as_ref().map(|resolved| &resolved.value.kind);
            self.without_name |= matches!(kind, None | Some(Kind::Unknown(_) | Kind::OneOf(_)));
            return;
        };
        let enable = level.children.get("enable").map(|enable| enable.value(eval));
        // What is not enabled is not asked with the options beside that. What lies deeper has a switch of its own:
        // exporters run without Prometheus.
        let off = enable.is_some_and(|value| matches!(value.kind, Kind::Bool(false)));
        let patterns: Vec<&[String]> = patterns.iter().copied().filter(|rest| !off || rest.len() > 1).collect();
        self.look(eval, level, &patterns, names);
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
