//! The relational store: the only crate that knows SQL.
//!
//! One [`Store`] over SQLite (embedded) or PostgreSQL (scale-out), one SQL text per statement in
//! their common subset. Ids are UUIDs, times are integer microseconds UTC. A change that a person
//! causes and the audit event that records it commit together; a page is one statement or two,
//! never one per row.
//!
//! SQLite runs with a write-ahead log, `synchronous=FULL`, one writing connection that begins
//! with `BEGIN IMMEDIATE`, and [`limits::READERS`] reading connections. Nothing but the database
//! is awaited inside a transaction.

#[macro_use]
mod db;

mod affiliations;
mod agreement_text;
mod agreements;
mod audit;
mod audit_check;
mod audit_file;
mod audit_search;
mod cases;
mod clusters;
mod dated_facts;
mod directory;
mod encoding;
mod error;
mod fact_checks;
mod feeds;
mod invitations;
mod keys;
mod labels;
mod ledger_edge;
mod ledger_tiles;
pub mod limits;
mod matches;
mod members;
mod meta;
mod migrate;
mod minutes;
mod obligations;
mod open;
mod outbox;
mod passkeys;
mod passwords;
mod provider_links;
mod radar;
mod recipients;
mod scores;
mod second_factors;
mod sessions;
mod statement_count;
mod statements;
mod thresholds;
mod tips;
mod track_record;
mod witnesses;

pub use affiliations::{AffiliationRow, AssociationReach, ChapterRow};
pub use agreements::{AgreementFilter, AgreementRow, Document, DocumentName, Kin};
pub use audit::AuditRow;
pub use audit_check::{AuditVerification, BadEntry};
pub use audit_search::{AuditFilter, AuditName};
pub use cases::{CaseFilter, CaseRow, PartnerCase};
pub use clusters::{ClusterRow, Example, Facet, FacetKind, Growth, StreamHour, Suggestion};
pub use db::Store;
pub use directory::{DirectoryFilter, DirectoryRow, ImportedEntry};
pub use error::StoreError;
pub use fact_checks::ImportCount;
pub use feeds::{FeedRow, PollResult};
pub use keys::KeyRow;
pub use labels::{LabelRow, LabelTotals, Labelling, NotMeant};
pub use ledger_tiles::LedgerHead;
pub use limits::Page;
pub use matches::{MatchOutcome, MatchRow};
pub use minutes::{Minutes, MinutesName};
pub use obligations::{Counted, ObligationRow};
pub use outbox::{DueMail, Mail, OutboxCount};
pub use passkeys::{FoundPasskey, NewPasskey, PasskeyRow};
pub use radar::{BestCheck, CaseMark, RadarFilter, RadarRow, RadarTotals};
pub use recipients::Recipient;
pub use scores::{ScoreCount, ScoreSum};
pub use second_factors::{LastFactor, OneTimeCode};
pub use sessions::{Device, SessionRow, Signed};
pub use statement_count::count_statements;
pub use tips::{TipCluster, TipView};
pub use track_record::YearRecord;
pub use witnesses::{Cosignature, WitnessRow};
