//! Takes comments and idle white space out of scripts.
//!
//! Not a minifier: names and line ends stay, so nothing can change its meaning. The compressor
//! does the rest.

/// The script without comments, indentation and empty lines.
pub(crate) fn tidy(script: &str) -> String {
    let mut tidied = String::with_capacity(script.len());
    let mut rest = script;
    // The last significant character decides whether a slash divides or opens a regular expression.
    let mut last = '\n';
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '/' if rest.starts_with("//") => {
                rest = &rest[rest.find('\n').unwrap_or(rest.len())..];
                continue;
            }
            '/' if rest.starts_with("/*") => {
                rest = rest.find("*/").map_or("", |end| &rest[end + 2..]);
                continue;
            }
            '"' | '\'' | '`' => quoted(rest, first),
            '/' if opens_expression(last, &tidied) => quoted(rest, '/'),
            ' ' | '\t' | '\r' | '\n' => {
                let blank = rest.len() - rest.trim_start().len();
                push_blank(&mut tidied, &rest[..blank], rest[blank..].chars().next());
                rest = &rest[blank..];
                continue;
            }
            _ => first.len_utf8(),
        };
        tidied.push_str(&rest[..length]);
        last = rest[..length].chars().next_back().unwrap_or(first);
        rest = &rest[length..];
    }
    tidied
}

/// White space between two tokens shrinks to a line end, a space or nothing.
fn push_blank(tidied: &mut String, blank: &str, next: Option<char>) {
    let Some((before, next)) = tidied.chars().next_back().zip(next) else { return };
    if before == '\n' {
        return;
    }
    if blank.contains('\n') {
        tidied.push('\n');
        return;
    }
    let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
    let would_join = (is_word(before) && is_word(next)) || (before == next && matches!(before, '+' | '-' | '/'));
    if would_join {
        tidied.push(' ');
    }
}

/// The length of a literal that starts here, its quotes included. A template's `${..}` is kept as it is.
fn quoted(text: &str, quote: char) -> usize {
    let mut escaped = false;
    let mut in_class = false;
    let mut depth = 0_usize;
    let mut before = quote;
    for (at, c) in text.char_indices().skip(1) {
        if escaped {
            escaped = false;
        } else if c == '\\' {
            escaped = true;
        } else if quote == '/' && c == '[' {
            in_class = true;
        } else if quote == '/' && c == ']' {
            in_class = false;
        } else if quote == '`' && before == '$' && c == '{' {
            depth += 1;
        } else if quote == '`' && depth > 0 && c == '}' {
            depth -= 1;
        } else if c == quote && !in_class && depth == 0 {
            return at + c.len_utf8();
        }
        before = c;
    }
    text.len()
}

/// After an operator, a bracket or `return`, a slash cannot be a division.
fn opens_expression(last: char, tidied: &str) -> bool {
    matches!(last, '(' | ',' | '=' | ':' | '[' | '!' | '&' | '|' | '?' | '{' | '}' | ';' | '\n')
        || tidied.ends_with("return")
}

#[cfg(test)]
mod tests {
    use super::tidy;

    #[test]
    fn comments_and_indentation_go() {
        let script = "/** doc\n */\nfunction f(a, b) {\n    // why\n    return a + b; // sum\n}\n";
        assert_eq!(tidy(script), "function f(a,b){\nreturn a+b;\n}");
    }

    #[test]
    fn literals_stay() {
        let script = "const a = 'it // is', b = `x ${ y + '}' }  /* z */`, c = /[/*]\\/\\/ q/g;";
        assert_eq!(tidy(script), "const a='it // is',b=`x ${ y + '}' }  /* z */`,c=/[/*]\\/\\/ q/g;");
    }

    #[test]
    fn division_and_signs_stay() {
        assert_eq!(tidy("x = a / b / c; y = a + +b - -c;"), "x=a/b/c;y=a+ +b- -c;");
    }

    #[test]
    fn line_ends_stay_as_statement_ends() {
        assert_eq!(tidy("let a = 1\n\n\n  let b = 2\n"), "let a=1\nlet b=2");
    }
}
