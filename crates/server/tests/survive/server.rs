//! A running server, how to hurt it, and a client of its own: nothing of it is shared with the
//! code under test but the binary.

use std::fmt::Write as _;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Output, Stdio};
use std::time::{Duration, Instant};

use store::Store;

/// Longest wait for something that has to happen.
pub(crate) const PATIENCE: Duration = Duration::from_mins(1);

/// The binary on this data folder, without any setting of the machine.
pub(crate) fn kentongan(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kentongan"));
    for (name, _) in std::env::vars() {
        if name.starts_with("KENTONGAN_") {
            command.env_remove(name);
        }
    }
    command
        .env("KENTONGAN_DATA", data)
        .env("KENTONGAN_LISTEN", "127.0.0.1:0")
        .env("KENTONGAN_FEEDS", "false")
        .env("KENTONGAN_MODEL", "off")
        .env("NO_COLOR", "1");
    command
}

/// Runs a command that has to fail by itself, and yields what it said.
pub(crate) fn must_fail(mut command: Command) -> String {
    let output = finish(&mut command);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success(), "it started all the same: {said}");
    assert!(!said.contains("panicked"), "{said}");
    said
}

/// Runs a command that has to end well by itself, and yields what it said.
pub(crate) fn must_end_well(mut command: Command) -> String {
    let output = finish(&mut command);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    said
}

/// Runs a command that ends by itself; one that does not is killed and fails the test.
fn finish(command: &mut Command) -> Output {
    let child = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn();
    let mut child = child.expect("the binary runs");
    let started = Instant::now();
    while child.try_wait().expect("waits").is_none() {
        if started.elapsed() > PATIENCE {
            child.kill().expect("kills");
        }
        pause(20);
    }
    child.wait_with_output().expect("ends")
}

/// A key that may send as much as it likes.
pub(crate) fn key(data: &Path) -> String {
    key_with(data, &["--posts-per-second", "100000000"])
}

/// A key with these limits.
pub(crate) fn key_with(data: &Path, limits: &[&str]) -> String {
    let mut command = kentongan(data);
    command.args(["key", "add", "--name", "uji", "--scope", "posts:write"]);
    command.args(limits);
    let output = command.output().expect("the binary runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let said = String::from_utf8(output.stdout).expect("utf-8");
    said.split_whitespace()
        .next_back()
        .expect("a key")
        .to_owned()
}

/// A server that listens. Killed when it goes out of scope.
pub(crate) struct Running {
    child: Child,
    _stdout: BufReader<ChildStdout>,
    /// Where it listens.
    pub(crate) address: SocketAddr,
    /// From start to listening.
    pub(crate) started_in: Duration,
    log: PathBuf,
}

impl Running {
    /// Starts it on this folder.
    pub(crate) fn on(data: &Path) -> Self {
        Self::with(kentongan(data), data)
    }

    /// Starts this command with `serve`; what it logs goes beside `data`.
    pub(crate) fn with(mut command: Command, data: &Path) -> Self {
        let log = data.with_extension("stderr");
        let file = std::fs::File::options()
            .create(true)
            .append(true)
            .open(&log);
        let started = Instant::now();
        let child = command
            .arg("serve")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(file.expect("a file for its log"))
            .spawn();
        let mut child = child.expect("the binary runs");
        let mut stdout = BufReader::new(child.stdout.take().expect("its output"));
        let mut line = String::new();
        stdout.read_line(&mut line).expect("reads");
        let address = line
            .trim()
            .strip_prefix("Kentongan listens on http://")
            .and_then(|it| it.parse().ok());
        let Some(address) = address else {
            let _ended = child.wait();
            panic!(
                "it did not start: {line}\n{}",
                std::fs::read_to_string(&log).unwrap_or_default()
            );
        };
        Self {
            child,
            _stdout: stdout,
            address,
            started_in: started.elapsed(),
            log,
        }
    }

    /// What it logged, in this and earlier lives on the same folder.
    pub(crate) fn said(&self) -> String {
        std::fs::read_to_string(&self.log).expect("its log")
    }

    /// `kill -9`.
    pub(crate) fn kill(mut self) {
        self.child.kill().expect("kills");
        self.child.wait().expect("ends");
    }

    /// SIGTERM, without waiting.
    pub(crate) fn ask_to_end(&self) {
        let id = self.child.id().to_string();
        let done = Command::new("kill")
            .args(["-TERM", &id])
            .status()
            .expect("kill runs");
        assert!(done.success());
    }

    /// SIGTERM, and a good end.
    pub(crate) fn stop(mut self) {
        self.ask_to_end();
        let started = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("waits") {
                assert!(status.success(), "{status}: {}", self.said());
                return;
            }
            assert!(started.elapsed() < PATIENCE, "it does not end");
            pause(10);
        }
    }

    /// Sends a body of posts; an error when the connection breaks.
    pub(crate) fn try_post(&self, key: &str, body: &[u8]) -> io::Result<Answer> {
        try_post(self.address, key, body)
    }

    /// Sends a body of posts and reads the answer.
    pub(crate) fn post(&self, key: &str, body: &[u8]) -> Answer {
        self.try_post(key, body).expect("an answer")
    }

    /// Posts the stream has counted.
    pub(crate) fn counted(&self) -> Option<u64> {
        let metrics = try_get(self.address, "/metrics").ok()?.body;
        let line = metrics
            .lines()
            .find_map(|line| line.strip_prefix("kentongan_stream_posts "))?;
        line.trim().parse().ok()
    }

    /// Waits until the stream has counted this many, and that it counts no more.
    pub(crate) fn must_count(&self, posts: u64) {
        let started = Instant::now();
        while self.counted() != Some(posts) {
            let late = started.elapsed() > PATIENCE;
            assert!(
                !late,
                "{posts} posts wanted, counted {:?}\n{}",
                self.counted(),
                self.said()
            );
            pause(50);
        }
        pause(900);
        assert_eq!(self.counted(), Some(posts), "counted further");
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already.
        let _ended = self.child.kill();
        let _reaped = self.child.wait();
    }
}

