//! Terms and states of agreements as compact JSON, which no SQL looks into.

use std::collections::{BTreeMap, BTreeSet};

use domain::agreement::{
    AgreementState, Form, Opening, Party, Purpose, Regions, Scope, Side, Signature, Stage, Stages,
    Term, Terms,
};
use domain::date::Date;
use domain::pair::First;
use domain::region::RegionCode;
use domain::{AgreementId, MemberId, OrganisationId, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::error::StoreError;

/// An identity, written with hyphens.
#[derive(Clone, Copy)]
struct Id(Uuid);

impl Serialize for Id {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let id = Uuid::try_parse(&text).map_err(serde::de::Error::custom)?;
        Ok(Self(id))
    }
}

#[derive(Serialize, Deserialize)]
struct StoredTerms {
    form: String,
    title: String,
    parent: Option<Id>,
    place: String,
    parties: Vec<StoredParty>,
    starts: i64,
    months: Option<u32>,
    until: Option<i64>,
    scopes: Vec<StoredScope>,
    document: Option<[u8; 32]>,
}

#[derive(Serialize, Deserialize)]
struct StoredParty {
    organisation: Id,
    number: String,
    signatory: String,
    liaison: String,
    left: Option<i64>,
}

#[derive(Serialize, Deserialize)]
struct StoredScope {
    gives: Option<Id>,
    takes: Option<Id>,
    with_members: bool,
    opens: Vec<String>,
    regions: Option<Vec<String>>,
    stages: Option<Vec<String>>,
    purpose: String,
}

/// Everything any state carries; which of these stand follows from the state's word.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct StoredDetail {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    signatures: Vec<(Id, Id, i64)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<Id>,
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    second: Option<(Id, i64)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

fn unreadable(what: &'static str, text: &str) -> StoreError {
    StoreError::Unreadable {
        what,
        value: text.chars().take(80).collect(),
    }
}

fn written<T: Serialize>(value: &T) -> String {
    // Strings, numbers and lists always become JSON; what did not would be read as unreadable.
    serde_json::to_string(value).unwrap_or_default()
}

pub(crate) fn write_terms(terms: &Terms) -> String {
    let (months, until) = match terms.term {
        Term::Months(months) => (Some(months), None),
        Term::Until(last) => (None, Some(last.days())),
    };
    written(&StoredTerms {
        form: terms.form.as_str().to_owned(),
        title: terms.title.clone(),
        parent: terms.parent.map(|id| Id(id.0)),
        place: terms.place.clone(),
        parties: terms.parties.iter().map(stored_party).collect(),
        starts: terms.starts.days(),
        months,
        until,
        scopes: terms.scopes.iter().map(stored_scope).collect(),
        document: terms.document,
    })
}

fn stored_party(party: &Party) -> StoredParty {
    StoredParty {
        organisation: Id(party.organisation.0),
        number: party.number.clone(),
        signatory: party.signatory.clone(),
        liaison: party.liaison.clone(),
        left: party.left.map(Date::days),
    }
}

fn stored_scope(scope: &Scope) -> StoredScope {
    let side = |side| match side {
        Side::Every => None,
        Side::One(one) => Some(Id(one.0)),
    };
    StoredScope {
        gives: side(scope.gives),
        takes: side(scope.takes),
        with_members: scope.with_members,
        opens: scope
            .opens
            .iter()
            .map(|opening| opening.as_str().to_owned())
            .collect(),
        regions: match &scope.regions {
            Regions::Everywhere => None,
            Regions::Only(codes) => Some(codes.iter().map(ToString::to_string).collect()),
        },
        stages: match &scope.stages {
            Stages::Always => None,
            Stages::Only(stages) => Some(
                stages
                    .iter()
                    .map(|stage| stage.as_str().to_owned())
                    .collect(),
            ),
        },
        purpose: scope.purpose.as_str().to_owned(),
    }
}

pub(crate) fn read_terms(text: &str) -> Result<Terms, StoreError> {
    let bad = || unreadable("terms of an agreement", text);
    let stored: StoredTerms = serde_json::from_str(text).map_err(|_| bad())?;
    let day = |days| Date::from_days(days).ok_or_else(bad);
    let term = match (stored.months, stored.until) {
        (Some(months), None) => Term::Months(months),
        (None, Some(last)) => Term::Until(day(last)?),
        _ => return Err(bad()),
    };
    let party = |party: StoredParty| {
        Ok(Party {
            organisation: OrganisationId(party.organisation.0),
            number: party.number,
            signatory: party.signatory,
            liaison: party.liaison,
            left: party.left.map(day).transpose()?,
        })
    };
    Ok(Terms {
        form: Form::parse(&stored.form).ok_or_else(bad)?,
        title: stored.title,
        parent: stored.parent.map(|id| AgreementId(id.0)),
        place: stored.place,
        parties: stored
            .parties
            .into_iter()
            .map(party)
            .collect::<Result<_, StoreError>>()?,
        starts: day(stored.starts)?,
        term,
        scopes: stored
            .scopes
            .into_iter()
            .map(|scope| read_scope(scope).ok_or_else(bad))
            .collect::<Result<_, _>>()?,
        document: stored.document,
    })
}

