//! The archive in a bucket of a real S3 server, which `scripts/with-s3` starts.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use arrow_array::RecordBatch;
use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use server::commands::serve::Server;
use uuid::Uuid;

use crate::harness::{Place, TestServer, post};

/// How long the archive may take to hold everything; generous, since machines are shared.
const PATIENCE: Duration = Duration::from_mins(2);

/// A prefix of our own in the bucket of `KENTONGAN_TEST_S3`, such as `s3://arsip`.
struct Bucket {
    address: String,
    prefix: Path,
    /// A client of its own, which knows nothing of the archive's.
    store: AmazonS3,
}

impl Bucket {
    /// `None`, said aloud, where no server was started for the test.
    fn new() -> Option<Self> {
        let Ok(bucket) = std::env::var("KENTONGAN_TEST_S3") else {
            println!("not tried: needs an S3 server; scripts/with-s3 starts one");
            return None;
        };
        let name = bucket
            .strip_prefix("s3://")
            .expect("s3://BUCKET")
            .to_owned();
        let prefix = format!("uji/{}", Uuid::new_v4().simple());
        let _installed = rustls::crypto::ring::default_provider().install_default();
        let store = AmazonS3Builder::from_env().with_bucket_name(name).build();
        Some(Self {
            address: format!("{bucket}/{prefix}"),
            prefix: Path::from(prefix),
            store: store.expect("a client"),
        })
    }

    fn place(&self) -> Place {
        Place::new().with("KENTONGAN_ARCHIVE", &self.address)
    }

    /// Names of all objects, below our prefix.
    async fn objects(&self) -> Vec<Path> {
        let listed = self.store.list_with_delimiter(Some(&self.prefix)).await;
        let mut folders = listed.expect("listed").common_prefixes;
        let mut found = Vec::new();
        while let Some(folder) = folders.pop() {
            let listed = self.store.list_with_delimiter(Some(&folder)).await;
            let listed = listed.expect("listed");
            folders.extend(listed.common_prefixes);
            found.extend(listed.objects.into_iter().map(|object| object.location));
        }
        found
    }

    async fn rows(&self) -> Vec<RecordBatch> {
        let mut rows = Vec::new();
        for path in self.objects().await {
            if path.extension() != Some("parquet") {
                continue;
            }
            let object = self.store.get(&path).await.expect("read");
            let bytes = object.bytes().await.expect("read");
            let reader = ParquetRecordBatchReaderBuilder::try_new(bytes).expect("parquet");
            rows.extend(
                reader
                    .build()
                    .expect("reader")
                    .map(|rows| rows.expect("rows")),
            );
        }
        rows
    }

    /// Text and reach of each post, by its identity; fails when one is there twice.
    async fn posts(&self) -> BTreeMap<String, (String, i64)> {
        let mut posts = BTreeMap::new();
        for batch in self.rows().await {
            let text = |name: &str| batch.column_by_name(name).expect(name).as_string::<i32>();
            let reach = batch.column_by_name("reach").expect("reach");
            let reach = reach.as_primitive::<Int64Type>();
            for row in 0..batch.num_rows() {
                let id = text("external_id").value(row).to_owned();
                let kept = (text("text").value(row).to_owned(), reach.value(row));
                let before = posts.insert(id.clone(), kept);
                assert_eq!(before, None, "post {id} is archived twice");
            }
        }
        posts
    }
}

fn text_of(number: usize) -> String {
    format!(
        "pesan {number}: surat suara sudah tercoblos 🗳️ di TPS {}",
        number % 7
    )
}

fn batch(from: usize, count: usize) -> Vec<serde_json::Value> {
    (from..from + count)
        .map(|number| post(&number.to_string(), &text_of(number)))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn posts_reach_the_bucket_once_each_over_restarts() {
    let Some(bucket) = Bucket::new() else {
        return;
    };
    let place = bucket.place();
    for from in [0, 400] {
        let server = TestServer::start(&place).await;
        assert_eq!(server.take(&batch(from, 400)).await, (400, 0));
        server.stop().await;
    }
    // What the archive had not read when a server ended, the next one takes from the log.
    let begun = Instant::now();
    let mut posts = bucket.posts().await;
    while posts.len() < 800 {
        assert!(
            begun.elapsed() < PATIENCE,
            "only {} of 800 posts",
            posts.len()
        );
        let server = TestServer::start(&place).await;
        tokio::time::sleep(Duration::from_millis(600)).await;
        server.stop().await;
        posts = bucket.posts().await;
    }
    let wanted: BTreeMap<String, (String, i64)> = (0..800)
        .map(|number| (number.to_string(), (text_of(number), 120)))
        .collect();
    assert_eq!(posts, wanted);
    for path in bucket.objects().await {
        let path = path.to_string();
        assert!(
            path.contains("/posts/year=20") || path.ends_with("/posts/_progress.json"),
            "{path} is no object of the archive"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_cut_off_flush_left_in_the_bucket_is_written_anew() {
    let Some(bucket) = Bucket::new() else {
        return;
    };
    let place = bucket.place();
    // The note of a flush that was announced, wrote half an object and ended with the process.
    let torn = "posts/year=2026/month=11/day=22/hour=08/1-1.parquet";
    let note = format!(r#"{{"through":0,"writing":["{torn}"]}}"#);
    let at = |name: &str| Path::from(format!("{}/{name}", bucket.prefix));
    let put = bucket.store.put(&at(torn), "PAR1 half".into()).await;
    put.expect("written");
    let put = bucket
        .store
        .put(&at("posts/_progress.json"), note.into())
        .await;
    put.expect("written");
    let begun = Instant::now();
    let server = TestServer::start(&place).await;
    assert_eq!(server.take(&batch(0, 50)).await, (50, 0));
    server.stop().await;
    while bucket.posts().await.len() < 50 {
        assert!(begun.elapsed() < PATIENCE, "the posts never came");
        let server = TestServer::start(&place).await;
        tokio::time::sleep(Duration::from_millis(600)).await;
        server.stop().await;
    }
    assert_eq!(bucket.posts().await.len(), 50);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bucket_that_is_not_there_is_named_at_start() {
    if Bucket::new().is_none() {
        return;
    }
    let place = Place::new().with("KENTONGAN_ARCHIVE", "s3://tiada/arsip");
    let refused = match Server::start(place.config()).await {
        Ok(_) => panic!("it started without its archive"),
        Err(error) => format!("{error:#}"),
    };
    assert!(
        refused.contains("archive") && refused.contains("tiada"),
        "{refused}"
    );
}
