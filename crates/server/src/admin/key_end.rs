//! Service keys that soon run out are announced by mail to those who can make the next one.

use std::time::Duration;

use domain::Timestamp;
use domain::audit::{Actor, AuditEvent, AuditKind};
use domain::date::Date;
use domain::limits::KEY_END_ANNOUNCED_DAYS;
use domain::member::{Role, Zone};
use domain::organisation::OrganisationKind;
use domain::policy::{self, Action};
use store::{KeyRow, Mail, Recipient, StoreError};
use tokio_util::sync::CancellationToken;

use crate::access::letters;
use crate::app::App;
use crate::clock;
use crate::mail::in_turn;
use crate::web::{Frame, Language};

/// Keys are looked at this often, in seconds.
const LOOK_EVERY_S: u64 = 300;
/// Those who are told: an administrator makes the next key, a coordinator sees to it.
const TOLD: [Role; 2] = [Role::Administrator, Role::Coordinator];

/// What a reader can do about a key that runs out.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    /// Make the next one.
    Makes,
    /// Ask the administrator of their organisation to.
    Asks,
    /// See to it that the organisation of this name gets somebody who makes it.
    StandsIn(String),
}

/// Somebody to be told.
#[derive(Debug)]
struct Reader {
    one: Recipient,
    part: Part,
}

/// Looks at once and then every few minutes, until `stop`.
pub async fn run(app: App, stop: CancellationToken) {
    loop {
        if let Err(error) = look(&app, clock::now()).await {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "the ends of keys could not be looked at"
            );
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(Duration::from_secs(LOOK_EVERY_S)) => {}
        }
    }
}

/// Announces what is due at `now`.
pub async fn look(app: &App, now: Timestamp) -> Result<(), StoreError> {
    let keys = app.store.keys_running_out(now, horizon(now)).await?;
    let each = keys
        .into_iter()
        .map(|key| (key.id.0, look_at(app, key, now)));
    in_turn("the end of a key could not be announced", each).await;
    Ok(())
}

async fn look_at(app: &App, key: KeyRow, now: Timestamp) -> Result<(), StoreError> {
    // Where the nearest mark of any zone was given, no other can be due: nobody is looked up.
    let marks = Zone::ALL.iter().filter_map(|zone| mark(&key, now, *zone));
    let Some(nearest) = marks.min() else {
        return Ok(());
    };
    if app.store.key_was_announced(key.id, nearest).await? {
        return Ok(());
    }
    let readers = readers(app, &key).await?;
    if readers.is_empty() {
        // At every look: said quietly, since the page of keys shows it too.
        tracing::debug!(key = %key.id, "a service key runs out soon, and there is nobody to tell");
    }
    match due(&key, now, &readers) {
        Some(mark) => announce(app, &key, mark, &readers, now).await,
        None => Ok(()),
    }
}

/// The last moment at which a key may end that is announced at `now`, in any zone.
pub(super) fn horizon(now: Timestamp) -> Timestamp {
    let far = KEY_END_ANNOUNCED_DAYS.into_iter().max().unwrap_or_default();
    now.plus_us((far + 1) * Timestamp::DAY_US)
}

/// The nearest mark that has been passed by the calendar of `zone`, in days. A mark as long as the
/// whole life of the key tells nobody anything and counts for nothing.
pub(super) fn mark(key: &KeyRow, now: Timestamp, zone: Zone) -> Option<i64> {
    let end = key.expires_at.filter(|end| *end > now)?;
    let left = days_left(end, now, zone);
    let life = days_left(end, key.created_at, zone);
    let passed = |mark: &i64| left <= *mark && life > *mark;
    KEY_END_ANNOUNCED_DAYS.into_iter().filter(passed).min()
}

/// Days of the calendar of `zone` until `end`; none on its last day.
pub(super) fn days_left(end: Timestamp, now: Timestamp, zone: Zone) -> i64 {
    Date::of(end, zone).since(Date::of(now, zone))
}

