//! Hashes in their written forms: `convertHash`.

use super::Builtin;
use super::hash::{BASE32, base32, hex};
use crate::eval::Eval;
use crate::eval::thunk::Thunk;
use crate::eval::val::{AttrSet, Kind, R, Val};
use crate::source::Origin;
use crate::value::Cause;

pub(super) const TABLE: &[Builtin] = &[("convertHash", 1, convert_hash)];

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The hash functions and the bytes of their results.
const ALGORITHMS: &[(&str, usize)] = &[("md5", 16), ("sha1", 20), ("sha256", 32), ("sha512", 64), ("blake3", 32)];

/// `convertHash { hash; hashAlgo ? …; toHashFormat; }`.
fn convert_hash(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    eval.each_set(&args[0], at, |eval, given| {
        let (hash, format) = (part(eval, given, "hash")?, part(eval, given, "toHashFormat")?);
        let algorithm = match given.known.contains_key("hashAlgo") {
            true => Some(part(eval, given, "hashAlgo")?),
            false => None,
        };
        let (Ok(hash), Ok(format), Ok(algorithm)) = (hash, format, algorithm.transpose()) else {
            return Ok(eval.unknown(Cause::Unsupported("a hash that is not known".into()), at));
        };
        if !given.is_complete() && algorithm.is_none() {
            return Ok(eval.unknown(Cause::Unsupported("a hash of some kind".into()), at));
        }
        let Some((algorithm, bytes)) = parse(&hash, algorithm.as_deref()) else {
            return eval.fail(format!("hash '{}' cannot be read", eval.quoted(&hash, at)), at);
        };
        let written = match &*format {
            "base16" => hex(&bytes),
            "nix32" | "base32" => base32(&bytes),
            "base64" => base64(&bytes),
            "sri" => format!("{algorithm}-{}", base64(&bytes)),
            other => {
                return eval.fail(format!("unknown hash format '{}'", eval.quoted(other, at)), at);
            }
        };
        Ok(Val::text(&written, at))
    })
}

/// A text of the argument, or why it is not known.
fn part(eval: &mut Eval, given: &AttrSet, name: &str) -> R<Result<String, ()>> {
    let Some(attribute) = given.known.get(name) else {
        return if given.is_complete() {
            eval.fail(format!("attribute '{name}' missing"), Origin::Default)
        } else {
            Ok(Err(()))
        };
    };
    let value = eval.force(&attribute.value.clone())?;
    match &value.kind {
        Kind::Str(text) => Ok(text.known().map(str::to_owned).ok_or(())),
        Kind::Unknown(_) | Kind::OneOf(_) | Kind::Package(_) => Ok(Err(())),
        other => eval.fail(format!("value is {} while a string was expected", other.describe()), value.origin),
    }
}

/// The algorithm and the bytes: `sha256-<base 64>`, `sha256:<any>` or, with an algorithm given, `<any>`.
fn parse(hash: &str, algorithm: Option<&str>) -> Option<(String, Vec<u8>)> {
    let (named, text, only64) = match (hash.split_once(':'), hash.split_once('-')) {
        (Some((named, text)), _) => (Some(named), text, false),
        (None, Some((named, text))) => (Some(named), text, true),
        (None, None) => (None, hash, false),
    };
    let algorithm = match (named, algorithm) {
        (Some(named), Some(given)) if named != given => return None,
        (named, given) => named.or(given)?,
    };
    let (_, size) = ALGORITHMS.iter().find(|(name, _)| *name == algorithm)?;
    let bytes = match text.len() {
        length if !only64 && length == size * 2 => from_hex(text),
        length if !only64 && length == (size * 8).div_ceil(5) => from_base32(text, *size),
        length if length == size.div_ceil(3) * 4 => from_base64(text, *size),
        _ => None,
    }?;
    Some((algorithm.to_owned(), bytes))
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: &u8| char::from(*byte).to_digit(16);
    text.as_bytes().chunks(2).map(|pair| Some((digit(&pair[0])? * 16 + digit(pair.get(1)?)?) as u8)).collect()
}

fn from_base32(text: &str, size: usize) -> Option<Vec<u8>> {
    let mut bytes = vec![0_u8; size];
    for (n, digit) in text.bytes().rev().enumerate() {
        let value = BASE32.iter().position(|have| *have == digit)? as u16;
        let (byte, bit) = (n * 5 / 8, n * 5 % 8);
        let shifted = value << bit;
        *bytes.get_mut(byte)? |= (shifted & 255) as u8;
        match bytes.get_mut(byte + 1) {
            Some(next) => *next |= (shifted >> 8) as u8,
            None if shifted >> 8 != 0 => return None,
            None => (),
        }
    }
    Some(bytes)
}

fn from_base64(text: &str, size: usize) -> Option<Vec<u8>> {
    let mut bytes = vec![];
    let (mut bits, mut pending) = (0_u32, 0);
    for digit in text.trim_end_matches('=').bytes() {
        let value = BASE64.iter().position(|have| *have == digit)? as u32;
        bits = (bits << 6 | value) & 0xff_ffff;
        pending += 6;
        if pending >= 8 {
            pending -= 8;
            bytes.push((bits >> pending & 255) as u8);
        }
    }
    (bytes.len() == size).then_some(bytes)
}

fn base64(bytes: &[u8]) -> String {
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let byte = |n: usize| u32::from(chunk.get(n).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for n in 0..4 {
            match n <= chunk.len() {
                true => text.push(char::from(BASE64[(bits >> (18 - 6 * n) & 63) as usize])),
                false => text.push('='),
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{base64, parse};
    use crate::eval::builtin::hash::{base32, hex};

    #[test]
    fn every_form_of_a_hash_reads_back() {
        let bytes: Vec<u8> = (0..32_u8).map(|n| n.wrapping_mul(37).wrapping_add(11)).collect();
        for text in [hex(&bytes), base32(&bytes), base64(&bytes)] {
            assert_eq!(parse(&text, Some("sha256")), Some(("sha256".to_owned(), bytes.clone())), "{text}");
            assert_eq!(parse(&format!("sha256:{text}"), None), Some(("sha256".to_owned(), bytes.clone())), "{text}");
            assert_eq!(parse(&text, None), None);
            assert_eq!(parse(&text, Some("sha1")), None);
        }
        let sri = format!("sha256-{}", base64(&bytes));
        assert_eq!(parse(&sri, Some("sha256")), Some(("sha256".to_owned(), bytes)));
        // The hash of nothing, as `nix hash` writes it.
        let (_, empty) = parse("sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", None).unwrap();
        assert_eq!(base32(&empty), "0mdqa9w1p6cmli6976v4wi0sw9r4p5prkj7lzfd1877wk11c9c73");
        assert_eq!(hex(&empty), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }
}
