//! A walk along every route, as everybody who may come along it.
//!
//! The routes are read out of the sources, so that a new one cannot be left out: whoever adds one
//! sees the table of `docs/route-access.txt` change and reviews what it now says. Each visitor
//! walks in a house of their own, with the same records in it.
//!
//! Beside the answers the walk watches two rules that hold everywhere: what changes something
//! leaves an entry in the audit trail, and every page says how long it may be kept.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use axum::http::HeaderMap;
use domain::agreement::{
    Agreement, Form, Opening, Party, Purpose, Regions, Scope, Side, Stages, Surroundings, Term,
    Terms,
};
use domain::audit::AuditKind;
use domain::case::Case;
use domain::fact_check::Rating;
use domain::member::{Member, Role, Zone};
use domain::organisation::{Organisation, OrganisationKind};
use domain::tip::Tip;
use domain::{AgreementId, CaseId, FactCheckId, MemberId, OrganisationId, PasskeyId, TipId};
use reqwest::header::{CACHE_CONTROL, CONTENT_TYPE, COOKIE, LOCATION};
use server::access::session;
use server::app::App;
use server::clock;
use store::{Mail, NewPasskey, PasskeyRow};

use crate::harness::{Place, TestServer, event};

/// Who walks: a name for the table, the kind of their organisation, their role, and how that
/// organisation stands to the one whose records are there.
#[derive(Clone, Copy)]
struct Visitor {
    name: &'static str,
    whose: Whose,
    role: Role,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Whose {
    Nobody,
    Own,
    Partner,
    Stranger,
    Campaign,
    Operator,
}

const VISITORS: &[Visitor] = &[
    Visitor {
        name: "nobody",
        whose: Whose::Nobody,
        role: Role::Reader,
    },
    Visitor {
        name: "own reader",
        whose: Whose::Own,
        role: Role::Reader,
    },
    Visitor {
        name: "own reporter",
        whose: Whose::Own,
        role: Role::Reporter,
    },
    Visitor {
        name: "own editor",
        whose: Whose::Own,
        role: Role::Editor,
    },
    Visitor {
        name: "own reviewer",
        whose: Whose::Own,
        role: Role::Reviewer,
    },
    Visitor {
        name: "own coordinator",
        whose: Whose::Own,
        role: Role::Coordinator,
    },
    Visitor {
        name: "own auditor",
        whose: Whose::Own,
        role: Role::Auditor,
    },
    Visitor {
        name: "own administrator",
        whose: Whose::Own,
        role: Role::Administrator,
    },
    Visitor {
        name: "partner officer",
        whose: Whose::Partner,
        role: Role::Officer,
    },
    Visitor {
        name: "partner coordinator",
        whose: Whose::Partner,
        role: Role::Coordinator,
    },
    Visitor {
        name: "partner administrator",
        whose: Whose::Partner,
        role: Role::Administrator,
    },
    Visitor {
        name: "stranger editor",
        whose: Whose::Stranger,
        role: Role::Editor,
    },
    Visitor {
        name: "stranger reviewer",
        whose: Whose::Stranger,
        role: Role::Reviewer,
    },
    Visitor {
        name: "stranger coordinator",
        whose: Whose::Stranger,
        role: Role::Coordinator,
    },
    Visitor {
        name: "stranger administrator",
        whose: Whose::Stranger,
        role: Role::Administrator,
    },
    Visitor {
        name: "campaign administrator",
        whose: Whose::Campaign,
        role: Role::Administrator,
    },
    Visitor {
        name: "operator administrator",
        whose: Whose::Operator,
        role: Role::Administrator,
    },
];

/// Changes that leave no entry, each with the reason.
const WITHOUT_ENTRY: &[(&str, &str)] = &[
    ("POST /periksa", "asks a question and changes nothing"),
    (
        "POST /lupa-sandi",
        "for an address that is nobody's nothing changes, and the answer is the same",
    ),
    ("POST /api/v1/lookup", "asks a question and changes nothing"),
    (
        "POST /masuk/kunci-sandi/mulai",
        "begins what `POST /masuk/kunci-sandi` ends, and keeps nothing that lasts",
    ),
    (
        "POST /admin/audit",
        "checks the whole log and changes nothing",
    ),
    (
        "POST /network/import",
        "says what a file would change and changes nothing",
    ),
    (
        "POST /api/v1/posts",
        "posts go into the durable log, which is their record",
    ),
];

/// Changes that no visitor of this walk can make, each with where it is shown instead.
const NOT_MADE: &[(&str, &str)] = &[
    (
        "POST /account/passkeys/new",
        "this site's address is a number, for which no passkey can be made; `identity::passkeys` does",
    ),
    (
        "POST /masuk/kunci-sandi",
        "this site's address is a number, for which no passkey can be made; `identity::passkeys` does",
    ),
    (
        "POST /account/passkeys",
        "this site's address is a number, for which no passkey can be made; `identity::passkeys` does",
    ),
    (
        "POST /account/provider",
        "no provider is set here; the journey with a real one ties and cuts",
    ),
    (
        "POST /account/provider/cut",
        "no provider is set here; the journey with a real one ties and cuts",
    ),
    (
        "POST /masuk/peraga",
        "this is no demonstration; the journeys enter by it",
    ),
];

/// How the table says that an entry was made; what kind it is stands behind.
const RECORDED: &str = "recorded as";

/// Routes that change something and of which neither an entry was seen nor a reason is given, and
/// reasons that are none any more.
fn unproven(table: &BTreeMap<(String, &str), Vec<(&str, String)>>) -> Vec<String> {
    let mut faults = Vec::new();
    for ((path, method), answers) in table {
        let name = format!("{method} {path}");
        let named = |list: &[(&str, &str)]| list.iter().any(|(route, _)| *route == name);
        let recorded = answers.iter().any(|(_, answer)| answer.contains(RECORDED));
        if *method == "POST" && !recorded && !named(WITHOUT_ENTRY) && !named(NOT_MADE) {
            faults.push(format!(
                "{name} is made by nobody: give it a scene in walk/scenes"
            ));
        }
        if recorded && named(NOT_MADE) {
            faults.push(format!("{name} is made after all: take it out of NOT_MADE"));
        }
    }
    faults
}

/// Routes of the sources: path, and whether it answers GET and POST.
fn routes() -> BTreeSet<(String, &'static str)> {
    let mut found = BTreeSet::new();
    for file in sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")) {
        let text = std::fs::read_to_string(&file).expect("a source");
        // What a module tests itself with is no route of the server.
        let text = text
            .split("#[cfg(test)]\nmod tests {")
            .next()
            .unwrap_or_default();
        for part in text.split(".route(").skip(1) {
            let call = call_of(part);
            let mut quoted = call.splitn(3, '"');
            let (Some(before), Some(path), Some(rest)) =
                (quoted.next(), quoted.next(), quoted.next())
            else {
                continue;
            };
            if !before.trim().is_empty() || !path.starts_with('/') {
                continue;
            }
            for (word, method) in [("get(", "GET"), ("post(", "POST")] {
                if rest.contains(word) {
                    found.insert((path.to_owned(), method));
                }
            }
        }
    }
    found
}

