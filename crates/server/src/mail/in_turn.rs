//! A round of work of which each piece stands alone.

use store::StoreError;
use uuid::Uuid;

/// Does each piece of `work`, named by the record it is about, one after the other. A piece that
/// fails is logged as `fault` and keeps none of the others from its turn.
pub(crate) async fn in_turn<W>(fault: &'static str, work: impl IntoIterator<Item = (Uuid, W)>)
where
    W: Future<Output = Result<(), StoreError>>,
{
    for (record, piece) in work {
        if let Err(error) = piece.await {
            tracing::error!(
                %record,
                error = &error as &dyn std::error::Error,
                "{fault}"
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    #[tokio::test]
    async fn a_piece_that_fails_keeps_none_from_its_turn() {
        let done = RefCell::new(Vec::new());
        let piece = async |number: u128| {
            if number == 1 {
                return Err(StoreError::NotFound);
            }
            done.borrow_mut().push(number);
            Ok(())
        };
        let work = (0..3).map(|number| (Uuid::from_u128(number), piece(number)));
        in_turn("a piece could not be done", work).await;
        assert_eq!(*done.borrow(), [0, 2]);
    }
}
