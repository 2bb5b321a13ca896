//! What this program's own modules compute from `lib` alone: once, not for each configuration.
//!
//! The modules that stand in for nixpkgs' are called for each configuration, with its `config`. Most of
//! what they declare does not hang on that. Beside each scope that is opened in such a module stands
//! its twin, in which only `lib` is bound, and what is bound to something that hangs on nothing else;
//! an expression that hangs on nothing else is evaluated in there, the first time anybody asks.
//! A module that is called once has no twins: [`Shares::twin`] waits for the second call.

use super::Eval;
use super::scope::Owner;
use super::thunk::{Env, Frame, Thunk};
use super::val::{AttrSet, Kind};
use crate::source::{FileId, Origin};
use crate::syntax::{Bindings, Expr, ExprId, Param, Tree, lasting};
use crate::value::Cause;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

/// Of so many libraries modules are shared: a project may extend `lib` for each of its machines.
const MOST_LIBRARIES: usize = 4;

/// The modules that were called, by file and library.
#[derive(Default)]
pub(super) struct Shares {
    libraries: Vec<Rc<AttrSet>>,
    modules: HashMap<(FileId, usize), Option<Rc<Share>>>,
}

/// What is shared of one module.
struct Share {
    tree: Rc<Tree>,
    /// By number, the expressions that hang on `lib` alone.
    lasting: Vec<bool>,
    /// Those that somebody asked for.
    thunks: RefCell<Vec<Option<Thunk>>>,
    /// The twins of scopes, by the syntax that opens them.
    frames: RefCell<HashMap<usize, Rc<Frame>>>,
}

/// Where what is shared is evaluated, for a scope in a module that is shared.
pub struct Twin {
    share: Rc<Share>,
    /// The scope beside; `None`: it is the scope itself.
    beside: Option<Rc<Frame>>,
}

impl Twin {
    /// The expression, if it is shared; `own` is the scope whose twin this is.
    pub(super) fn thunk(&self, own: &Rc<Frame>, expr: ExprId) -> Option<Thunk> {
        if !*self.share.lasting.get(expr.0 as usize)? {
            return None;
        }
        let mut thunks = self.share.thunks.borrow_mut();
        let thunk = thunks.get_mut(expr.0 as usize)?;
        Some(thunk.get_or_insert_with(|| self.env(own).delay_here(expr)).clone())
    }

    /// The thunk in a slot of the scope beside, for what `bindings` take from something that is shared.
    pub(super) fn inherited(&self, bindings: &Bindings, slot: usize, source: u32) -> Option<Thunk> {
        let source = bindings.sources.get(source as usize)?;
        let lasting = *self.share.lasting.get(source.0 as usize)?;
        let frame = self.beside.as_ref().filter(|_| lasting)?;
        frame.slots.borrow().get(slot).cloned()
    }

    fn env(&self, own: &Rc<Frame>) -> Env {
        let frame = self.beside.as_ref().unwrap_or(own);
        Env { tree: self.share.tree.clone(), frame: Some(frame.clone()), with: None }
    }
}

impl Share {
    /// The scope opened by the syntax `at` inside `around`, and whether it is new.
    fn frame(self: &Rc<Self>, eval: &mut Eval, around: Option<&Rc<Frame>>, at: usize) -> (Rc<Frame>, bool) {
        if let Some(known) = self.frames.borrow().get(&at) {
            return (known.clone(), false);
        }
        let twin = Twin { share: self.clone(), beside: None };
        let frame = eval.for_owner(Owner::KEPT, |eval| eval.open_frame(around, true, Some(twin)));
        self.frames.borrow_mut().insert(at, frame.clone());
        (frame, true)
    }
}

/// Shared scopes refer to what is shared.
impl Drop for Shares {
    fn drop(&mut self) {
        for share in self.modules.drain().filter_map(|(_, share)| share) {
            let (thunks, frames) = (share.thunks.take(), share.frames.take());
            drop((thunks, frames));
        }
    }
}

/// What the scope at hand is shared of, and where that is evaluated.
fn shared_around(env: &Env) -> Option<(Rc<Share>, Env)> {
    let own = env.frame.as_ref()?;
    let twin = own.twin.as_ref()?;
    Some((twin.share.clone(), twin.env(own)))
}

/// What nobody asks for.
fn nothing() -> Thunk {
    Thunk::native(Origin::Default, |eval| Ok(eval.unknown(Cause::Recursion, Origin::Default)))
}

impl Eval {
    /// The twin of a `let`.
    pub(super) fn twin_of_let(&mut self, env: &Env, bindings: &Bindings) -> Option<Twin> {
        let (share, env) = shared_around(env)?;
        let (frame, is_new) = share.frame(self, env.frame.as_ref(), std::ptr::from_ref(bindings) as usize);
        if is_new {
            let inner = env.with_frame(frame.clone());
            *frame.slots.borrow_mut() = self.binding_thunks(&env, &inner, bindings);
        }
        Some(Twin { share, beside: Some(frame) })
    }

    /// The twin of a function's scope.
    pub(super) fn twin_of_function(&mut self, env: &Env, param: &Param) -> Option<Twin> {
        let (share, env) = shared_around(env)?;
        let (frame, is_new) = share.frame(self, env.frame.as_ref(), std::ptr::from_ref(param) as usize);
        if is_new {
            let count = match param {
                Param::Name(_) => 1,
                Param::Pattern { formals, bind, .. } => formals.len() + usize::from(bind.is_some()),
            };
            *frame.slots.borrow_mut() = vec![nothing(); count];
        }
        Some(Twin { share, beside: Some(frame) })
    }

