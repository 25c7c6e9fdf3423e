//! A visitor's browser, their mailbox, and the people they may be.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use domain::audit::AuditKind;
use domain::member::{Member, Role, Zone};
use domain::organisation::{Organisation, OrganisationKind};
use domain::{MemberId, OrganisationId};
use reqwest::{Method, Response, header};
use server::access::password;
use server::clock;

use crate::harness::{Place, TestServer, event};

/// The password of every member.
pub(super) const PASSWORD: &str = "payung biru di tepi telaga";
/// Another good one.
pub(super) const OTHER_PASSWORD: &str = "kuda nil mandi sore hari";
/// How long a mail or an entry may take; generous, since machines are shared.
pub(super) const PATIENCE: Duration = Duration::from_mins(1);

/// A browser without scripts: it keeps cookies and follows no redirect by itself.
pub(super) struct Browser<'s> {
    server: &'s TestServer,
    pub(super) cookies: BTreeMap<String, String>,
}

impl<'s> Browser<'s> {
    pub(super) fn new(server: &'s TestServer) -> Self {
        Self {
            server,
            cookies: BTreeMap::new(),
        }
    }

    pub(super) async fn send(
        &mut self,
        method: Method,
        path: &str,
        fields: &[(&str, &str)],
    ) -> Response {
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let mut request = self
            .server
            .client
            .request(method.clone(), format!("{}{path}", self.server.url))
            .header(header::COOKIE, cookies.join("; "))
            .header(header::USER_AGENT, "Mozilla/5.0 (X11; Linux) Firefox/140.0");
        if method == Method::POST {
            let mut body = url::form_urlencoded::Serializer::new(String::new());
            body.extend_pairs(fields);
            request = request
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(body.finish());
        }
        let answer = request.send().await.expect("answers");
        for cookie in answer.headers().get_all(header::SET_COOKIE) {
            let text = cookie.to_str().expect("text");
            let pair = text.split(';').next().expect("a pair");
            let (name, value) = pair.split_once('=').expect("a pair");
            if value.is_empty() {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }

    pub(super) async fn get(&mut self, path: &str) -> Response {
        self.send(Method::GET, path, &[]).await
    }

    pub(super) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Response {
        self.send(Method::POST, path, fields).await
    }

    pub(super) async fn sign_in(&mut self, email: &str, password: &str) -> Response {
        self.post("/masuk", &[("surel", email), ("sandi", password)])
            .await
    }

    /// Where a page leads instead of opening; empty when it opens.
    pub(super) async fn led_to(&mut self, path: &str) -> String {
        place_of(&self.get(path).await)
    }
}

pub(super) fn place_of(answer: &Response) -> String {
    answer
        .headers()
        .get(header::LOCATION)
        .and_then(|place| place.to_str().ok())
        .unwrap_or_default()
        .to_owned()
}

pub(super) async fn organisation(
    server: &TestServer,
    kind: OrganisationKind,
    name: &str,
) -> OrganisationId {
    let organisation = Organisation {
        id: OrganisationId(clock::fresh_id()),
        kind,
        name: name.into(),
        region: None,
        homepage: None,
        parent: None,
        active: true,
    };
    let store = &server.server.app.store;
    store
        .insert_organisation(&organisation, &event(AuditKind::OrganisationAdded))
        .await
        .expect("organisation");
    organisation.id
}

/// A member with [`PASSWORD`].
pub(super) async fn member(
    server: &TestServer,
    organisation: OrganisationId,
    role: Role,
    email: &str,
) -> Member {
    let member = Member {
        id: MemberId(clock::fresh_id()),
        organisation,
        name: format!("Anggota {}", role.as_str()),
        email: email.into(),
        role,
        zone: Zone::Wib,
        active: true,
    };
    let hash = password::hash(PASSWORD).expect("hash");
    let store = &server.server.app.store;
    store
        .insert_member(&member, &hash, &event(AuditKind::MemberAdded))
        .await
        .expect("member");
    member
}

/// The newest mail to `recipient` that holds `mark`, decoded; waits until it is handed over.
pub(crate) async fn mail_to(place: &Place, recipient: &str, mark: &str) -> String {
    let begun = Instant::now();
    loop {
        let found = mails(place)
            .into_iter()
            .find(|mail| mail.contains(&format!("To: {recipient}")) && mail.contains(mark));
        if let Some(mail) = found {
            return mail;
        }
        assert!(
            begun.elapsed() < PATIENCE,
            "no mail to {recipient} with {mark}"
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

pub(crate) fn mails(place: &Place) -> Vec<String> {
    let Ok(folder) = std::fs::read_dir(place.path().join("outbox")) else {
        return Vec::new();
    };
    let mut paths: Vec<_> = folder
        .map(|entry| entry.expect("entry").path())
        .filter(|path| path.extension().is_some_and(|end| end == "eml"))
        .collect();
    // Identities rise with time.
    paths.sort();
    paths
        .iter()
        .rev()
        .map(|path| decoded(&std::fs::read_to_string(path).expect("mail")))
        .collect()
}

/// Takes the quoted-printable encoding off.
pub(super) fn decoded(mail: &str) -> String {
    let joined = mail.replace("=\r\n", "");
    let mut bytes = Vec::with_capacity(joined.len());
    let mut rest = joined.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let coded = (*first == b'=')
            .then(|| tail.get(..2))
            .flatten()
            .and_then(|pair| std::str::from_utf8(pair).ok())
            .and_then(|pair| u8::from_str_radix(pair, 16).ok());
        if let Some(byte) = coded {
            bytes.push(byte);
            rest = &tail[2..];
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The path of the first link below `/{area}/` in a mail.
pub(super) fn link_in(mail: &str, area: &str) -> String {
    let from = mail.find(&format!("/{area}/")).expect("a link");
    mail[from..]
        .split_whitespace()
        .next()
        .expect("a link")
        .to_owned()
}

pub(crate) async fn entries(server: &TestServer, kind: AuditKind) -> Vec<String> {
    let store = &server.server.app.store;
    let page = store.audit_page(None, 200).await.expect("audit");
    page.into_iter()
        .filter(|row| row.event.kind == kind)
        .map(|row| row.event.note)
        .collect()
}
