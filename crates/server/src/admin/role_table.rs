//! What every role may do in every kind of organisation, in the reader's words.

use domain::member::Role;
use domain::organisation::OrganisationKind;
use domain::policy::{Action, allows};

use super::person_access::action_key;
use crate::web::Frame;

/// Kinds of organisation whose roles may do the same.
#[derive(Debug)]
pub(crate) struct Alike {
    /// Names of the kinds.
    pub kinds: String,
    /// Each role's name and what it may do; empty where it may do nothing.
    pub roles: Vec<(String, Vec<String>)>,
}

/// The policy as a table for `frame`: kinds with the same rules stand together, in the order of
/// their first.
pub(crate) fn role_table(frame: &Frame) -> Vec<Alike> {
    let mut groups: Vec<(Vec<Vec<Action>>, Vec<OrganisationKind>)> = Vec::new();
    for kind in OrganisationKind::ALL.iter().copied() {
        let rules: Vec<Vec<Action>> = Role::ALL.iter().map(|role| may(kind, *role)).collect();
        match groups.iter_mut().find(|(known, _)| *known == rules) {
            Some((_, kinds)) => kinds.push(kind),
            None => groups.push((rules, vec![kind])),
        }
    }
    groups
        .into_iter()
        .map(|(rules, kinds)| in_words(frame, &rules, &kinds))
        .collect()
}

fn may(kind: OrganisationKind, role: Role) -> Vec<Action> {
    let all = Action::ALL.iter().copied();
    all.filter(|action| allows(kind, role, *action)).collect()
}

fn in_words(frame: &Frame, rules: &[Vec<Action>], kinds: &[OrganisationKind]) -> Alike {
    let name = |kind: &OrganisationKind| frame.t(&format!("network-kind-{}", kind.as_str()));
    let role = |(role, may): (&Role, &Vec<Action>)| {
        let words = may.iter().map(|action| frame.t(action_key(*action)));
        let name = frame.t(&format!("admin-role-{}", role.as_str()));
        (name, words.collect())
    };
    Alike {
        kinds: kinds.iter().map(name).collect::<Vec<_>>().join(", "),
        roles: Role::ALL.iter().zip(rules).map(role).collect(),
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, Uri};

    use super::*;

    #[test]
    fn every_kind_stands_in_one_group_with_its_own_rules() {
        let uri = Uri::from_static("/network/access");
        let frame = Frame::new(&HeaderMap::new(), &uri, None, false);
        let groups = role_table(&frame);
        for kind in OrganisationKind::ALL {
            let name = frame.t(&format!("network-kind-{}", kind.as_str()));
            let at: Vec<&Alike> = groups
                .iter()
                .filter(|group| group.kinds.split(", ").any(|one| one == name))
                .collect();
            let [group] = at.as_slice() else {
                panic!("{name} stands in {} groups", at.len());
            };
            for (role, (_, words)) in Role::ALL.iter().zip(&group.roles) {
                let expected: Vec<String> = may(*kind, *role)
                    .into_iter()
                    .map(|action| frame.t(action_key(action)))
                    .collect();
                assert_eq!(*words, expected, "{name}, {}", role.as_str());
            }
        }
    }
}
