//! The people of an organisation on its page.

use domain::OrganisationId;
use domain::policy::Action;
use store::Page;

use super::organisation::NAMED_ROWS;
use crate::access::SignedIn;
use crate::admin::confined;
use crate::app::App;
use crate::error::Failure;
use crate::web::Frame;

/// The first of them by name, and how many there are.
#[derive(Debug)]
pub(super) struct Staff {
    /// Name, role, and whether the account is open.
    pub rows: Vec<(String, String, bool)>,
    /// How many, in words.
    pub count: String,
}

/// People are shown to their own colleagues and to the operator's administrator.
pub(super) async fn staff_of(
    app: &App,
    frame: &Frame,
    who: &SignedIn,
    id: OrganisationId,
) -> Result<Option<Staff>, Failure> {
    let operator = confined(who).is_none() && frame.may(Action::Administer);
    if who.organisation().id != id && !operator {
        return Ok(None);
    }
    let (members, total) = app.store.staff(id, Page::first(NAMED_ROWS)).await?;
    let rows = members.into_iter().map(|member| {
        let role = frame.t(&format!("admin-role-{}", member.role.as_str()));
        (member.name, role, member.active)
    });
    Ok(Some(Staff {
        rows: rows.collect(),
        count: frame.n("network-people-count", total),
    }))
}
