//! Whether a service may read a file that a secret manager writes.

use crate::lint::prelude::*;
use crate::rules::written::{users_values, values};

/// Options that name the owner, the group and the rights: of sops-nix and agenix, and of the tools that deploy.
const OWNERS: &[&str] = &["owner", "user"];
const MODES: &[&str] = &["mode", "permissions"];

/// A user as whom a service runs, and its unit.
pub(crate) struct Reader<'a> {
    pub(crate) user: &'static str,
    unit: OptionView<'a>,
    users: OptionView<'a>,
    groups: OptionView<'a>,
}

impl<'a> Reader<'a> {
    /// The user of a unit such as `matrix-synapse`.
    pub(crate) fn of(cx: &Cx<'a>, user: &'static str, unit: &str) -> Self {
        Self {
            user,
            unit: cx.option(&format!("systemd.services.{unit}.serviceConfig")),
            users: cx.option("users.users"),
            groups: cx.option("users.groups"),
        }
    }

    /// Whether the unit runs as somebody else than NixOS says.
    pub(crate) fn is_other(&self, cx: &Cx<'a>) -> bool {
        let own = |key: &&str| !users_values(cx, &self.unit.at(key)).is_empty();
        ["User", "DynamicUser", "AmbientCapabilities"].iter().any(own)
    }

    /// Whether it can read `file`, a declared secret: by its owner, its group and its mode, as Unix asks.
    pub(crate) fn may_read(&self, file: &OptionView<'a>) -> Truth {
        let Some(mode) = MODES.iter().find_map(|key| mode(&file.at(key))) else { return unsure(file) };
        let owners = OWNERS.iter().map(|key| file.at(key)).filter(is_there);
        let is_owner = Truth::any(owners.map(|owner| owner.is_text(self.user)));
        let by_number = ["uid", "gid"].iter().any(|key| !values(&file.at(key)).is_empty());
        if by_number {
            return unsure(file);
        }
        let group = file.at("group");
        // Where there is none, it is that of root.
        let in_group = if is_there(&group) { self.is_in(&group) } else { Truth::False };
        let has = |bits: u32| Truth::from(mode & bits != 0);
        (is_owner.clone() & has(0o400))
            | (!is_owner.clone() & in_group.clone() & has(0o040))
            | (!is_owner & !in_group & has(0o004))
    }

    /// Whether the user, or the unit, is in a group.
    fn is_in(&self, group: &OptionView<'a>) -> Truth {
        group.is_string_where(|name| self.is_in_named(name))
    }

    /// Whether the user, or the unit, is in the group of this name.
    pub(crate) fn is_member(&self, group: &str) -> Truth {
        self.is_in_named(&Str::new(group))
    }

    fn is_in_named(&self, name: &Str) -> Truth {
        let own = name.equals(&Str::new(self.user));
        let user = self.users.at(self.user);
        let lists = [user.at("extraGroups"), self.unit.at("SupplementaryGroups"), self.unit.at("Group")];
        let written = lists.iter().filter(|list| !list.is_defined().is_false());
        let more = written.clone().find_map(OptionView::has_unknown_items).map(Truth::Unknown);
        let single = lists.iter().filter(|one| one.text().is_some()).cloned();
        let listed = lists.iter().flat_map(OptionView::items).chain(single);
        let listed: Vec<Truth> = listed.map(|item| item.is_string_where(|have| have.equals(name))).collect();
        let primary = user.at("group").is_string_where(|have| have.equals(name));
        let members = match name.known() {
            Some(group) => self.groups.at(&format!("{group:?}")).at("members").items(),
            None => vec![],
        };
        let members = members.iter().map(|member| member.is_text(self.user));
        Truth::any([own, primary].into_iter().chain(listed).chain(members).chain(more))
    }
}

/// Whether there is such an option, or whether somebody knows of a value of it.
fn is_there(view: &OptionView<'_>) -> bool {
    view.unknown().is_none() || !view.is_defined().is_false()
}

/// The rights in a mode such as `0400`.
fn mode(view: &OptionView<'_>) -> Option<u32> {
    let digits = view.text()?.known()?;
    u32::from_str_radix(digits, 8).ok()
}

/// A rule asks no more where the rights are beyond what can be read here.
fn unsure(file: &OptionView<'_>) -> Truth {
    file.unknown().map_or(Truth::True, Truth::Unknown)
}
