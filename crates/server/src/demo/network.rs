//! The data of `reference/demo` and its way into the store.

use std::collections::HashMap;

use domain::audit::{Actor, AuditEvent, AuditKind};
use domain::fact_check::{Deception, FactCheck, Origin, Rating};
use domain::member::{Member, Role, Zone};
use domain::organisation::{Organisation, OrganisationKind};
use domain::region::RegionCode;
use domain::{FactCheckId, MemberId, OrganisationId, Timestamp};
use serde::Deserialize;
use store::{Store, StoreError};
use uuid::Uuid;

use super::NotLoopback;

const NETWORK: &str = include_str!("../../../../reference/demo/network.json");
const FACT_CHECKS: &str = include_str!("../../../../reference/demo/fact-checks.jsonl");
const POSTS: &str = include_str!("../../../../reference/demo/posts.jsonl");

/// Stands where a password hash would: nobody signs in to the demonstration with a password.
const NO_PASSWORD: &str = "!";
/// Checks of one transaction.
const CHECKS_PER_TRANSACTION: usize = 500;
/// How readers know the publishers whose work the demonstration cites.
const PUBLISHERS: [(&str, &str); 2] = [("turnbackhoax", "TurnBackHoax"), ("tempo", "Tempo")];

/// Why the demonstration could not be loaded.
#[derive(Debug, thiserror::Error)]
pub enum DemoFault {
    /// The address can be reached by others.
    #[error(transparent)]
    NotLoopback(#[from] NotLoopback),
    /// The data shipped with the program is damaged.
    #[error("the demonstration's data is damaged: {0}")]
    Data(String),
    /// The store refused.
    #[error("the demonstration cannot be stored")]
    Store(#[from] StoreError),
}

/// What [`load_into`] found missing and made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Loaded {
    /// Organisations made.
    pub organisations: usize,
    /// Members made.
    pub members: usize,
    /// Fact-checks made or changed.
    pub fact_checks: u64,
}

/// The data of the demonstration as it is shipped.
#[derive(Debug)]
pub struct DemoData {
    organisations: Vec<DemoOrganisation>,
    checks: Vec<DemoCheck>,
    /// Hoaxes with their copies, and everyday sentences.
    pub posts: Vec<DemoPost>,
}

#[derive(Debug, Deserialize)]
struct DemoNetwork {
    organisations: Vec<DemoOrganisation>,
}

#[derive(Debug, Deserialize)]
struct DemoOrganisation {
    id: String,
    name: String,
    kind: String,
    region: Option<String>,
    homepage: Option<String>,
    #[serde(default)]
    member_of: Vec<String>,
    members: Vec<DemoMember>,
}

#[derive(Debug, Deserialize)]
struct DemoMember {
    id: String,
    display_name: String,
    role: String,
    email: String,
    time_zone: String,
}

#[derive(Debug, Deserialize)]
struct DemoCheck {
    doc_id: String,
    org: String,
    claim: String,
    verdict: String,
    tag: Option<String>,
    date: String,
    url: Option<String>,
    explanation: String,
    deception: Option<String>,
}

/// One line of `posts.jsonl`.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum DemoPost {
    /// A hoax and the ways people pass it on.
    Hoax {
        /// The check that answers it; none where nobody has answered yet.
        of: Option<String>,
        /// The first wording.
        text: String,
        /// Its copies.
        variants: Vec<String>,
        /// Kinds of channel it is seen in.
        channels: Vec<String>,
        /// Where it is seen, by official code.
        regions: Vec<String>,
        /// The fewest and the most people one post reaches.
        reach: [u64; 2],
        /// How it spreads.
        shape: Shape,
    },
    /// What people write on an ordinary day.
    Everyday {
        /// The sentence.
        text: String,
        /// Its language.
        lang: String,
    },
}

/// How a hoax spreads over time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Shape {
    /// More and more.
    Rising,
    /// As much as before.
    Steady,
    /// Less and less.
    Fading,
    /// Now and then, all at once.
    Burst,
}

impl DemoData {
    /// Reads what is compiled in.
    pub fn read() -> Result<Self, DemoFault> {
        let network: DemoNetwork =
            serde_json::from_str(NETWORK).map_err(|fault| damaged("network.json", 0, &fault))?;
        Ok(Self {
            organisations: network.organisations,
            checks: lines("fact-checks.jsonl", FACT_CHECKS)?,
            posts: lines("posts.jsonl", POSTS)?,
        })
    }
}

fn lines<T: serde::de::DeserializeOwned>(file: &str, text: &str) -> Result<Vec<T>, DemoFault> {
    let read =
        |(number, line)| serde_json::from_str(line).map_err(|fault| damaged(file, number, &fault));
    (1..).zip(text.lines()).map(read).collect()
}

fn damaged(file: &str, line: usize, fault: &dyn std::fmt::Display) -> DemoFault {
    DemoFault::Data(format!("{file} line {line}: {fault}"))
}