fn read_scope(stored: StoredScope) -> Option<Scope> {
    let side = |id: Option<Id>| id.map_or(Side::Every, |id| Side::One(OrganisationId(id.0)));
    let opens: Option<BTreeSet<_>> = stored
        .opens
        .iter()
        .map(|word| Opening::parse(word))
        .collect();
    let regions = match stored.regions {
        None => Regions::Everywhere,
        Some(codes) => {
            let codes = codes.iter().map(|code| RegionCode::parse(code).ok());
            Regions::Only(codes.collect::<Option<_>>()?)
        }
    };
    let stages = match stored.stages {
        None => Stages::Always,
        Some(words) => {
            let stages = words.iter().map(|word| Stage::parse(word));
            Stages::Only(stages.collect::<Option<_>>()?)
        }
    };
    Some(Scope {
        gives: side(stored.gives),
        takes: side(stored.takes),
        with_members: stored.with_members,
        opens: opens?,
        regions,
        stages,
        purpose: Purpose::parse(&stored.purpose)?,
    })
}

pub(crate) fn write_state(state: &AgreementState) -> String {
    let mut detail = StoredDetail::default();
    if let Some(signatures) = state.signatures() {
        let one = |(party, signature): (&OrganisationId, &Signature)| {
            (Id(party.0), Id(signature.by.0), signature.at.0)
        };
        detail.signatures = signatures.iter().map(one).collect();
    }
    match state {
        AgreementState::Ending { first, reason, .. } => {
            (detail.by, detail.at) = (Some(Id(first.by.0)), Some(first.at.0));
            detail.reason = Some(reason.clone());
        }
        AgreementState::Renewed { by, at } => {
            (detail.by, detail.at) = (Some(Id(by.0)), Some(at.0));
        }
        AgreementState::Lapsed { at } => detail.at = Some(at.0),
        AgreementState::Revoked { pair, reason } => {
            let (first, second) = (pair.first(), pair.second());
            (detail.by, detail.at) = (Some(Id(first.by.0)), Some(first.at.0));
            detail.second = Some((Id(second.by.0), second.at.0));
            detail.reason = Some(reason.clone());
        }
        AgreementState::Withdrawn { by, reason, at } => {
            (detail.by, detail.at) = (Some(Id(by.0)), Some(at.0));
            detail.reason = Some(reason.clone());
        }
        _ => {}
    }
    written(&detail)
}

pub(crate) fn read_state(word: &str, text: &str) -> Result<AgreementState, StoreError> {
    let detail: StoredDetail =
        serde_json::from_str(text).map_err(|_| unreadable("state of an agreement", text))?;
    state_of(word, &detail).ok_or_else(|| unreadable("state of an agreement", word))
}

fn state_of(word: &str, detail: &StoredDetail) -> Option<AgreementState> {
    let signatures: BTreeMap<_, _> = detail
        .signatures
        .iter()
        .map(|(party, by, at)| {
            let signature = Signature {
                by: MemberId(by.0),
                at: Timestamp(*at),
            };
            (OrganisationId(party.0), signature)
        })
        .collect();
    let at = detail.at.map(Timestamp);
    let first = || Some(First::new(MemberId(detail.by?.0), at?));
    Some(match word {
        "proposed" => AgreementState::Proposed,
        "discussed" => AgreementState::Discussed,
        "agreed" => AgreementState::Agreed,
        "signing" => AgreementState::Signing { signatures },
        "in_force" => AgreementState::InForce { signatures },
        "ending" => AgreementState::Ending {
            signatures,
            first: first()?,
            reason: detail.reason.clone()?,
        },
        "renewed" => AgreementState::Renewed {
            by: AgreementId(detail.by?.0),
            at: at?,
        },
        "lapsed" => AgreementState::Lapsed { at: at? },
        "revoked" => {
            let (second, second_at) = detail.second?;
            let pair = first()?.joined_by(MemberId(second.0), Timestamp(second_at));
            AgreementState::Revoked {
                pair: pair.ok()?,
                reason: detail.reason.clone()?,
            }
        }
        "withdrawn" => AgreementState::Withdrawn {
            by: MemberId(detail.by?.0),
            reason: detail.reason.clone()?,
            at: at?,
        },
        _ => return None,
    })
}
