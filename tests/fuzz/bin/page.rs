//! `tests/fuzz/run page` runs this under libFuzzer.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| optlint_fuzz::page(bytes));