/// Creates in `store` what is missing of the network.
pub async fn load_into(store: &Store, now: Timestamp) -> Result<Loaded, DemoFault> {
    let data = DemoData::read()?;
    let mut loaded = Loaded::default();
    let known: Vec<OrganisationId> = store
        .organisations()
        .await?
        .into_iter()
        .map(|known| known.id)
        .collect();
    let mut missing: Vec<Member> = Vec::new();
    for demo in &data.organisations {
        let organisation = organisation(demo)?;
        if !known.contains(&organisation.id) {
            let audit = machine(
                now,
                AuditKind::OrganisationAdded,
                organisation.id.0,
                "demonstration",
            );
            loaded.organisations += usize::from(made(
                store.insert_organisation(&organisation, &audit).await,
            )?);
        }
        for demo in &demo.members {
            let member = member(demo, organisation.id)?;
            if store.member_by_email(&member.email).await?.is_none() {
                missing.push(member);
            }
        }
    }
    let added =
        |member: &Member| machine(now, AuditKind::MemberAdded, member.id.0, "demonstration");
    let acts: Vec<AuditEvent> = missing.iter().map(added).collect();
    if made(store.insert_members(&missing, NO_PASSWORD, &acts).await)? {
        loaded.members += missing.len();
    }
    loaded.organisations += super::agreements::load(store, now).await?;
    let memberships: Vec<(OrganisationId, OrganisationId)> = data
        .organisations
        .iter()
        .flat_map(|demo| {
            let media = OrganisationId(id_of(&demo.id));
            let association = |name: &String| OrganisationId(id_of(name));
            demo.member_of
                .iter()
                .map(move |name| (association(name), media))
        })
        .collect();
    super::directory::load(store, now, &memberships).await?;
    loaded.fact_checks = load_checks(store, now, &data).await?;
    Ok(loaded)
}

/// Checks made or changed.
async fn load_checks(store: &Store, now: Timestamp, data: &DemoData) -> Result<u64, DemoFault> {
    let names: HashMap<&str, &str> = PUBLISHERS
        .into_iter()
        .chain(
            data.organisations
                .iter()
                .map(|org| (org.id.as_str(), org.name.as_str())),
        )
        .collect();
    let narratives = narratives(&data.posts);
    let checks: Vec<FactCheck> = data
        .checks
        .iter()
        .map(|check| {
            let narrative = narratives
                .get(check.doc_id.as_str())
                .map(ToString::to_string);
            fact_check(check, &names).map(|whole| FactCheck { narrative, ..whole })
        })
        .collect::<Result<_, _>>()?;
    let mut made = 0;
    for batch in checks.chunks(CHECKS_PER_TRANSACTION) {
        let note = format!("{} checks of the demonstration", batch.len());
        let audit = machine(now, AuditKind::FactChecksImported, Uuid::nil(), &note);
        let count = store.import_fact_checks(batch, &audit).await?;
        made += count.inserted + count.updated;
    }
    Ok(made)
}

/// False when somebody else was first.
pub(super) fn made(result: Result<(), StoreError>) -> Result<bool, StoreError> {
    match result {
        Ok(()) => Ok(true),
        Err(StoreError::Conflict) => Ok(false),
        Err(fault) => Err(fault),
    }
}

pub(super) fn machine(at: Timestamp, kind: AuditKind, subject: Uuid, note: &str) -> AuditEvent {
    AuditEvent {
        at,
        actor: Actor::Machine,
        kind,
        subject,
        note: note.to_owned(),
    }
}

