//! `tests/fuzz/run configuration` runs this under libFuzzer.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| optlint_fuzz::configuration(bytes));
