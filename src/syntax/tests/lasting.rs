//! What of a module hangs on `lib` alone.

use super::super::{Expr, ExprId, lasting, parse};
use crate::source::FileId;

/// In `text`, each expression written between `«` and `»` is lasting, each between `‹` and `›` is not.
fn check(text: &str) {
    let (mut plain, mut open, mut wanted) = (String::new(), vec![], vec![]);
    for c in text.chars() {
        match c {
            '«' | '‹' => open.push(plain.len() as u32),
            '»' | '›' => wanted.push((open.pop().unwrap(), plain.len() as u32, c == '»')),
            _ => plain.push(c),
        }
    }
    let tree = parse(FileId(0), &plain);
    let found = lasting(&tree, "lib");
    for (start, end, lasts) in wanted {
        let mut numbers = (0..tree.count() as u32).map(ExprId);
        let id = numbers.find(|id| {
            let span = tree.span(*id);
            (span.start, span.end) == (start, end) && !matches!(tree.expr(*id), Expr::Error)
        });
        let id = id.unwrap_or_else(|| panic!("no expression `{}`", &plain[start as usize..end as usize]));
        assert_eq!(found[id.0 as usize], lasts, "`{}` in `{plain}`", &plain[start as usize..end as usize]);
    }
}

#[test]
fn arguments() {
    check("{ config, lib, ... }: { a = «lib.types.str»; b = ‹config.b›; c = «1»; d = ‹{ e = config; }›; }");
    check("{ lib, ... }@args: { a = «lib.a»; b = ‹args.lib›; c = ‹./c.nix›; d = «\"${lib.d}\"»; }");
    check("lib: { a = ‹lib.a›; }");
    check("{ lib }: { lib, x }: { a = ‹lib.a›; b = ‹x›; }");
}

#[test]
fn lets() {
    check("{ config, lib }: let inherit (lib) m; c = config.c; in { a = «m 1»; b = ‹m c›; }");
    check("{ config, lib }: let inherit config lib; in { a = «lib.a»; b = ‹config.b›; }");
    check("{ config, lib }: let f = x: lib.f x y; y = lib.y; in { a = «f 1»; }");
    check("{ config, lib }: let f = x: lib.f x y; y = g 1; g = x: config; in { a = ‹f 1›; b = ‹y›; }");
    check("{ config, lib }: let even = n: odd n; odd = n: even n; in { a = «even 1»; }");
    check("{ config, lib }: let inherit (config) m; inherit (l) n; l = lib.l; in { a = ‹m›; b = «n»; }");
}

#[test]
fn functions() {
    check("{ config, lib }: { a = «x: «lib.f» ‹x›»; b = ‹x: config.f «(lib.g 1)»›; }");
    check("{ config, lib }: { a = «{ x ? ‹y›, y }: lib.f x»; b = ‹{ x ? config }: x›; }");
    check("{ config, lib }: { f = x: let y = lib.y; z = x.z; in { a = «y»; b = ‹z›; }; }");
}

#[test]
fn names_of_other_scopes() {
    check("{ config, lib }: { a = ‹with lib; b›; c = «rec { d = lib.e; f = 1; }»; g = ‹with config; 1›; }");
    check("{ config, lib }: rec { a = ‹b›; b = «lib.b»; }");
    check("{ config, lib }: rec { inherit lib; a = ‹lib.b›; }");
    check("{ config, lib }: { ${lib.a} = «1»; b = ‹{ ${config.c} = 1; }›; d = «true»; e = ‹__curPos›; }");
}
