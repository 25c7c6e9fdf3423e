//! Against real sockets: a small server of our own on this machine, let through by address.

mod hostile;

use std::io::Write;
use std::net::{IpAddr, SocketAddr};
use std::sync::Mutex as SyncMutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use self::hostile::{HOSTS, WRITTEN};
use super::*;

/// Answers with what `respond` makes of each request's head, and remembers the heads.
pub(in crate::intake::feeds) struct TestServer {
    pub(in crate::intake::feeds) address: SocketAddr,
    pub(in crate::intake::feeds) requests: Arc<SyncMutex<Vec<String>>>,
}

impl TestServer {
    pub(in crate::intake::feeds) async fn start(
        respond: impl Fn(&str) -> Vec<u8> + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("binds");
        let address = listener.local_addr().expect("address");
        let requests: Arc<SyncMutex<Vec<String>>> = Arc::default();
        let (respond, heads) = (Arc::new(respond), Arc::clone(&requests));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (respond, heads) = (Arc::clone(&respond), Arc::clone(&heads));
                tokio::spawn(async move {
                    let mut stream = stream;
                    let head = read_head(&mut stream).await;
                    heads.lock().expect("heads").push(head.clone());
                    // A client that has gone is no matter.
                    let _ = stream.write_all(&respond(&head)).await;
                    let _ = stream.shutdown().await;
                });
            }
        });
        Self { address, requests }
    }

    pub(in crate::intake::feeds) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub(in crate::intake::feeds) fn fetcher(&self) -> Fetcher {
        fetcher(vec![self.address], system_lookup())
    }

    fn count(&self) -> usize {
        self.requests.lock().expect("heads").len()
    }
}

async fn read_head(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    let mut piece = [0; 1_024];
    while !head.windows(4).any(|part| part == b"\r\n\r\n") {
        match stream.read(&mut piece).await {
            Ok(read) if read > 0 => head.extend_from_slice(&piece[..read]),
            _ => break,
        }
    }
    String::from_utf8_lossy(&head).into_owned()
}

fn fetcher(exceptions: Vec<SocketAddr>, lookup: Lookup) -> Fetcher {
    let guard = Guard::with_exceptions(exceptions);
    Fetcher::with(
        guard,
        lookup,
        Duration::from_millis(1),
        Duration::from_millis(1_500),
    )
    .expect("client")
}

