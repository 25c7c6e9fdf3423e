//! Fetching one document from the web: guarded, limited, polite.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{self, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, Response, StatusCode};
use tokio::sync::Mutex;
use tokio::time::Instant;
use url::Url;

use super::address::{AddressRefused, Guard, GuardedResolver, Lookup, system_lookup};
use super::limits;

/// Sent as the name of our client.
const USER_AGENT: &str = concat!("Kentongan/", env!("CARGO_PKG_VERSION"));

/// What the server said of the version last seen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Validators {
    /// Its mark.
    pub etag: Option<String>,
    /// Its date, word for word.
    pub last_modified: Option<String>,
}

/// A document.
#[derive(Debug)]
pub struct Document {
    /// Where it was in the end.
    pub address: Url,
    /// At most [`limits::BODY_BYTES`], decompressed.
    pub bytes: Vec<u8>,
    /// As the server says, lower case.
    pub content_type: String,
    /// For the next conditional request.
    pub validators: Validators,
}

/// What came of a request.
#[derive(Debug)]
pub enum Fetched {
    /// Nothing changed since the version of the validators.
    NotModified,
    /// A document.
    Document(Document),
}

/// Why there is no document.
#[derive(Debug, thiserror::Error)]
pub enum FetchFault {
    /// The address may not be fetched.
    #[error(transparent)]
    Address(#[from] AddressRefused),
    /// More redirects than [`limits::REDIRECTS`].
    #[error("more than {} redirects", limits::REDIRECTS)]
    Redirects,
    /// A redirect that names no address.
    #[error("a redirect names no address")]
    RedirectWithoutAddress,
    /// It took longer than [`limits::FETCH_MS`].
    #[error("no whole answer within {} ms", limits::FETCH_MS)]
    TooSlow,
    /// It is larger than [`limits::BODY_BYTES`].
    #[error("more than {} bytes", limits::BODY_BYTES)]
    TooLarge,
    /// The server answers with an error.
    #[error("the server answers {code}")]
    Answer {
        /// The code.
        code: u16,
        /// Seconds after which it may be asked again, when it says so.
        retry_after_s: Option<u64>,
    },
    /// The host asked for a pause that is not over.
    #[error("the host asked for a pause of {wait_s} s")]
    Paused {
        /// What is left of it, in seconds.
        wait_s: u64,
    },
    /// It is of another kind than what was asked for.
    #[error("the content type {0:?} is not read")]
    Kind(String),
    /// The connection failed.
    #[error("the connection failed: {0}")]
    Connection(String),
}

impl FetchFault {
    /// Seconds the server wants to be left alone.
    pub fn retry_after_s(&self) -> Option<u64> {
        match self {
            Self::Answer { retry_after_s, .. } => *retry_after_s,
            Self::Paused { wait_s } => Some(*wait_s),
            _ => None,
        }
    }
}

/// When a host may be asked next. Held while a request to it runs.
type HostGate = Arc<Mutex<Option<Instant>>>;

/// The only client that fetches addresses other people wrote; cheap to clone.
#[derive(Clone)]
pub struct Fetcher {
    client: Client,
    guard: Guard,
    hosts: Arc<Mutex<HashMap<String, HostGate>>>,
    gap: Duration,
    whole: Duration,
}

impl Fetcher {
    /// For the public web.
    pub fn new() -> Result<Self, reqwest::Error> {
        let gap = Duration::from_millis(limits::HOST_GAP_MS);
        Self::with(
            Guard::default(),
            system_lookup(),
            gap,
            Duration::from_millis(limits::FETCH_MS),
        )
    }

    /// With another guard, resolver, pause between requests to one host, and time for a whole
    /// document.
    pub fn with(
        guard: Guard,
        lookup: Lookup,
        gap: Duration,
        whole: Duration,
    ) -> Result<Self, reqwest::Error> {
        // There already when another client of this process came first.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .dns_resolver(Arc::new(GuardedResolver::new(guard.clone(), lookup)))
            // A proxy would connect in our place, behind the guard.
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(Duration::from_millis(limits::CONNECT_MS))
            .user_agent(USER_AGENT)
            .build()?;
        Ok(Self {
            client,
            guard,
            hosts: Arc::default(),
            gap,
            whole,
        })
    }

    /// Fetches `address` if it changed since `validators`, when the content type is one of
    /// `kinds` (parts of one; none of them means any).
    pub async fn fetch(
        &self,
        address: &str,
        validators: &Validators,
        kinds: &[&str],
    ) -> Result<Fetched, FetchFault> {
        let first = Url::parse(address).map_err(|_| AddressRefused::Unreadable)?;
        tokio::time::timeout(self.whole, self.follow(first, validators, kinds))
            .await
            .unwrap_or(Err(FetchFault::TooSlow))
    }

