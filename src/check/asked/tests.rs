use super::{Asked, Noting, still};
use crate::hash::Hash;
use crate::source::files::{FileKind, Files, Mark, Memory};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// A tree in memory whose files and folders leave marks, or do not, and how often it was asked something else.
struct Tree<'c> {
    memory: Memory,
    marks: bool,
    asked: &'c AtomicUsize,
}

impl Files for Tree<'_> {
    fn read(&self, path: &Path) -> Result<String, String> {
        self.asked.fetch_add(1, Relaxed);
        self.memory.read(path)
    }

    fn kind(&self, path: &Path) -> Option<FileKind> {
        self.asked.fetch_add(1, Relaxed);
        self.memory.kind(path)
    }

    fn list(&self, path: &Path) -> Option<Vec<(String, FileKind)>> {
        self.asked.fetch_add(1, Relaxed);
        self.memory.list(path)
    }

    fn mark(&self, path: &Path) -> Option<Mark> {
        let number = |hash: Hash| u64::from_str_radix(&hash.hex()[..16], 16).ok();
        let mark = match self.memory.kind(path) {
            None => Some(Mark::NOTHING),
            Some(FileKind::Directory) => {
                number(Hash::of([format!("{:?}", self.memory.list(path))])).map(Mark::numbered)
            }
            Some(_) => number(Hash::of([self.memory.read(path).unwrap_or_default()])).map(Mark::numbered),
        };
        mark.filter(|_| self.marks)
    }
}

fn memory(files: &[(&str, &str)]) -> Memory {
    let own = files.iter().map(|(path, text)| (PathBuf::from(path), (*text).to_owned()));
    Memory::new(own.chain((0..300).map(|n| (PathBuf::from(format!("/p/many{}/x{n}", n % 90)), "same".to_owned()))))
}

/// Whether what was asked of `/p/a` … `/p/e` is the same in other files, for one thread and for several, with marks
/// and without; with marks it takes `asked` questions besides.
fn check(files: &[(&str, &str)], expected: bool, asked: usize) {
    let count = AtomicUsize::new(0);
    let tree = |memory: &Memory, marks| Tree { memory: memory.clone(), marks, asked: &count };
    let (before, after) = (memory(&[("/p/a", "1"), ("/p/b", "2"), ("/p/c/d", "3")]), memory(files));
    for (had, has) in [(false, false), (true, true), (true, false), (false, true)] {
        let notes = Asked::new(vec!["/p".into()]);
        let noting = Noting::new(tree(&before, had), notes.clone());
        let at = |name: &str| PathBuf::from(format!("/p/{name}"));
        let read = [noting.read(&at("a")).ok(), noting.read(&at("e")).ok()];
        noting.kind(&at("b"));
        noting.list(&at("c"));
        (0..300).for_each(|n| _ = noting.read(&at(&format!("many{}/x{n}", n % 90))));
        assert_eq!((read, noting.kind(Path::new("/p/e"))), ([Some("1".to_owned()), None], None));
        for threads in [1, 2, 8] {
            let is_still = |answers| still(answers, &["/p".into()], || tree(&after, has), threads);
            count.store(0, Relaxed);
            let found = is_still(notes.answers());
            assert_eq!(found.is_some(), expected, "{files:?}, {threads}, marks: {had}, {has}");
            if had && has && threads == 1 {
                assert_eq!(count.load(Relaxed), asked, "{files:?}");
            }
            // What was asked for once need not be the next time.
            let Some((answers, is_newer)) = found else { continue };
            assert_eq!(is_newer, answers != notes.answers(), "{files:?}");
            assert!(is_newer || had || !has, "{files:?}");
            count.store(0, Relaxed);
            let (again, is_newer) = is_still(answers.clone()).expect("it was so just now");
            assert_eq!((again == answers, is_newer), (true, false));
            // That `e` cannot be read is asked always; that it is not there, unless a mark said so.
            assert!(!has || count.load(Relaxed) == if had { 1 } else { 2 }, "{files:?}, {}", count.load(Relaxed));
        }
    }
}

#[test]
fn only_what_was_asked_counts() {
    let same = [("/p/a", "1"), ("/p/b", "2"), ("/p/c/d", "3")];
    check(&same, true, 1);
    // Only what it is was asked, only that it is there.
    check(&[("/p/a", "1"), ("/p/b", "other"), ("/p/c/d", "other")], true, 1);
    // Of a folder with another name in it, all is asked, but no text is read that bears its mark.
    check(&[("/p/a", "1"), ("/p/b", "other"), ("/p/c/d", "other"), ("/p/f", "new")], true, 4);
    check(&[("/p/a", "other"), ("/p/b", "2"), ("/p/c/d", "3")], false, 1);
    check(&[("/p/a", "1"), ("/p/b/now a folder", "2"), ("/p/c/d", "3")], false, 1);
    check(&[("/p/a", "1"), ("/p/b", "2"), ("/p/c/d", "3"), ("/p/c/new", "")], false, 2);
    check(&[("/p/a", "1"), ("/p/b", "2"), ("/p/c/d", "3"), ("/p/e", "new")], false, 2);
    check(&[("/p/b", "2"), ("/p/c/d", "3")], false, 3);
}
