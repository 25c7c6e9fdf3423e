//! Telephone numbers, identity numbers and e-mail addresses in a text, replaced.

/// Stands for a telephone or identity number.
const NUMBER: &str = "[nomor]";
/// Stands for an e-mail address.
const EMAIL: &str = "[surel]";
/// Digits of a telephone number, at least and at most.
const PHONE_DIGITS: std::ops::RangeInclusive<usize> = 9..=15;
/// Digits of an Indonesian identity or family card number.
const IDENTITY_DIGITS: usize = 16;
/// Digits of one group inside a telephone number, at least: a date has smaller ones.
const GROUP_DIGITS_MIN: usize = 3;

/// `text` without telephone numbers, identity numbers and e-mail addresses. Sums of money, dates
/// and other numbers stay.
pub fn masked(text: &str) -> String {
    let without_mail = mask_mail(text);
    mask_numbers(&without_mail)
}

fn mask_mail(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('@') {
        let name_from = rest[..at]
            .char_indices()
            .rev()
            .take_while(|(_, c)| c.is_ascii_alphanumeric() || "._%+-".contains(*c))
            .last()
            .map_or(at, |(from, _)| from);
        let host = &rest[at + 1..];
        let host_length = host
            .find(|c: char| !(c.is_ascii_alphanumeric() || ".-".contains(c)))
            .unwrap_or(host.len());
        let host_name = host[..host_length].trim_end_matches(['.', '-']);
        if name_from < at && host_name.contains('.') {
            out.push_str(&rest[..name_from]);
            out.push_str(EMAIL);
            rest = &host[host_name.len()..];
        } else {
            out.push_str(&rest[..=at]);
            rest = host;
        }
    }
    out.push_str(rest);
    out
}

/// A run of digits with single separators between its groups.
struct Run {
    end: usize,
    groups: Vec<usize>,
    digits: String,
    plus: bool,
    dotted: bool,
}

fn mask_numbers(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        let starts = rest.starts_with('+') || rest.starts_with(|c: char| c.is_ascii_digit());
        if starts && let Some(run) = run_at(rest) {
            let whole = &rest[..run.end];
            out.push_str(if run.is_personal() { NUMBER } else { whole });
            at += run.end;
            continue;
        }
        let next = rest.chars().next().map_or(1, char::len_utf8);
        out.push_str(&rest[..next]);
        at += next;
    }
    out
}

fn run_at(rest: &str) -> Option<Run> {
    let plus = rest.starts_with('+');
    let mut run = Run {
        end: 0,
        groups: vec![0],
        digits: String::new(),
        plus,
        dotted: false,
    };
    let bytes = rest.as_bytes();
    let mut at = usize::from(plus);
    while at < bytes.len() {
        if bytes[at].is_ascii_digit() {
            run.digits.push(char::from(bytes[at]));
            if let Some(last) = run.groups.last_mut() {
                *last += 1;
            }
            at += 1;
            run.end = at;
        } else if b" -.".contains(&bytes[at])
            && run.end == at
            && bytes.get(at + 1).is_some_and(u8::is_ascii_digit)
        {
            run.dotted |= bytes[at] == b'.';
            run.groups.push(0);
            at += 1;
        } else {
            break;
        }
    }
    (!run.digits.is_empty()).then_some(run)
}

impl Run {
    fn is_personal(&self) -> bool {
        self.is_phone() || (self.groups.len() == 1 && self.digits.len() == IDENTITY_DIGITS)
    }

    /// 62.000.000.000: thousands with their dots.
    fn is_amount(&self) -> bool {
        let thousands = self.groups.iter().skip(1).all(|digits| *digits == 3);
        self.dotted && !self.plus && !self.digits.starts_with('0') && thousands
    }

    fn is_phone(&self) -> bool {
        let begins = self.digits.starts_with("08")
            || self.digits.starts_with("62")
            || (self.plus && !self.digits.starts_with('0'));
        let first = usize::from(self.digits.starts_with("62") || self.plus);
        let whole_groups = self
            .groups
            .iter()
            .skip(first.min(self.groups.len() - 1))
            .all(|digits| *digits >= GROUP_DIGITS_MIN);
        !self.is_amount() && begins && PHONE_DIGITS.contains(&self.digits.len()) && whole_groups
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_addresses_of_people_are_replaced() {
        for (text, wanted) in [
            ("hubungi 081234567890 ya", "hubungi [nomor] ya"),
            ("WA 0812-3456-7890.", "WA [nomor]."),
            ("+62 812 3456 7890", "[nomor]"),
            ("wa.me/6281234567890", "wa.me/[nomor]"),
            ("NIK 3175010101900001 bocor", "NIK [nomor] bocor"),
            (
                "kirim ke budi.s@mail.example, segera",
                "kirim ke [surel], segera",
            ),
            ("a@b.example.", "[surel]."),
        ] {
            assert_eq!(masked(text), wanted);
        }
    }

    #[test]
    fn other_numbers_and_handles_stay() {
        for text in [
            "Rp 200.000.000.000 untuk 7 kontainer",
            "tanggal 08-02-2024 pukul 10.30",
            "nomor urut 02, tahun 2024",
            "@kpu_ri dan teks é 😀 + 5",
            "suara 620.000 orang, dana 62.000.000.000",
            "",
        ] {
            assert_eq!(masked(text), text);
        }
    }
}
