//! What the world sends: each is answered, nothing else is lost.

use super::server::{Running, batch, key};

const KIB: usize = 1 << 10;
const MIB: usize = 1 << 20;

fn started() -> (tempfile::TempDir, Running, String) {
    let folder = tempfile::tempdir().expect("folder");
    let data = folder.path().join("data");
    let key = key(&data);
    let running = Running::on(&data);
    (folder, running, key)
}

fn post(id: &str, text: &str) -> String {
    let text = serde_json::Value::from(text);
    format!(
        r#"{{"channel":{{"kind":"whatsapp"}},"external_id":"{id}","text":{text},"published_at":"2026-01-01T00:00:00Z"}}"#
    )
}

/// Bytes without sense, the same every time.
fn noise(bytes: usize) -> Vec<u8> {
    let mut state = 1_u64;
    (0..bytes)
        .map(|_| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (state >> 56).to_le_bytes()[0]
        })
        .collect()
}

#[test]
fn eight_mebibytes_of_nonsense_are_answered_and_posts_go_on() {
    let (_folder, running, key) = started();
    let many_lines = running.post(&key, &noise(8 * MIB));
    assert_eq!(many_lines.code, 413);
    assert!(
        many_lines.body.contains("too_many_lines"),
        "{}",
        many_lines.body
    );
    let mut one_line = noise(8 * MIB);
    one_line
        .iter_mut()
        .filter(|byte| **byte == b'\n')
        .for_each(|byte| *byte = b' ');
    let answer = running.post(&key, &one_line);
    assert_eq!((answer.code, answer.number("accepted")), (200, 0));
    assert!(answer.body.contains("line_not_utf8"), "{}", answer.body);
    let too_large = running.post(&key, &noise(8 * MIB + 1));
    assert_eq!(too_large.code, 413, "{}", too_large.body);
    assert_eq!(
        running
            .post(&key, batch(0, 50).as_bytes())
            .number("accepted"),
        50
    );
    running.must_count(50);
}

#[test]
fn a_line_of_a_million_characters_is_refused_alone() {
    let (_folder, running, key) = started();
    let body = format!(
        "{}\n{}\n{}\n",
        post("1", "sebelum"),
        post("2", &"a".repeat(1_000_000)),
        post("3", "sesudah")
    );
    let answer = running.post(&key, body.as_bytes());
    assert_eq!(answer.number("accepted"), 2);
    assert!(
        answer.body.contains(r#""line":2"#) && answer.body.contains("post_text_too_long"),
        "{}",
        answer.body
    );
    let longest_kept = format!("{}\n", post("4", &"kata ".repeat(19 * KIB)));
    assert_eq!(
        running
            .post(&key, longest_kept.as_bytes())
            .number("accepted"),
        1
    );
    running.must_count(3);
}

#[test]
fn bytes_that_are_no_text_are_refused_line_by_line() {
    let (_folder, running, key) = started();
    let mut body = post("1", "satu").into_bytes();
    body.extend_from_slice(
        b"\n{\"external_id\":\"2\",\"text\":\"\xff\xfe\"}\n\xc0\x80\n{\n[]\nnull\n\"\"\n",
    );
    body.extend_from_slice(b"{\"channel\":{\"kind\":\"x\"},\"external_id\":\"8\",\"text\":\"\\ud800\",\"published_at\":\"2026-01-01T00:00:00Z\"}\n");
    body.extend_from_slice(post("9", "sembilan").as_bytes());
    let answer = running.post(&key, &body);
    assert_eq!(answer.number("accepted"), 2, "{}", answer.body);
    for line in 2..=8 {
        assert!(
            answer.body.contains(&format!(r#""line":{line},"#)),
            "line {line}: {}",
            answer.body
        );
    }
    assert_eq!(answer.body.matches("line_not_utf8").count(), 2);
    running.must_count(2);
}

#[test]
fn nesting_without_end_is_refused() {
    let (_folder, running, key) = started();
    let deep = format!("{}{}", r#"{"channel":"#.repeat(100_000), "\n");
    let answer = running.post(&key, deep.as_bytes());
    assert_eq!((answer.code, answer.number("accepted")), (200, 0));
    assert!(answer.body.contains("line_not_a_post"));
    assert_eq!(
        running
            .post(&key, batch(0, 5).as_bytes())
            .number("accepted"),
        5
    );
    running.must_count(5);
}

#[test]
fn emoji_direction_marks_and_invisible_letters_are_posts_like_others() {
    let (folder, running, key) = started();
    let texts = [
        "😱😱😱🙏",
        "😱😱😱🙏",
        "👨‍👩‍👧‍👦🇮🇩",
        "قال إن صناديق الاقتراع مزورة",
        "\u{202e}terbalik\u{202c} surat suara",
        "pe\u{200b}mi\u{200b}lu\u{200d} cu\u{2060}rang",
        "\u{200b}\u{200b}\u{feff}",
        "z\u{0301}\u{0302}\u{0303}\u{0304}\u{0305}algo",
        "\u{0}\u{7}kosong\u{1b}[31m",
    ];
    let body: Vec<String> = texts
        .iter()
        .enumerate()
        .map(|(n, text)| post(&n.to_string(), text))
        .collect();
    let answer = running.post(&key, body.join("\n").as_bytes());
    let refused = answer.body.matches("\"reference\"").count() as u64;
    assert_eq!(
        answer.number("accepted") + refused,
        texts.len() as u64,
        "{}",
        answer.body
    );
    assert!(answer.number("accepted") >= 8, "{}", answer.body);
    running.must_count(answer.number("accepted"));
    let accepted = answer.number("accepted");
    running.kill();
    let again = Running::on(&folder.path().join("data"));
    assert_eq!(
        again
            .post(&key, body.join("\n").as_bytes())
            .number("duplicates"),
        accepted
    );
    again.must_count(accepted);
}

#[test]
fn a_body_that_does_not_decompress_is_refused() {
    let (_folder, running, key) = started();
    let zeros = zstd::bulk::compress(&vec![b' '; 64 * MIB], 3).expect("compresses");
    for (encoding, body, code) in [
        ("zstd", zeros, 413),
        ("gzip", noise(4 * KIB), 400),
        ("br", noise(10), 415),
    ] {
        let answer = super::server::post_encoded(running.address, &key, encoding, &body);
        assert_eq!(answer.code, code, "{encoding}: {}", answer.body);
    }
    assert_eq!(
        running
            .post(&key, batch(0, 5).as_bytes())
            .number("accepted"),
        5
    );
}
