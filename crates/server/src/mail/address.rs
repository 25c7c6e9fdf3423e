//! Mail addresses, as people type them and as they stand in a text.

/// An address, in bytes (RFC 5321 §4.5.3.1.3).
const BYTES_MAX: usize = 254;

/// Whether `text` looks like one mail address.
pub fn is_address(text: &str) -> bool {
    let plain = text.len() <= BYTES_MAX && text.bytes().all(|byte| byte.is_ascii_graphic());
    plain
        && text.split_once('@').is_some_and(|(name, host)| {
            !name.is_empty() && host.contains('.') && !host.contains('@')
        })
}

/// The mail addresses in a text such as "Humas, humas@kpu.example", in lower case.
pub fn addresses_in(text: &str) -> impl Iterator<Item = String> + '_ {
    let parts =
        text.split(|letter: char| letter.is_whitespace() || ",;|<>()[]\"'".contains(letter));
    parts
        .map(|part| part.trim_start_matches("mailto:").trim_matches(['.', ':']))
        .filter(|part| is_address(part))
        .map(str::to_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_needs_a_name_and_a_host() {
        assert!(is_address("redaktur@media.example"));
        for bad in [
            "redaktur",
            "@media.example",
            "a@b",
            "a b@c.example",
            "a@b@c.example",
            "",
        ] {
            assert!(!is_address(bad), "{bad}");
        }
    }

    #[test]
    fn addresses_are_found_in_what_people_write() {
        let found = |text| addresses_in(text).collect::<Vec<_>>();
        assert_eq!(
            found("Humas (HUMAS@kpu.example), 0812"),
            ["humas@kpu.example"]
        );
        assert_eq!(
            found("<mailto:a@b.example>; c@d.example."),
            ["a@b.example", "c@d.example"]
        );
        assert_eq!(found("Sekretariat | @akun_kami"), [""; 0]);
    }
}