pub(in crate::intake::feeds) fn answer(code: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 {code}\r\n{headers}Content-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

fn redirect(to: &str) -> Vec<u8> {
    answer("302 Found", &format!("Location: {to}\r\n"), b"")
}

async fn fault(fetcher: &Fetcher, address: &str) -> FetchFault {
    fetcher
        .fetch(address, &Validators::default(), &[])
        .await
        .expect_err(address)
}

fn hostile_addresses() -> Vec<String> {
    let hosts = HOSTS.iter().map(|host| format!("http://{host}/"));
    hosts
        .chain(WRITTEN.iter().map(ToString::to_string))
        .collect()
}

/// A lookup that answers every name with `ips`, one list after another, and counts.
fn answering(lists: Vec<Vec<&str>>) -> (Lookup, Arc<AtomicUsize>) {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let lists: Vec<Vec<IpAddr>> = lists
        .into_iter()
        .map(|list| list.into_iter().map(|ip| ip.parse().expect("ip")).collect())
        .collect();
    let lookup: Lookup = Arc::new(move |_| {
        let turn = count.fetch_add(1, Ordering::SeqCst);
        let ips = lists[turn.min(lists.len() - 1)].clone();
        Box::pin(async move { Ok(ips) })
    });
    (lookup, asked)
}

/// Nothing at all may be let through: the machine's own ports 80 and 443 are listened on where
/// that is allowed, and no address, directly or by redirect, is connected to.
#[tokio::test]
async fn none_of_the_hostile_addresses_is_fetched() {
    let addresses = hostile_addresses();
    assert!(addresses.len() >= 120, "{}", addresses.len());
    // Whatever a name resolves to, it is an address of ours.
    let (lookup, _) = answering(vec![vec![
        "127.0.0.2",
        "::1",
        "10.0.0.1",
        "169.254.169.254",
    ]]);
    let server = TestServer::start(|head| {
        let path = head.split(' ').nth(1).unwrap_or_default();
        let asked = path.trim_start_matches("/to/");
        let to: Vec<u8> = (0..asked.len() / 2)
            .map(|at| u8::from_str_radix(&asked[at * 2..at * 2 + 2], 16).expect("hex"))
            .collect();
        redirect(&String::from_utf8_lossy(&to).replace(['\n', '\t'], ""))
    })
    .await;
    let fetcher = fetcher(vec![server.address], lookup);
    let mut leaks = Vec::new();
    for address in &addresses {
        match fetcher.fetch(address, &Validators::default(), &[]).await {
            Err(FetchFault::Address(_)) => {}
            other => leaks.push(format!("{address:?}: {other:?}")),
        }
    }
    assert!(leaks.is_empty(), "{leaks:#?}");
    // The same by redirect, where it does not lead back to the server that gave it.
    let base = Url::parse(&server.url("/to/")).expect("url");
    let mut redirected = 0;
    for address in &addresses {
        let Ok(to) = base.join(address) else { continue };
        if to.host_str() == base.host_str() && to.port() == base.port() {
            continue;
        }
        let hex = address.bytes().fold(String::new(), |mut hex, byte| {
            let _ = std::fmt::Write::write_fmt(&mut hex, format_args!("{byte:02x}"));
            hex
        });
        let before = server.count();
        match fetcher
            .fetch(
                &server.url(&format!("/to/{hex}")),
                &Validators::default(),
                &[],
            )
            .await
        {
            // An address that is not ASCII does not survive as a header; then there is no redirect.
            Err(FetchFault::Address(_) | FetchFault::RedirectWithoutAddress) => {}
            other => leaks.push(format!("redirect to {address:?}: {other:?}")),
        }
        assert_eq!(
            server.count(),
            before + 1,
            "a redirect to {address:?} was followed"
        );
        redirected += 1;
    }
    assert!(leaks.is_empty(), "{leaks:#?}");
    assert!(redirected >= 100, "{redirected}");
}

/// DNS rebinding: a name answers with an address that passes, and with one behind our doors the
/// next time. Each connection is made to exactly what its own look-up let through.
#[tokio::test]
async fn a_name_that_changes_its_answer_gains_nothing() {
    // One address stands for the public web; the other, on the same port, for our own network.
    let public = TestServer::start(|_| answer("200 OK", "", b"umum")).await;
    let port = public.address.port();
    let inside = TcpListener::bind(("127.0.0.2", port)).await.expect("binds");
    let (lookup, asked) = answering(vec![vec!["127.0.0.1"], vec!["127.0.0.2"]]);
    let fetcher = fetcher(vec![public.address], lookup);
    let address = format!("http://berubah.example:{port}/");
    let first = fetcher.fetch(&address, &Validators::default(), &[]).await;
    assert!(matches!(first, Ok(Fetched::Document(found)) if found.bytes == b"umum"));
    let second = fault(&fetcher, &address).await;
    assert!(
        matches!(second, FetchFault::Address(AddressRefused::NotPublic)),
        "{second:?}"
    );
    assert_eq!(asked.load(Ordering::SeqCst), 2);
    let knocked = tokio::time::timeout(Duration::from_millis(100), inside.accept()).await;
    assert!(knocked.is_err(), "the inner address was connected to");
}

#[tokio::test]
async fn among_several_addresses_only_the_allowed_one_is_connected_to() {
    let server =
        TestServer::start(|_| answer("200 OK", "Content-Type: text/xml\r\n", b"<rss/>")).await;
    let (lookup, _) = answering(vec![vec!["10.0.0.1", "127.0.0.1"]]);
    let fetcher = fetcher(vec![server.address], lookup);
    let address = format!("http://kabar.example:{}/", server.address.port());
    let Ok(Fetched::Document(found)) = fetcher
        .fetch(&address, &Validators::default(), &["xml"])
        .await
    else {
        panic!("not fetched")
    };
    assert_eq!(found.bytes, b"<rss/>");
}

#[tokio::test]
async fn a_second_request_asks_only_for_what_changed() {
    let server = TestServer::start(|head| {
        if head.to_lowercase().contains("if-none-match: \"satu\"") {
            return answer("304 Not Modified", "", b"");
        }
        answer(
            "200 OK",
            "ETag: \"satu\"\r\nLast-Modified: Wed, 14 Feb 2024 01:30:00 GMT\r\n",
            b"isi",
        )
    })
    .await;
    let fetcher = server.fetcher();
    let first = fetcher
        .fetch(&server.url("/rss"), &Validators::default(), &[])
        .await
        .expect("fetched");
    let Fetched::Document(found) = first else {
        panic!("not modified")
    };
    let second = fetcher
        .fetch(&server.url("/rss"), &found.validators, &[])
        .await
        .expect("fetched");
    assert!(matches!(second, Fetched::NotModified));
    let heads = server.requests.lock().expect("heads");
    assert!(
        heads[1]
            .to_lowercase()
            .contains("if-modified-since: wed, 14 feb 2024 01:30:00 gmt"),
        "{}",
        heads[1]
    );
}

#[tokio::test]
async fn redirects_are_followed_five_times_and_no_further() {
    let server = TestServer::start(|head| {
        let path = head.split(' ').nth(1).unwrap_or_default();
        match path.trim_start_matches('/').parse::<u32>() {
            Ok(0) => answer("200 OK", "", b"sampai"),
            Ok(left) => redirect(&format!("/{}", left - 1)),
            Err(_) => answer("302 Found", "", b""),
        }
    })
    .await;
    let fetcher = server.fetcher();
    let five = fetcher
        .fetch(&server.url("/5"), &Validators::default(), &[])
        .await;
    assert!(matches!(five, Ok(Fetched::Document(found)) if found.bytes == b"sampai"));
    assert!(matches!(
        fault(&fetcher, &server.url("/6")).await,
        FetchFault::Redirects
    ));
    assert!(matches!(
        fault(&fetcher, &server.url("/x")).await,
        FetchFault::RedirectWithoutAddress
    ));
}

#[tokio::test]
async fn huge_bodies_and_packed_bombs_stop_at_the_limit() {
    let server = TestServer::start(|head| {
        if head.starts_with("GET /bom") {
            let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
            let blank = vec![b' '; 1 << 20];
            for _ in 0..64 {
                packed.write_all(&blank).expect("packed");
            }
            return answer(
                "200 OK",
                "Content-Encoding: gzip\r\n",
                &packed.finish().expect("packed"),
            );
        }
        answer("200 OK", "", &vec![b' '; limits::BODY_BYTES + 1])
    })
    .await;
    let fetcher = server.fetcher();
    assert!(matches!(
        fault(&fetcher, &server.url("/besar")).await,
        FetchFault::TooLarge
    ));
    assert!(matches!(
        fault(&fetcher, &server.url("/bom")).await,
        FetchFault::TooLarge
    ));
}

#[tokio::test]
async fn a_server_that_dribbles_is_left() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("binds");
    let address = listener.local_addr().expect("address");
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                read_head(&mut stream).await;
                let mut sent = stream
                    .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
                    .await;
                while sent.is_ok() {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                    sent = stream.write_all(b"x").await;
                }
            });
        }
    });
    let fetcher = fetcher(vec![address], system_lookup());
    let before = Instant::now();
    assert!(matches!(
        fault(&fetcher, &format!("http://{address}/")).await,
        FetchFault::TooSlow
    ));
    assert!(before.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn other_kinds_and_errors_are_named() {
    let server = TestServer::start(|head| {
        if head.starts_with("GET /sibuk") {
            return answer("503 Service Unavailable", "Retry-After: 120\r\n", b"");
        }
        answer("200 OK", "Content-Type: video/mp4\r\n", b"x")
    })
    .await;
    let fetcher = server.fetcher();
    let found = fetcher
        .fetch(&server.url("/"), &Validators::default(), &["text/html"])
        .await
        .expect_err("kind");
    assert!(
        matches!(&found, FetchFault::Kind(kind) if kind == "video/mp4"),
        "{found:?}"
    );
    let busy = fault(&fetcher, &server.url("/sibuk")).await;
    assert!(
        matches!(
            busy,
            FetchFault::Answer {
                code: 503,
                retry_after_s: Some(120)
            }
        ),
        "{busy:?}"
    );
    // The host asked for two minutes: it is not asked again, and whoever wants to comes back later.
    let asked = server.count();
    let paused = fault(&fetcher, &server.url("/")).await;
    assert!(
        paused
            .retry_after_s()
            .is_some_and(|s| (100..=120).contains(&s)),
        "{paused:?}"
    );
    assert_eq!(server.count(), asked);
}

#[tokio::test]
async fn one_host_is_asked_one_thing_at_a_time() {
    let open = Arc::new(AtomicUsize::new(0));
    let most = Arc::new(AtomicUsize::new(0));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("binds");
    let address = listener.local_addr().expect("address");
    let (now, peak) = (Arc::clone(&open), Arc::clone(&most));
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let (now, peak) = (Arc::clone(&now), Arc::clone(&peak));
            tokio::spawn(async move {
                read_head(&mut stream).await;
                peak.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                tokio::time::sleep(Duration::from_millis(20)).await;
                now.fetch_sub(1, Ordering::SeqCst);
                let _ = stream.write_all(&answer("200 OK", "", b"x")).await;
            });
        }
    });
    let fetcher = fetcher(vec![address], system_lookup());
    let mut all = tokio::task::JoinSet::new();
    for _ in 0..6 {
        let fetcher = fetcher.clone();
        all.spawn(async move {
            fetcher
                .fetch(&format!("http://{address}/"), &Validators::default(), &[])
                .await
                .is_ok()
        });
    }
    assert!(all.join_all().await.into_iter().all(|fetched| fetched));
    assert_eq!(most.load(Ordering::SeqCst), 1);
}
