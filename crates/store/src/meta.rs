//! Small values of the installation itself, by name.

use crate::db::{Columns, Store, read_first};
use crate::error::StoreError;

statements! {
    GET = "SELECT value FROM meta WHERE name = $1";
    SET = "INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    SET_ONCE = "INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING";
}

impl Store {
    /// The value kept under `name`.
    pub async fn get_meta(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let rows = self.rows(GET, values![name]).await?;
        read_first(&rows, Columns::bytes)
    }

    /// Keeps `value` under `name`, in place of an earlier one.
    pub async fn set_meta(&self, name: &str, value: &[u8]) -> Result<(), StoreError> {
        self.change(SET, values![name, value.to_vec()])
            .await
            .map(drop)
    }

    /// Keeps `value` under `name` unless there is one already, and yields the one that stands:
    /// for a secret that is drawn once and must be the same for every process.
    pub async fn meta_or_insert(&self, name: &str, value: &[u8]) -> Result<Vec<u8>, StoreError> {
        self.change(SET_ONCE, values![name, value.to_vec()]).await?;
        self.get_meta(name).await?.ok_or(StoreError::NotFound)
    }
}
