//! The organisation that a typed text names.

use domain::OrganisationId;
use domain::directory::Entry;
use store::StoreError;

use crate::app::App;

/// The organisation of a name, a short name or an id; none where the field is blank. The error is
/// the key of a sentence about `$text`.
pub(crate) async fn find_one(
    app: &App,
    text: &str,
) -> Result<Result<Option<Entry>, &'static str>, StoreError> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(Ok(None));
    }
    if let Some(id) = OrganisationId::parse(text) {
        return match app.store.entry(id).await {
            Ok(row) => Ok(Ok(Some(row.entry))),
            Err(StoreError::NotFound) => Ok(Err("network-fault-organisation")),
            Err(error) => Err(error),
        };
    }
    let mut found = app.store.entries_named(text, 2).await?;
    Ok(match (found.pop(), found.pop()) {
        (None, _) => Err("network-fault-organisation"),
        (Some(one), None) => Ok(Some(one)),
        (Some(_), Some(_)) => Err("network-fault-organisations"),
    })
}
