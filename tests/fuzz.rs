//! The targets of `tests/fuzz/` with plain Rust: the same mutations of the same seeds each time, and every
//! input that ever ended badly. `tests/fuzz/run` goes on from there under libFuzzer.

#[path = "fuzz/mutation.rs"]
pub mod mutation;
#[path = "fuzz/seeds.rs"]
pub mod seeds;
#[path = "fuzz/targets/mod.rs"]
pub mod targets;

use mutation::Mutator;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// So many inputs each target is given; `OPTLINT_FUZZ` says how many if it should be more.
const INPUTS: usize = 25;

/// Runs a target on all crashes kept, and on mutations of its seeds.
fn survives(name: &str) {
    let target = targets::TARGETS.iter().find(|(known, _)| *known == name).expect("a target").1;
    let (seeds, crashes) = (seeds::seeds(name), seeds::crashes(name));
    assert!(!seeds.is_empty(), "{name} has no seeds");
    let wanted = std::env::var("OPTLINT_FUZZ").ok().and_then(|number| number.parse().ok()).unwrap_or(INPUTS);
    let mut mutator = Mutator::new(&seeds);
    let mutations = (0..wanted).map(|_| mutator.input());
    for input in crashes.iter().cloned().chain(mutations) {
        if catch_unwind(AssertUnwindSafe(|| target(&input))).is_err() {
            panic!("{name}: {:?}", String::from_utf8_lossy(&input));
        }
    }
}

/// A test for each target.
macro_rules! targets {
    ($($name:ident)*) => {
        $(#[test] fn $name() { survives(stringify!($name)); })*

        #[test]
        fn every_target_is_run() {
            assert_eq!(targets::TARGETS.map(|(name, _)| name), [$(stringify!($name)),*]);
        }
    };
}

targets! { configuration nginx caddyfile comments settings page records }