    /// The twin of the scope of a whole module, which is being called with `slots`.
    pub(super) fn twin_of_module(&mut self, tree: &Rc<Tree>, param: &Param, slots: &[Thunk]) -> Option<Twin> {
        let Param::Pattern { formals, .. } = param else { return None };
        let lib = formals.iter().position(|formal| formal.name == "lib")?;
        let Kind::Attrs(library) = slots.get(lib)?.peek()?.kind else { return None };
        if !self.shares.libraries.iter().any(|known| Rc::ptr_eq(known, &library)) {
            if self.shares.libraries.len() == MOST_LIBRARIES {
                return None;
            }
            self.shares.libraries.push(library.clone());
        }
        let key = (tree.file, Rc::as_ptr(&library) as usize);
        let share = match self.shares.modules.get(&key) {
            None => {
                self.shares.modules.insert(key, None);
                return None;
            }
            Some(Some(share)) => share.clone(),
            Some(None) => {
                let share = Rc::new(Share {
                    tree: tree.clone(),
                    lasting: lasting(tree, "lib"),
                    thunks: RefCell::new(vec![None; tree.count()]),
                    frames: RefCell::default(),
                });
                self.shares.modules.insert(key, Some(share.clone()));
                share
            }
        };
        let (frame, is_new) = share.frame(self, None, std::ptr::from_ref(param) as usize);
        if is_new {
            let mut own = vec![nothing(); slots.len()];
            own[lib] = slots[lib].clone();
            *frame.slots.borrow_mut() = own;
        }
        Some(Twin { share, beside: Some(frame) })
    }

    /// Whether a function is the whole of a file that ships with this program.
    pub(super) fn is_own_module(&self, env: &Env, expr: ExprId) -> bool {
        env.frame.is_none()
            && env.tree.root == expr
            && matches!(env.tree.expr(expr), Expr::Lambda { .. })
            && self.sources.file(env.tree.file).embedded
    }
}

#[cfg(test)]
mod tests {
    use crate::eval::Eval;
    use crate::option::{OptionEntry, OptionPattern};
    use crate::resolve::{Request, Resolver};
    use crate::rules::STAND_IN;
    use crate::source::files::Memory;
    use std::collections::BTreeMap;

    /// Machines that differ in what they set, all of it declared by modules that ship with the program.
    fn flake(names: &[&str]) -> String {
        let machine = |name: &&str| {
            format!(
                "{name} = nixpkgs.lib.nixosSystem {{ modules = [ ({{ config, lib, ... }}: {{
                  networking.hostName = \"{name}\";
                  networking.domain = lib.mkIf (config.networking.hostName != \"b\") \"example.org\";
                  services.nginx.recommendedProxySettings = {};
                  services.nginx.virtualHosts.\"{name}.org\" = {{ enableACME = true; locations.\"/\".root = \"/{name}\"; }};
                  security.acme.defaults.email = \"{name}@example.org\";
                  security.acme.certs.more.extraDomainNames = [ config.networking.fqdn ];
                  services.matrix-synapse.settings.server_name = config.networking.fqdn;
                  systemd.services.{name}.serviceConfig.User = \"{name}\";
                }}) ]; }};",
                name == &"c",
            )
        };
        let machines: String = names.iter().map(machine).collect();
        format!("{{ outputs = {{ nixpkgs, ... }}: {{ nixosConfigurations = {{ {machines} }}; }}; }}")
    }

    /// What each machine turns out to be, numbers aside, and how many scopes are kept for all.
    fn resolved(names: &[&str]) -> (BTreeMap<String, String>, usize) {
        let files = Memory::new([("/p/flake.nix".into(), flake(names))]);
        let mut eval = Eval::new(Box::new(files));
        let resolver = Resolver::new(&mut eval, STAND_IN);
        let patterns = ["services", "security", "networking", "systemd", "users"].map(OptionPattern::parse);
        let found = resolver.project(&mut eval, "/p".as_ref(), &["/p/flake.nix".into()], &mut Request::all(&patterns));
        // Numbers tell unknowns, files and places apart, which are others where there are fewer machines.
        let shown = |root: &OptionEntry| format!("{root:?}").replace(|c: char| c.is_ascii_digit(), "");
        let shown = found.iter().map(|configuration| (configuration.name.clone(), shown(&configuration.root)));
        (shown.collect(), eval.kept_scopes())
    }

    #[test]
    fn machines_are_what_they_are_alone() {
        let (together, _) = resolved(&["a", "b", "c", "d"]);
        assert_eq!(together.len(), 4);
        for name in ["a", "b", "c", "d"] {
            let (alone, _) = resolved(&[name]);
            assert!(alone[name].contains("example.org"), "{name}");
            assert_eq!(together[name], alone[name], "{name}");
        }
    }

    #[test]
    fn what_one_machine_needs_is_not_kept() {
        let (few, many) = (["a", "b", "c"], ["a", "b", "c", "d", "e", "f"]);
        assert!(resolved(&few).1 > 0);
        assert_eq!(resolved(&few).1, resolved(&many).1);
    }
}