    async fn follow(
        &self,
        first: Url,
        validators: &Validators,
        kinds: &[&str],
    ) -> Result<Fetched, FetchFault> {
        let mut address = first.clone();
        for _ in 0..=limits::REDIRECTS {
            self.guard.check(&address)?;
            let gate = self.gate_of(&address).await;
            let mut next = gate.lock().await;
            wait_for(*next).await?;
            // The marks of one server are nobody else's business.
            let same_host = address.host_str() == first.host_str();
            let headers = if same_host {
                conditions(validators)
            } else {
                HeaderMap::new()
            };
            let answer = self.one_request(&address, headers, kinds).await;
            let pause = match &answer {
                Err(fault) => fault.retry_after_s().map_or(self.gap, Duration::from_secs),
                Ok(_) => self.gap,
            };
            *next = Instant::now().checked_add(pause);
            drop(next);
            match answer? {
                Answer::Fetched(fetched) => return Ok(fetched),
                Answer::Redirect(to) => {
                    address = address.join(&to).map_err(|_| AddressRefused::Unreadable)?;
                }
            }
        }
        Err(FetchFault::Redirects)
    }

    async fn gate_of(&self, address: &Url) -> HostGate {
        let mut hosts = self.hosts.lock().await;
        if hosts.len() >= limits::HOSTS {
            // A gate that nobody holds and whose pause is over is as good as none.
            let now = Instant::now();
            hosts.retain(|_, gate| {
                gate.try_lock()
                    .map_or(true, |next| next.is_some_and(|next| next > now))
            });
        }
        let host = address.host_str().unwrap_or_default().to_owned();
        Arc::clone(hosts.entry(host).or_default())
    }

    async fn one_request(
        &self,
        address: &Url,
        headers: HeaderMap,
        kinds: &[&str],
    ) -> Result<Answer, FetchFault> {
        let answer = self
            .client
            .get(address.clone())
            .headers(headers)
            .send()
            .await
            .map_err(|e| connection(&e))?;
        let code = answer.status();
        if code == StatusCode::NOT_MODIFIED {
            return Ok(Answer::Fetched(Fetched::NotModified));
        }
        if matches!(code.as_u16(), 301 | 302 | 303 | 307 | 308) {
            let to = text_of(answer.headers(), &header::LOCATION);
            return to
                .map(Answer::Redirect)
                .ok_or(FetchFault::RedirectWithoutAddress);
        }
        if code != StatusCode::OK {
            let retry_after_s =
                text_of(answer.headers(), &header::RETRY_AFTER).and_then(|text| text.parse().ok());
            return Err(FetchFault::Answer {
                code: code.as_u16(),
                retry_after_s,
            });
        }
        let content_type = text_of(answer.headers(), &header::CONTENT_TYPE)
            .unwrap_or_default()
            .to_lowercase();
        if !kinds.is_empty() && !kinds.iter().any(|kind| content_type.contains(kind)) {
            return Err(FetchFault::Kind(content_type.chars().take(80).collect()));
        }
        let validators = Validators {
            etag: text_of(answer.headers(), &header::ETAG),
            last_modified: text_of(answer.headers(), &header::LAST_MODIFIED),
        };
        let bytes = body(answer).await?;
        let document = Document {
            address: address.clone(),
            bytes,
            content_type,
            validators,
        };
        Ok(Answer::Fetched(Fetched::Document(document)))
    }
}

enum Answer {
    Fetched(Fetched),
    Redirect(String),
}

/// Waits until a host may be asked again; a long pause is not waited for.
async fn wait_for(next: Option<Instant>) -> Result<(), FetchFault> {
    let Some(next) = next else { return Ok(()) };
    let wait = next.saturating_duration_since(Instant::now());
    if wait > Duration::from_secs(limits::HOST_WAIT_S) {
        return Err(FetchFault::Paused {
            wait_s: wait.as_secs(),
        });
    }
    tokio::time::sleep(wait).await;
    Ok(())
}

/// The body, decompressed piece by piece and never held beyond the limit.
async fn body(mut answer: Response) -> Result<Vec<u8>, FetchFault> {
    let mut bytes = Vec::new();
    while let Some(piece) = answer.chunk().await.map_err(|e| connection(&e))? {
        if bytes.len() + piece.len() > limits::BODY_BYTES {
            return Err(FetchFault::TooLarge);
        }
        bytes.extend_from_slice(&piece);
    }
    Ok(bytes)
}

fn conditions(validators: &Validators) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in [
        (header::IF_NONE_MATCH, &validators.etag),
        (header::IF_MODIFIED_SINCE, &validators.last_modified),
    ] {
        if let Some(value) = value
            .as_deref()
            .and_then(|value| HeaderValue::from_str(value).ok())
        {
            headers.insert(name, value);
        }
    }
    headers
}

fn text_of(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

/// The innermost cause: what stands outside only says that a request failed.
fn connection(fault: &reqwest::Error) -> FetchFault {
    let mut cause: &dyn std::error::Error = fault;
    while let Some(inner) = cause.source() {
        if let Some(refused) = inner.downcast_ref::<AddressRefused>() {
            return FetchFault::Address(refused.clone());
        }
        cause = inner;
    }
    FetchFault::Connection(cause.to_string().chars().take(200).collect())
}

#[cfg(test)]
pub(in crate::intake::feeds) mod tests;
