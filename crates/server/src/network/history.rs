//! What was done to one record of the network, newest first, for its own page.

use domain::audit::Actor;
use uuid::Uuid;

use crate::access::SignedIn;
use crate::admin::{actor_name, names_for};
use crate::app::App;
use crate::error::Failure;
use crate::web::Frame;

/// One act as people read it.
#[derive(Debug)]
pub(super) struct Act {
    /// When, to the minute.
    pub at: String,
    /// What was done.
    pub what: String,
    /// Who did it; of another body, that body.
    pub who: String,
}

/// The newest acts on `record`, at most `most` of them.
pub(super) async fn acts_on(
    app: &App,
    frame: &Frame,
    who: &SignedIn,
    record: Uuid,
    most: usize,
) -> Result<Vec<Act>, Failure> {
    let mut rows = app.store.audit_of(record).await?;
    rows.truncate(most);
    let people = rows.iter().filter_map(|row| match row.event.actor {
        Actor::Member(member) => Some(member),
        Actor::Machine | Actor::Public => None,
    });
    let names = names_for(app, frame, who, people.collect()).await?;
    let acts = rows.iter().map(|row| Act {
        at: frame.exact(row.event.at),
        what: frame.t(&format!("audit-{}", row.event.kind.as_str())),
        who: actor_name(frame, row.event.actor, &names),
    });
    Ok(acts.collect())
}