/// Code and body of an answer.
#[derive(Debug)]
pub(crate) struct Answer {
    /// Its code.
    pub(crate) code: u16,
    /// Its body.
    pub(crate) body: String,
}

impl Answer {
    /// A number of its JSON.
    pub(crate) fn number(&self, name: &str) -> u64 {
        let json: serde_json::Value = serde_json::from_str(&self.body).expect("json");
        json[name]
            .as_u64()
            .unwrap_or_else(|| panic!("no {name} in {}", self.body))
    }
}

/// Sends posts to a server that may die meanwhile.
pub(crate) fn try_post(address: SocketAddr, key: &str, body: &[u8]) -> io::Result<Answer> {
    let head = format!(
        "POST /api/v1/posts HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {key}\r\n\
         Content-Type: application/x-ndjson\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    exchange(address, head.as_bytes(), body)
}

/// Sends a compressed body.
pub(crate) fn post_encoded(address: SocketAddr, key: &str, encoding: &str, body: &[u8]) -> Answer {
    let head = format!(
        "POST /api/v1/posts HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {key}\r\n\
         Content-Encoding: {encoding}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    exchange(address, head.as_bytes(), body).expect("an answer")
}

/// Gets a page.
pub(crate) fn try_get(address: SocketAddr, path: &str) -> io::Result<Answer> {
    let head = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    exchange(address, head.as_bytes(), &[])
}

fn exchange(address: SocketAddr, head: &[u8], body: &[u8]) -> io::Result<Answer> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_nodelay(true)?;
    stream.write_all(head)?;
    // A server that refuses early need not read the rest.
    let _refused_early = stream.write_all(body);
    let mut answer = Vec::new();
    match stream.read_to_end(&mut answer) {
        Err(error) if answer.is_empty() => return Err(error),
        _ => {}
    }
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let (head, body) = answer
        .split_once("\r\n\r\n")
        .ok_or(io::ErrorKind::UnexpectedEof)?;
    let code = head.split(' ').nth(1).and_then(|code| code.parse().ok());
    let whole = head.lines().find_map(|line| {
        line.to_lowercase()
            .strip_prefix("content-length: ")?
            .parse()
            .ok()
    });
    if whole.is_some_and(|bytes: usize| bytes > body.len()) {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(Answer {
        code: code.ok_or(io::ErrorKind::InvalidData)?,
        body: body.to_owned(),
    })
}

/// Texts that do not resemble one another.
const TEXTS: [&str; 8] = [
    "surat suara sudah dicoblos sebelum hari pemungutan di gudang kecamatan",
    "server penghitungan terletak di luar negeri dan angkanya sudah diatur",
    "nelayan menemukan ikan langka sepanjang tiga meter di muara sungai",
    "jadwal kereta malam berubah karena perbaikan jembatan lama",
    "warga yang tidak memilih didenda lima ratus ribu rupiah minggu depan",
    "harga cabai keriting naik dua kali lipat menjelang akhir pekan",
    "petugas meninggal karena diracun lalu hasil autopsi disembunyikan",
    "lomba perahu hias digelar meriah oleh karang taruna desa sebelah",
];

/// Batch `number` of posts: its own identities, texts that many batches share.
pub(crate) fn batch(number: u64, posts: u64) -> String {
    let mut body = String::new();
    for post in 0..posts {
        let text = TEXTS[usize::try_from((number + post) % 8).expect("small")];
        writeln!(
            body,
            r#"{{"channel":{{"kind":"x","account":"a"}},"external_id":"{number}-{post}","text":"{text}","published_at":"2026-01-01T00:00:00Z","reach":3}}"#
        )
        .expect("writes");
    }
    body
}

/// What the database of a stopped server says: posts of the stream's hours, and posts of all
/// clusters on the radar.
pub(crate) fn totals(data: &Path) -> (u64, u64) {
    let address = format!("sqlite:{}", data.join("kentongan.db").display());
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let store = Store::open(&address).await.expect("opens");
        let hours = store.stream_hours(0).await.expect("hours");
        let filter = store::RadarFilter {
            limit: 100,
            ..store::RadarFilter::default()
        };
        let now = domain::Timestamp(i64::MAX / 2);
        let rows = store.radar(&filter, now).await.expect("radar");
        store.close().await;
        let sum = |counts: Vec<i64>| counts.iter().sum::<i64>().cast_unsigned();
        (
            sum(hours.iter().map(|hour| hour.posts).collect()),
            sum(rows.iter().map(|row| row.posts).collect()),
        )
    })
}

/// Says that a test could not be made here. Where everything has to be shown, that is a failure.
pub(crate) fn skipped(why: &str) {
    println!("SKIPPED: {why}");
    let everything = std::env::var("CI").is_ok_and(|word| word == "true");
    assert!(!everything, "skipped with CI=true: {why}");
}

/// Waits this many milliseconds.
pub(crate) fn pause(ms: u64) {
    std::thread::park_timeout(Duration::from_millis(ms));
}
