//! Hashes, and store paths that follow from them.

use super::Builtin;
use crate::eval::Eval;
use crate::eval::thunk::Thunk;
use crate::eval::val::{R, Val};
use crate::source::Origin;
use crate::value::Str;
use sha2::Digest;

pub(super) const TABLE: &[Builtin] = &[("hashString", 2, hash_string), ("placeholder", 1, placeholder)];

fn hash_string(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    eval.each_text(&args[0], "", at, |eval, kind| {
        let kind = kind.clone();
        eval.each_text(&args[1], "", at, |eval, text| match text.known() {
            Some(known) => value(eval, &kind, known, at),
            None => Ok(eval.after_holes(text, &format!("hashString {kind}"), at)),
        })
    })
}

/// The hash of a text, in hexadecimal.
pub(super) fn value(eval: &mut Eval, kind: &Str, text: &str, at: Origin) -> R {
    let hash = match kind.known() {
        Some("md5") => hex(&md5::Md5::digest(text)),
        Some("sha1") => hex(&sha1::Sha1::digest(text)),
        Some("sha256") => hex(&sha2::Sha256::digest(text)),
        Some("sha512") => hex(&sha2::Sha512::digest(text)),
        Some(other) => return eval.fail(format!("unknown hash type '{}'", eval.quoted(other, at)), at),
        None => return Ok(eval.after_holes(kind, "hashString", at)),
    };
    Ok(Val::text(&hash, at))
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The digits of Nix's own base 32: without `e`, `o`, `t` and `u`.
pub(super) const BASE32: &[u8; 32] = b"0123456789abcdfghijklmnpqrsvwxyz";

/// Nix's own base 32: the last bits first.
pub(super) fn base32(bytes: &[u8]) -> String {
    let length = (bytes.len() * 8).div_ceil(5);
    let digit = |n: usize| {
        let (byte, bit) = (n * 5 / 8, n * 5 % 8);
        let low = bytes[byte] >> bit;
        let high = bytes.get(byte + 1).map_or(0, |next| (u16::from(*next) << (8 - bit)) as u8);
        char::from(BASE32[usize::from((low | high) & 31)])
    };
    (0..length).rev().map(digit).collect()
}

fn placeholder(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    eval.each_text(&args[0], "placeholder", at, |eval, output| match output.known() {
        Some(known) => {
            let hash = sha2::Sha256::digest(format!("nix-output:{known}"));
            Ok(Val::text(&format!("/{}", base32(&hash)), at))
        }
        None => Ok(eval.after_holes(output, "placeholder", at)),
    })
}
