//! Trees that were read when the program was built: those of the Nix that ships with it.
//!
//! A tree is found by its text, so that none is ever taken for that of another text.

use super::stored::{Reader, Writer};
use super::*;

/// Everything that was prepared: how many there are, then keys with places and lengths, then trees.
/// The build itself has nothing yet.
#[cfg(optlint_prepared)]
static PREPARED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/prepared"));
#[cfg(not(optlint_prepared))]
static PREPARED: &[u8] = &[];

/// Bytes of an entry of the index.
const ENTRY: usize = 16;

/// What a text is found by.
pub fn key(text: &str) -> u64 {
    // Two texts with one key would be noticed by a test; nobody outside chooses these texts.
    let mut key = text.len() as u64;
    for chunk in text.as_bytes().chunks(8) {
        let mut bytes = [0; 8];
        bytes[..chunk.len()].copy_from_slice(chunk);
        key = (key ^ u64::from_le_bytes(bytes)).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29);
    }
    key
}

/// Whether the tree of a text that ships with this program was prepared.
pub fn is_prepared(text: &str) -> bool {
    find(text).is_some()
}

/// The tree of a text that ships with this program, if it was prepared. For a page it is that of its
/// header, with the places of the page.
pub fn prepared(file: FileId, text: &str) -> Option<Tree> {
    Reader::new(find(text)?).tree(file)
}

fn find(text: &str) -> Option<&'static [u8]> {
    let count = number(PREPARED, 0)? as usize;
    let wanted = key(text);
    let at = |index: usize| 8 + index * ENTRY;
    let (mut low, mut high) = (0, count);
    while low < high {
        let middle = low + (high - low) / 2;
        match number(PREPARED, at(middle))?.cmp(&wanted) {
            std::cmp::Ordering::Less => low = middle + 1,
            std::cmp::Ordering::Greater => high = middle,
            std::cmp::Ordering::Equal => {
                let place = number(PREPARED, at(middle) + 8)?;
                let (start, length) = ((place >> 32) as usize, (place & 0xffff_ffff) as usize);
                return PREPARED.get(start..start + length);
            }
        }
    }
    None
}

fn number(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(bytes.get(at..at + 8)?.try_into().ok()?))
}

/// A tree as bytes.
pub fn store(tree: &Tree) -> Vec<u8> {
    Writer::default().tree(tree)
}

/// Writes what [`prepared`] looks things up in: sorted keys with their trees.
pub fn write(entries: &[(u64, Vec<u8>)], out: &mut Vec<u8>) {
    out.extend((entries.len() as u64).to_le_bytes());
    let mut start = 8 + entries.len() * ENTRY;
    for (key, tree) in entries {
        out.extend(key.to_le_bytes());
        out.extend(((start as u64) << 32 | tree.len() as u64).to_le_bytes());
        start += tree.len();
    }
    for (_, tree) in entries {
        out.extend(tree);
    }
}
