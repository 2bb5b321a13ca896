//! Which rules are asked, and how bad their findings are.

use super::{Category, Page, Rule, Tier};
use crate::finding::Severity;
use std::collections::BTreeMap;

/// The word for all rules.
const ALL: &str = "all";

/// What one source of wishes (a settings file, a command line) says about rules. Every
/// word is a rule's name, a category, a tier, or `all`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// Only these; `None`: whatever was on before.
    pub select: Option<Vec<String>>,
    /// These as well.
    pub enable: Vec<String>,
    /// Not these.
    pub disable: Vec<String>,
    /// Severities by rule name.
    pub severity: BTreeMap<String, Severity>,
}

impl Selection {
    /// The words in it, in order.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        let lists = [self.select.as_deref().unwrap_or_default(), &self.enable, &self.disable];
        lists.into_iter().flatten().chain(self.severity.keys()).map(String::as_str)
    }

    /// Whether a rule is on after this selection, if it was `on` before.
    pub fn decides(&self, page: &Page, on: bool) -> bool {
        let on = self.select.as_ref().map_or(on, |words| closeness(words, page).is_some());
        match (closeness(&self.enable, page), closeness(&self.disable, page)) {
            (None, None) => on,
            // The narrower word counts; of equally narrow ones, the one that says no.
            (enable, disable) => enable > disable,
        }
    }
}

/// Every word that a selection of `rules` may hold.
pub fn vocabulary(rules: &[Rule]) -> Vec<&str> {
    let ids = rules.iter().map(|rule| rule.page.id.as_str());
    let tiers = [Tier::Default, Tier::Pedantic].map(Tier::as_str);
    ids.chain(Category::ALL.map(Category::as_str)).chain(tiers).chain([ALL]).collect()
}

/// The rules that are on after all `selections`, each of which speaks over those before
/// it, with the severities they give. Without any, those of the default tier.
pub fn select(rules: Vec<Rule>, selections: &[Selection]) -> Vec<Rule> {
    let is_on = |rule: &Rule| {
        selections.iter().fold(rule.page.tier == Tier::Default, |on, selection| selection.decides(&rule.page, on))
    };
    let mut rules: Vec<Rule> = rules.into_iter().filter(is_on).collect();
    for rule in &mut rules {
        let severity = selections.iter().rev().find_map(|selection| selection.severity.get(rule.page.id.as_str()));
        rule.severity = severity.copied();
    }
    rules
}

/// How narrowly the closest of `words` names a rule: by its name, its category, or with many.
fn closeness(words: &[String], page: &Page) -> Option<u8> {
    let close = |word: &String| match word.as_str() {
        word if word == page.id.as_str() => Some(3),
        word if word == page.category.as_str() => Some(2),
        word if word == page.tier.as_str() => Some(1),
        ALL => Some(0),
        _ => None,
    };
    words.iter().filter_map(close).max()
}

#[cfg(test)]
mod tests {
    use super::{Rule, Selection, select, vocabulary};

    fn rules() -> Vec<Rule> {
        let page = |id: &str, category: &str, tier: &str| {
            let header = "options = [ \"a\" ]; message = \"m\"; when.definition = { value, ... }: true;";
            let facts = format!("severity = \"error\"; category = \"{category}\"; tier = \"{tier}\";");
            let text = format!("# {id}\n\nWrong.\n\n```nix rule\n{{ {facts} {header} }}\n```\n");
            Rule::own(id, &text).unwrap()
        };
        vec![page("a", "secrets", "default"), page("b", "secrets", "pedantic"), page("c", "tls", "default")]
    }

    fn words(text: &str) -> Vec<String> {
        text.split_whitespace().map(String::from).collect()
    }

    fn check(selections: &[(Option<&str>, &str, &str)], expected: &str) {
        let selections: Vec<Selection> = selections
            .iter()
            .map(|(only, enable, disable)| Selection {
                select: only.map(words),
                enable: words(enable),
                disable: words(disable),
                ..Selection::default()
            })
            .collect();
        let on = select(rules(), &selections);
        let on: Vec<&str> = on.iter().map(|rule| rule.page.id.as_str()).collect();
        assert_eq!(on.join(" "), expected, "{selections:?}");
    }

    #[test]
    fn selections() {
        check(&[], "a c");
        check(&[(None, "pedantic", "")], "a b c");
        check(&[(None, "", "secrets")], "c");
        check(&[(None, "b", "secrets")], "b c");
        check(&[(None, "secrets", "a")], "b c");
        check(&[(None, "secrets", "secrets")], "c");
        check(&[(Some("secrets"), "", "")], "a b");
        check(&[(Some("all"), "", "pedantic")], "a c");
        check(&[(Some("c"), "", ""), (None, "a", "")], "a c");
        check(&[(None, "", "all"), (Some("default"), "", "")], "a c");
        check(&[(None, "", "a"), (None, "secrets", "")], "a b c");
    }

    #[test]
    fn words_that_exist() {
        let rules = rules();
        let vocabulary = vocabulary(&rules);
        for word in ["a", "secrets", "performance", "default", "pedantic", "all"] {
            assert!(vocabulary.contains(&word), "{word}");
        }
        assert!(!vocabulary.contains(&"d"));
    }
}