/// The mark that has been passed where each of the readers is, so that their mail says of the days
/// left what their pages say.
fn due(key: &KeyRow, now: Timestamp, readers: &[Reader]) -> Option<i64> {
    let marks = readers.iter();
    let marks: Option<Vec<i64>> = marks
        .map(|reader| mark(key, now, reader.one.member.zone))
        .collect();
    marks?.into_iter().max()
}

async fn announce(
    app: &App,
    key: &KeyRow,
    mark: i64,
    readers: &[Reader],
    now: Timestamp,
) -> Result<(), StoreError> {
    let mails: Vec<Mail> = readers
        .iter()
        .filter_map(|reader| letter(app, key, reader, now))
        .collect();
    let act = AuditEvent {
        at: clock::now(),
        actor: Actor::Machine,
        kind: AuditKind::KeyEndAnnounced,
        subject: key.id.0,
        note: format!("{mark} days, {} mails", mails.len()),
    };
    if app
        .store
        .announce_key_end(key.id, mark, &mails, &act)
        .await?
    {
        tracing::info!(key = %key.id, mails = mails.len(), "a service key runs out soon");
        app.mail.ring();
    }
    Ok(())
}

/// Who is told of a key: of an organisation's its own people, of one of the installation those of
/// the operator, who also stand in where an organisation has nobody to make the next one.
async fn readers(app: &App, key: &KeyRow) -> Result<Vec<Reader>, StoreError> {
    let Some(own) = key.organisation else {
        return operators(app, Part::Makes).await;
    };
    let owner = app.store.organisation(own).await?;
    let people = app.store.recipients(&[own], &TOLD).await?.into_iter();
    let people = people.filter_map(|one| Reader::of(one, owner.kind));
    let mut readers: Vec<Reader> = people.collect();
    if !readers.iter().any(|reader| reader.part == Part::Makes) {
        readers.extend(operators(app, Part::StandsIn(owner.name)).await?);
    }
    Ok(readers)
}

/// The administrators of the operator.
async fn operators(app: &App, part: Part) -> Result<Vec<Reader>, StoreError> {
    let people = app.store.operators().await?.into_iter();
    let reader = |one| Reader {
        one,
        part: part.clone(),
    };
    Ok(people.map(reader).collect())
}

impl Reader {
    /// `one` of an organisation of this kind; whoever can do nothing about a key is none.
    fn of(one: Recipient, kind: OrganisationKind) -> Option<Self> {
        let may = |action| policy::allows(kind, one.member.role, action);
        let part = if may(Action::Administer) {
            Part::Makes
        } else if may(Action::Coordinate) {
            Part::Asks
        } else {
            return None;
        };
        Some(Self { one, part })
    }

    /// The page that opens for them, and the words on what to do there.
    fn next(&self, frame: &Frame) -> (String, String) {
        let keys = "/admin/keys".to_owned();
        match &self.part {
            Part::Makes => (keys, frame.t("letter-key-make")),
            Part::Asks => {
                let own = self.one.member.organisation;
                let page = format!("/network/organisations/{own}");
                (page, frame.t("letter-key-ask"))
            }
            Part::StandsIn(owner) => {
                let words = frame.t1("letter-key-stand-in", "organisation", owner.as_str());
                (keys, words)
            }
        }
    }
}

/// In how many days a key runs out, as pages and mails say it.
pub(super) fn soon_words(frame: &Frame, days_left: i64) -> String {
    frame.n("admin-key-soon", days_left)
}

fn letter(app: &App, key: &KeyRow, reader: &Reader, now: Timestamp) -> Option<Mail> {
    let end = key.expires_at?;
    let language = Language::parse(&reader.one.language).unwrap_or_default();
    let member = &reader.one.member;
    let frame = Frame::for_mail(language, member.zone);
    let (page, next) = reader.next(&frame);
    let parts = [
        ("name", member.name.as_str()),
        ("key", &key.name),
        ("last", &frame.exact(end)),
        (
            "soon",
            &soon_words(&frame, days_left(end, now, member.zone)),
        ),
        ("next", &next),
        ("link", &letters::link(app, &page)),
    ];
    Some(letters::letter(&frame, &member.email, "letter-key", &parts))
}

#[cfg(test)]
mod tests {
    use domain::member::Member;
    use domain::{KeyId, MemberId, OrganisationId};
    use uuid::Uuid;

