//! The regular expressions of `location ~` and `path_regexp`, as far as people use them there.
//!
//! Groups, alternatives, character classes, anchors and repetition are understood;
//! for anything else (look-around, back-references) there is no answer.

/// A regular expression that was understood.
#[derive(Clone, Debug)]
pub(crate) struct Regex {
    root: Node,
    ignore_case: bool,
}

#[derive(Clone, Debug)]
enum Node {
    Start,
    End,
    Any,
    Char(char),
    Class { negated: bool, members: Vec<(char, char)> },
    Sequence(Vec<Node>),
    Either(Vec<Node>),
    Repeat { node: Box<Node>, least: u32, most: u32 },
}

/// Steps a match may take, so that no expression runs for long.
const FUEL: u32 = 100_000;
/// Groups inside groups.
const DEEPEST: u32 = 32;
/// Stands for "any number" in a repetition.
const MANY: u32 = u32::MAX;

impl Regex {
    /// Reads an expression; `None` if it has something that is not understood.
    pub(crate) fn parse(text: &str, ignore_case: bool) -> Option<Self> {
        let chars: Vec<char> = text.chars().collect();
        let mut parser = Parser { chars: &chars, at: 0 };
        let root = parser.either(0)?;
        (parser.at == chars.len()).then_some(Self { root, ignore_case })
    }

    /// Whether it matches anywhere in `text`; `None` if that took too long to find out.
    pub(crate) fn matches(&self, text: &str) -> Option<bool> {
        let fold = |c: char| if self.ignore_case { c.to_ascii_lowercase() } else { c };
        let text: Vec<char> = text.chars().map(fold).collect();
        let mut run = Run { text: &text, ignore_case: self.ignore_case, fuel: FUEL };
        let found = (0..=text.len()).any(|from| run.node(&self.root, from, &mut |_, _| true));
        (run.fuel > 0).then_some(found)
    }
}

struct Parser<'a> {
    chars: &'a [char],
    at: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn take(&mut self, wanted: char) -> bool {
        let taken = self.peek() == Some(wanted);
        self.at += usize::from(taken);
        taken
    }

    fn either(&mut self, depth: u32) -> Option<Node> {
        if depth > DEEPEST {
            return None;
        }
        let mut branches = vec![self.sequence(depth)?];
        while self.take('|') {
            branches.push(self.sequence(depth)?);
        }
        Some(Node::Either(branches))
    }

    fn sequence(&mut self, depth: u32) -> Option<Node> {
        let mut nodes = vec![];
        while let Some(c) = self.peek() {
            if c == '|' || c == ')' {
                break;
            }
            let node = self.atom(depth)?;
            nodes.push(self.repeated(node)?);
        }
        Some(Node::Sequence(nodes))
    }

    fn atom(&mut self, depth: u32) -> Option<Node> {
        let c = self.peek()?;
        self.at += 1;
        Some(match c {
            '^' => Node::Start,
            '$' => Node::End,
            '.' => Node::Any,
            '[' => self.class()?,
            '\\' => match self.peek().inspect(|_| self.at += 1)? {
                'd' => class(false, &[('0', '9')]),
                'w' => class(false, WORD),
                'W' => class(true, WORD),
                's' => class(false, &[(' ', ' '), ('\t', '\r')]),
                'S' => class(true, &[(' ', ' '), ('\t', '\r')]),
                c if c.is_ascii_alphanumeric() => return None,
                c => Node::Char(c),
            },
            '(' => {
                if self.take('?') && !self.take(':') {
                    // `(?<name>…)` captures; everything else behind `(?` is not understood.
                    let named = self.take('<') && self.peek().is_some_and(|c| c.is_ascii_alphabetic());
                    if !named {
                        return None;
                    }
                    while !self.take('>') {
                        self.peek()?;
                        self.at += 1;
                    }
                }
                let inner = self.either(depth + 1)?;
                if !self.take(')') {
                    return None;
                }
                inner
            }
            '*' | '+' | '?' => return None,
            c => Node::Char(c),
        })
    }

    fn repeated(&mut self, node: Node) -> Option<Node> {
        let (least, most) = match self.peek() {
            Some('*') => (0, MANY),
            Some('+') => (1, MANY),
            Some('?') => (0, 1),
            Some('{') => return self.counted(node),
            _ => return Some(node),
        };
        self.at += 1;
        self.take('?'); // lazy: the same answer
        if matches!(self.peek(), Some('*' | '+')) {
            return None;
        }
        Some(Node::Repeat { node: Box::new(node), least, most })
    }

    /// `{2}`, `{2,}`, `{2,3}`.
    fn counted(&mut self, node: Node) -> Option<Node> {
        let end = self.chars[self.at..].iter().position(|c| *c == '}')?;
        let inside: String = self.chars[self.at + 1..self.at + end].iter().collect();
        self.at += end + 1;
        let (least, most) = match inside.split_once(',') {
            None => (inside.parse().ok()?, inside.parse().ok()?),
            Some((least, "")) => (least.parse().ok()?, MANY),
            Some((least, most)) => (least.parse().ok()?, most.parse().ok()?),
        };
        Some(Node::Repeat { node: Box::new(node), least, most })
    }

    /// The inside of `[…]`.
    fn class(&mut self) -> Option<Node> {
        let negated = self.take('^');
        let mut members = vec![];
        loop {
            let first = self.peek()?;
            self.at += 1;
            match first {
                ']' if !members.is_empty() => return Some(Node::Class { negated, members }),
                '[' if self.peek() == Some(':') => return None,
                '\\' => match self.peek().inspect(|_| self.at += 1)? {
                    'd' => members.push(('0', '9')),
                    'w' => members.extend(WORD),
                    's' => members.extend([(' ', ' '), ('\t', '\r')]),
                    c if c.is_ascii_alphanumeric() => return None,
                    c => members.push((c, c)),
                },
                first if self.peek() == Some('-') && self.chars.get(self.at + 1).is_some_and(|c| *c != ']') => {
                    members.push((first, *self.chars.get(self.at + 1)?));
                    self.at += 2;
                }
                first => members.push((first, first)),
            }
        }
    }
}

