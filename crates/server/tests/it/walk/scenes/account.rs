//! One's own account, and the ways in.

use domain::audit::AuditKind;
use domain::invitation::{Invitation, InvitationState};
use domain::member::{Role, Zone};
use domain::{InvitationId, Timestamp};
use reqwest::header::{CONTENT_TYPE, COOKIE, SET_COOKIE};
use server::access::one_time_code;
use server::access::token::Token;
use server::clock;

use super::super::residents::passkey;
use super::{House, PASSWORD, Scene, code, is_somebody};
use crate::harness::event;

const OTHER_PASSWORD: &str = "kuda nil mandi sore hari";
const TWICE: [(&str, &str); 2] = [("baru", OTHER_PASSWORD), ("ulang", OTHER_PASSWORD)];

impl House {
    pub(super) async fn account_scene(&self, path: &str) -> Option<Scene> {
        match path {
            "/masuk" => {
                let member = self.person_of(self.own, Role::Editor).await;
                let email = format!("{}@lembaga.example", member.0);
                self.give_password(member, &email).await;
                let fields = [("surel", email.as_str()), ("sandi", PASSWORD)];
                Some(Scene::form(path, &fields).elsewhere())
            }
            "/sandi-baru/{token}" => Some(self.reset_scene().await),
            "/undangan/{token}" => Some(self.invited_scene().await),
            "/masuk/langkah-dua" => self.second_step_scene().await,
            _ if !is_somebody(self) => None,
            "/keluar" | "/account/sessions/end" => {
                let twin = self.twin().await?;
                let cookie = self.session_of(twin.member).await;
                Some(Scene::form(path, &[]).by(cookie))
            }
            "/account/sessions/{id}/end" => self.other_session_scene().await,
            "/account/password" => {
                let twin = self.twin_with_password().await?;
                let mut fields = vec![("sandi", PASSWORD)];
                fields.extend(TWICE);
                let cookie = self.session_of(twin.member).await;
                Some(Scene::form(path, &fields).by(cookie))
            }
            "/account/passkeys/codes" | "/account/passkeys/{id}/remove" => {
                let twin = self.twin_with_password().await?;
                let id = passkey(&self.server, twin.member).await;
                let address = path.replace("{id}", &id.to_string());
                let cookie = self.session_of(twin.member).await;
                Some(Scene::form(address, &[("sandi", PASSWORD)]).by(cookie))
            }
            "/account/second-factor" => {
                let (cookie, secret) = self.begun_device().await?;
                Some(Scene::form(path, &[("kode", &code(&secret, 0))]).by(cookie))
            }
            "/account/second-factor/codes" => {
                let (cookie, secret) = self.confirmed_device().await?;
                Some(Scene::form(path, &[("kode", &code(&secret, 1))]).by(cookie))
            }
            "/account/second-factor/remove" => {
                let (cookie, secret) = self.confirmed_device().await?;
                let code = code(&secret, 1);
                let fields = [("kode", code.as_str()), ("sandi", PASSWORD)];
                Some(Scene::form(path, &fields).by(cookie))
            }
            _ => None,
        }
    }

    async fn reset_scene(&self) -> Scene {
        let member = self.person_of(self.own, Role::Reporter).await;
        let (token, mail) = (Token::fresh(), self.mail("orang@lembaga.example"));
        let until = clock::now().plus_us(Timestamp::HOUR_US);
        let act = event(AuditKind::PasswordResetAsked);
        let store = &self.app().store;
        let kept = store.insert_reset(member, token.own_digest(), until, &mail, &act);
        kept.await.expect("reset");
        Scene::form(format!("/sandi-baru/{}", token.as_str()), &TWICE).elsewhere()
    }

    async fn invited_scene(&self) -> Scene {
        let (token, _) = self.invitation().await;
        Scene::form(format!("/undangan/{}", token.as_str()), &TWICE).elsewhere()
    }

