//! From the text of a regular expression to a program for [`super::posix`].

/// One step of a program; the next one follows unless it says otherwise.
#[derive(Clone, Debug)]
pub(super) enum Inst {
    /// Reads a byte of the set.
    Byte(Box<Bytes>),
    /// Goes on in two places, the first one preferred.
    Split(usize, usize),
    /// Goes on elsewhere.
    Jump(usize),
    /// Remembers the place.
    Save(usize),
    /// Only at the start of the text.
    AtStart,
    /// Only at the end of the text.
    AtEnd,
    /// The end.
    Done,
}

/// A set of bytes.
#[derive(Clone, Debug, Default)]
pub(super) struct Bytes([u64; 4]);

impl Bytes {
    fn add(&mut self, byte: u8) {
        self.0[usize::from(byte) / 64] |= 1 << (byte % 64);
    }

    /// Whether the byte is in it.
    pub(super) fn has(&self, byte: u8) -> bool {
        self.0[usize::from(byte) / 64] & 1 << (byte % 64) != 0
    }

    fn of(bytes: impl IntoIterator<Item = u8>) -> Self {
        let mut set = Bytes::default();
        bytes.into_iter().for_each(|byte| set.add(byte));
        set
    }
}

/// Nested deeper than this, or longer programs, are refused.
const DEEPEST: usize = 200;
const LONGEST: usize = 100_000;

enum Node {
    Bytes(Bytes),
    Group(usize, Box<Node>),
    Start,
    End,
    All(Vec<Node>),
    Either(Vec<Node>),
    Repeat(Box<Node>, usize, Option<usize>),
}

struct Parser<'a> {
    text: &'a [u8],
    at: usize,
    groups: usize,
    depth: usize,
}

/// A compiled pattern.
pub(super) struct Program {
    /// The steps, the first one first.
    pub(super) steps: Vec<Inst>,
    /// How many groups there are, the whole match included.
    pub(super) groups: usize,
    /// Whether a group is repeated that may be empty, so that what it holds in the end depends on
    /// how often it was tried.
    pub(super) odd: bool,
}

/// `None` when the pattern is not valid.
pub(super) fn compile(pattern: &[u8]) -> Option<Program> {
    let mut parser = Parser { text: pattern, at: 0, groups: 1, depth: 0 };
    let node = parser.either()?;
    if parser.at != pattern.len() {
        return None;
    }
    let mut program = vec![];
    emit(&node, &mut program)?;
    program.push(Inst::Done);
    Some(Program { steps: program, groups: parser.groups, odd: node.is_odd() })
}

impl Node {
    fn is_odd(&self) -> bool {
        match self {
            Node::Bytes(_) | Node::Start | Node::End => false,
            Node::Group(_, inner) => inner.is_odd(),
            Node::All(nodes) | Node::Either(nodes) => nodes.iter().any(Node::is_odd),
            Node::Repeat(inner, _, most) => {
                (most.is_none() && inner.has_group() && inner.may_be_empty()) || inner.is_odd()
            }
        }
    }

    fn has_group(&self) -> bool {
        match self {
            Node::Bytes(_) | Node::Start | Node::End => false,
            Node::Group(..) => true,
            Node::All(nodes) | Node::Either(nodes) => nodes.iter().any(Node::has_group),
            Node::Repeat(inner, ..) => inner.has_group(),
        }
    }

    fn may_be_empty(&self) -> bool {
        match self {
            Node::Bytes(_) => false,
            Node::Start | Node::End => true,
            Node::Group(_, inner) => inner.may_be_empty(),
            Node::All(nodes) => nodes.iter().all(Node::may_be_empty),
            Node::Either(nodes) => nodes.iter().any(Node::may_be_empty),
            Node::Repeat(inner, least, _) => *least == 0 || inner.may_be_empty(),
        }
    }
}

