//! The words that agreements carry on screens: what a jurist reads in place of codes.

use std::collections::HashMap;

use domain::OrganisationId;
use domain::agreement::{
    AGREEMENT_ZONE, Agreement, AgreementState, Form, Refused, Regions, Scope, Side, Stages,
    Standing,
};
use domain::date::Date;
use domain::organisation::Organisation;

use crate::desk::filled;
use crate::regions;
use crate::web::{Frame, moment};

/// Names of organisations by identity.
pub(crate) type Names = HashMap<OrganisationId, Organisation>;

/// A word with its colour and its icon.
#[derive(Debug, Clone)]
pub(crate) struct Mark {
    /// The class that colours it.
    pub class: &'static str,
    /// The icon's name.
    pub icon: &'static str,
    /// The word.
    pub text: String,
}

/// A day as readers write it: 17 Januari 2027.
pub(crate) fn day_text(frame: &Frame, day: Date) -> String {
    moment::date(frame.language, AGREEMENT_ZONE, day.begins(AGREEMENT_ZONE))
}

/// MoU or PKS.
pub(crate) fn form_name(frame: &Frame, form: Form) -> String {
    frame.t(&format!("agreement-form-{}", form.as_str()))
}

/// Where an agreement stands today, with the calendar read in.
pub(crate) fn mark(frame: &Frame, agreement: &Agreement, today: Date) -> Mark {
    let (class, icon, key) = match (&agreement.state, agreement.standing(today)) {
        (AgreementState::Ending { .. }, standing) if standing.holds() => {
            ("misleading", "triangle-alert", "ending")
        }
        (_, Standing::Expiring { days_left }) => {
            let text = frame.n("agreement-state-expiring", days_left);
            return Mark {
                class: "misleading",
                icon: "clock",
                text,
            };
        }
        (_, Standing::InForce) => ("true", "circle-check", "in_force"),
        (_, Standing::Awaited) => ("partly", "clock", "awaited"),
        (AgreementState::InForce { .. } | AgreementState::Ending { .. }, Standing::Over) => {
            ("unproven", "circle-x", "lapsed")
        }
        (state, _) => ("unproven", "circle-dot", state.as_str()),
    };
    Mark {
        class,
        icon,
        text: frame.t(&format!("agreement-state-{key}")),
    }
}

/// How long it holds, as one line.
pub(crate) fn term_text(frame: &Frame, agreement: &Agreement) -> String {
    let first = day_text(frame, agreement.terms.starts);
    let last = agreement
        .terms
        .ends()
        .map_or_else(String::new, |last| day_text(frame, last));
    filled(
        frame,
        "agreement-term",
        &[("first", &first), ("last", &last)],
    )
}

/// One scope in plain words.
#[derive(Debug)]
pub(crate) struct ScopeText {
    /// Who opens and for whom.
    pub sides: String,
    /// What, one line each.
    pub opens: Vec<String>,
    /// Where, when, what for.
    pub limits: String,
}

/// `scope` in plain words.
pub(crate) fn scope_text(frame: &Frame, scope: &Scope, names: &Names) -> ScopeText {
    let every = frame.t("agreement-side-every");
    let side = |side| match side {
        Side::Every => every.clone(),
        Side::One(one) => name_of(frame, names, one),
    };
    let takes = if scope.with_members {
        frame.t1("agreement-with-members", "name", side(scope.takes))
    } else {
        side(scope.takes)
    };
    let parts = [("gives", side(scope.gives)), ("takes", takes)];
    let parts: Vec<(&str, &str)> = parts
        .iter()
        .map(|(key, text)| (*key, text.as_str()))
        .collect();
    let opens = scope.opens.iter();
    ScopeText {
        sides: filled(frame, "agreement-sides", &parts),
        opens: opens
            .map(|opening| frame.t(&opening_key(opening.as_str())))
            .collect(),
        limits: limits_text(frame, &scope.regions, &scope.stages, scope.purpose.as_str()),
    }
}

/// Where, when and what for, as one line.
pub(crate) fn limits_text(
    frame: &Frame,
    regions: &Regions,
    stages: &Stages,
    purpose: &str,
) -> String {
    let place = match regions {
        Regions::Everywhere => frame.t("agreement-everywhere"),
        Regions::Only(codes) => {
            let places = codes.iter().map(|code| regions::place(code.as_str()));
            places.collect::<Vec<_>>().join("; ")
        }
    };
    let stage = match stages {
        Stages::Always => frame.t("agreement-always"),
        Stages::Only(stages) => {
            let names = stages
                .iter()
                .map(|stage| frame.t(&stage_key(stage.as_str())));
            names.collect::<Vec<_>>().join(", ")
        }
    };
    let purpose = frame.t(&purpose_key(purpose));
    let parts = [("place", place), ("stage", stage), ("purpose", purpose)];
    let parts: Vec<(&str, &str)> = parts
        .iter()
        .map(|(key, text)| (*key, text.as_str()))
        .collect();
    filled(frame, "agreement-limits", &parts)
}

/// The key of an opening's sentence; locale files have no dots in their keys.
pub(crate) fn opening_key(word: &str) -> String {
    format!("agreement-opens-{}", word.replace('.', "-"))
}

/// The key of a stage's name.
pub(crate) fn stage_key(word: &str) -> String {
    format!("agreement-stage-{word}")
}

/// The key of a purpose's name.
pub(crate) fn purpose_key(word: &str) -> String {
    format!("agreement-purpose-{word}")
}

/// The name of an organisation, or that it is not known.
pub(crate) fn name_of(frame: &Frame, names: &Names, id: OrganisationId) -> String {
    let known = names.get(&id).map(|known| known.name.clone());
    known.unwrap_or_else(|| frame.t("agreement-unknown-body"))
}

/// Why something was refused, and how to mend it; `others` are the agreements it may be about.
pub(crate) fn refusal(
    frame: &Frame,
    refused: &Refused,
    names: &Names,
    others: &[Agreement],
) -> String {
    let key = refused.reference();
    match refused {
        Refused::EndBeforeStart { first, last } => {
            let (first, last) = (day_text(frame, *first), day_text(frame, *last));
            filled(frame, key, &[("first", &first), ("last", &last)])
        }
        Refused::LongerThanParent { last } => frame.t1(key, "last", day_text(frame, *last)),
        Refused::SideNotAParty { scope }
        | Refused::NotForCampaigns { scope }
        | Refused::WiderThanParent { scope } => frame.t1(key, "scope", scope.to_string()),
        Refused::PartyOutsideParent { organisation } => {
            frame.t1(key, "name", name_of(frame, names, *organisation))
        }
        Refused::Overlaps { other } => {
            let other = others.iter().find(|known| known.id == *other);
            let Some(other) = other else {
                return frame.t("agreement-overlaps-unnamed");
            };
            let (title, term) = (other.terms.title.as_str(), term_text(frame, other));
            filled(frame, key, &[("title", title), ("term", &term)])
        }
        Refused::NotNow(state) => {
            frame.t1(key, "state", frame.t(&format!("agreement-state-{state}")))
        }
        _ => frame.t(key),
    }
}
