//! The mail that reminds the parties of an agreement that it will soon be over: to their
//! coordinators, each in their language, and to the liaisons who left an address; where there is
//! none of them, to the operator's administrators.

use std::collections::BTreeSet;

use domain::OrganisationId;
use domain::agreement::AGREEMENT_ZONE;
use domain::date::Date;
use domain::directory::FactKind;
use domain::member::{Role, Zone};
use store::{AgreementRow, Mail, Recipient, StoreError};

use super::words::{day_text, form_name};
use crate::access::letters;
use crate::app::App;
use crate::mail::addresses_in;
use crate::web::{Frame, Language};

/// Parties named in the mail before "and others".
const PARTIES_NAMED: usize = 5;

/// Somebody to be reminded.
struct Reader {
    address: String,
    name: String,
    language: Language,
    zone: Zone,
    /// Whether they read it in the place of the parties, who have nobody.
    stands_in: bool,
}

impl Reader {
    fn of(one: Recipient, stands_in: bool) -> Self {
        Self {
            address: one.member.email,
            name: one.member.name,
            language: Language::parse(&one.language).unwrap_or_default(),
            zone: one.member.zone,
            stands_in,
        }
    }
}

/// One mail for each person of the parties that are bound on `day`.
pub(super) async fn mails(
    app: &App,
    row: &AgreementRow,
    day: Date,
) -> Result<Vec<Mail>, StoreError> {
    let Some(last) = row.agreement.terms.ends() else {
        return Ok(Vec::new());
    };
    let renewed = app.store.renewal_of(row.agreement.id).await?;
    let renewed = renewed.is_some_and(|next| next.state.as_str() != "withdrawn");
    let mut readers = readers(app, row, day).await?;
    if readers.is_empty() {
        let operators = app.store.operators().await?.into_iter();
        readers.extend(operators.map(|one| Reader::of(one, true)));
    }
    let write = |reader: &Reader| letter(app, row, reader, last, day, renewed);
    Ok(readers.iter().map(write).collect())
}

/// Nobody twice: who stands there as coordinator and as liaison, or for two parties, is written
/// to once.
async fn readers(app: &App, row: &AgreementRow, day: Date) -> Result<Vec<Reader>, StoreError> {
    let terms = &row.agreement.terms;
    let bound = terms.parties.iter();
    let bound = bound.filter(|party| terms.binds(party.organisation, day));
    let bodies: Vec<OrganisationId> = bound.clone().map(|party| party.organisation).collect();
    let mut seen = BTreeSet::new();
    let mut readers = Vec::new();
    for one in app.store.recipients(&bodies, &[Role::Coordinator]).await? {
        if seen.insert(one.member.email.to_lowercase()) {
            readers.push(Reader::of(one, false));
        }
    }
    let known = app.store.organisations_by_id(&bodies).await?;
    for party in bound {
        let Some(body) = known.get(&party.organisation).filter(|body| body.active) else {
            continue;
        };
        let written = liaisons(app, body.id, day).await?;
        let written = written.iter().chain([&party.liaison]);
        for address in written.flat_map(|text| addresses_in(text)) {
            if seen.insert(address.clone()) {
                readers.push(Reader {
                    address,
                    name: body.name.clone(),
                    language: Language::default(),
                    zone: AGREEMENT_ZONE,
                    stands_in: false,
                });
            }
        }
    }
    Ok(readers)
}

/// What the directory says of the liaisons of a body on `day`.
async fn liaisons(app: &App, body: OrganisationId, day: Date) -> Result<Vec<String>, StoreError> {
    let facts = app.store.dated_facts(body).await?;
    let now = facts
        .into_iter()
        .filter(|fact| fact.kind == FactKind::Liaison && fact.term.holds_on(day));
    Ok(now.map(|fact| fact.text).collect())
}

fn letter(
    app: &App,
    row: &AgreementRow,
    reader: &Reader,
    last: Date,
    day: Date,
    renewed: bool,
) -> Mail {
    let frame = Frame::for_mail(reader.language, reader.zone);
    let agreement = &row.agreement;
    let named = row.parties.iter().take(PARTIES_NAMED).cloned();
    let mut parties = named.collect::<Vec<_>>().join(", ");
    if let Some(more) = row.parties.len().checked_sub(PARTIES_NAMED)
        && more > 0
    {
        let more = i64::try_from(more).unwrap_or(i64::MAX);
        parties.push_str(", ");
        parties.push_str(&frame.n("agreement-more-parties", more));
    }
    let next = if reader.stands_in {
        "letter-agreement-stand-in"
    } else if renewed {
        "letter-agreement-renewal"
    } else {
        "letter-agreement-renew"
    };
    let place = super::place(agreement.id);
    let link = letters::link(app, &place);
    let parts = [
        ("name", reader.name.as_str()),
        ("form", &form_name(&frame, agreement.terms.form)),
        ("title", agreement.terms.title.trim()),
        ("last", &day_text(&frame, last)),
        ("left", &frame.n("letter-days-left", last.since(day))),
        ("parties", &parties),
        ("next", &frame.t(next)),
        ("link", &link),
    ];
    letters::letter(&frame, &reader.address, "letter-agreement", &parts)
}
