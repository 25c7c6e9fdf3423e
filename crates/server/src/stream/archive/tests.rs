use std::collections::BTreeSet;
use std::path::{Path as FilePath, PathBuf};

use arrow_array::cast::AsArray;
use arrow_array::types::{Int64Type, TimestampMicrosecondType};
use domain::channel::{Channel, ChannelKind};
use domain::region::RegionCode;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::*;

/// 2026-11-22 08:30:00 UTC.
const HALF_PAST_EIGHT: Timestamp = Timestamp(1_795_336_200_000_000);

fn post(id: &str, received_at: Timestamp) -> Post {
    Post {
        channel: Channel {
            kind: ChannelKind::Telegram,
            account: "kanal".into(),
            url: None,
        },
        external_id: id.into(),
        text: format!("surat suara {id}"),
        published_at: received_at.plus_us(-5),
        received_at,
        lang: Some("id".into()),
        region: RegionCode::parse("15.05").ok(),
        reach: 7,
        media: vec!["https://a.example/1.jpg".into()],
        author: None,
        extra: Some(r#"{"likes":3}"#.into()),
    }
}

async fn open(folder: &FilePath) -> Archive {
    let place = ArchivePlace::Folder(folder.to_owned());
    Archive::open(ArchiveSettings::at(place), 1_000_000)
        .await
        .expect("opens")
}

fn parquet_files(folder: &FilePath) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("listed") {
            let path = entry.expect("entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path
                .extension()
                .is_some_and(|extension| extension == "parquet")
            {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// External ids of every row in the archive, sorted.
fn ids(folder: &FilePath) -> Vec<String> {
    let mut ids = Vec::new();
    for path in parquet_files(folder) {
        let file = std::fs::File::open(path).expect("file");
        let reader = ParquetRecordBatchReaderBuilder::try_new(file)
            .expect("parquet")
            .build()
            .expect("reader");
        for batch in reader {
            let batch = batch.expect("batch");
            let column = batch
                .column_by_name("external_id")
                .expect("column")
                .as_string::<i32>();
            ids.extend(column.iter().flatten().map(str::to_owned));
        }
    }
    ids.sort();
    ids
}

#[tokio::test]
async fn a_row_comes_back_as_it_went_in() {
    let dir = tempfile::tempdir().expect("folder");
    let mut archive = open(dir.path()).await;
    archive
        .push(3, &[post("a", HALF_PAST_EIGHT)])
        .await
        .expect("pushed");
    assert_eq!(archive.flush().await.expect("flushed"), 3);

    let path = dir
        .path()
        .join("posts/year=2026/month=11/day=22/hour=08/3-3.parquet");
    let file = std::fs::File::open(path).expect("in its partition");
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).expect("parquet");
    let names: Vec<_> = builder
        .schema()
        .fields()
        .iter()
        .map(|field| field.name().clone())
        .collect();
    assert_eq!(names, COLUMNS);
    let batch = builder
        .build()
        .expect("reader")
        .next()
        .expect("a batch")
        .expect("read");
    let text = |name: &str| {
        batch
            .column_by_name(name)
            .expect(name)
            .as_string::<i32>()
            .value(0)
            .to_owned()
    };
    assert_eq!(text("text"), "surat suara a");
    assert_eq!(text("channel_kind"), "telegram");
    assert_eq!(text("region"), "15.05");
    assert_eq!(text("extra"), r#"{"likes":3}"#);
    let received = batch.column_by_name("received_at").expect("column");
    assert_eq!(
        received.as_primitive::<TimestampMicrosecondType>().value(0),
        HALF_PAST_EIGHT.0
    );
    let reach = batch
        .column_by_name("reach")
        .expect("column")
        .as_primitive::<Int64Type>()
        .value(0);
    assert_eq!(reach, 7);
    let media = batch
        .column_by_name("media")
        .expect("column")
        .as_list::<i32>()
        .value(0);
    assert_eq!(media.as_string::<i32>().value(0), "https://a.example/1.jpg");
}

#[tokio::test]
async fn the_hour_of_receipt_decides_the_partition_and_a_new_hour_flushes() {
    let dir = tempfile::tempdir().expect("folder");
    let mut archive = open(dir.path()).await;
    let nine = HALF_PAST_EIGHT.plus_us(30 * Timestamp::MINUTE_US);
    archive
        .push(1, &[post("a", HALF_PAST_EIGHT), post("b", nine)])
        .await
        .expect("pushed");
    archive
        .push(2, &[post("c", HALF_PAST_EIGHT.plus_us(1))])
        .await
        .expect("pushed");
    assert_eq!(archive.archived_through(), 0);
    archive.push(3, &[post("d", nine)]).await.expect("pushed");
    assert_eq!(
        archive.archived_through(),
        2,
        "the new hour flushed the frames before it"
    );
    archive.flush().await.expect("flushed");
    let files: Vec<_> = parquet_files(dir.path())
        .iter()
        .map(|path| {
            path.strip_prefix(dir.path().join("posts/year=2026/month=11/day=22"))
                .expect("day")
                .to_owned()
        })
        .collect();
    let wanted: Vec<PathBuf> = [
        "hour=08/1-2.parquet",
        "hour=09/1-2.parquet",
        "hour=09/3-3.parquet",
    ]
    .map(PathBuf::from)
    .into();
    assert_eq!(files, wanted);
    assert_eq!(ids(dir.path()), ["a", "b", "c", "d"]);
}

#[tokio::test]
async fn rows_bytes_and_age_each_flush() {
    let dir = tempfile::tempdir().expect("folder");
    let place = ArchivePlace::Folder(dir.path().to_owned());
    let settings = |flush_rows, flush_bytes, flush_age_us| ArchiveSettings {
        place: place.clone(),
        flush_rows,
        flush_bytes,
        flush_age_us,
    };
    for (settings, later_us) in [
        (settings(1, usize::MAX, i64::MAX), 0),
        (settings(usize::MAX, 1, i64::MAX), 0),
        (settings(usize::MAX, usize::MAX, 60), 60),
    ] {
        let mut archive = Archive::open(settings, 1_000_000).await.expect("opens");
        let start = archive.archived_through();
        archive
            .push(start + 1, &[post("a", HALF_PAST_EIGHT)])
            .await
            .expect("pushed");
        assert_eq!(archive.archived_through(), start);
        let due = archive
            .flush_if_due(HALF_PAST_EIGHT.plus_us(later_us))
            .await
            .expect("flushed");
        assert_eq!(due, start + 1);
    }
    let mut archive = open(dir.path()).await;
    archive
        .push(4, &[post("a", HALF_PAST_EIGHT)])
        .await
        .expect("pushed");
    assert_eq!(
        archive
            .flush_if_due(HALF_PAST_EIGHT)
            .await
            .expect("not due"),
        3
    );
}

/// Each crash point of a flush: after k of its writes, the process is gone. What comes back from
/// the log afterwards must give every row once.
#[tokio::test]
async fn a_crash_between_any_two_writes_leaves_every_row_once() {
    for writes_before_crash in 0..5 {
        let dir = tempfile::tempdir().expect("folder");
        let nine = HALF_PAST_EIGHT.plus_us(Timestamp::HOUR_US);
        let frames: Vec<Vec<Post>> = vec![
            vec![post("a", HALF_PAST_EIGHT)],
            vec![post("b", HALF_PAST_EIGHT), post("c", nine)],
            vec![post("d", HALF_PAST_EIGHT)],
        ];
        let mut archive = open(dir.path()).await;
        archive.push(1, &frames[0]).await.expect("pushed");
        archive.flush().await.expect("flushed");
        archive.push(2, &frames[1]).await.expect("pushed");
        crash_after(&mut archive, writes_before_crash).await;

        // The restarted process gathers other frames together than the first one did.
        let mut archive = open(dir.path()).await;
        for (frame, posts) in (1..).zip(&frames) {
            archive.push(frame, posts).await.expect("pushed");
        }
        assert_eq!(archive.flush().await.expect("flushed"), 3);
        let ids = ids(dir.path());
        assert_eq!(
            ids,
            ["a", "b", "c", "d"],
            "after {writes_before_crash} writes"
        );
    }
}

/// The writes of [`Archive::flush`], the first `count` of them: announce, one for each of the two
/// hours, complete.
async fn crash_after(archive: &mut Archive, count: usize) {
    let sealed = archive.seal().await.expect("sealed").expect("rows");
    assert_eq!(sealed.objects.len(), 2);
    let writing = sealed
        .objects
        .iter()
        .map(|(path, _)| path.to_string())
        .collect();
    let mut left = count;
    let mut may_write = || {
        let may = left > 0;
        left -= usize::from(may);
        may
    };
    if may_write() {
        let announced = Progress {
            through: archive.through,
            writing,
        };
        write_progress(&*archive.store, &announced)
            .await
            .expect("written");
    }
    for (path, bytes) in &sealed.objects {
        if may_write() {
            put(&*archive.store, path, bytes.clone())
                .await
                .expect("written");
        }
    }
    if may_write() {
        let complete = Progress {
            through: sealed.last,
            writing: Vec::new(),
        };
        write_progress(&*archive.store, &complete)
            .await
            .expect("written");
    }
}

#[tokio::test]
async fn a_failed_write_keeps_the_rows_and_is_made_good_later() {
    let dir = tempfile::tempdir().expect("folder");
    let mut archive = open(dir.path()).await;
    // A file stands where the partition's folder must go.
    std::fs::create_dir_all(dir.path().join("posts")).expect("folder");
    let obstacle = dir.path().join("posts/year=2026");
    std::fs::write(&obstacle, "").expect("written");
    archive
        .push(1, &[post("a", HALF_PAST_EIGHT)])
        .await
        .expect("gathered");
    archive.flush().await.expect_err("nothing can be written");
    assert_eq!(archive.archived_through(), 0);
    archive
        .push(2, &[post("b", HALF_PAST_EIGHT)])
        .await
        .expect_err("no more is taken meanwhile");
    std::fs::remove_file(&obstacle).expect("removed");
    archive
        .push(2, &[post("b", HALF_PAST_EIGHT)])
        .await
        .expect("taken");
    assert_eq!(archive.archived_through(), 1);
    archive.flush().await.expect("flushed");
    assert_eq!(ids(dir.path()), ["a", "b"]);
}

#[tokio::test]
async fn an_archive_of_another_log_is_refused_and_a_damaged_note_is_named() {
    let dir = tempfile::tempdir().expect("folder");
    let mut archive = open(dir.path()).await;
    archive
        .push(9, &[post("a", HALF_PAST_EIGHT)])
        .await
        .expect("pushed");
    archive.flush().await.expect("flushed");
    let place = ArchivePlace::Folder(dir.path().to_owned());
    let refused = Archive::open(ArchiveSettings::at(place.clone()), 5)
        .await
        .err()
        .expect("refused");
    assert!(
        matches!(
            refused,
            ArchiveError::OtherLog {
                archived: 9,
                log_next: 5
            }
        ),
        "{refused}"
    );
    std::fs::write(dir.path().join(PROGRESS_OBJECT), "{\"through\":").expect("written");
    let refused = Archive::open(ArchiveSettings::at(place), 10)
        .await
        .err()
        .expect("refused");
    assert!(refused.to_string().contains("_progress.json"), "{refused}");
}

#[tokio::test]
async fn frames_without_posts_and_frames_seen_before_are_passed_over() {
    let dir = tempfile::tempdir().expect("folder");
    let mut archive = open(dir.path()).await;
    archive.push(1, &[]).await.expect("passed");
    assert_eq!(archive.archived_through(), 1);
    archive
        .push(2, &[post("a", HALF_PAST_EIGHT)])
        .await
        .expect("pushed");
    archive
        .push(2, &[post("a", HALF_PAST_EIGHT)])
        .await
        .expect("passed over");
    archive.push(3, &[]).await.expect("passed");
    assert_eq!(archive.flush().await.expect("flushed"), 3);
    archive
        .push(3, &[post("z", HALF_PAST_EIGHT)])
        .await
        .expect("passed over");
    archive.flush().await.expect("nothing to do");
    assert_eq!(ids(dir.path()), ["a"]);
    let twice: BTreeSet<_> = parquet_files(dir.path()).into_iter().collect();
    assert_eq!(twice.len(), 1);
}
