//! Text as it may stand in XML.

use super::place::is_unsafe;

/// `text` for an attribute or between tags. Line ends stay; what XML 1.0 cannot say, or a terminal
/// should not, is written as in Rust.
pub(super) fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            // A plain line end in an attribute would be read as a blank.
            '\n' => out.push_str("&#10;"),
            '\u{fffe}' | '\u{ffff}' => out.extend(c.escape_unicode()),
            c if is_unsafe(c) => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::xml;

    #[test]
    fn escapes() {
        assert_eq!(
            xml("<a b=\"c\" d='e'>&amp;</a>]]>\n"),
            "&lt;a b=&quot;c&quot; d=&apos;e&apos;&gt;&amp;amp;&lt;/a&gt;]]&gt;&#10;"
        );
        assert_eq!(xml("ä\u{0}\u{1b}\u{ffff}\u{202e}"), "ä\\u{0}\\u{1b}\\u{ffff}\\u{202e}");
    }
}
