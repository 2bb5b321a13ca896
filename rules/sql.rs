//! What a script of SQL does to roles and databases of PostgreSQL.
//!
//! Facts: <https://www.postgresql.org/docs/current/sql-createrole.html>, `sql-alterrole` and
//! `sql-createdatabase` beside it, and "Lexical Structure" in the same manual.

use crate::rules::secret::text::HOLE;

/// A script, as far as it can be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Script {
    /// In order.
    pub(crate) statements: Vec<Statement>,
    /// Whether something unknown in it may be any statement.
    pub(crate) may_hold_more: bool,
}

/// A statement about a role or a database. In names and texts, [`HOLE`] stands for what is unknown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Statement {
    /// `CREATE ROLE` or `CREATE USER`; `ALTER` of either if not `created`.
    Role {
        name: String,
        created: bool,
        /// Whether it says that the role may log in, or may not.
        login: Option<bool>,
        /// The text behind `PASSWORD`.
        password: Option<String>,
    },
    /// `CREATE DATABASE`.
    Database { name: String, owner: Option<String>, collation: Option<String>, ctype: Option<String> },
}

/// A word of SQL.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    /// A keyword or an unquoted name, as written.
    Word(String),
    /// `"…"`
    Name(String),
    /// `'…'` or `$$…$$`
    Text(String),
    /// `;`
    End,
    /// Any other character.
    Mark(char),
}

/// Reads a script. Never fails: what is not understood is left out.
pub(crate) fn read(text: &str) -> Script {
    let mut script = Script::default();
    for statement in tokens(text).split(|token| *token == Token::End) {
        read_statement(statement, &mut script);
        // `DO $$ BEGIN CREATE ROLE …; END $$`
        let blocks = statement.iter().filter(|_| says(statement.first(), "DO"));
        for block in blocks.filter_map(|token| if let Token::Text(text) = token { Some(text) } else { None }) {
            for inner in tokens(block).split(|token| *token == Token::End) {
                read_statement(inner, &mut script);
            }
        }
    }
    script
}

fn read_statement(tokens: &[Token], script: &mut Script) {
    // In such a block a statement may stand behind BEGIN or THEN.
    let start = tokens.iter().position(|token| says(Some(token), "CREATE") || says(Some(token), "ALTER"));
    let before = &tokens[..start.unwrap_or(tokens.len())];
    script.may_hold_more |= before.iter().any(|token| matches!(token, Token::Word(word) if word.contains(HOLE)));
    let Some((head, rest)) = tokens[before.len()..].split_first() else { return };
    let created = says(Some(head), "CREATE");
    let Some((kind, rest)) = rest.split_first() else { return };
    let [name @ (Token::Word(_) | Token::Name(_)), options @ ..] = skip_existence(rest) else { return };
    let name = text_of(name);
    if says(Some(kind), "DATABASE") && created {
        script.statements.push(database(name, options));
    } else if ["ROLE", "USER", "GROUP"].iter().any(|word| says(Some(kind), word)) {
        let own = says(Some(kind), "USER") && created;
        script.statements.push(role(name, created, own.then_some(true), options));
    }
}

/// Leaves out `IF NOT EXISTS`.
fn skip_existence(tokens: &[Token]) -> &[Token] {
    let is = |at: usize, word: &str| says(tokens.get(at), word);
    if is(0, "IF") && is(1, "NOT") && is(2, "EXISTS") { &tokens[3..] } else { tokens }
}

fn role(name: String, created: bool, mut login: Option<bool>, options: &[Token]) -> Statement {
    let mut password = None;
    for (at, option) in options.iter().enumerate() {
        if says(Some(option), "LOGIN") {
            login = Some(true);
        } else if says(Some(option), "NOLOGIN") {
            login = Some(false);
        } else if says(Some(option), "PASSWORD")
            && let Some(Token::Text(text)) = options.get(at + 1)
        {
            password = Some(text.clone());
        }
    }
    Statement::Role { name, created, login, password }
}

fn database(name: String, options: &[Token]) -> Statement {
    let value_of = |wanted: &str| {
        let at = options.iter().position(|option| says(Some(option), wanted))?;
        let value = options[at + 1..].iter().find(|token| **token != Token::Mark('='))?;
        (!matches!(value, Token::Mark(_))).then(|| text_of(value))
    };
    let locale = value_of("LOCALE");
    Statement::Database {
        name,
        owner: value_of("OWNER"),
        collation: value_of("LC_COLLATE").or_else(|| locale.clone()),
        ctype: value_of("LC_CTYPE").or(locale),
    }
}

fn says(token: Option<&Token>, keyword: &str) -> bool {
    matches!(token, Some(Token::Word(word)) if word.eq_ignore_ascii_case(keyword))
}

/// The name or text a token stands for: unquoted names are folded to lower case.
fn text_of(token: &Token) -> String {
    match token {
        Token::Word(word) => word.to_lowercase(),
        Token::Name(text) | Token::Text(text) => text.clone(),
        Token::End | Token::Mark(_) => String::new(),
    }
}