const WORD: &[(char, char)] = &[('a', 'z'), ('A', 'Z'), ('0', '9'), ('_', '_')];

fn class(negated: bool, members: &[(char, char)]) -> Node {
    Node::Class { negated, members: members.to_vec() }
}

/// One match under way.
struct Run<'a> {
    text: &'a [char],
    ignore_case: bool,
    fuel: u32,
}

/// What has to match behind a node.
type Then<'t> = &'t mut dyn FnMut(&mut Run<'_>, usize) -> bool;

impl Run<'_> {
    fn node(&mut self, node: &Node, at: usize, then: Then<'_>) -> bool {
        if self.fuel == 0 {
            return false;
        }
        self.fuel -= 1;
        let single = |hit: bool, run: &mut Self, then: Then<'_>| hit && then(run, at + 1);
        let next = self.text.get(at).copied();
        match node {
            Node::Start => at == 0 && then(self, at),
            Node::End => at == self.text.len() && then(self, at),
            Node::Any => single(next.is_some(), self, then),
            Node::Char(c) => {
                let wanted = if self.ignore_case { c.to_ascii_lowercase() } else { *c };
                single(next == Some(wanted), self, then)
            }
            Node::Class { negated, members } => {
                let hit = next.is_some_and(|c| self.in_class(c, members) != *negated);
                single(hit, self, then)
            }
            Node::Sequence(nodes) => self.sequence(nodes, at, then),
            Node::Either(branches) => branches.iter().any(|branch| self.node(branch, at, then)),
            Node::Repeat { node, least, most } => self.repeat(node, (*least, *most), at, then),
        }
    }

    fn in_class(&self, c: char, members: &[(char, char)]) -> bool {
        let within = |c: char| members.iter().any(|(first, last)| (*first..=*last).contains(&c));
        within(c) || self.ignore_case && within(c.to_ascii_uppercase())
    }

    fn sequence(&mut self, nodes: &[Node], at: usize, then: Then<'_>) -> bool {
        match nodes.split_first() {
            None => then(self, at),
            Some((first, rest)) => self.node(first, at, &mut |run, at| run.sequence(rest, at, then)),
        }
    }

    fn repeat(&mut self, node: &Node, (least, most): (u32, u32), at: usize, then: Then<'_>) -> bool {
        if most == 0 {
            return then(self, at);
        }
        let rest = (least.saturating_sub(1), if most == MANY { MANY } else { most - 1 });
        let again = self.node(node, at, &mut |run, end| {
            // An empty round would go on for ever.
            end > at && run.repeat(node, rest, end, then)
        });
        again || least == 0 && then(self, at)
    }
}

#[cfg(test)]
mod tests {
    use super::Regex;

    fn check(pattern: &str, text: &str, expected: Option<bool>) {
        let got = Regex::parse(pattern, false).and_then(|regex| regex.matches(text));
        assert_eq!(got, expected, "{pattern} on {text}");
    }

    #[test]
    fn matching() {
        check("^(/_matrix|/_synapse/client)", "/_matrix/client/versions", Some(true));
        check("^(/_matrix|/_synapse/client)", "/_synapse/admin/v1/users", Some(false));
        check(r"^(\/_matrix|\/_synapse\/client)", "/_synapse/client/x", Some(true));
        check("^/_matrix/client/(.*)/(login|logout|refresh)", "/_matrix/client/v3/login", Some(true));
        check("^/_matrix/client/(.*)/(login|logout|refresh)", "/_matrix/client/v3/sync", Some(false));
        check("^/_matrix/client/(r0|v3|v[45])/sync$", "/_matrix/client/v3/sync", Some(true));
        check("^/_matrix/client/(r0|v3|v[45])/sync$", "/_matrix/client/v3/syncs", Some(false));
        check("_matrix", "/_matrix/key", Some(true));
        check(r"^/_matrix/media/v\d+/[\w.-]{2,}$", "/_matrix/media/v3/a.org", Some(true));
        check("^/[^/]+/x$", "/a/x", Some(true));
        check("^/[^/]+/x$", "/a/b/x", Some(false));
        check("^(?:a|b)+$", "abab", Some(true));
        check("^(?<user>[a-z]+)$", "abab", Some(true));
        check("^(a*)*$", "aab", Some(false));
        check("", "x", Some(true));
        check("^/(a|)$", "/", Some(true));
    }

    #[test]
    fn not_understood() {
        for pattern in ["(?!x)", r"\b", "(", "a**", "*", "[[:alpha:]]", "[a", r"\", "a{x}", &"(".repeat(99)] {
            check(pattern, "x", None);
        }
    }

    #[test]
    fn case() {
        let regex = Regex::parse("^/_MATRIX/[A-C]", true).expect("is understood");
        assert_eq!(regex.matches("/_Matrix/b"), Some(true));
    }

    #[test]
    fn slow_expressions_end() {
        check("^(a|a)*(a|a)*(a|a)*$", &format!("{}b", "a".repeat(60)), None);
    }
}
