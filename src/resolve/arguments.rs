//! What modules are called with, and what they find of that in `config._module`.

use super::context::Context;
use crate::eval::{AttrSet, Eval, Kind, Rest, Thunk, Val};
use crate::source::Origin;
use crate::value::{Cause, Name};
use std::rc::Rc;

/// What a configuration gives its own modules.
#[derive(Clone)]
pub(super) struct Made {
    /// `extendModules`.
    pub extend: Val,
    /// `moduleType`, where all modules are known.
    pub ty: Option<Thunk>,
}

impl Context {
    /// `config._module`: what modules define there, and the arguments that the module system itself gives.
    pub(super) fn own_module(self: &Rc<Self>, eval: &mut Eval) -> Val {
        let defined = self.root(eval).and_then(|root| root.children.get("_module").cloned());
        let unknown = eval.new_unknown(Cause::Unsupported("config._module".into()), Origin::Default);
        let open = || AttrSet { rest: Some(Rest::Unknown(unknown.clone())), ..AttrSet::default() };
        let mut set = match defined.map(|node| node.value(eval).kind) {
            None => open(),
            Some(Kind::Attrs(set)) => (*set).clone(),
            Some(other) => return Val::new(other, Origin::Default),
        };
        let mut args = match set.known.get("args").map(|args| args.value.clone()) {
            None => open(),
            Some(args) => match eval.force_or_unknown(&args).kind {
                Kind::Attrs(args) => (*args).clone(),
                _ => return Val::new(Kind::Attrs(Rc::new(set)), Origin::Default),
            },
        };
        for name in self.late.keys().filter(|name| !self.args.contains_key(*name)) {
            let (context, name) = (self.clone(), name.clone());
            let asked = name.clone();
            let given = Thunk::native(Origin::Default, move |eval| Ok(context.module_argument(eval, &asked)));
            args.insert(name, given, Origin::Default);
        }
        let args = Thunk::done(Val::new(Kind::Attrs(Rc::new(args)), Origin::Default));
        set.insert("args", args, Origin::Default);
        Val::new(Kind::Attrs(Rc::new(set)), Origin::Default)
    }

    /// The arguments a module is called with.
    pub(super) fn arguments(self: &Rc<Self>, eval: &mut Eval) -> Thunk {
        let mut set = AttrSet::default();
        for (name, value) in &self.args {
            set.insert(name.clone(), value.clone(), Origin::Default);
        }
        set.insert("config", self.config(), Origin::Default);
        if !set.known.contains_key("lib") {
            set.insert("lib", eval.library(), Origin::Default);
        }
        if !set.known.contains_key("pkgs") {
            let pkgs = Thunk::done(eval.pkgs());
            set.insert("pkgs", pkgs, Origin::Default);
        }
        let unknown = eval.new_unknown(Cause::Argument("…".into()), Origin::Default);
        let context = self.clone();
        let get = move |eval: &mut Eval, name: &Name| context.module_argument(eval, name);
        set.rest = Some(Rest::Named(Rc::new(get), unknown));
        Thunk::done(Val::new(Kind::Attrs(Rc::new(set)), Origin::Default))
    }

    /// The arguments for one module: of those that modules define, it gets what its pattern names
    /// (nixpkgs: `applyModuleArgs`), also where that has a default, which is never used; of other names it is
    /// not known whether they are there.
    pub(super) fn arguments_of(self: &Rc<Self>, eval: &mut Eval, all: &Thunk, module: &Val) -> Thunk {
        let (Kind::Lambda(_), Kind::Attrs(set)) = (&module.kind, eval.force_or_unknown(all).kind) else {
            return all.clone();
        };
        let Some(Rest::Named(get, unknown)) = &set.rest else { return all.clone() };
        let named: Vec<Name> = eval.formals(module).into_iter().flatten().map(|(name, _)| name).collect();
        let (context, get) = (self.clone(), get.clone());
        let mut own = (*set).clone();
        for name in named {
            if !own.known.contains_key(&name) {
                let (get, asked) = (get.clone(), name.clone());
                own.insert(name, Thunk::native(Origin::Default, move |eval| Ok(get(eval, &asked))), Origin::Default);
            }
        }
        let asked = move |eval: &mut Eval, name: &Name| match *name == "options" {
            true => get(eval, name),
            false => context.unknown_argument(eval, name),
        };
        own.rest = Some(Rest::Named(Rc::new(asked), unknown.clone()));
        Thunk::done(Val::new(Kind::Attrs(Rc::new(own)), Origin::Default))
    }

    /// `_module.args.<name>`, or unknown: one unknown for one name.
    fn module_argument(self: &Rc<Self>, eval: &mut Eval, name: &Name) -> Val {
        let made = self.made.borrow().clone();
        match (name.as_str(), made) {
            ("extendModules", Some(made)) => return made.extend,
            ("moduleType", Some(Made { ty: Some(ty), .. })) => return eval.force_or_unknown(&ty),
            _ => (),
        }
        let collected = self.is_collected();
        if *name == "options" && collected {
            return self.options(eval);
        }
        if collected {
            let known = self.root(eval).and_then(|root| root.find(eval, &["_module", "args", name]));
            if let Some(node) = known
                && node.has_definitions()
                // Arguments that are defined as one set compete with those that Nix itself gives.
                && node.raws().iter().all(|raw| raw.priority.is_none() && !raw.broken)
            {
                // Its type is one that keeps values as they are.
                if let [raw] = node.raws()
                    && raw.conditions.is_empty()
                    && raw.condition.is_always()
                {
                    let value = eval.force_or_unknown(&raw.value);
                    if !matches!(&value.kind, Kind::Attrs(set) if set.known.contains_key("_type")) {
                        return value;
                    }
                }
                return node.value(eval);
            }
        }
        // Nix takes them from `config`, so nothing that has to be known to put that together can hang on them.
        let is_there = collected && !self.is_busy();
        match self.late.get(name) {
            Some(late) if is_there => eval.force_or_unknown(late),
            Some(_) => eval.unknown(Cause::Recursion, Origin::Default),
            None => self.unknown_argument(eval, name),
        }
    }

    /// One unknown for one name.
    fn unknown_argument(&self, eval: &mut Eval, name: &Name) -> Val {
        let key = format!("argument {name}");
        if let Some(unknown) = self.reach.undefined.borrow().get(&key) {
            return Val::new(Kind::Unknown(unknown.clone()), Origin::Default);
        }
        let unknown = eval.new_unknown(Cause::Argument(name.clone()), Origin::Default);
        self.reach.undefined.borrow_mut().insert(key, unknown.clone());
        Val::new(Kind::Unknown(unknown), Origin::Default)
    }
}
