//! A reading of Rust text that knows comments, strings and unit tests apart from the rest.

/// One file's text, taken apart. `code` keeps its line ends, so line numbers hold.
pub(crate) struct Scanned {
    /// The text without comments, unit tests and what stands inside string literals.
    pub(crate) code: String,
    /// String literals outside unit tests: line (from 1) and what stands between the quotes.
    pub(crate) strings: Vec<(usize, String)>,
}

/// Takes `text` apart.
pub(crate) fn scan(text: &str) -> Scanned {
    let chars: Vec<char> = text.chars().collect();
    let (mut code, mut strings, mut at) = (String::new(), Vec::new(), 0);
    while at < chars.len() {
        let end = match piece(&chars, at) {
            Piece::Code => {
                code.push(chars[at]);
                at += 1;
                continue;
            }
            Piece::Comment(end) => end,
            Piece::String { open, close, end } => {
                let line = code.matches('\n').count() + 1;
                strings.push((line, chars[at + open..(end - close).max(at + open)].iter().collect()));
                code.push_str("\"\"");
                end
            }
        };
        code.extend(chars[at..end].iter().filter(|c| **c == '\n'));
        at = end;
    }
    let tests = unit_tests(&code);
    strings.retain(|(line, _)| !tests.iter().any(|lines| lines.contains(line)));
    let code = code.lines().enumerate().map(|(index, line)| {
        let inside = tests.iter().any(|lines| lines.contains(&(index + 1)));
        if inside { "\n".to_string() } else { format!("{line}\n") }
    });
    Scanned { code: code.collect(), strings }
}

enum Piece {
    Code,
    Comment(usize),
    String { open: usize, close: usize, end: usize },
}

/// What starts at `at`, and where it ends.
fn piece(chars: &[char], at: usize) -> Piece {
    let rest = &chars[at..];
    let word_before = at > 0 && (chars[at - 1].is_alphanumeric() || chars[at - 1] == '_');
    match rest {
        ['/', '/', ..] => Piece::Comment(at + rest.iter().position(|c| *c == '\n').unwrap_or(rest.len())),
        ['/', '*', ..] => Piece::Comment(at + block_comment(rest)),
        ['"', ..] => Piece::String { open: 1, close: 1, end: at + quoted(rest, '"') },
        ['b', '"', ..] if !word_before => Piece::String { open: 2, close: 1, end: at + 1 + quoted(&rest[1..], '"') },
        ['r', '"' | '#', ..] if !word_before => raw_string(rest, at, 1),
        ['b', 'r', '"' | '#', ..] if !word_before => raw_string(rest, at, 2),
        // A character, not a lifetime: `'x'` or `'\…'`.
        ['\'', '\\', ..] | ['\'', _, '\'', ..] => Piece::Comment(at + quoted(rest, '\'')),
        _ => Piece::Code,
    }
}

/// The length of a nested block comment.
fn block_comment(rest: &[char]) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < rest.len() {
        match rest[at..] {
            ['/', '*', ..] => (depth, at) = (depth + 1, at + 2),
            ['*', '/', ..] => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            break;
        }
    }
    at
}

/// The length of a literal with escapes, both quotes included.
fn quoted(rest: &[char], quote: char) -> usize {
    let mut at = 1;
    while at < rest.len() && rest[at] != quote {
        at += if rest[at] == '\\' { 2 } else { 1 };
    }
    (at + 1).min(rest.len())
}

/// `r"…"`, `r#"…"#`; `prefix` is how many letters stand before the first `#` or quote.
fn raw_string(rest: &[char], at: usize, prefix: usize) -> Piece {
    let hashes = rest[prefix..].iter().take_while(|c| **c == '#').count();
    let open = prefix + hashes + 1;
    if rest.get(open - 1) != Some(&'"') {
        return Piece::Code; // a raw identifier such as `r#type`
    }
    let close: Vec<char> = std::iter::once('"').chain(std::iter::repeat_n('#', hashes)).collect();
    let length = rest[open..].windows(close.len()).position(|window| window == close);
    let end = length.map_or(rest.len(), |length| open + length + close.len());
    Piece::String { open, close: close.len(), end: at + end }
}

/// The line ranges of `#[cfg(test)]` items in text without comments and strings.
fn unit_tests(code: &str) -> Vec<std::ops::RangeInclusive<usize>> {
    let line_of = |at: usize| code[..at].matches('\n').count() + 1;
    let ranges = code.match_indices("#[cfg(test)]").map(|(start, _)| {
        let mut depth = 0;
        let end = code[start..].char_indices().find_map(|(at, c)| {
            depth += i32::from(c == '{') - i32::from(c == '}');
            (depth == 0 && matches!(c, '}' | ';')).then_some(start + at)
        });
        line_of(start)..=line_of(end.unwrap_or(code.len()))
    });
    ranges.collect()
}

/// The paths that code names from the crate's root on, each with its line (from 1):
/// `crate::a::b`, `optlint::a`, `super::a` resolved against `module`, and every branch of a `{…}` group.
pub(crate) fn paths(code: &str, module: &[String]) -> Vec<(usize, Vec<String>)> {
    let mut found = Vec::new();
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    for (at, _) in code.match_indices("::") {
        let before = &code[..at];
        let head = &before[before.trim_end_matches(is_word).len()..];
        let inside = before[..before.len() - head.len()].ends_with("::");
        let root = match head {
            "crate" | "optlint" if !inside => Vec::new(),
            "super" if !inside => module[..module.len().saturating_sub(1)].to_vec(),
            "self" if !inside => module.to_vec(),
            _ => continue,
        };
        let line = before.matches('\n').count() + 1;
        let mut branches = Vec::new();
        branch(&code[at + 2..], root, &mut branches);
        found.extend(branches.into_iter().map(|path| (line, path)));
    }
    found
}

/// Reads `a::b`, `super::a`, `{a, b::{c, d}}` or `*` and adds each whole path to `found`; returns what is left.
fn branch<'a>(mut code: &'a str, mut path: Vec<String>, found: &mut Vec<Vec<String>>) -> &'a str {
    loop {
        code = code.trim_start();
        if let Some(group) = code.strip_prefix('{') {
            code = group.trim_start();
            while !code.is_empty() && !code.starts_with('}') {
                let rest = branch(code, path.clone(), found).trim_start();
                code = rest.strip_prefix(',').unwrap_or(rest).trim_start();
                if rest.len() == code.len() && !code.starts_with('}') {
                    break; // not a group of paths after all
                }
            }
            return code.strip_prefix('}').unwrap_or(code);
        }
        let length = code.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(code.len());
        match &code[..length] {
            "super" => drop(path.pop()),
            "self" | "" => {}
            word => path.push(word.to_string()),
        }
        code = &code[length..];
        if let Some(alias) = code.trim_start().strip_prefix("as ") {
            let length = alias.find([',', '}', ';']).unwrap_or(alias.len());
            code = &alias[length..];
        }
        match code.strip_prefix("::") {
            Some(rest) if !rest.starts_with('<') => code = rest,
            _ => {
                found.push(path);
                return code;
            }
        }
    }
}