    use super::*;

    fn key(created_at: Timestamp, end: Timestamp) -> KeyRow {
        KeyRow {
            id: KeyId(Uuid::nil()),
            name: "pengumpul".into(),
            digest: [0; 32],
            scopes: "posts:write".into(),
            posts_per_second: 1,
            posts_per_day: 1,
            created_at,
            revoked_at: None,
            organisation: None,
            expires_at: Some(end),
            last_used_at: None,
        }
    }

    /// 09.00 in WIB, 11.00 in WIT, on the first of December 2026.
    const MORNING: Timestamp = Timestamp(1_796_090_400_000_000);

    fn reader(zone: Zone) -> Reader {
        Reader {
            one: Recipient {
                member: Member {
                    id: MemberId(Uuid::nil()),
                    organisation: OrganisationId(Uuid::nil()),
                    name: String::new(),
                    email: String::new(),
                    role: Role::Administrator,
                    zone,
                    active: true,
                },
                language: "id".into(),
            },
            part: Part::Makes,
        }
    }

    /// The mark of a key that was made so many days ago, in the morning, and ends `left` from now.
    #[track_caller]
    fn check(life_days: i64, left_days: i64, wanted: Option<i64>) {
        let end = MORNING.plus_us(left_days * Timestamp::DAY_US);
        let created = end.plus_us(-life_days * Timestamp::DAY_US);
        for zone in Zone::ALL {
            let found = mark(&key(created, end), MORNING, *zone);
            assert_eq!(found, wanted, "{life_days} {left_days} {zone:?}");
        }
    }

    #[test]
    fn the_nearest_mark_that_was_passed_is_announced() {
        check(365, 31, None);
        check(365, 30, Some(30));
        check(365, 8, Some(30));
        check(365, 7, Some(7));
        check(365, 1, Some(7));
        check(365, 0, None);
    }

    #[test]
    fn a_short_life_is_not_announced_at_its_beginning() {
        check(30, 30, None);
        check(30, 29, None);
        check(30, 7, Some(7));
        check(7, 3, None);
        check(5, 3, None);
    }

    #[test]
    fn days_are_those_of_the_calendar() {
        // 23.30 in WIB is 01.30 of the next day in WIT.
        let late = MORNING.plus_us(14 * Timestamp::HOUR_US + 30 * Timestamp::MINUTE_US);
        let left = |end: Timestamp, now: Timestamp, zone| days_left(end, now, zone);
        assert_eq!(left(late, MORNING, Zone::Wib), 0);
        assert_eq!(left(late, MORNING, Zone::Wit), 1);
        let tomorrow = MORNING.plus_us(Timestamp::DAY_US);
        assert_eq!(left(tomorrow, late, Zone::Wib), 1, "in less than ten hours");
        assert_eq!(left(tomorrow, late, Zone::Wit), 0);
        let made = MORNING.plus_us(-300 * Timestamp::DAY_US);
        assert_eq!(mark(&key(made, late), late, Zone::Wib), None, "it is over");
    }

    #[test]
    fn a_mark_is_due_when_every_reader_has_passed_it() {
        let end = MORNING.plus_us(30 * Timestamp::DAY_US + 15 * Timestamp::HOUR_US);
        let key = key(MORNING.plus_us(-300 * Timestamp::DAY_US), end);
        let (west, east) = ([reader(Zone::Wib)], [reader(Zone::Wit)]);
        assert_eq!(due(&key, MORNING, &west), None, "31 days there");
        let midnight = MORNING.plus_us(15 * Timestamp::HOUR_US);
        assert_eq!(due(&key, midnight, &west), Some(30));
        assert_eq!(due(&key, midnight.plus_us(-1), &west), None);
        assert_eq!(due(&key, midnight.plus_us(-1), &east), Some(30));
        let both = [reader(Zone::Wib), reader(Zone::Wit)];
        assert_eq!(due(&key, midnight.plus_us(-1), &both), None);
        assert_eq!(due(&key, midnight, &both), Some(30));
        assert_eq!(due(&key, midnight, &[]), None, "nobody is there");
    }
}