impl Parser<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn eat(&mut self, byte: u8) -> bool {
        let there = self.peek() == Some(byte);
        self.at += usize::from(there);
        there
    }

    fn either(&mut self) -> Option<Node> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return None;
        }
        let mut branches = vec![self.all()?];
        while self.eat(b'|') {
            branches.push(self.all()?);
        }
        self.depth -= 1;
        Some(if branches.len() == 1 { branches.pop()? } else { Node::Either(branches) })
    }

    fn all(&mut self) -> Option<Node> {
        let mut nodes = vec![];
        while let Some(byte) = self.peek() {
            let node = match byte {
                b'|' => break,
                b')' if self.depth > 1 => break,
                b'^' | b'$' => {
                    self.at += 1;
                    nodes.push(if byte == b'^' { Node::Start } else { Node::End });
                    continue;
                }
                _ => self.atom()?,
            };
            let node = self.repeats(node)?;
            nodes.push(node);
        }
        Some(Node::All(nodes))
    }

    fn atom(&mut self) -> Option<Node> {
        let byte = self.peek()?;
        self.at += 1;
        Some(match byte {
            b'(' => {
                let group = self.groups;
                self.groups += 1;
                let inner = self.either()?;
                if !self.eat(b')') {
                    return None;
                }
                Node::Group(group, Box::new(inner))
            }
            b'[' => Node::Bytes(self.bracket()?),
            // Every byte but NUL, newlines too.
            b'.' => Node::Bytes(Bytes::of(1..=255)),
            b'*' | b'+' | b'?' | b'{' | b')' => return None,
            b'\\' => {
                let escaped = self.peek().filter(|byte| br".[\()*+?{|^$".contains(byte))?;
                self.at += 1;
                Node::Bytes(Bytes::of([escaped]))
            }
            _ => Node::Bytes(Bytes::of([byte])),
        })
    }

    fn repeats(&mut self, mut node: Node) -> Option<Node> {
        while let Some(byte) = self.peek() {
            let (least, most) = match byte {
                b'*' => (0, None),
                b'+' => (1, None),
                b'?' => (0, Some(1)),
                b'{' => {
                    self.at += 1;
                    let bounds = self.bounds()?;
                    node = Node::Repeat(Box::new(node), bounds.0, bounds.1);
                    continue;
                }
                _ => break,
            };
            self.at += 1;
            node = Node::Repeat(Box::new(node), least, most);
        }
        Some(node)
    }

    /// `2}`, `2,}`, `2,3}`.
    fn bounds(&mut self) -> Option<(usize, Option<usize>)> {
        let least = self.number()?;
        let most = if self.eat(b',') {
            if self.peek() == Some(b'}') { None } else { Some(self.number()?) }
        } else {
            Some(least)
        };
        (self.eat(b'}') && most.is_none_or(|most| least <= most)).then_some((least, most))
    }

    fn number(&mut self) -> Option<usize> {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        std::str::from_utf8(&self.text[start..self.at]).ok()?.parse().ok().filter(|number| *number <= 10_000)
    }

    /// Behind `[`.
    fn bracket(&mut self) -> Option<Bytes> {
        let negated = self.eat(b'^');
        let mut set = Bytes::default();
        let mut first = true;
        loop {
            let byte = self.peek()?;
            self.at += 1;
            match byte {
                b']' if !first => break,
                b'[' if matches!(self.peek(), Some(b':' | b'.' | b'=')) => self.class(&mut set)?,
                _ if self.peek() == Some(b'-') && self.text.get(self.at + 1).is_some_and(|next| *next != b']') => {
                    self.at += 1;
                    let end = self.peek()?;
                    self.at += 1;
                    if end == b'[' || end < byte {
                        return None;
                    }
                    (byte..=end).for_each(|byte| set.add(byte));
                }
                _ => set.add(byte),
            }
            first = false;
        }
        Some(if negated { Bytes::of((0..=255).filter(|byte| !set.has(*byte))) } else { set })
    }

    /// `[:alpha:]` behind its first bracket; `[.x.]` and `[=x=]` of one character.
    fn class(&mut self, set: &mut Bytes) -> Option<()> {
        let kind = self.peek()?;
        let rest = &self.text[self.at + 1..];
        let end = rest.windows(2).position(|pair| pair == [kind, b']'])?;
        let name = &rest[..end];
        self.at += 1 + end + 2;
        if kind != b':' {
            let [only] = name else { return None };
            set.add(*only);
            return Some(());
        }
        let test: fn(&u8) -> bool = match name {
            b"alpha" => u8::is_ascii_alphabetic,
            b"digit" | b"d" => u8::is_ascii_digit,
            b"alnum" => u8::is_ascii_alphanumeric,
            b"upper" => u8::is_ascii_uppercase,
            b"lower" => u8::is_ascii_lowercase,
            b"space" | b"s" => |byte| byte.is_ascii_whitespace() || *byte == 0x0b,
            b"blank" => |byte| matches!(byte, b' ' | b'\t'),
            b"punct" => u8::is_ascii_punctuation,
            b"print" => |byte| (0x20..0x7f).contains(byte),
            b"graph" => u8::is_ascii_graphic,
            b"cntrl" => u8::is_ascii_control,
            b"xdigit" => u8::is_ascii_hexdigit,
            b"w" => |byte| byte.is_ascii_alphanumeric() || *byte == b'_',
            _ => return None,
        };
        (0..=255).filter(test).for_each(|byte| set.add(byte));
        Some(())
    }
}

fn emit(node: &Node, program: &mut Vec<Inst>) -> Option<()> {
    if program.len() > LONGEST {
        return None;
    }
    match node {
        Node::Bytes(set) => program.push(Inst::Byte(Box::new(set.clone()))),
        Node::Start => program.push(Inst::AtStart),
        Node::End => program.push(Inst::AtEnd),
        Node::Group(index, inner) => {
            program.push(Inst::Save(index * 2));
            emit(inner, program)?;
            program.push(Inst::Save(index * 2 + 1));
        }
        Node::All(nodes) => nodes.iter().try_for_each(|node| emit(node, program))?,
        Node::Either(branches) => {
            let mut jumps = vec![];
            for (index, branch) in branches.iter().enumerate() {
                let last = index + 1 == branches.len();
                let split = program.len();
                if !last {
                    program.push(Inst::Split(split + 1, 0));
                }
                emit(branch, program)?;
                if !last {
                    jumps.push(program.len());
                    program.push(Inst::Jump(0));
                    program[split] = Inst::Split(split + 1, program.len());
                }
            }
            let end = program.len();
            jumps.into_iter().for_each(|jump| program[jump] = Inst::Jump(end));
        }
        Node::Repeat(inner, least, most) => repeat(inner, *least, *most, program)?,
    }
    Some(())
}

fn repeat(inner: &Node, least: usize, most: Option<usize>, program: &mut Vec<Inst>) -> Option<()> {
    for _ in 0..least {
        emit(inner, program)?;
    }
    match most {
        None => {
            let split = program.len();
            program.push(Inst::Split(split + 1, 0));
            emit(inner, program)?;
            program.push(Inst::Jump(split));
            program[split] = Inst::Split(split + 1, program.len());
        }
        Some(most) => {
            let mut splits = vec![];
            for _ in least..most {
                splits.push(program.len());
                program.push(Inst::Split(program.len() + 1, 0));
                emit(inner, program)?;
            }
            let end = program.len();
            splits.into_iter().for_each(|split| program[split] = Inst::Split(split + 1, end));
        }
    }
    Some(())
}
