//! JUnit's and Checkstyle's XML: which elements stand in which, and what their attributes are.
//!
//! Neither has an official schema. JUnit's is what Jenkins, GitLab and others read
//! (<https://github.com/testmoapp/junitxml>), Checkstyle's what its `XMLLogger` writes
//! (<https://checkstyle.sourceforge.io>).

use roxmltree::{Document, Node};

/// An element: its name, the elements it may hold, the attributes it has and those that are numbers.
type Element = (&'static str, &'static [&'static str], &'static [&'static str], &'static [&'static str]);

const JUNIT: &[Element] = &[
    ("testsuites", &["testsuite"], &["name"], &["tests", "failures", "errors"]),
    ("testsuite", &["testcase", "system-err"], &["name"], &["tests", "failures", "errors"]),
    ("testcase", &["failure"], &["name", "classname"], &[]),
    ("failure", &[], &["type", "message"], &[]),
    ("system-err", &[], &[], &[]),
];

/// A test that failed has a place, too.
const PLACE: [&str; 2] = ["file", "line"];

const CHECKSTYLE: &[Element] = &[
    ("checkstyle", &["file"], &["version"], &[]),
    ("file", &["error"], &["name"], &[]),
    ("error", &[], &["severity", "message", "source"], &["line", "column"]),
];

/// Holds a document to JUnit's form; how many tests failed.
pub(crate) fn junit(text: &str) -> usize {
    let document = parsed(text, "testsuites", JUNIT);
    let count = |node: Node<'_, '_>, name| node.descendants().filter(|inner| inner.has_tag_name(name)).count();
    for node in document.descendants().filter(|node| node.tag_name().name().starts_with("testsuite")) {
        let told = |name| node.attribute(name).expect("a count").parse::<usize>().expect("a number");
        assert_eq!(told("tests"), count(node, "testcase"), "{node:?}");
        assert_eq!((told("failures"), told("errors")), (count(node, "failure"), 0), "{node:?}");
    }
    assert!(count(document.root(), "testcase") > 0, "readers refuse a report without tests");
    count(document.root(), "failure")
}

/// Holds a document to Checkstyle's form; how many errors there are.
pub(crate) fn checkstyle(text: &str) -> usize {
    let document = parsed(text, "checkstyle", CHECKSTYLE);
    let errors: Vec<_> = document.descendants().filter(|node| node.has_tag_name("error")).collect();
    for error in &errors {
        assert!(["error", "warning", "info"].contains(&error.attribute("severity").expect("a severity")));
    }
    errors.len()
}

fn parsed<'t>(text: &'t str, top: &str, elements: &[Element]) -> Document<'t> {
    let document = Document::parse(text).unwrap_or_else(|error| panic!("{error} in\n{text}"));
    assert!(text.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>"));
    assert!(document.root_element().has_tag_name(top));
    for node in document.descendants().filter(Node::is_element) {
        let name = node.tag_name().name();
        let (_, inner, words, numbers) =
            elements.iter().find(|(known, ..)| *known == name).unwrap_or_else(|| panic!("an element {name}"));
        for child in node.children().filter(Node::is_element) {
            assert!(inner.contains(&child.tag_name().name()), "{child:?} in {name}");
        }
        let place: &[&str] = if name == "testcase" && node.has_children() { &PLACE } else { &[] };
        let have: Vec<&str> = node.attributes().map(|attribute| attribute.name()).collect();
        let wanted = words.iter().chain(*numbers).chain(place);
        assert!(wanted.clone().all(|wanted| have.contains(wanted)) && have.len() == wanted.count(), "{name}: {have:?}");
        for number in numbers.iter().filter_map(|name| node.attribute(*name)) {
            assert!(number.parse::<u32>().is_ok(), "{number} in {name}");
        }
    }
    document
}
