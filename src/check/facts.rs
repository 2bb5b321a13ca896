//! What reports tell of the rules that were asked.

use crate::finding::RuleFacts;
use crate::lint::{Category, Rule};

/// The first words of headings under which pages keep examples: tests, and long.
const EXAMPLES: &str = "Examples";

/// A rule as reports describe it: its page without header and examples.
pub(super) fn facts(rule: &Rule) -> RuleFacts {
    let page = &rule.page;
    let mut help = page.summary().to_owned();
    for section in page.sections().iter().filter(|section| !section.title.starts_with(EXAMPLES)) {
        help += &format!("\n\n## {}\n\n{}", section.title, section.text.trim());
    }
    RuleFacts {
        id: page.id.clone(),
        summary: page.summary().to_owned(),
        help,
        severity: rule.severity.unwrap_or(page.severity),
        category: page.category.as_str().to_owned(),
        security: is_security(page.category),
        possible: page.possible,
        url: page.url.clone(),
    }
}

/// Whether mistakes of this kind let somebody in, or something out.
fn is_security(category: Category) -> bool {
    matches!(category, Category::Secrets | Category::Exposure | Category::Registration | Category::Tls)
}
