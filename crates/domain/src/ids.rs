//! Identities: one newtype per noun, so that a case can never be asked for by a member's id.

use std::fmt;

use uuid::Uuid;

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub Uuid);

        impl $name {
            /// Reads the hyphenated form; `None` when it is not a UUID.
            pub fn parse(text: &str) -> Option<Self> {
                Uuid::try_parse(text).ok().map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )+};
}

id! {
    /// A legal person taking part in the network.
    OrganisationId
    /// A person acting for one organisation in one role.
    MemberId
    /// A service key of an organisation.
    KeyId
    /// A group of posts judged copies of one another.
    ClusterId
    /// A published or imported fact-check.
    FactCheckId
    /// An authority's official answer.
    StatementId
    /// One unit of desk work around a cluster.
    CaseId
    /// What a citizen sent us.
    TipId
    /// A member portal's feed that is polled.
    FeedId
    /// A person's word on a pair of text and check, kept for learning.
    LabelId
    /// A proposed change of the answers' thresholds.
    ThresholdChangeId
    /// A dated agreement between organisations.
    AgreementId
    /// What a party promised in an agreement.
    ObligationId
    /// A meeting, training or other event under an agreement.
    EventId
    /// A dated fact of the directory: an office, a liaison, an address.
    DatedFactId
    /// Another party that co-signs our ledger.
    WitnessId
    /// A person asked to become a member.
    InvitationId
    /// A passkey of a member.
    PasskeyId
}
