use std::path::Path;

use super::*;

fn config(folder: &Path) -> Config {
    let mut config = Config::read(false).expect("settings");
    config.data = folder.join("data");
    config.database = format!("sqlite:{}", folder.join("data/kentongan.db").display());
    config
}

fn arguments(file: &Path) -> ImportArguments {
    ImportArguments {
        file: file.to_owned(),
        map: None,
        yes: true,
        channel: None,
        publisher: None,
        server: None,
        key: None,
    }
}

async fn posts(config: &Config, file: &Path) -> Tally {
    let arguments = arguments(file);
    let opened = Opened::open(Subject::Posts, &arguments).expect("opens");
    let mut target = PostTarget::log(config).await.expect("log");
    let tally = posts_into(opened, &arguments, &mut target)
        .await
        .expect("imports");
    target.close().await;
    tally
}

async fn checks(config: &Config, file: &Path) -> Tally {
    let arguments = arguments(file);
    let opened = Opened::open(Subject::FactChecks, &arguments).expect("opens");
    let store = open::store(config).await.expect("store");
    let tally = checks_into(opened, &arguments, &store)
        .await
        .expect("imports");
    store.close().await;
    tally
}

#[tokio::test]
async fn a_csv_of_posts_goes_in_once_and_its_bad_lines_are_kept() {
    let dir = tempfile::tempdir().expect("folder");
    let file = dir.path().join("ekspor.csv");
    let text = "id;isi;tanggal;kanal;suka\n\
        1;surat suara tercoblos;14/02/2024 08:30;twitter;12\n\
        2;\"dua\nbaris\";14/02/2024;fb;\n\
        3;;14/02/2024;x;1\n\
        4;tanpa tanggal;kemarin;x;1\n\
        5;kurang\n\
        6;akhir;14/02/2024;x;1\n";
    std::fs::write(&file, text).expect("written");
    let config = config(dir.path());
    let first = posts(&config, &file).await;
    assert_eq!(
        first,
        Tally {
            lines: 6,
            taken: 3,
            known: 0,
            rejected: 3
        }
    );
    let rejected = std::fs::read_to_string(rejected::place_of(&file)).expect("rejected lines");
    let rejected: Vec<serde_json::Value> = rejected
        .lines()
        .map(|line| serde_json::from_str(line).expect("json"))
        .collect();
    let numbers: Vec<_> = rejected
        .iter()
        .map(|line| line["line"].as_u64().expect("number"))
        .collect();
    assert_eq!(numbers, [5, 6, 7]);
    assert_eq!(rejected[2]["raw"], "5;kurang");
    let second = posts(&config, &file).await;
    assert_eq!(
        second,
        Tally {
            lines: 6,
            taken: 0,
            known: 3,
            rejected: 3
        }
    );
}

#[tokio::test]
async fn without_ids_a_second_run_still_changes_nothing() {
    let dir = tempfile::tempdir().expect("folder");
    let file = dir.path().join("ekspor.jsonl");
    std::fs::write(
        &file,
        "{\"teks\":\"a\",\"waktu\":\"2024-02-14\"}\n{\"teks\":\"b\",\"waktu\":\"2024-02-14\"}\n",
    )
    .expect("written");
    let config = config(dir.path());
    assert_eq!(posts(&config, &file).await.taken, 2);
    assert_eq!(
        posts(&config, &file).await,
        Tally {
            lines: 2,
            taken: 0,
            known: 2,
            rejected: 0
        }
    );
}

#[tokio::test]
async fn an_archive_of_checks_goes_in_once() {
    let dir = tempfile::tempdir().expect("folder");
    let file = dir.path().join("arsip.jsonl");
    let lines: Vec<String> = (0..1_203)
        .map(|n| format!(r#"{{"doc_id":"t:{n}","org":"tempo","claim":"klaim {n}","verdict":"false","tag":"KELIRU"}}"#))
        .chain([r#"{"doc_id":"x","org":"tempo","claim":""}"#.to_owned()])
        .collect();
    std::fs::write(&file, lines.join("\n")).expect("written");
    let config = config(dir.path());
    assert_eq!(
        checks(&config, &file).await,
        Tally {
            lines: 1_204,
            taken: 1_203,
            known: 0,
            rejected: 1
        }
    );
    assert_eq!(
        checks(&config, &file).await,
        Tally {
            lines: 1_204,
            taken: 0,
            known: 1_203,
            rejected: 1
        }
    );
}

#[tokio::test]
async fn rejected_lines_of_an_earlier_run_go_when_all_is_well() {
    let dir = tempfile::tempdir().expect("folder");
    let file = dir.path().join("a.jsonl");
    let config = config(dir.path());
    std::fs::write(&file, "{\"klaim\":\"a\",\"org\":\"b\"}\nrusak\n").expect("written");
    assert_eq!(checks(&config, &file).await.rejected, 1);
    assert!(rejected::place_of(&file).exists());
    std::fs::write(&file, "{\"klaim\":\"a\",\"org\":\"b\"}\n").expect("written");
    assert_eq!(checks(&config, &file).await.rejected, 0);
    assert!(!rejected::place_of(&file).exists());
}

#[test]
fn nobody_to_ask_and_nothing_said_is_refused() {
    let dir = tempfile::tempdir().expect("folder");
    let file = dir.path().join("a.jsonl");
    std::fs::write(&file, "{\"teks\":\"a\",\"waktu\":\"2024-02-14\"}\n").expect("written");
    if std::io::stdin().is_terminal() {
        return;
    }
    let unasked = ImportArguments {
        yes: false,
        ..arguments(&file)
    };
    let refused = Opened::open(Subject::Posts, &unasked)
        .err()
        .expect("refused")
        .to_string();
    assert!(refused.contains("--yes"), "{refused}");
    let said = ImportArguments {
        map: Some("text=teks".into()),
        ..unasked
    };
    assert!(Opened::open(Subject::Posts, &said).is_ok());
}

/// The real collections beside the checkout, when they are there.
#[tokio::test]
async fn the_evaluation_files_go_in_as_they_are() {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let corpus = shared.join("claim-matching/corpus.jsonl");
    let stream = shared.join("stream/posts.jsonl.gz");
    if !(corpus.exists() && stream.exists()) {
        return;
    }
    // The folder beside the checkout may be read-only, and rejected lines stand beside the file.
    let dir = tempfile::tempdir().expect("folder");
    let config = config(dir.path());
    let here = |from: &Path| {
        let to = dir.path().join(from.file_name().expect("name"));
        std::fs::copy(from, &to).expect("copied");
        to
    };
    assert_eq!(
        checks(&config, &here(&corpus)).await,
        Tally {
            lines: 17_385,
            taken: 17_385,
            known: 0,
            rejected: 0
        }
    );
    let tally = posts(&config, &here(&stream)).await;
    assert_eq!((tally.lines, tally.taken), (60_367, 60_367), "{tally:?}");
}
