//! Rust source with everything that is not code blanked out.
//!
//! Comments and the insides of string and character literals become spaces;
//! line breaks stay, so line numbers still hold.

/// `source` without comments and without the content of literals.
pub fn code_only(source: &str) -> String {
    let mut blanker = Blanker {
        rest: source,
        code: String::with_capacity(source.len()),
    };
    while !blanker.rest.is_empty() {
        blanker.step();
    }
    blanker.code
}

/// `code` (from [`code_only`]) without the blocks marked `#[cfg(test)]`.
pub fn without_test_blocks(code: &str) -> String {
    const MARK: &str = "#[cfg(test)]";
    let mut kept = String::with_capacity(code.len());
    let mut rest = code;
    while let Some(start) = rest.find(MARK) {
        kept.push_str(&rest[..start]);
        rest = &rest[start + MARK.len()..];
        rest = &rest[block_end(rest)..];
    }
    kept.push_str(rest);
    kept
}

/// Where the item that `code` begins with ends: after its closing brace, or
/// after the `;` of an item without a body.
pub fn block_end(code: &str) -> usize {
    let mut depth = 0_usize;
    for (at, character) in code.char_indices() {
        match character {
            ';' if depth == 0 => return at + 1,
            '{' => depth += 1,
            '}' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
    }
    code.len()
}

struct Blanker<'a> {
    rest: &'a str,
    code: String,
}

impl Blanker<'_> {
    fn step(&mut self) {
        if self.rest.starts_with("//") {
            self.blank(self.rest.find('\n').unwrap_or(self.rest.len()));
        } else if self.rest.starts_with("/*") {
            self.blank(comment_length(self.rest));
        } else if let Some(length) = raw_string_length(self.rest, &self.code) {
            self.blank(length);
        } else if self.rest.starts_with('"') {
            self.blank(quoted_length(self.rest, '"'));
        } else if let Some(length) = character_length(self.rest) {
            self.blank(length);
        } else {
            self.keep();
        }
    }

    fn keep(&mut self) {
        let length = self.rest.chars().next().map_or(0, char::len_utf8);
        self.code.push_str(&self.rest[..length]);
        self.rest = &self.rest[length..];
    }

    fn blank(&mut self, length: usize) {
        for character in self.rest[..length].chars() {
            self.code.push(if character == '\n' { '\n' } else { ' ' });
        }
        self.rest = &self.rest[length..];
    }
}

fn comment_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut depth = 0_usize;
    let mut at = 0;
    while at < bytes.len() {
        match bytes.get(at..at + 2) {
            Some(b"/*") => {
                depth += 1;
                at += 2;
            }
            Some(b"*/") => {
                depth -= 1;
                at += 2;
                if depth == 0 {
                    return at;
                }
            }
            _ => at += 1,
        }
    }
    bytes.len()
}

/// Length of a raw string at the start of `text`, if one stands there and the
/// `r` is not the end of a longer name.
fn raw_string_length(text: &str, before: &str) -> Option<usize> {
    let inside_a_name = before
        .chars()
        .next_back()
        .is_some_and(|last| (last.is_alphanumeric() && last != 'b') || last == '_');
    let after_r = text.strip_prefix('r')?;
    let hashes = after_r.len() - after_r.trim_start_matches('#').len();
    if inside_a_name || !after_r[hashes..].starts_with('"') {
        return None;
    }
    let closing = format!("\"{}", "#".repeat(hashes));
    let body = 1 + hashes + 1;
    let end = text[body..]
        .find(&closing)
        .map_or(text.len(), |found| body + found + closing.len());
    Some(end)
}

fn quoted_length(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, character) in text.char_indices().skip(1) {
        if escaped {
            escaped = false;
        } else if character == '\\' {
            escaped = true;
        } else if character == quote {
            return at + 1;
        }
    }
    text.len()
}

/// Length of a character literal at the start of `text`; a lifetime is none.
fn character_length(text: &str) -> Option<usize> {
    let after = text.strip_prefix('\'')?;
    let mut characters = after.chars();
    let first = characters.next()?;
    if first == '\\' {
        return Some(quoted_length(text, '\''));
    }
    (characters.next()? == '\'').then_some(first.len_utf8() + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_literals_are_blank_and_lines_stay() {
        let source = "let a = \"// no\"; // yes\n/* x /* y */ z */ let b = 'c';\n\
                      let d: &'static str = r#\"{\" \"#;\n";
        let code = code_only(source);
        assert_eq!(code.lines().count(), source.lines().count());
        for gone in ["no", "yes", "x", "z", "'c'", "{"] {
            assert!(!code.contains(gone), "{gone} should be blank in {code}");
        }
        for kept in ["let a", "let b", "&'static str"] {
            assert!(code.contains(kept), "{kept} should stay in {code}");
        }
    }

    #[test]
    fn an_escaped_quote_does_not_end_a_literal() {
        let code = code_only(r#"f("a\"b", '\'', b); g()"#);
        assert!(code.contains(", b); g()"), "{code}");
        assert!(!code.contains('a'), "{code}");
    }

    #[test]
    fn test_blocks_are_cut_out_whole() {
        let code = "fn a() {}\n#[cfg(test)]\nmod tests {\n fn b() { {} }\n}\nfn c() {}\n";
        let kept = without_test_blocks(code);
        assert!(kept.contains("fn a") && kept.contains("fn c"), "{kept}");
        assert!(!kept.contains("fn b"), "{kept}");
        assert_eq!(
            without_test_blocks("#[cfg(test)]\nmod tests;\nfn d() {}").trim(),
            "fn d() {}"
        );
    }
}
