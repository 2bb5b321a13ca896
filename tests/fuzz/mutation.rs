//! Inputs made of other inputs, always the same ones.

/// What often means something.
const WORDS: [&str; 40] = [
    "\"",
    "''",
    "${",
    "}",
    "{",
    "(",
    ")",
    "[",
    "]",
    ";",
    " = ",
    "# optlint: allow ",
    "/*",
    "*/",
    "\n",
    "\r\n",
    "\\",
    "$",
    "rec ",
    "let ",
    " in ",
    "with ",
    "inherit ",
    "import ./. ",
    "builtins.",
    "lib.mkIf ",
    "lib.mkForce ",
    "null",
    "-",
    "9223372036854775807",
    "1.7976931348623157e308",
    "\u{0}",
    "\u{feff}",
    "\u{202e}",
    "ä",
    "\u{1f980}",
    "location /",
    "~* ^",
    "%{",
    "x: ",
];

/// Makes them.
pub struct Mutator<'a> {
    seeds: &'a [Vec<u8>],
    state: u64,
}

impl<'a> Mutator<'a> {
    /// From these seeds, of which there is at least one.
    pub fn new(seeds: &'a [Vec<u8>]) -> Self {
        Self { seeds, state: 0x9e37_79b9_7f4a_7c15 }
    }

    /// A number below `end`, or 0: xorshift.
    fn below(&mut self, end: usize) -> usize {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        (self.state >> 11) as usize % end.max(1)
    }

    /// A piece of one of the seeds.
    fn piece(&mut self) -> Vec<u8> {
        let seed = self.below(self.seeds.len());
        let seed = &self.seeds[seed];
        let start = self.below(seed.len());
        let end = start + self.below((seed.len() - start).min(400));
        seed[start..end].to_vec()
    }

    /// The next input.
    pub fn input(&mut self) -> Vec<u8> {
        let seed = self.below(self.seeds.len());
        let mut input = self.seeds[seed].clone();
        for _ in 0..=self.below(6) {
            let at = self.below(input.len());
            let end = at + self.below((input.len() - at).min(100));
            match self.below(8) {
                0 => drop(input.drain(at..end)),
                1 => {
                    let twice = input[at..end].to_vec();
                    drop(input.splice(end..end, twice));
                }
                2 | 3 => {
                    let piece = self.piece();
                    drop(input.splice(at..end, piece));
                }
                4 | 5 => {
                    let word = WORDS[self.below(WORDS.len())].repeat(1 + self.below(3));
                    drop(input.splice(at..at, word.into_bytes()));
                }
                6 => input.truncate(end),
                _ if input.is_empty() => {}
                _ => input[at] = self.below(256) as u8,
            }
        }
        input
    }
}
