//! One kept-alive HTTP/1.1 connection to the server.

use std::time::Duration;

use anyhow::Context;
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{CONTENT_TYPE, COOKIE, HOST, RETRY_AFTER};
use hyper::{Method, Request, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// No answer within this many seconds ends a run.
const ANSWER_WITHIN_S: u64 = 60;

/// Where the server is.
#[derive(Debug, Clone)]
pub(crate) struct Target(String);

impl std::str::FromStr for Target {
    type Err = anyhow::Error;

    /// Reads `http://HOST:PORT`.
    fn from_str(url: &str) -> Result<Self, Self::Err> {
        let rest = url
            .strip_prefix("http://")
            .context("the address must begin with http://")?;
        Ok(Self(rest.trim_end_matches('/').to_owned()))
    }
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    /// Its code.
    pub code: StatusCode,
    /// What a refused sender is told to wait.
    pub retry_after: Option<Duration>,
    /// Its body.
    pub body: Bytes,
}

/// A connection; a failed one is not used again.
pub(crate) struct Connection {
    sender: SendRequest<Full<Bytes>>,
    host: String,
}

impl Connection {
    /// Connects.
    pub(crate) async fn to(target: &Target) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(&target.0)
            .await
            .with_context(|| format!("nobody answers at {}", target.0))?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        Ok(Self {
            sender,
            host: target.0.clone(),
        })
    }

    /// Sends one request and reads the whole answer.
    pub(crate) async fn ask(
        &mut self,
        method: Method,
        path: &str,
        headers: &[(&'static str, &str)],
        body: Bytes,
    ) -> anyhow::Result<Answer> {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(HOST, &self.host);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Full::new(body))?;
        let limit = Duration::from_secs(ANSWER_WITHIN_S);
        let exchange = async {
            self.sender.ready().await?;
            let answer = self.sender.send_request(request).await?;
            let code = answer.status();
            let wait = answer
                .headers()
                .get(RETRY_AFTER)
                .and_then(|value| value.to_str().ok());
            let retry_after = wait
                .and_then(|seconds| seconds.parse().ok())
                .map(Duration::from_secs);
            let body = answer.into_body().collect().await?.to_bytes();
            anyhow::Ok(Answer {
                code,
                retry_after,
                body,
            })
        };
        tokio::time::timeout(limit, exchange)
            .await
            .context("no answer in time")?
    }

    /// Posts NDJSON under a key.
    pub(crate) async fn send_posts(&mut self, key: &str, body: Bytes) -> anyhow::Result<Answer> {
        let bearer = format!("Bearer {key}");
        let headers = [
            ("authorization", bearer.as_str()),
            (CONTENT_TYPE.as_str(), "application/x-ndjson"),
        ];
        self.ask(Method::POST, "/api/v1/posts", &headers, body)
            .await
    }

    /// Gets a page as whoever holds the cookie; an empty one is nobody.
    pub(crate) async fn get(&mut self, path: &str, cookie: &str) -> anyhow::Result<Answer> {
        let headers: &[(&'static str, &str)] = if cookie.is_empty() {
            &[]
        } else {
            &[(COOKIE.as_str(), cookie)]
        };
        self.ask(Method::GET, path, headers, Bytes::new()).await
    }
}

/// One figure of `/metrics`: the sum over its labels.
pub(crate) fn figure(metrics: &str, name: &str) -> Option<f64> {
    let of_name = metrics.lines().filter(|line| {
        line.strip_prefix(name)
            .is_some_and(|rest| rest.starts_with([' ', '{']))
    });
    let values: Vec<f64> = of_name
        .filter_map(|line| line.rsplit(' ').next()?.parse().ok())
        .collect();
    (!values.is_empty()).then(|| values.iter().sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_is_found_by_its_whole_name() {
        let metrics =
            "# TYPE posts counter\nposts 41\nposts_total{a=\"b\"} 2\nposts_total{a=\"c\"} 3.5\n";
        assert_eq!(figure(metrics, "posts"), Some(41.0));
        assert_eq!(figure(metrics, "posts_total"), Some(5.5));
        assert_eq!(figure(metrics, "post"), None);
    }
}
