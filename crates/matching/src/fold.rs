//! One character at a time to its plain form: case, width, style, look-alikes, marks.

use unicode_normalization::char::decompose_compatible;

/// Hands the plain forms of `c` to `emit`; nothing for marks and invisible controls.
pub(crate) fn fold(c: char, emit: &mut impl FnMut(char)) {
    if c.is_ascii() {
        emit(c.to_ascii_lowercase());
        return;
    }
    if is_invisible(c) {
        return;
    }
    if let Some(plain) = enclosed_letter(c) {
        emit(plain);
        return;
    }
    decompose_compatible(c, |part| {
        if is_mark(part) || is_invisible(part) {
            return;
        }
        for lower in part.to_lowercase() {
            if !is_mark(lower) {
                emit(look_alike(lower));
            }
        }
    });
}

/// Zero-width characters, joiners, bidirectional controls, variation selectors, tags.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{00ad}' | '\u{034f}' | '\u{061c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{20d0}'..='\u{20f0}'
        | '\u{e0000}'..='\u{e0fff}')
}

fn is_mark(c: char) -> bool {
    matches!(c, '\u{0300}'..='\u{036f}' | '\u{0483}'..='\u{0489}' | '\u{1ab0}'..='\u{1aff}'
        | '\u{1dc0}'..='\u{1dff}' | '\u{fe20}'..='\u{fe2f}' | '\u{064b}'..='\u{0652}' | '\u{0670}')
}

/// Squared and circled letters that compatibility decomposition leaves alone.
fn enclosed_letter(c: char) -> Option<char> {
    let base = match c {
        '\u{1f130}'..='\u{1f149}' => 0x1_f130,
        '\u{1f150}'..='\u{1f169}' => 0x1_f150,
        '\u{1f170}'..='\u{1f189}' => 0x1_f170,
        _ => return None,
    };
    char::from_u32(u32::from('a') + u32::from(c) - base)
}

/// Cyrillic, Greek and other letters that look like a Latin one.
fn look_alike(c: char) -> char {
    match c {
        'а' | 'α' | 'ɑ' => 'a',
        'в' | 'β' => 'b',
        'с' | 'ϲ' => 'c',
        'ԁ' => 'd',
        'е' | 'ҽ' | 'є' => 'e',
        'ɡ' => 'g',
        'һ' | 'н' => 'h',
        'і' | 'ι' | 'ı' => 'i',
        'ј' => 'j',
        'к' | 'κ' => 'k',
        'ӏ' | 'ł' => 'l',
        'м' => 'm',
        'η' | 'ո' => 'n',
        'о' | 'ο' | 'օ' | 'ø' => 'o',
        'р' | 'ρ' => 'p',
        'ԛ' => 'q',
        'г' => 'r',
        'ѕ' => 's',
        'т' | 'τ' => 't',
        'υ' | 'ս' => 'u',
        'ν' | 'ѵ' => 'v',
        'ѡ' | 'ԝ' | 'ω' => 'w',
        'х' | 'χ' => 'x',
        'у' | 'γ' => 'y',
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    fn folded(text: &str) -> String {
        let mut out = String::new();
        for c in text.chars() {
            super::fold(c, &mut |plain| out.push(plain));
        }
        out
    }

    #[test]
    fn disguises_come_off() {
        assert_eq!(folded("𝐇𝐎𝐀𝐊𝐒 ﬁx"), "hoaks fix");
        assert_eq!(folded("ｐｅｍｉｌｕ"), "pemilu");
        assert_eq!(folded("🅷🅾🅰🅺🆂 🄺🄿🅄"), "hoaks kpu");
        assert_eq!(folded("реmilu"), "pemilu");
        assert_eq!(folded("ho\u{200b}ak\u{202e}s\u{0301}"), "hoaks");
        assert_eq!(folded("Ⅻ é Ñ"), "xii e n");
    }
}
