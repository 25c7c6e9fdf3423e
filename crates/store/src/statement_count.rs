//! How many statements a piece of work makes.
//!
//! A page that makes one for each of its rows is quick on an empty database and slow on a full one;
//! counting them shows that at any size.

use std::cell::Cell;

tokio::task_local! {
    static COUNT: Cell<u64>;
}

/// Runs `work` and says how many statements the store ran for it on this task. What begins and ends
/// a transaction is none, and what `work` hands to other tasks is not counted.
pub async fn count_statements<F: Future>(work: F) -> (F::Output, u64) {
    let counted = async {
        let done = work.await;
        (done, COUNT.with(Cell::get))
    };
    COUNT.scope(Cell::new(0), counted).await
}

/// Counts one, where somebody wants to know.
pub(crate) fn one_more() {
    let _nobody_counts = COUNT.try_with(|count| count.set(count.get() + 1));
}