/// The same identity for the same name, on every machine.
pub(super) fn id_of(name: &str) -> Uuid {
    let digest = blake3::hash(format!("kentongan demonstration {name}").as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest.as_bytes()[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

fn organisation(demo: &DemoOrganisation) -> Result<Organisation, DemoFault> {
    let kind = match demo.kind.as_str() {
        "association" => Some(OrganisationKind::MediaAssociation),
        word => OrganisationKind::parse(word),
    };
    let region = demo.region.as_deref().map(RegionCode::parse).transpose();
    Ok(Organisation {
        id: OrganisationId(id_of(&demo.id)),
        kind: kind
            .ok_or_else(|| DemoFault::Data(format!("kind {:?} of {}", demo.kind, demo.id)))?,
        name: demo.name.clone(),
        region: region.map_err(|bad| DemoFault::Data(bad.to_string()))?,
        homepage: demo.homepage.clone(),
        parent: None,
        active: true,
    })
}

fn member(demo: &DemoMember, organisation: OrganisationId) -> Result<Member, DemoFault> {
    let role = Role::parse(&demo.role);
    let zone = match demo.time_zone.as_str() {
        "Asia/Jakarta" | "Asia/Pontianak" => Some(Zone::Wib),
        "Asia/Makassar" => Some(Zone::Wita),
        "Asia/Jayapura" => Some(Zone::Wit),
        _ => None,
    };
    let unknown = || {
        DemoFault::Data(format!(
            "role {:?} or zone {:?} of {}",
            demo.role, demo.time_zone, demo.id
        ))
    };
    Ok(Member {
        id: MemberId(id_of(&demo.id)),
        organisation,
        name: demo.display_name.clone(),
        email: demo.email.clone(),
        role: role.ok_or_else(unknown)?,
        zone: zone.ok_or_else(unknown)?,
        active: true,
    })
}

/// The circulating text that a check quotes, as publishers do for most of theirs; in our own
/// words, like every text of the demonstration. One check in four quotes nothing and has to be
/// found by its claim alone.
fn narratives(posts: &[DemoPost]) -> HashMap<&str, &str> {
    let quoted = posts.iter().filter_map(|post| match post {
        DemoPost::Hoax {
            of: Some(of), text, ..
        } => Some((of.as_str(), text.as_str())),
        _ => None,
    });
    let most = quoted.enumerate().filter(|(place, _)| place % 4 != 3);
    most.map(|(_, pair)| pair).collect()
}

fn fact_check(demo: &DemoCheck, names: &HashMap<&str, &str>) -> Result<FactCheck, DemoFault> {
    let fault = |what: &str| DemoFault::Data(format!("{what} of {}", demo.doc_id));
    let midnight = format!("{}T00:00:00+07:00", demo.date);
    let date: jiff::Timestamp = midnight.parse().map_err(|_| fault("date"))?;
    let deception = match demo.deception.as_deref() {
        None => None,
        Some("misleading") => Some(Deception::Misleading),
        Some(word) => Some(Deception::parse(word).ok_or_else(|| fault("deception"))?),
    };
    Ok(FactCheck {
        id: FactCheckId(id_of(&demo.doc_id)),
        external_id: demo.doc_id.clone(),
        publisher: names
            .get(demo.org.as_str())
            .map_or_else(|| demo.org.clone(), ToString::to_string),
        origin: Origin::Imported,
        claim: demo.claim.clone(),
        rating: Rating::from_label(&demo.verdict).ok_or_else(|| fault("verdict"))?,
        label: demo.tag.clone().unwrap_or_default(),
        deception,
        explanation: demo.explanation.clone(),
        narrative: None,
        evidence: demo.url.iter().cloned().collect(),
        url: demo.url.clone(),
        published_at: Timestamp(date.as_microsecond()),
        revision: 0,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn loading_twice_is_loading_once() {
        let dir = tempfile::tempdir().expect("folder");
        let address = format!("sqlite:{}", dir.path().join("kentongan.db").display());
        let store = Store::open(&address).await.expect("opens");
        let now = Timestamp(1_795_336_200_000_000);
        let first = load_into(&store, now).await.expect("loads");
        assert_eq!((first.organisations, first.members), (34, 21));
        assert!(first.fact_checks >= 200, "{first:?}");
        let rows = store.all_entries().await.expect("read").len();
        let again = load_into(&store, now.plus_us(1)).await.expect("loads");
        assert_eq!(again, Loaded::default());
        let entries = store.all_entries().await.expect("read");
        assert_eq!(rows, entries.len());
        assert!(rows >= first.organisations, "{rows}");
        let names = entries.iter().flat_map(|entry| {
            let known = [&entry.organisation.name, &entry.short_name];
            let known = known.map(|name| name.trim_end_matches(" (peraga)").to_lowercase());
            std::collections::BTreeSet::from(known)
        });
        let mut names: Vec<String> = names.filter(|name| !name.is_empty()).collect();
        names.sort_unstable();
        let twice: Vec<_> = names.windows(2).filter(|pair| pair[0] == pair[1]).collect();
        assert!(twice.is_empty(), "each body once: {twice:?}");
        let chapter = entries
            .iter()
            .find(|entry| entry.organisation.name == "IWO Jambi (peraga)");
        assert!(chapter.is_some_and(|chapter| chapter.organisation.parent.is_some()));
        assert_eq!(store.open_affiliations().await.expect("read").len(), 7);
        let count = store.fact_check_count().await.expect("counted");
        assert_eq!(u64::try_from(count).expect("count"), first.fact_checks);
        let (editor, _) = store
            .member_by_email("redaktur-a@meja-losari.example")
            .await
            .expect("read")
            .expect("is there");
        assert_eq!((editor.role, editor.zone), (Role::Editor, Zone::Wita));
    }

    #[test]
    fn every_answered_hoax_has_its_check() {
        let data = DemoData::read().expect("reads");
        let mut hoaxes = 0;
        for post in &data.posts {
            if let DemoPost::Hoax {
                of,
                channels,
                regions,
                reach,
                ..
            } = post
            {
                hoaxes += 1;
                if let Some(of) = of {
                    assert!(
                        data.checks.iter().any(|check| check.doc_id == *of),
                        "{of} is missing"
                    );
                }
                assert!(
                    channels
                        .iter()
                        .all(|word| domain::channel::ChannelKind::parse(word).is_some())
                );
                assert!(regions.iter().all(|code| RegionCode::parse(code).is_ok()));
                assert!(reach[0] <= reach[1]);
            }
        }
        assert!(hoaxes > 50);
    }
}
