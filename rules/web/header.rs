//! Which headers a response carries.

use super::super::written::values;
use super::directive::Directive;
use super::vhost::{Location, Vhost};
use crate::lint::prelude::*;

/// Whether responses of `location` get the header `name` (in lower case).
///
/// nginx takes over the `add_header`s around a block only if the block has none.
pub(crate) fn has_header(cx: &Cx<'_>, vhost: &Vhost<'_>, location: &Location<'_>, name: &str) -> Truth {
    let here = sets(location, name);
    if here.is_true() || location.statements.iter().any(|statement| statement.directive.is("add_header")) {
        return here;
    }
    let around = sets(&vhost.own, name);
    if vhost.own.statements.iter().any(|statement| statement.directive.is("add_header")) {
        return here | around;
    }
    here | around | of_server(cx, name)
}

/// Whether the statements of `location` set it.
fn sets(location: &Location<'_>, name: &str) -> Truth {
    let gaps = location.gaps.iter().cloned().map(Truth::Unknown);
    Truth::any(location.statements.iter().map(|statement| sets_header(&statement.directive, name)).chain(gaps))
}

/// `add_header`, `more_set_headers` and Caddy's `header`, short or with a block.
pub(crate) fn sets_header(directive: &Directive, name: &str) -> Truth {
    let is_it = |word: &Str| {
        let word = super::text::lower_case(word);
        let plain = word.known().map(|word| word.trim_start_matches(['+', '?', '>']).trim_end_matches(':').to_owned());
        plain.map_or_else(|| word.equals(&Str::new(name)), |plain| Truth::from(plain == name))
    };
    match directive.name.known() {
        Some("add_header") => directive.args.first().map_or(Truth::False, is_it),
        Some("more_set_headers") => Truth::any(directive.args.iter().map(|arg| {
            let header = super::text::split_once(arg, ":").map_or(arg.clone(), |(header, _)| header);
            is_it(&header)
        })),
        Some("header") => {
            let inside = directive.block.iter().flat_map(|block| &block.directives).map(|line| is_it(&line.name));
            let gaps = directive.block.iter().flat_map(|block| &block.gaps).cloned().map(Truth::Unknown);
            Truth::any(directive.args.first().map(is_it).into_iter().chain(inside).chain(gaps))
        }
        // What stands in it counts for the requests that it is true of, such as `$request_method = GET`.
        Some("if") => {
            let block = || directive.block.iter();
            let inside = block().flat_map(|block| &block.directives).map(|inner| sets_header(inner, name));
            let gaps = block().flat_map(|block| &block.gaps).cloned().map(Truth::Unknown);
            match Truth::any(inside.chain(gaps)) {
                Truth::False => Truth::False,
                _ => Truth::Unknown(super::text::not_followed("a condition of nginx", Origin::Default)),
            }
        }
        Some(_) => Truth::False,
        None => directive.name.equals(&Str::new("add_header")),
    }
}

/// Headers that nginx sets for all its virtual hosts.
fn of_server(cx: &Cx<'_>, name: &str) -> Truth {
    let options = ["services.nginx.commonHttpConfig", "services.nginx.appendHttpConfig"];
    let views = options.iter().flat_map(|option| values(&cx.option(option)));
    Truth::any(views.map(|view| match (view.text(), view.unknown()) {
        (Some(_), _) => {
            let block = view.read_text(super::nginx_text::read);
            let gaps = block.gaps.iter().cloned().map(Truth::Unknown);
            Truth::any(block.directives.iter().map(|directive| sets_header(directive, name)).chain(gaps))
        }
        (None, unknown) => unknown.map_or(Truth::False, Truth::Unknown),
    }))
}

#[cfg(test)]
mod tests {
    use super::super::{caddyfile, nginx_text};
    use super::*;

    #[test]
    fn setting() {
        let check = |directive: &Directive, expected: bool| {
            assert_eq!(sets_header(directive, "x-a").is_true(), expected, "{directive:?}");
        };
        let nginx = |text: &str| nginx_text::read(&Str::new(text), Origin::Default).directives.remove(0);
        let caddy = |text: &str| caddyfile::read(&Str::new(text), Origin::Default).directives.remove(0);
        check(&nginx("add_header X-A b;"), true);
        check(&nginx("add_header X-B X-A;"), false);
        check(&nginx("more_set_headers 'X-A: b' 'X-C: d';"), true);
        let perhaps = sets_header(&nginx("if ($request_method = 'GET') { add_header X-A b; }"), "x-a");
        assert!(matches!(perhaps, Truth::Unknown(_)), "{perhaps:?}");
        assert!(sets_header(&nginx("if ($a) { add_header X-B b; }"), "x-a").is_false());
        check(&caddy("header X-A b"), true);
        check(&caddy("header +X-A b"), true);
        check(&caddy("header -X-A"), false);
        check(&caddy("header {\n ?X-A b\n}"), true);
    }
}