    /// An invitation into the house's own newsroom.
    pub(super) async fn invitation(&self) -> (Token, InvitationId) {
        let (token, id) = (Token::fresh(), InvitationId(clock::fresh_id()));
        let invitation = Invitation {
            id,
            organisation: self.own,
            name: "Orang Baru".into(),
            email: format!("{id}@lembaga.example"),
            role: Role::Reporter,
            zone: Zone::Wib,
            invited_by: self.writer,
            invited_at: clock::now(),
            state: InvitationState::Open,
        };
        let (mail, act) = (
            self.mail(&invitation.email),
            event(AuditKind::InvitationSent),
        );
        let store = &self.app().store;
        let kept = store.insert_invitation(&invitation, token.own_digest(), &mail, &act);
        kept.await.expect("invitation");
        (token, id)
    }

    /// A second session of a twin's, ended from the first.
    async fn other_session_scene(&self) -> Option<Scene> {
        let twin = self.twin().await?;
        let cookie = self.session_of(twin.member).await;
        let first = self.sessions(twin.member).await;
        self.session_of(twin.member).await;
        let both = self.sessions(twin.member).await;
        let other = both.iter().find(|digest| !first.contains(digest))?;
        let id = blake3::Hash::from_bytes(*other).to_hex();
        Some(Scene::form(format!("/account/sessions/{id}/end"), &[]).by(cookie))
    }

    async fn sessions(&self, member: domain::MemberId) -> Vec<[u8; 32]> {
        let found = self.app().store.sessions_of(member, clock::now()).await;
        let found = found.expect("sessions");
        found.into_iter().map(|session| session.digest).collect()
    }

    /// A twin's session and the secret of a device that still has to show its first code.
    async fn begun_device(&self) -> Option<(String, Vec<u8>)> {
        let twin = self.twin_with_password().await?;
        let secret = one_time_code::fresh_secret();
        let store = &self.app().store;
        let begun = store.begin_one_time_code(twin.member, &secret);
        begun.await.expect("begun");
        Some((self.session_of(twin.member).await, secret.to_vec()))
    }

    /// The same, the first code shown; the session is the one that came with it.
    async fn confirmed_device(&self) -> Option<(String, Vec<u8>)> {
        let (cookie, secret) = self.begun_device().await?;
        let scene = Scene::form("/account/second-factor", &[("kode", &code(&secret, 0))]);
        let (_, cookies) = self.send(&scene.by(cookie)).await;
        Some((cookies, secret))
    }

    /// A twin that has given the password and not yet the code.
    async fn second_step_scene(&self) -> Option<Scene> {
        let organisation = self.organisation.unwrap_or(self.own);
        let member = self.person_of(organisation, self.visitor.role).await;
        let email = format!("{}@lembaga.example", member.0);
        self.give_password(member, &email).await;
        let secret = one_time_code::fresh_secret();
        let store = &self.app().store;
        let begun = store.begin_one_time_code(member, &secret);
        begun.await.expect("begun");
        let cookie = self.session_of(member).await;
        let confirm = Scene::form("/account/second-factor", &[("kode", &code(&secret, 0))]);
        self.send(&confirm.by(cookie)).await;
        let fields = [("surel", email.as_str()), ("sandi", PASSWORD)];
        let (_, half) = self.send(&Scene::form("/masuk", &fields)).await;
        Some(Scene::form("/masuk/langkah-dua", &[("kode", &code(&secret, 1))]).by(half))
    }

    /// Sends a scene and gives back the answer's code and the cookies it set.
    async fn send(&self, scene: &Scene) -> (reqwest::StatusCode, String) {
        let request = self
            .server
            .client
            .post(format!("{}{}", self.server.url, scene.address))
            .header(CONTENT_TYPE, scene.content_type)
            .header(COOKIE, scene.cookie.clone().unwrap_or_default())
            .body(scene.body.clone());
        let answer = request.send().await.expect("answers");
        let cookies = answer.headers().get_all(SET_COOKIE).iter();
        let cookies = cookies.filter_map(|cookie| cookie.to_str().ok()?.split(';').next());
        let cookies = cookies.collect::<Vec<_>>().join("; ");
        (answer.status(), cookies)
    }
}
