//! What the operating system tells of a file or folder without opening it, by which a change shows.

use std::path::Path;

/// A mark of something on the disk. As long as a file leaves the same one, it is the same file with the same
/// bytes; as long as a folder does, it is the same folder with the same names in it, each of them of the same kind.
///
/// It is made of the device, the number, the kind, the size and the times of change: whoever writes, replaces,
/// moves or renames, alters one of them, and nobody can set the last one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark(u64);

impl Mark {
    /// That of a path where there is nothing.
    pub const NOTHING: Mark = Mark(0);

    /// The mark with a number.
    pub fn numbered(number: u64) -> Mark {
        Mark(number)
    }

    /// Its number: for the same program, on the same machine, the same mark has the same one.
    pub fn number(self) -> u64 {
        self.0
    }

    /// That of what lies at `path`, be it a link; `None` for a link, which says nothing of what it leads to, for a
    /// device and the like, and where the disk's marks cannot be relied on.
    pub fn now(path: &Path) -> Option<Mark> {
        found(std::fs::symlink_metadata(path), path)
    }

    /// The same; a link counts for what it leads to.
    pub fn followed(path: &Path) -> Option<Mark> {
        found(std::fs::metadata(path), path)
    }
}

#[cfg(unix)]
mod unix {
    use super::Mark;
    use std::cell::RefCell;
    use std::collections::hash_map::DefaultHasher;
    use std::fs::Metadata;
    use std::hash::{Hash, Hasher};
    use std::io;
    use std::os::unix::fs::MetadataExt;
    use std::path::Path;
    use std::time::{Duration, SystemTime};

    /// Something that was changed so short a time ago may be changed again and bear the same times: a system's
    /// clock for them advances a few milliseconds at a time, a whole second where no fractions are kept.
    const SETTLED: [Duration; 2] = [Duration::from_millis(100), Duration::from_secs(3)];

    thread_local! {
        /// Whether marks hold on a device, for those met last.
        static RELIABLE: RefCell<Vec<(u64, bool)>> = const { RefCell::new(vec![]) };
    }

    pub(super) fn found(found: io::Result<Metadata>, path: &Path) -> Option<Mark> {
        let found = match found {
            Ok(found) => found,
            Err(error) => {
                let is_missing = [io::ErrorKind::NotFound, io::ErrorKind::NotADirectory].contains(&error.kind());
                return is_missing.then_some(Mark::NOTHING);
            }
        };
        let usual = found.is_file() || found.is_dir();
        (usual && is_settled(&found) && is_reliable(found.dev(), path)).then(|| {
            let mut hasher = DefaultHasher::new();
            let times = [found.mtime(), found.mtime_nsec(), found.ctime(), found.ctime_nsec()];
            (found.dev(), found.ino(), found.mode(), found.uid(), found.gid(), found.size(), times).hash(&mut hasher);
            Mark(hasher.finish())
        })
    }

    fn is_settled(found: &Metadata) -> bool {
        let whole = found.mtime_nsec() == 0 && found.ctime_nsec() == 0;
        let time = |seconds: i64, nanoseconds: i64| {
            Some(SystemTime::UNIX_EPOCH + Duration::new(seconds.try_into().ok()?, nanoseconds.try_into().ok()?))
        };
        let changed = time(found.ctime(), found.ctime_nsec());
        changed.and_then(|at| at.elapsed().ok()).is_some_and(|ago| ago > SETTLED[usize::from(whole)])
    }

    fn is_reliable(device: u64, path: &Path) -> bool {
        RELIABLE.with_borrow_mut(|known| match known.iter().find(|(one, _)| *one == device) {
            Some((_, reliable)) => *reliable,
            None => {
                let reliable = is_local(path);
                known.truncate(16);
                known.push((device, reliable));
                reliable
            }
        })
    }

    /// Whether a file lies in one of the common local file systems, all of which keep the times of folders and
    /// of changes themselves. Network and user-space file systems may not.
    #[cfg(target_os = "linux")]
    fn is_local(path: &Path) -> bool {
        // Their numbers stand in statfs(2). Bcachefs, Btrfs, ext2 to ext4, F2FS, overlayfs, tmpfs, XFS, ZFS.
        const LOCAL: [u32; 8] =
            [0xca45_1a4e, 0x9123_683e, 0xef53, 0xf2f5_2010, 0x794c_7630, 0x0102_1994, 0x5846_5342, 0x2fc1_2fc1];
        rustix::fs::statfs(path).is_ok_and(|found| LOCAL.contains(&(found.f_type as u32)))
    }

    #[cfg(not(target_os = "linux"))]
    fn is_local(_: &Path) -> bool {
        false
    }
}

#[cfg(unix)]
use unix::found;

#[cfg(not(unix))]
fn found(_: std::io::Result<std::fs::Metadata>, _: &Path) -> Option<Mark> {
    None
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::Mark;
    use std::fs;
    use std::path::Path;
    use std::time::Duration;

    /// The mark of something once it has one.
    fn mark(path: &Path) -> Mark {
        loop {
            match Mark::now(path) {
                Some(mark) => return mark,
                None => std::thread::sleep(Duration::from_millis(10)),
            }
        }
    }

    #[test]
    fn every_change_leaves_another_mark() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("a"), "1").unwrap();
        // So short after a change there is none.
        assert_eq!((Mark::now(&at("a")), Mark::now(folder.path())), (None, None));
        let (file, inside) = (mark(&at("a")), mark(folder.path()));
        assert_eq!((mark(&at("a")), mark(folder.path())), (file, inside));
        let time = fs::metadata(at("a")).unwrap().modified().unwrap();
        fs::write(at("a"), "2").unwrap();
        fs::File::options().write(true).open(at("a")).unwrap().set_modified(time).unwrap();
        assert_ne!(mark(&at("a")), file);
        assert_eq!(mark(folder.path()), inside);
        fs::write(at("b"), "").unwrap();
        let with_b = mark(folder.path());
        assert_ne!(with_b, inside);
        fs::rename(at("b"), at("c")).unwrap();
        assert_ne!(mark(folder.path()), with_b);
        assert_eq!(Mark::now(&at("b")), Some(Mark::NOTHING));
    }

    #[test]
    fn what_leads_elsewhere_or_is_made_up_has_none() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir(at("own")).unwrap();
        std::os::unix::fs::symlink("own", at("link")).unwrap();
        let own = mark(&at("own"));
        assert_eq!((Mark::now(&at("link")), Mark::followed(&at("link"))), (None, Some(own)));
        for path in ["/dev/null", "/proc/self/status", "/sys"] {
            assert_eq!(Mark::now(Path::new(path)), None, "{path}");
        }
    }
}
