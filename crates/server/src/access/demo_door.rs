//! One-click sign-in of the demonstration: only in demonstration mode, only on this machine.

use std::net::SocketAddr;

use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{Redirect, Response};
use domain::MemberId;
use domain::member::Role;
use serde::Deserialize;

use super::session;
use crate::app::App;
use crate::error::Failure;
use crate::web::{Client, Fields, Frame, address, frame};

/// Members offered on the sign-in page.
const OFFERED_MAX: u32 = 50;

/// A member of the demonstration network who can be entered as with one click.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoMember {
    /// Their identity.
    pub id: String,
    /// Their name.
    pub name: String,
    /// Their duties.
    pub role: Role,
    /// Whom they act for.
    pub organisation: String,
}

impl DemoMember {
    /// The locale key of their role.
    pub fn role_key(&self) -> &'static str {
        role_key(self.role)
    }
}

/// The locale key of a role.
pub fn role_key(role: Role) -> &'static str {
    match role {
        Role::Reader => "role-reader",
        Role::Reporter => "role-reporter",
        Role::Editor => "role-editor",
        Role::Reviewer => "role-reviewer",
        Role::Officer => "role-officer",
        Role::Coordinator => "role-coordinator",
        Role::Auditor => "role-auditor",
        Role::Administrator => "role-administrator",
    }
}

/// Whether the door stands open for `client`: all three must hold, so that a demonstration put on a
/// public address by accident lets nobody in.
fn is_open(demo: bool, listen: SocketAddr, client: Client) -> bool {
    demo && listen.ip().is_loopback() && client.is_this_machine()
}

/// The members on offer to `client`; none where the door is closed.
pub async fn members(app: &App, client: Client) -> Result<Vec<DemoMember>, Failure> {
    if !is_open(app.config.demo, app.config.listen, client) {
        return Ok(Vec::new());
    }
    let members = app.store.members(store::Page::first(OFFERED_MAX)).await?;
    let mut offered: Vec<DemoMember> = members
        .into_iter()
        .filter(|(member, _)| member.active)
        .map(|(member, organisation)| DemoMember {
            id: member.id.to_string(),
            name: member.name,
            role: member.role,
            organisation,
        })
        .collect();
    offered.sort_by_key(|member| place(member.role));
    Ok(offered)
}

/// Those who answer hoaxes stand first.
fn place(role: Role) -> u8 {
    match role {
        Role::Editor => 0,
        Role::Reviewer => 1,
        Role::Administrator => 2,
        Role::Officer => 3,
        Role::Reporter => 4,
        Role::Coordinator => 5,
        Role::Auditor => 6,
        Role::Reader => 7,
    }
}

/// Whom to enter as.
#[derive(Debug, Deserialize)]
pub struct DemoFields {
    anggota: String,
    #[serde(default)]
    kembali: String,
}

/// Signs in as a member of the demonstration network.
pub async fn enter(
    State(app): State<App>,
    frame: Frame,
    client: Client,
    headers: HeaderMap,
    Fields(fields): Fields<DemoFields>,
) -> Result<Response, Failure> {
    let near_host = address::is_loopback_host(frame::text_of(&headers, header::HOST));
    if !near_host || !is_open(app.config.demo, app.config.listen, client) {
        return Err(Failure::NotFound);
    }
    let id = MemberId::parse(&fields.anggota).ok_or(Failure::NotFound)?;
    let member = app.store.member(id).await?;
    if !member.active {
        return Err(Failure::NotFound);
    }
    let cookie = session::open(&app, &headers, member.id, frame.now, "peraga").await?;
    let back = super::sign_in::way_back(&fields.kembali);
    Ok(session::with_cookies(vec![cookie], Redirect::to(&back)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_door_is_open_only_at_home() {
        let near: SocketAddr = "127.0.0.1:8080".parse().expect("address");
        let far: SocketAddr = "10.0.0.7:8080".parse().expect("address");
        let any: SocketAddr = "0.0.0.0:8080".parse().expect("address");
        let here = Client::at("127.0.0.1");
        assert!(is_open(true, near, here));
        for (demo, listen, client) in [
            (false, near, here),
            (true, any, here),
            (true, far, here),
            (true, near, Client::at("10.0.0.7")),
        ] {
            assert!(!is_open(demo, listen, client), "{demo} {listen} {client:?}");
        }
    }
}
