//! Rules and lifecycles of the election information desk.
//!
//! Nothing here reads a clock, a file, a socket or a database: time and identity come in as
//! arguments, decisions go out as values. The words are those of the vocabulary table in
//! `ARCHITECTURE.md`.

pub mod agreement;
pub mod audit;
pub mod case;
pub mod channel;
pub mod claim_match;
pub mod cluster;
pub mod coverage;
pub mod date;
pub mod directory;
pub mod fact_check;
pub mod ids;
pub mod invitation;
pub mod label;
pub mod limits;
pub mod member;
pub mod obligation;
pub mod organisation;
pub mod pair;
pub mod policy;
pub mod post;
pub mod proof;
pub mod reach;
pub mod region;
pub mod region_history;
pub mod term;
pub mod thresholds;
pub mod timestamp;
pub mod tip;

pub use ids::{
    AgreementId, CaseId, ClusterId, DatedFactId, EventId, FactCheckId, FeedId, InvitationId, KeyId,
    LabelId, MemberId, ObligationId, OrganisationId, PasskeyId, StatementId, ThresholdChangeId,
    TipId, WitnessId,
};
pub use timestamp::Timestamp;
