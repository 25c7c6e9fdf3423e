//! What people's words teach: labels and what a change would do to them, the gold set, drift.

pub mod drift;
pub mod effect;
pub mod figures;
pub mod gold;
pub mod mask;
pub mod pairs;
pub mod tar;

use crate::app::App;
use crate::stream::Command;
use store::StoreError;

/// Puts the thresholds that hold by the store into force here, and has the stream ask again for
/// every live cluster where they changed.
pub async fn renew_thresholds(app: &App) -> Result<(), StoreError> {
    if app.answers.refresh_thresholds().await? {
        app.stream.tell(Command::Thresholds);
        tracing::info!("answers follow other thresholds from now on");
    }
    Ok(())
}