fn tokens(text: &str) -> Vec<Token> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == HOLE;
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let after = &rest[c.len_utf8()..];
        let (token, next) = match c {
            '-' if after.starts_with('-') => (None, after_line(rest)),
            '/' if after.starts_with('*') => (None, after.split_once("*/").map_or("", |(_, next)| next)),
            // A command of psql ends with its line.
            '\\' => (Some(Token::End), after_line(rest)),
            '\'' => quoted(after, '\'').map(Token::Text),
            '"' => quoted(after, '"').map(Token::Name),
            '$' => dollar_quoted(rest)
                .map_or((Some(Token::Mark('$')), after), |(text, next)| (Some(Token::Text(text.to_owned())), next)),
            ';' => (Some(Token::End), after),
            c if c.is_whitespace() => (None, after),
            c if is_word(c) => {
                let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
                (Some(Token::Word(rest[..end].to_owned())), &rest[end..])
            }
            c => (Some(Token::Mark(c)), after),
        };
        tokens.extend(token);
        rest = next;
    }
    tokens
}

fn after_line(text: &str) -> &str {
    text.split_once('\n').map_or("", |(_, next)| next)
}

/// What stands before the next `quote` that is not doubled, and what stands behind it.
struct Quoted<'t>(Option<String>, &'t str);

impl<'t> Quoted<'t> {
    fn map(self, token: impl FnOnce(String) -> Token) -> (Option<Token>, &'t str) {
        (self.0.map(token), self.1)
    }
}

fn quoted(text: &str, quote: char) -> Quoted<'_> {
    let mut content = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(quote) {
        content.push_str(before);
        match after.strip_prefix(quote) {
            Some(next) => {
                content.push(quote);
                rest = next;
            }
            None => return Quoted(Some(content), after),
        }
    }
    Quoted(None, "")
}

/// `$tag$…$tag$`: the text between, and what stands behind.
fn dollar_quoted(text: &str) -> Option<(&str, &str)> {
    let end = text[1..].find('$')? + 2;
    let tag = &text[..end];
    if !tag[1..end - 1].chars().all(|c| c.is_alphanumeric() || c == '_') {
        return None;
    }
    text[end..].split_once(tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let show = |statement: &Statement| match statement {
            Statement::Role { name, created, login, password } => {
                let login = match login {
                    None => "",
                    Some(true) => " login",
                    Some(false) => " nologin",
                };
                let password = password.as_ref().map_or(String::new(), |text| format!(" pw={text}"));
                format!("{} {name}{login}{password}", if *created { "role" } else { "alter" })
            }
            Statement::Database { name, owner, collation, ctype } => {
                let show = |label: &str, value: &Option<String>| {
                    value.as_ref().map_or(String::new(), |value| format!(" {label}={value}"))
                };
                let owner = show("owner", owner);
                format!("db {name}{owner}{}{}", show("collate", collation), show("ctype", ctype))
            }
        };
        let script = read(text);
        let mut shown: Vec<String> = script.statements.iter().map(show).collect();
        shown.extend(script.may_hold_more.then(|| "more".to_owned()));
        assert_eq!(shown.join(", "), expected, "{text}");
    }

    #[test]
    fn roles() {
        check("CREATE ROLE \"matrix-synapse\" WITH LOGIN PASSWORD 'x''y';", "role matrix-synapse login pw=x'y");
        check("create user Synapse; ALTER ROLE synapse NOLOGIN", "role synapse login, alter synapse nologin");
        check("CREATE ROLE \"synapse WITH LOGIN\";", "role synapse WITH LOGIN");
        check("CREATE USER a ENCRYPTED PASSWORD NULL;", "role a login");
        check("-- CREATE ROLE a;\n/* CREATE ROLE b; */ SELECT 1; \\c a\nCREATE ROLE c", "role c");
        check("DO $x$ BEGIN CREATE ROLE a LOGIN; END $x$;", "role a login");
    }

    #[test]
    fn databases() {
        let expected = "db a owner=o collate=C ctype=C";
        check("CREATE DATABASE a OWNER o TEMPLATE template0 LC_COLLATE = 'C' LC_CTYPE \"C\";", expected);
        check("CREATE DATABASE a WITH OWNER = o LOCALE 'C';", expected);
        check("CREATE DATABASE IF NOT EXISTS a;", "db a");
    }

    #[test]
    fn broken_and_unknown() {
        for text in ["", ";;", "'", "\"", "$", "$a", "$a$b", "CREATE", "CREATE ROLE", "CREATE ROLE 'a'", "/*", "\\"] {
            check(text, "");
        }
        check("\u{fffc}\nCREATE ROLE a", "role a, more");
        check("\u{fffc};", "more");
        check("CREATE ROLE \u{fffc} PASSWORD '\u{fffc}'", "role \u{fffc} pw=\u{fffc}");
    }
}
