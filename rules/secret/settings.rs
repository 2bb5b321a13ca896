//! The keys and values in a settings file, as YAML or JSON.
//!
//! This is no YAML reader: it knows where a key stands and what is written behind it,
//! which is enough to ask whether a file holds a secret. Nesting is not followed,
//! anchors and tags are left as they are.

/// One key with the text of its value, quotes and comments taken off. The value of a
/// key that holds other keys is empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Setting {
    pub(crate) key: String,
    pub(crate) value: String,
}

/// All settings in `text`, in order, whatever they are nested in.
pub(crate) fn settings(text: &str) -> Vec<Setting> {
    let mut found = Vec::new();
    if text.trim_start().starts_with(['{', '[']) {
        flow(text, &mut found);
        return found;
    }
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let Some((indent, key, value)) = key_and_value(line) else { continue };
        if value.starts_with(['{', '[']) {
            flow(value, &mut found);
        }
        let is_block = value.starts_with(['|', '>']);
        let mut value = scalar(value).to_owned();
        if is_block {
            value.clear();
            while let Some(below) = lines.next_if(|next| next.trim().is_empty() || indentation(next) > indent) {
                value.push_str(below.trim());
                value.push('\n');
            }
        }
        found.push(Setting { key: scalar(key).to_owned(), value: value.trim().to_owned() });
    }
    found
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

/// The column of the key, the key and the rest of a line `key: value`, behind any `- `.
fn key_and_value(line: &str) -> Option<(usize, &str, &str)> {
    let mut rest = line.trim();
    while let Some(item) = rest.strip_prefix("- ") {
        rest = item.trim_start();
    }
    if rest.starts_with('#') {
        return None;
    }
    let end = match rest.chars().next()? {
        quote @ ('"' | '\'') => rest[1..].find(quote)? + 2,
        _ => rest.find(": ").or_else(|| rest.strip_suffix(':').map(str::len))?,
    };
    let value = rest.get(end..)?.trim_start().strip_prefix(':')?;
    let key = &rest[..end];
    (!key.contains(char::is_whitespace)).then_some((indentation(line), key, value.trim()))
}

/// A scalar without its quotes, or without the comment behind it.
fn scalar(text: &str) -> &str {
    let text = text.trim();
    for quote in ['"', '\''] {
        if let Some(inside) = text.strip_prefix(quote) {
            return inside.split(quote).next().unwrap_or_default();
        }
    }
    let text = text.split(" #").next().unwrap_or_default().trim();
    if text.starts_with(['{', '[', '#', '&']) { "" } else { text }
}

/// The settings in `{ "key": value, … }`, which JSON is made of.
fn flow(text: &str, found: &mut Vec<Setting>) {
    let mut key: Option<String> = None;
    let mut word = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' | '\'' if word.trim().is_empty() => {
                word.clear();
                while let Some(inside) = chars.next() {
                    match inside {
                        '\\' if c == '"' => word.extend(chars.next()),
                        _ if inside == c => break,
                        _ => word.push(inside),
                    }
                }
                // Never blank again, so that a quote right behind it starts nothing.
                if word.is_empty() {
                    word.push('\u{200b}');
                }
            }
            ':' if key.is_none() => key = Some(std::mem::take(&mut word)),
            '{' | '[' | '}' | ']' | ',' => {
                let value = std::mem::take(&mut word);
                if let Some(key) = key.take() {
                    let clean = |text: String| text.trim().trim_matches('\u{200b}').to_owned();
                    found.push(Setting { key: clean(key), value: clean(value) });
                }
            }
            c => word.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[(&str, &str)]) {
        let found = settings(text);
        let found: Vec<_> = found.iter().map(|setting| (setting.key.as_str(), setting.value.as_str())).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn yaml() {
        check("a: b", &[("a", "b")]);
        check("a: \"b # c\" # d\n# e: f\n'g': h # i", &[("a", "b # c"), ("g", "h")]);
        check("a:\n  b: c\n  - d: e", &[("a", ""), ("b", "c"), ("d", "e")]);
        check("a: |\n  secret: x\n  y\nb: c", &[("a", "secret: x\ny"), ("b", "c")]);
        check("a: ''\nb:\nc: null", &[("a", ""), ("b", ""), ("c", "null")]);
        check("a: { b: c, d: 'e' }", &[("b", "c"), ("d", "e"), ("a", "")]);
        check("just text\nhttp://example.org", &[]);
        check("é: ü", &[("é", "ü")]);
    }

    #[test]
    fn json() {
        check("{\"a\":\"b\",\"c\":{\"d\":[1,\"x\"]},\"e\":null}", &[("a", "b"), ("c", ""), ("d", ""), ("e", "null")]);
        check("{\"a\":\"\",\"b\":\"x:\\\"y\\\"\"}", &[("a", ""), ("b", "x:\"y\"")]);
        check("{", &[]);
    }
}
