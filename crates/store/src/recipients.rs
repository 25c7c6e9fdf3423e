//! Who gets the mail that no page causes, and in which language.

use domain::member::{Member, Role};
use domain::{MemberId, OrganisationId};

use crate::db::{Columns, Store, Value, read_all, read_first};
use crate::error::StoreError;
use crate::limits::IDS_PER_CALL_MAX;
use crate::members::{member_columns, read_member};

/// A member to be written to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// Who.
    pub member: Member,
    /// The code of the language they read in: `id` or `en`.
    pub language: String,
}

statements! {
    LANGUAGE = "SELECT language FROM member WHERE id = $1";
    SET_LANGUAGE = "UPDATE member SET language = $2 WHERE id = $1 AND language <> $2";
    OPERATORS = concat!("SELECT ", member_columns!(), ", m.language FROM member m \
        JOIN organisation o ON o.id = m.organisation WHERE o.kind = 'operator' AND o.active = 1 \
        AND m.active = 1 AND m.role = 'administrator' ORDER BY m.name, m.id");
}

impl Store {
    /// The code of the language a member reads in: `id` or `en`.
    pub async fn language_of(&self, member: MemberId) -> Result<String, StoreError> {
        let rows = self.rows(LANGUAGE, values![member.0]).await?;
        read_first(&rows, Columns::text)?.ok_or(StoreError::NotFound)
    }

    /// Remembers the language a member reads in.
    pub async fn set_language(&self, member: MemberId, code: &str) -> Result<(), StoreError> {
        self.change(SET_LANGUAGE, values![member.0, code])
            .await
            .map(drop)
    }

    /// Those with an open account and one of these roles in these organisations, as far as the
    /// organisations still take part; by name.
    pub async fn recipients(
        &self,
        organisations: &[OrganisationId],
        roles: &[Role],
    ) -> Result<Vec<Recipient>, StoreError> {
        if roles.is_empty() {
            return Ok(Vec::new());
        }
        let mut found = Vec::new();
        for part in organisations.chunks(IDS_PER_CALL_MAX) {
            let sql = format!(
                "SELECT {}, m.language FROM member m JOIN organisation o ON o.id = m.organisation \
                 WHERE m.active = 1 AND o.active = 1 AND m.role IN ({}) AND m.organisation IN ({}) \
                 ORDER BY m.name, m.id",
                member_columns!(),
                self.engine().marks(1, roles.len()),
                self.engine().marks(1 + roles.len(), part.len())
            );
            let mut values: Vec<Value> = roles
                .iter()
                .map(|role| Value::from(role.as_str()))
                .collect();
            values.extend(part.iter().map(|id| Value::from(id.0)));
            found.extend(read_all(&self.rows(sql, values).await?, read_recipient)?);
        }
        Ok(found)
    }

    /// The operator's administrators with an open account; by name.
    pub async fn operators(&self) -> Result<Vec<Recipient>, StoreError> {
        read_all(&self.rows(OPERATORS, values![]).await?, read_recipient)
    }
}

fn read_recipient(c: &mut Columns<'_>) -> Result<Recipient, StoreError> {
    Ok(Recipient {
        member: read_member(c)?,
        language: c.text()?,
    })
}
