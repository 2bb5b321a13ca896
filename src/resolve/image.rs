//! Images: packages of a flake that are built from a whole machine, which need not be named anywhere else.

use super::entry::Found;
use super::system::Registry;
use crate::eval::{AttrSet, Eval, Kind, Val};
use crate::source::Origin;
use crate::value::{Name, Str};
use std::rc::Rc;

/// The outputs in which packages stand, by kind of machine.
const OUTPUTS: [&str; 2] = ["packages", "images"];
/// Sets with more packages than this are not searched.
const WIDEST: usize = 500;

/// The machines that packages among a flake's outputs are built from, save those that were `found` already;
/// `file` is the flake's file in words. Of a package that is there for several kinds of machine, one counts.
pub(super) fn of_outputs(
    eval: &mut Eval,
    outputs: &Val,
    registry: &Registry,
    found: &[Found],
    file: &str,
) -> Vec<Found> {
    let mut images: Vec<Found> = vec![];
    for output in OUTPUTS {
        let Ok(systems) = eval.select_from(outputs, &[Str::new(output)], None, Origin::Default) else { continue };
        let Kind::Attrs(systems) = &systems.kind else { continue };
        for (system, packages) in systems.known.iter().rev() {
            let Kind::Attrs(packages) = eval.force_or_unknown(&packages.value).kind else { continue };
            for (name, modules, site) in built(eval, registry, &packages) {
                let has = |one: &Found| one.name == *name || Rc::ptr_eq(&one.modules, &modules);
                if !found.iter().chain(&images).any(has) {
                    let within = format!("`{output}.{system}.{name}` of `{file}`");
                    images.push(Found::named(name.to_string(), modules).within(within, site));
                }
            }
        }
    }
    images
}

/// The packages of a set that are built from machines, with those.
fn built(eval: &mut Eval, registry: &Registry, packages: &AttrSet) -> Vec<(Name, Rc<super::Modules>, Origin)> {
    let mut found = vec![];
    if packages.known.len() > WIDEST {
        return found;
    }
    for (name, package) in &packages.known {
        eval.refill_all();
        let before = registry.count();
        let value = eval.force_or_unknown(&package.value);
        let mut machines: Vec<_> = registry.find(&value).into_iter().collect();
        // `(nixosSystem { … }).config.system.build.isoImage`: what nixpkgs' modules build of it is not read.
        // Documentation is made of a configuration, too, but is a derivation of its own.
        if let Kind::Unknown(unknown) = &value.kind
            && unknown.cause.is_undefined()
        {
            machines.extend(registry.since(before));
        }
        if let [modules] = &machines[..] {
            found.push((name.clone(), modules.clone(), package.site));
        }
    }
    found
}
