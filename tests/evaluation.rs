//! What is known of values: every document in `tests/evaluation/` is run.
//!
//! The notation is that of rules' pages; `src/verify/value.rs` says what carets may mark.

use optlint::rules::STAND_IN;
use optlint::verify::{Workbench, check_values};
use std::path::Path;

/// Stack of the thread that evaluates, in bytes.
const STACK: usize = 256 << 20;

#[test]
fn documents_hold() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/evaluation");
    let mut documents: Vec<_> =
        std::fs::read_dir(folder).expect("the folder").flatten().map(|entry| entry.path()).collect();
    documents.sort();
    assert!(!documents.is_empty());
    let work = move || {
        let mut bench = Workbench::new(STAND_IN);
        let failures = documents.iter().flat_map(|path| {
            let name = format!("tests/evaluation/{}", path.file_name().unwrap_or_default().display());
            let text = std::fs::read_to_string(path).expect("a document");
            check_values(&mut bench, &name, &text)
        });
        failures.map(|failure| failure.to_string()).collect::<Vec<_>>()
    };
    let failures =
        std::thread::Builder::new().stack_size(STACK).spawn(work).expect("a thread").join().expect("no panic");
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}