/// The text up to the bracket that closes the call.
fn call_of(text: &str) -> &str {
    let mut depth = 1;
    for (at, letter) in text.char_indices() {
        match letter {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return &text[..at];
        }
    }
    text
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|end| end == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

mod scenes;

use scenes::Scene;

/// A server with the records of one newsroom, an agreement that opens its cases to a commission,
/// and people around.
struct House {
    server: TestServer,
    /// What stands in the place of `{id}` and its like, by the beginning of the path.
    records: Vec<(&'static str, String)>,
    cookie: String,
    visitor: Visitor,
    /// Whom the visitor acts for; none for nobody.
    organisation: Option<OrganisationId>,
    member: Option<MemberId>,
    own: OrganisationId,
    partner: OrganisationId,
    stranger: OrganisationId,
    /// The editor of the newsroom whose records these are.
    writer: MemberId,
    check: FactCheckId,
    /// What the walk found that no route may do.
    faults: RefCell<Vec<String>>,
}

impl House {
    #[expect(clippy::too_many_lines, reason = "one record of each kind, in order")]
    async fn open(place: &Place, visitor: Visitor) -> Self {
        let server = TestServer::start(place).await;
        let app = server.server.app.clone();
        let own = organisation(&server, "Redaksi Sendiri", OrganisationKind::Newsroom).await;
        let partner = organisation(&server, "KPU Mitra", OrganisationKind::Kpu).await;
        let stranger = organisation(&server, "Redaksi Lain", OrganisationKind::Newsroom).await;
        let campaign = organisation(&server, "Tim Kampanye", OrganisationKind::Party).await;
        let operator = organisation(&server, "Pengelola", OrganisationKind::Operator).await;
        let writer = person(&server, own, Role::Editor).await;
        // One rumour that somebody works on, and one that nobody has taken.
        let (cluster, free) = (crate::desk::rumour(), crate::desk::rumour());
        let rumours = [cluster.clone(), free.clone()];
        app.store.upsert_clusters(&rumours).await.expect("clusters");
        let check = server
            .add_check("walk-1", "Kotak suara disegel", Rating::True)
            .await;
        let case = Case::open(
            CaseId(clock::fresh_id()),
            cluster.id,
            own,
            "Kotak".into(),
            writer,
            clock::now(),
        );
        app.store
            .insert_case(&case, &event(AuditKind::CaseOpened))
            .await
            .expect("case");
        let agreement = agreement(&server, own, partner, writer).await;
        let tip = Tip {
            id: TipId(clock::fresh_id()),
            code: "K7QM-3XPD".into(),
            text: "Benarkah?".into(),
            region: None,
            received_at: clock::now(),
        };
        app.store
            .insert_tip(&tip, &event(AuditKind::TipReceived))
            .await
            .expect("tip");
        let passkey = passkey(&server, writer).await;
        let organisation = match visitor.whose {
            Whose::Nobody => None,
            Whose::Own => Some(own),
            Whose::Partner => Some(partner),
            Whose::Stranger => Some(stranger),
            Whose::Campaign => Some(campaign),
            Whose::Operator => Some(operator),
        };
        let (member, cookie) = match organisation {
            None => (None, String::new()),
            Some(organisation) => {
                let member = person(&server, organisation, visitor.role).await;
                let set = session::open(&app, &HeaderMap::new(), member, clock::now(), "").await;
                let set = set.expect("session");
                let cookie = set.to_str().expect("text").split(';').next();
                (Some(member), cookie.unwrap_or_default().to_owned())
            }
        };
        let records = vec![
            ("/desk/clusters", free.id.to_string()),
            ("/desk/cases", case.id.to_string()),
            ("/desk/partners", case.id.to_string()),
            ("/network/agreements", agreement.to_string()),
            ("/kesepakatan", agreement.to_string()),
            ("/network/organisations", own.to_string()),
            ("/cek-fakta", check.to_string()),
            ("/api/v1/fact-checks", check.to_string()),
            ("/kiriman", "K7QM-3XPD".to_owned()),
            ("/admin/members", writer.to_string()),
            ("/account/passkeys", passkey.to_string()),
        ];
        Self {
            server,
            records,
            cookie,
            visitor,
            organisation,
            member,
            own,
            partner,
            stranger,
            writer,
            check,
            faults: RefCell::default(),
        }
    }

    /// The path with a record of this house in each place; one that is nowhere where we have none.
    fn filled(&self, path: &str) -> String {
        let known = self
            .records
            .iter()
            .find(|(start, _)| path.starts_with(start));
        let mut first = known.map(|(_, id)| id.as_str());
        let parts = path.split('/').map(|part| {
            if part.starts_with('{') {
                first
                    .take()
                    .unwrap_or("0190a0a0-0000-7000-8000-000000000000")
            } else {
                part
            }
        });
        parts.collect::<Vec<_>>().join("/")
    }

    fn must(&self, holds: bool, fault: impl FnOnce() -> String) {
        if !holds {
            self.faults.borrow_mut().push(fault());
        }
    }

    /// How long the trail is.
    async fn trail(&self) -> i64 {
        let store = &self.server.server.app.store;
        let page = store.audit_page(None, 1).await.expect("trail");
        page.first().map_or(0, |row| row.sequence)
    }

    /// The kinds of the entries behind `before`, in their order; empty where there are none.
    async fn recorded_since(&self, before: i64) -> String {
        let store = &self.server.server.app.store;
        let page = store.audit_page(None, 20).await.expect("trail");
        let fresh = page.iter().rev().filter(|row| row.sequence > before);
        let kinds: Vec<&str> = fresh.map(|row| row.event.kind.as_str()).collect();
        kinds.join(" and ")
    }

    fn request(&self, scene: Scene) -> reqwest::RequestBuilder {
        let request = self
            .server
            .client
            .post(format!("{}{}", self.server.url, scene.address))
            .header(CONTENT_TYPE, scene.content_type)
            .header(COOKIE, scene.cookie.as_ref().unwrap_or(&self.cookie))
            .body(scene.body);
        match scene.bearer {
            Some(key) => request.bearer_auth(key),
            None => request,
        }
    }

    /// The answer as a word of the table.
    async fn answer(&self, path: &str, method: &str) -> String {
        let request = match method {
            // A line that stays open is asked for its present state alone.
            "GET" => {
                let address = format!("{}{}?sekali=1", self.server.url, self.filled(path));
                self.server.client.get(address).header(COOKIE, &self.cookie)
            }
            _ => {
                let scene = self.scene(path).await;
                let scene = scene.unwrap_or_else(|| Scene::plain(self.filled(path), body_of(path)));
                self.request(scene)
            }
        };
        let before = self.trail().await;
        let answer = request.send().await.expect("answers");
        let code = answer.status();
        let headers = answer.headers().clone();
        let to_sign_in = headers
            .get(LOCATION)
            .and_then(|place| place.to_str().ok())
            .is_some_and(|place| place.starts_with("/masuk"));
        drop(answer);
        let is_page = headers
            .get(CONTENT_TYPE)
            .and_then(|kind| kind.to_str().ok())
            .is_some_and(|kind| kind.starts_with("text/html"));
        self.must(!is_page || headers.contains_key(CACHE_CONTROL), || {
            format!("{method} {path} is a page without a cache policy")
        });
        self.must(!code.is_server_error(), || {
            format!("{method} {path} answers {code}")
        });
        // Whoever ended their own session is led there too, and that is recorded.
        let recorded = self.recorded_since(before).await;
        if method == "POST" && !recorded.is_empty() {
            return format!("{} {RECORDED} {recorded},", code.as_u16());
        }
        let did = (code.is_success() || code.is_redirection()) && !to_sign_in;
        if method == "POST" && did {
            let name = format!("{method} {path}");
            let excepted = WITHOUT_ENTRY.iter().any(|(route, _)| *route == name);
            self.must(excepted, || {
                format!("{name} answers {code} and leaves no entry in the audit trail")
            });
        }
        if to_sign_in {
            "sign-in".to_owned()
        } else {
            code.as_u16().to_string()
        }
    }
}

/// A form with which the route does something, where we have one; otherwise an empty form, whose
/// answer still says who may come in.
fn body_of(path: &str) -> &'static str {
    match path {
        "/kirim" => "teks=Benarkah+ini%3F&setuju=ya",
        "/periksa" => "teks=kotak+suara",
        "/network/agreements" => {
            "jenis=mou&judul=Baru&mulai=2026-01-01&tahun=1&pihak=Redaksi+Sendiri%0AKPU+Mitra&c0.buka=figures.see"
        }
        "/admin/invitations" => "name=Orang+Baru&email=baru%40lembaga.example&role=reader",
        "/admin/members/{id}/role" => "role=reader",
        "/admin/keys" => "name=pengumpul&rate=10&quota=1000&days=30",
        "/account/passkeys/new" => "nama=Ponsel&sandi=bukan+ini",
        "/lupa-sandi" => "surel=tidak-ada%40lembaga.example",
        "/admin/feeds" => "name=Umpan&url=https%3A%2F%2Fredaksi.example%2Frss",
        _ => "",
    }
}

async fn organisation(server: &TestServer, name: &str, kind: OrganisationKind) -> OrganisationId {
    let organisation = Organisation {
        id: OrganisationId(clock::fresh_id()),
        kind,
        name: name.to_owned(),
        region: None,
        homepage: None,
        parent: None,
        active: true,
    };
    let act = event(AuditKind::OrganisationAdded);
    let added = server
        .server
        .app
        .store
        .insert_organisation(&organisation, &act);
    added.await.expect("organisation");
    organisation.id
}

async fn person(server: &TestServer, organisation: OrganisationId, role: Role) -> MemberId {
    let id = MemberId(clock::fresh_id());
    let member = Member {
        id,
        organisation,
        name: "Orang".into(),
        email: format!("{}@lembaga.example", id.0),
        role,
        zone: Zone::Wib,
        active: true,
    };
    let act = event(AuditKind::MemberAdded);
    let added = server
        .server
        .app
        .store
        .insert_member(&member, "no password", &act);
    added.await.expect("member");
    id
}

/// A passkey of somebody else than the one who walks.
async fn passkey(server: &TestServer, member: MemberId) -> PasskeyId {
    let id = PasskeyId(clock::fresh_id());
    let new = NewPasskey {
        row: PasskeyRow {
            id,
            member,
            name: "Ponsel".into(),
            content: "{}".into(),
            added_at: clock::now(),
            last_used_at: None,
        },
        credential: id.0.as_bytes().to_vec(),
        recovery: None,
    };
    let notice = Mail {
        id: clock::fresh_id(),
        recipient: "orang@lembaga.example".into(),
        subject: "Kunci sandi".into(),
        body: "ditambahkan".into(),
    };
    let act = event(AuditKind::PasskeyAdded);
    let store = &server.server.app.store;
    let added = store.insert_passkey(&new, &notice, &act).await;
    added.expect("passkey");
    id
}

/// The newsroom opens its cases to the commission.
async fn agreement(
    server: &TestServer,
    own: OrganisationId,
    partner: OrganisationId,
    by: MemberId,
) -> AgreementId {
    let app = &server.server.app;
    let id = agreement_in(app, [own, partner], by).await;
    app.agreed_access.renew(&app.store).await.expect("opened");
    id
}

/// An agreement of three years from today by which the first opens its cases to the second, as a
/// proposal of the first.
pub(crate) fn proposal(parties: [OrganisationId; 2]) -> Agreement {
    let [own, partner] = parties;
    let party = |organisation| Party {
        organisation,
        number: String::new(),
        signatory: String::new(),
        liaison: String::new(),
        left: None,
    };
    let today = server::access::agreed_access::today(clock::now());
    let terms = Terms {
        form: Form::Mou,
        title: "Kesepahaman".into(),
        parent: None,
        place: "Jakarta".into(),
        parties: vec![party(own), party(partner)],
        starts: today,
        term: Term::Months(36),
        scopes: vec![Scope {
            gives: Side::One(own),
            takes: Side::One(partner),
            with_members: false,
            opens: [Opening::SeeCases].into(),
            regions: Regions::Everywhere,
            stages: Stages::Always,
            purpose: Purpose::FactCheck,
        }],
        document: None,
    };
    Agreement::propose(AgreementId(clock::fresh_id()), terms, own, clock::now())
}

/// The same, its text agreed.
pub(crate) fn agreed(parties: [OrganisationId; 2]) -> Agreement {
    let around = Surroundings {
        kind: &|_| OrganisationKind::Newsroom,
        kin: &|one, other| one == other,
        parent: None,
        others: &[],
    };
    proposal(parties).agree(&around).expect("agreed")
}

/// The same, in force and kept.
pub(crate) async fn agreement_in(
    app: &App,
    parties: [OrganisationId; 2],
    by: MemberId,
) -> AgreementId {
    let mut agreement = agreed(parties);
    for organisation in parties {
        let read = agreement.version;
        agreement = agreement
            .sign(organisation, by, read, clock::now())
            .expect("signed");
    }
    let act = event(AuditKind::AgreementSigned);
    let kept = app.store.insert_agreement(&agreement, &act);
    kept.await.expect("kept");
    agreement.id
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_answers_everybody_as_the_table_says() {
    let routes = routes();
    assert!(
        routes.len() > 60,
        "only {} routes were found in the sources",
        routes.len()
    );
    let mut faults: Vec<String> = Vec::new();
    let mut table: BTreeMap<(String, &str), Vec<(&str, String)>> = BTreeMap::new();
    for visitor in VISITORS {
        let place = Place::new();
        let house = House::open(&place, *visitor).await;
        for (path, method) in &routes {
            // Nobody has nothing to leave.
            let leaves_nothing = path == "/keluar" && visitor.whose == Whose::Nobody;
            if leaves_nothing || path.starts_with("/assets") {
                continue;
            }
            let answer = house.answer(path, method).await;
            table
                .entry((path.clone(), *method))
                .or_default()
                .push((visitor.name, answer));
        }
        faults.extend(
            house
                .faults
                .take()
                .into_iter()
                .map(|fault| format!("{}: {fault}", visitor.name)),
        );
        house.server.stop().await;
    }
    faults.extend(unproven(&table));
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    let written = written(&table);
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/route-access.txt");
    if std::env::var_os("KENTONGAN_WRITE_TABLES").is_some() {
        std::fs::write(&page, &written).expect("written");
    }
    let reviewed = std::fs::read_to_string(&page).unwrap_or_default();
    for (reviewed, found) in reviewed.lines().zip(written.lines()) {
        assert_eq!(
            found, reviewed,
            "an answer changed: review it, then write docs/route-access.txt anew with KENTONGAN_WRITE_TABLES=1"
        );
    }
    assert_eq!(
        reviewed.lines().count(),
        written.lines().count(),
        "a route came or went: docs/route-access.txt"
    );
}

/// One line for each route: visitors with the same answer stand together.
fn written(table: &BTreeMap<(String, &str), Vec<(&str, String)>>) -> String {
    let mut text = String::new();
    for ((path, method), answers) in table {
        let mut by_answer: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (name, answer) in answers {
            by_answer.entry(answer).or_default().push(name);
        }
        let most = by_answer
            .iter()
            .max_by_key(|(_, names)| names.len())
            .map(|(answer, _)| *answer);
        let parts = by_answer.iter().map(|(answer, names)| {
            let who = if Some(*answer) == most && by_answer.len() > 1 {
                "everybody else".to_owned()
            } else if by_answer.len() == 1 {
                "everybody".to_owned()
            } else {
                names.join(", ")
            };
            format!("{answer} {who}")
        });
        let parts = parts.collect::<Vec<_>>().join(" · ");
        let _infallible = writeln!(text, "{method} {path}: {parts}");
    }
    text
}
