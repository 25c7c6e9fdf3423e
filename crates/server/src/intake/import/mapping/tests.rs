use super::*;

fn sample(records: &[&str]) -> Vec<Line> {
    let line = |(number, text): (u64, &&str)| Line {
        number,
        raw: (*text).to_owned(),
        record: serde_json::from_str(text).map_err(|fault| fault.to_string()),
    };
    (1..).zip(records).map(line).collect()
}

#[track_caller]
fn check(subject: Subject, record: &str, wanted: &[(&str, &str)]) {
    let mapping = Mapping::guess(subject, &sample(&[record]), None).expect("guessed");
    let pairs: Vec<_> = mapping
        .pairs
        .iter()
        .map(|pair| (pair.field, pair.column.as_str()))
        .collect();
    assert_eq!(pairs, wanted);
}

#[test]
fn indonesian_names() {
    check(
        Subject::Posts,
        r#"{"ID":"1","Isi":"surat suara","Tanggal":"14/02/2024","Tautan":"https://a.example","Akun":"a","Kanal":"x","Suka":"3","Catatan":"-"}"#,
        &[
            ("external_id", "ID"),
            ("text", "Isi"),
            ("published_at", "Tanggal"),
            ("channel.kind", "Kanal"),
            ("channel.url", "Tautan"),
            ("author", "Akun"),
            ("reach", "Suka"),
        ],
    );
    check(
        Subject::FactChecks,
        r#"{"judul":"a b","kesimpulan":"SALAH","penjelasan":"c","narasi":"d","tanggal":"2024-02-14","penerbit":"e"}"#,
        &[
            ("publisher", "penerbit"),
            ("claim", "judul"),
            ("verdict", "kesimpulan"),
            ("explanation", "penjelasan"),
            ("narrative", "narasi"),
            ("published_at", "tanggal"),
        ],
    );
}

#[test]
fn english_names_and_the_shape_of_the_api() {
    check(
        Subject::Posts,
        r#"{"tweet_id":1,"full_text":"surat suara","created_at":"Wed Feb 14 01:30:00 +0000 2024","username":"a","likes":3}"#,
        &[
            ("external_id", "tweet_id"),
            ("text", "full_text"),
            ("published_at", "created_at"),
            ("author", "username"),
            ("reach", "likes"),
        ],
    );
    check(
        Subject::Posts,
        r#"{"channel.kind":"x","channel.account":"a","external_id":"1","text":"t","published_at":"2024-02-14T00:00:00Z","media":[]}"#,
        &[
            ("external_id", "external_id"),
            ("text", "text"),
            ("published_at", "published_at"),
            ("channel.kind", "channel.kind"),
            ("channel.account", "channel.account"),
            ("media", "media"),
        ],
    );
}

#[test]
fn values_tell_where_names_do_not() {
    check(
        Subject::Posts,
        r#"{"column_1":"88","column_2":"14/02/2024 08:30","column_3":"ada surat suara tercoblos di pelabuhan","column_4":"https://a.example/1"}"#,
        &[
            ("text", "column_3"),
            ("published_at", "column_2"),
            ("channel.url", "column_4"),
        ],
    );
}

#[test]
fn what_is_said_by_hand_wins() {
    let sample = sample(&[r#"{"isi":"a","catatan":"b","waktu":"2024-02-14"}"#]);
    let guess = |overrides| Mapping::guess(Subject::Posts, &sample, Some(overrides));
    let mapping = guess("text=catatan").expect("guessed");
    assert_eq!(
        mapping.pairs[0],
        Pair {
            field: "text",
            column: "catatan".into()
        }
    );
    assert_eq!(mapping.left_over, ["isi"]);
    assert!(matches!(guess("text"), Err(MappingRefused::BadForm(_))));
    assert!(
        guess("teks=isi")
            .expect_err("refused")
            .to_string()
            .contains("published_at")
    );
    assert!(
        guess("text=nihil")
            .expect_err("refused")
            .to_string()
            .contains("catatan")
    );
}

#[test]
fn a_missing_required_field_names_the_columns() {
    let sample = sample(&[r#"{"a":"1","b":"2"}"#]);
    let refused = Mapping::guess(Subject::Posts, &sample, None)
        .expect_err("refused")
        .to_string();
    assert!(
        refused.contains("--map text=COLUMN") && refused.contains("a, b"),
        "{refused}"
    );
}

#[test]
fn a_column_that_appears_late_is_taken_by_its_name_and_no_other_is_lost() {
    let sample = sample(&[r#"{"klaim":"a","org":"b"}"#]);
    let mapping = Mapping::guess(Subject::FactChecks, &sample, None).expect("guessed");
    let late: Record = serde_json::from_str(
        r#"{"klaim":"a","org":"b","Penjelasan":"c","catatan":"d","penerbit":"e"}"#,
    )
    .expect("record");
    assert_eq!(mapping.text("explanation", &late).as_deref(), Some("c"));
    assert_eq!(mapping.text("publisher", &late).as_deref(), Some("b"));
    let left: Vec<_> = mapping
        .left_over_of(&late)
        .map(|(column, _)| column.as_str())
        .collect();
    assert_eq!(left, ["catatan", "penerbit"]);
}

#[test]
fn the_table_shows_three_different_values() {
    let records: Vec<String> = (0..9)
        .map(|n| {
            format!(
                r#"{{"isi":"nomor {}","waktu":"2024-02-14","lain":1}}"#,
                n / 2
            )
        })
        .collect();
    let sample = sample(&records.iter().map(String::as_str).collect::<Vec<_>>());
    let table = Mapping::guess(Subject::Posts, &sample, None)
        .expect("guessed")
        .table(&sample);
    assert!(table.contains("nomor 0 · nomor 1 · nomor 2\n"), "{table}");
    assert!(table.contains("(no field)       lain"), "{table}");
}
