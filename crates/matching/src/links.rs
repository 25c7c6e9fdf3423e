//! Links: where they stand in a chunk without blanks, and the words they hold.

/// Most words that are read from one link.
const LINK_WORDS_MAX: usize = 24;

/// Hosts whose links are made-up letters.
const SHORTENERS: [&str; 24] = [
    "bit.ly",
    "t.co",
    "s.id",
    "tinyurl.com",
    "cutt.ly",
    "goo.gl",
    "wa.me",
    "t.me",
    "youtu.be",
    "fb.watch",
    "vt.tiktok.com",
    "vm.tiktok.com",
    "shorturl.at",
    "rb.gy",
    "is.gd",
    "ow.ly",
    "lnkd.in",
    "fb.me",
    "forms.gle",
    "ln.ki",
    "linktr.ee",
    "shope.ee",
    "shp.ee",
    "ift.tt",
];

/// Parts of host names that say nothing.
const HOST_PARTS: [&str; 26] = [
    "www", "m", "com", "co", "id", "go", "or", "ac", "sch", "net", "org", "web", "info", "app",
    "my", "gov", "io", "me", "tv", "xyz", "link", "id", "mobile", "amp", "news", "site",
];

/// A chunk cut in two: what stands before a link, and the link; the link is empty where
/// there is none. A link ends with its chunk.
pub(crate) fn split_link(chunk: &str) -> (&str, &str) {
    let bytes = chunk.as_bytes();
    if bytes.len() < 4 || !bytes.iter().any(|b| matches!(b, b'/' | b'.')) {
        return (chunk, "");
    }
    if let Some(at) = bytes.windows(3).position(|w| w == b"://") {
        let scheme = bytes[..at]
            .iter()
            .rev()
            .take_while(|b| b.is_ascii_alphabetic())
            .count();
        return chunk.split_at(at - scheme.min(5));
    }
    let start = bytes
        .iter()
        .take_while(|b| b.is_ascii_punctuation())
        .count();
    let body = &bytes[start..];
    let www = body.len() > 4 && body[..4].eq_ignore_ascii_case(b"www.");
    if www || starts_with_host_and_path(body) {
        return chunk.split_at(start);
    }
    (chunk, "")
}

/// `bit.ly/abc`, `t.co/x`, `situs.go.id/daftar`: a host with a dot, then a path.
fn starts_with_host_and_path(body: &[u8]) -> bool {
    let Some(slash) = body.iter().position(|b| *b == b'/') else {
        return false;
    };
    let host = &body[..slash];
    let Some(dot) = host.iter().rposition(|b| *b == b'.') else {
        return false;
    };
    let (name, zone) = (&host[..dot], &host[dot + 1..]);
    !name.is_empty()
        && zone.len() >= 2
        && slash + 1 < body.len()
        && zone.iter().all(u8::is_ascii_alphabetic)
        && name
            .iter()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.'))
}

/// The words of a link, each with its first byte in it: names in the host, and the words
/// of a path that is written in words ("/salah-kpu-menunda-pemilu").
pub(crate) fn link_words(link: &str) -> Vec<(usize, &str)> {
    let start = link.find("://").map_or(0, |at| at + 3);
    let rest = &link[start..];
    let rest = &rest[..rest.find(['?', '#']).unwrap_or(rest.len())];
    let host_end = rest.find('/').unwrap_or(rest.len());
    let host = &rest[..host_end];
    let mut out = Vec::new();
    if SHORTENERS.iter().any(|one| host.eq_ignore_ascii_case(one)) {
        return out;
    }
    let is_word = |part: &str| part.len() >= 3 && part.bytes().all(|b| b.is_ascii_alphabetic());
    let base = link.as_ptr() as usize;
    let at = |part: &str| part.as_ptr() as usize - base;
    for part in host.split(['.', '-']) {
        let says_nothing = HOST_PARTS.iter().any(|one| part.eq_ignore_ascii_case(one));
        if is_word(part) && !says_nothing {
            out.push((at(part), part));
        }
    }
    for segment in rest[host_end..].split('/') {
        let segment = &segment[..segment.find('.').unwrap_or(segment.len())];
        let parts = || segment.split(['-', '_', '+']);
        if parts().filter(|part| is_word(part)).count() < 3 {
            continue;
        }
        out.extend(
            parts()
                .filter(|part| is_word(part))
                .map(|part| (at(part), part)),
        );
    }
    out.truncate(LINK_WORDS_MAX);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(link: &str) -> Vec<&str> {
        link_words(link).into_iter().map(|(_, word)| word).collect()
    }

    #[test]
    fn a_link_is_cut_from_what_stands_before_it() {
        assert_eq!(
            split_link("lihat:https://a.id/b"),
            ("lihat:", "https://a.id/b")
        );
        assert_eq!(split_link("(bit.ly/abc)"), ("(", "bit.ly/abc)"));
        assert_eq!(split_link("biasa"), ("biasa", ""));
        assert_eq!(split_link("14/2/2024"), ("14/2/2024", ""));
        assert_eq!(split_link("Rp.200.000/orang"), ("Rp.200.000/orang", ""));
    }

    #[test]
    fn paths_in_words_are_read_and_made_up_letters_are_not() {
        assert_eq!(
            words("https://www.kpu.go.id/berita/jadwal-pemilu-serentak-2024.html?x=a-b-c"),
            ["kpu", "jadwal", "pemilu", "serentak"]
        );
        for link in [
            "https://t.co/AbC-def-ghi",
            "bit.ly/pemilu-curang-lagi",
            "http://",
        ] {
            assert_eq!(words(link), Vec::<&str>::new(), "{link}");
        }
        let long = format!("https://a.id/{}", "kata-".repeat(500));
        assert_eq!(words(&long).len(), LINK_WORDS_MAX);
    }

    #[test]
    fn words_stand_where_they_say() {
        let link = "https://cek.id/salah-kpu-menunda-pemilu";
        for (at, word) in link_words(link) {
            assert_eq!(&link[at..at + word.len()], word);
        }
    }
}
