//! Names for lists of texts: whoever has the same name has the same list.

use sha2::{Digest, Sha256};

/// A hash that is being made. Each piece counts with its length, so that no two lists read alike.
#[derive(Clone, Default)]
pub struct Hash(Sha256);

impl Hash {
    /// The hash of these pieces so far.
    pub fn of<P: AsRef<[u8]>>(pieces: impl IntoIterator<Item = P>) -> Hash {
        let mut hash = Hash::default();
        pieces.into_iter().for_each(|piece| hash.add(piece));
        hash
    }

    /// Adds a piece.
    pub fn add(&mut self, piece: impl AsRef<[u8]>) {
        let piece = piece.as_ref();
        self.0.update((piece.len() as u64).to_le_bytes());
        self.0.update(piece);
    }

    /// All of it in 64 hexadecimal digits.
    pub fn hex(self) -> String {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let digits = |byte: &u8| [byte >> 4, byte & 15].map(|digit| char::from(DIGITS[usize::from(digit)]));
        self.0.finalize().iter().flat_map(digits).collect()
    }
}

/// The bytes that [`sealed`] puts in front.
const SEAL: usize = 65;

/// What is kept under a name, with a line in front that tells whether it is that.
pub fn sealed(name: &str, bytes: &[u8]) -> Vec<u8> {
    let seal = Hash::of([name.as_bytes(), bytes]).hex();
    [seal.as_bytes(), b"\n", bytes].concat()
}

/// The same without the line; `None` if it is something else.
pub fn unsealed<'b>(name: &str, bytes: &'b [u8]) -> Option<&'b [u8]> {
    let (line, rest) = bytes.split_at_checked(SEAL)?;
    let seal = Hash::of([name.as_bytes(), rest]).hex();
    (line.strip_suffix(b"\n")? == seal.as_bytes()).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::{Hash, SEAL, sealed, unsealed};

    #[test]
    fn seals_hold_for_a_name_and_its_bytes() {
        let kept = sealed("a", b"text");
        assert_eq!((kept.len(), unsealed("a", &kept)), (SEAL + 4, Some(&b"text"[..])));
        assert_eq!(unsealed("b", &kept), None);
        assert_eq!(unsealed("a", &kept[..kept.len() - 1]), None);
        assert_eq!(unsealed("a", b"text"), None);
    }

    #[test]
    fn pieces_count_with_their_ends() {
        let of = |pieces: &[&str]| Hash::of(pieces).hex();
        assert_eq!(of(&["ab", "c"]), of(&["ab", "c"]));
        assert_ne!(of(&["ab", "c"]), of(&["a", "bc"]));
        assert_ne!(of(&["a"]), of(&["a", ""]));
        // The SHA-256 of nothing.
        assert_eq!(&of(&[])[..16], "e3b0c44298fc1c14");
    }
}
