//! The audit trail: one recorded act, committed together with the change it records.

use uuid::Uuid;

use crate::ids::MemberId;
use crate::timestamp::Timestamp;

/// Who did it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    /// A signed-in member.
    Member(MemberId),
    /// The machine itself, by a job or a command on the server.
    Machine,
    /// Somebody without an account.
    Public,
}

macro_rules! audit_kinds {
    ($($(#[$doc:meta])* $variant:ident => $word:literal,)+) => {
        /// What was done.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum AuditKind { $($(#[$doc])* $variant,)+ }

        impl AuditKind {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The word used in the database and the log.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            /// Reads the word back.
            pub fn parse(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

audit_kinds! {
    /// An organisation joined.
    OrganisationAdded => "organisation_added",
    /// An account was made.
    MemberAdded => "member_added",
    /// Somebody signed in.
    SignedIn => "signed_in",
    /// Somebody signed out.
    SignedOut => "signed_out",
    /// A sign-in failed.
    SignInFailed => "sign_in_failed",
    /// A service key was made.
    KeyAdded => "key_added",
    /// A service key was revoked.
    KeyRevoked => "key_revoked",
    /// Those who look after a service key were told that it runs out.
    KeyEndAnnounced => "key_end_announced",
    /// A feed was added.
    FeedAdded => "feed_added",
    /// Fact-checks were imported.
    FactChecksImported => "fact_checks_imported",
    /// A match was confirmed.
    MatchConfirmed => "match_confirmed",
    /// A match was rejected.
    MatchRejected => "match_rejected",
    /// A word on a match was taken back.
    MatchReopened => "match_reopened",
    /// A case was opened.
    CaseOpened => "case_opened",
    /// A case was taken.
    CaseTaken => "case_taken",
    /// A case was let go.
    CaseReleased => "case_released",
    /// A draft was saved.
    DraftSaved => "draft_saved",
    /// A draft went to review.
    CaseSubmitted => "case_submitted",
    /// A draft came back with a note.
    CaseReturned => "case_returned",
    /// A check was approved and published.
    CasePublished => "case_published",
    /// A case was closed without a check.
    CaseClosed => "case_closed",
    /// A citizen's tip came in.
    TipReceived => "tip_received",
    /// A reader said that a check is not about their message.
    MatchNotMeant => "match_not_meant",
    /// Other thresholds of the answers were proposed.
    ThresholdsProposed => "thresholds_proposed",
    /// A second person put proposed thresholds into force.
    ThresholdsApplied => "thresholds_applied",
    /// Proposed thresholds were taken back or refused.
    ThresholdsWithdrawn => "thresholds_withdrawn",
    /// Labels of a month were exported as a gold set.
    GoldExported => "gold_exported",
    /// An agreement was proposed.
    AgreementProposed => "agreement_proposed",
    /// An agreement went into discussion.
    AgreementDiscussed => "agreement_discussed",
    /// The terms of an agreement were changed.
    AgreementAmended => "agreement_amended",
    /// The text of an agreement was settled.
    AgreementAgreed => "agreement_agreed",
    /// A party signed an agreement.
    AgreementSigned => "agreement_signed",
    /// An agreement was given up before all had signed.
    AgreementWithdrawn => "agreement_withdrawn",
    /// A party left an agreement.
    AgreementLeft => "agreement_left",
    /// One person wants an agreement revoked.
    RevocationWished => "revocation_wished",
    /// The wish to revoke an agreement was taken back.
    RevocationDropped => "revocation_dropped",
    /// A second person revoked an agreement.
    AgreementRevoked => "agreement_revoked",
    /// An agreement was renewed by another one.
    AgreementRenewed => "agreement_renewed",
    /// The term of an agreement is over.
    AgreementLapsed => "agreement_lapsed",
    /// A document of an agreement was kept.
    DocumentKept => "document_kept",
    /// A promise of an agreement was entered.
    ObligationAdded => "obligation_added",
    /// A promise was marked as kept.
    ObligationDone => "obligation_done",
    /// A meeting or another event under an agreement was entered.
    EventEntered => "event_entered",
    /// Minutes of an event under an agreement were kept.
    MinutesKept => "minutes_kept",
    /// The parties were reminded that an agreement expires.
    ReminderSent => "reminder_sent",
    /// A partner read an unpublished draft under an agreement.
    DraftReadByPartner => "draft_read_by_partner",
    /// The directory entry of an organisation was changed.
    OrganisationChanged => "organisation_changed",
    /// An organisation left the network.
    OrganisationDeactivated => "organisation_deactivated",
    /// An organisation that had left came back.
    OrganisationReactivated => "organisation_reactivated",
    /// An office, a liaison or an address was written down.
    DatedFactAdded => "dated_fact_added",
    /// An office, a liaison or an address ended.
    DatedFactEnded => "dated_fact_ended",
    /// A newsroom became a member of an association.
    AffiliationBegun => "affiliation_begun",
    /// A newsroom's membership of an association ended.
    AffiliationEnded => "affiliation_ended",
    /// A chapter covers a region.
    ChapterRegionAdded => "chapter_region_added",
    /// A chapter covers a region no longer.
    ChapterRegionEnded => "chapter_region_ended",
    /// A number of chapters was stated without naming them.
    CoverageStated => "coverage_stated",
    /// A newsroom signed the pledge.
    PledgeSigned => "pledge_signed",
    /// A newsroom took its pledge back.
    PledgeWithdrawn => "pledge_withdrawn",
    /// Organisations were imported from a file.
    OrganisationsImported => "organisations_imported",
    /// Another party was registered to co-sign the ledger.
    WitnessAdded => "witness_added",
    /// A witness was struck off.
    WitnessRemoved => "witness_removed",
    /// A witness co-signed the ledger.
    CosignatureKept => "cosignature_kept",
    /// The ledger was exported as a bundle.
    LedgerExported => "ledger_exported",
    /// Somebody was asked to become a member.
    InvitationSent => "invitation_sent",
    /// An invitation was taken back.
    InvitationWithdrawn => "invitation_withdrawn",
    /// An invited person became a member.
    InvitationAccepted => "invitation_accepted",
    /// The first of two proofs was given.
    FirstProofGiven => "first_proof_given",
    /// A password was changed.
    PasswordChanged => "password_changed",
    /// A new password was asked for by mail.
    PasswordResetAsked => "password_reset_asked",
    /// A device that gives codes was added to an account.
    SecondFactorAdded => "second_factor_added",
    /// The device that gives codes was taken from an account.
    SecondFactorRemoved => "second_factor_removed",
    /// A passkey was added to an account.
    PasskeyAdded => "passkey_added",
    /// A passkey was taken from an account.
    PasskeyRemoved => "passkey_removed",
    /// A passkey was refused because its counter ran backwards: there may be a copy of it.
    PasskeyRefused => "passkey_refused",
    /// A recovery code stood in for a device.
    RecoveryCodeUsed => "recovery_code_used",
    /// New recovery codes took the place of the old ones.
    RecoveryCodesRenewed => "recovery_codes_renewed",
    /// Sessions of a member were ended.
    SessionsEnded => "sessions_ended",
    /// A member got other duties.
    RoleChanged => "role_changed",
    /// An account was closed.
    MemberClosed => "member_closed",
    /// A closed account was opened again.
    MemberReopened => "member_reopened",
    /// An account at an identity provider was tied to a member.
    ProviderLinked => "provider_linked",
    /// The tie to an identity provider was cut.
    ProviderUnlinked => "provider_unlinked",
}

impl AuditKind {
    /// Whether an act of this kind may change what organisations may see or do with one another's
    /// records.
    pub fn moves_access(self) -> bool {
        matches!(
            self,
            Self::OrganisationAdded
                | Self::OrganisationChanged
                | Self::OrganisationDeactivated
                | Self::OrganisationReactivated
                | Self::OrganisationsImported
                | Self::AffiliationBegun
                | Self::AffiliationEnded
                | Self::AgreementAgreed
                | Self::AgreementDiscussed
                | Self::AgreementSigned
                | Self::AgreementWithdrawn
                | Self::AgreementLeft
                | Self::RevocationWished
                | Self::RevocationDropped
                | Self::AgreementRevoked
                | Self::AgreementRenewed
                | Self::AgreementLapsed
        )
    }
}

/// One act, ready to be recorded in the transaction of the change itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEvent {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: Actor,
    /// What.
    pub kind: AuditKind,
    /// On which record; nil where the act concerns none.
    pub subject: Uuid,
    /// A short note for people; never personal data, never content.
    pub note: String,
}
