//! The mails of accounts. A member's are in their own zone and the language they chose last, whoever's
//! browser causes them; an invitation is in the language of whoever invites. None carries more than it
//! must; what opens something works once and for a short time.

use domain::Timestamp;
use domain::invitation::Invitation;
use domain::member::Member;
use store::{Mail, SessionRow, StoreError};

use crate::app::App;
use crate::desk::filled;
use crate::web::{Frame, Language, address};

/// Scheme and host that links in mails begin with: the setting, or this very machine. What a
/// stranger writes into the `Host` header never gets into a mail.
pub fn site(app: &App, frame: &Frame) -> Option<String> {
    if let Some(origin) = &app.config.identity.origin {
        return Some(origin.clone());
    }
    let host = frame.origin.split("://").nth(1).unwrap_or_default();
    address::is_loopback_host(host).then(|| frame.origin.clone())
}

/// `path` as a whole address, for mail that no page causes; where the server was not told its own
/// address, the bare path.
pub fn link(app: &App, path: &str) -> String {
    let origin = app.config.identity.origin.as_deref();
    format!("{}{path}", origin.unwrap_or_default())
}

/// The invitation with its link; `site` is the answer of [`site`].
pub fn invitation(
    frame: &Frame,
    site: &str,
    invitation: &Invitation,
    organisation: &str,
    token: &str,
) -> Mail {
    let role = frame.t(&format!("role-{}", invitation.role.as_str()));
    let link = format!("{site}/undangan/{token}");
    let until = frame.exact(invitation.expires_at());
    let parts = [
        ("name", invitation.name.as_str()),
        ("organisation", organisation),
        ("role", role.as_str()),
        ("link", link.as_str()),
        ("until", until.as_str()),
    ];
    letter(frame, &invitation.email, "letter-invitation", &parts)
}

/// The link that sets a new password until `expires_at`; `site` is the answer of [`site`].
pub async fn reset(
    app: &App,
    frame: &Frame,
    site: &str,
    member: &Member,
    token: &str,
    expires_at: Timestamp,
) -> Result<Mail, StoreError> {
    let own = own_frame(app, frame, member).await?;
    let until = own.exact(expires_at);
    let link = format!("{site}/sandi-baru/{token}");
    let parts = [
        ("name", member.name.as_str()),
        ("link", link.as_str()),
        ("until", until.as_str()),
    ];
    Ok(letter(&own, &member.email, "letter-reset", &parts))
}

/// Somebody signed in on a device not seen before.
pub async fn new_device(
    app: &App,
    frame: &Frame,
    member: &Member,
    session: &SessionRow,
) -> Result<Mail, StoreError> {
    let own = own_frame(app, frame, member).await?;
    let at = own.exact(session.created_at);
    let device = if session.device.is_empty() {
        own.t("account-device-unknown")
    } else {
        session.device.clone()
    };
    let parts = [
        ("device", device.as_str()),
        ("network", session.network.as_str()),
        ("at", at.as_str()),
    ];
    Ok(drawn(app, &own, member, "letter-device", &parts))
}

/// The password was changed.
pub async fn password_changed(
    app: &App,
    frame: &Frame,
    member: &Member,
) -> Result<Mail, StoreError> {
    notice(app, frame, member, "letter-password", &[]).await
}

/// A device that gives codes was added.
pub async fn factor_added(app: &App, frame: &Frame, member: &Member) -> Result<Mail, StoreError> {
    notice(app, frame, member, "letter-factor-added", &[]).await
}

/// The device that gives codes was taken away.
pub async fn factor_removed(app: &App, frame: &Frame, member: &Member) -> Result<Mail, StoreError> {
    notice(app, frame, member, "letter-factor-removed", &[]).await
}

/// A passkey was added.
pub async fn passkey_added(
    app: &App,
    frame: &Frame,
    member: &Member,
    passkey: &str,
) -> Result<Mail, StoreError> {
    let parts = [("passkey", passkey)];
    notice(app, frame, member, "letter-passkey-added", &parts).await
}

/// A passkey was taken away.
pub async fn passkey_removed(
    app: &App,
    frame: &Frame,
    member: &Member,
    passkey: &str,
) -> Result<Mail, StoreError> {
    let parts = [("passkey", passkey)];
    notice(app, frame, member, "letter-passkey-removed", &parts).await
}

/// A passkey was refused since there may be a copy of it.
pub async fn passkey_refused(
    app: &App,
    frame: &Frame,
    member: &Member,
    passkey: &str,
) -> Result<Mail, StoreError> {
    let parts = [("passkey", passkey)];
    notice(app, frame, member, "letter-passkey-refused", &parts).await
}

/// A recovery code was used, and so many are left.
pub async fn recovery_used(
    app: &App,
    frame: &Frame,
    member: &Member,
    left: i64,
) -> Result<Mail, StoreError> {
    let own = own_frame(app, frame, member).await?;
    let left = own.whole(left.max(0));
    let parts = [("left", left.as_str())];
    Ok(drawn(app, &own, member, "letter-recovery", &parts))
}

/// The recovery codes were made anew.
pub async fn codes_renewed(app: &App, frame: &Frame, member: &Member) -> Result<Mail, StoreError> {
    notice(app, frame, member, "letter-codes-renewed", &[]).await
}

/// What mails to `member` are drawn with while `frame`'s page is. At the door that page is anybody's.
async fn own_frame(app: &App, frame: &Frame, member: &Member) -> Result<Frame, StoreError> {
    let code = app.store.language_of(member.id).await?;
    let language = Language::parse(&code).unwrap_or_default();
    Ok(Frame {
        origin: frame.origin.clone(),
        now: frame.now,
        ..Frame::for_mail(language, member.zone)
    })
}

async fn notice(
    app: &App,
    frame: &Frame,
    member: &Member,
    key: &str,
    parts: &[(&str, &str)],
) -> Result<Mail, StoreError> {
    let own = own_frame(app, frame, member).await?;
    Ok(drawn(app, &own, member, key, parts))
}

/// The notice called `key`, drawn with the member's own frame.
fn drawn(app: &App, own: &Frame, member: &Member, key: &str, parts: &[(&str, &str)]) -> Mail {
    let account = site(app, own).map_or_else(String::new, |site| format!("{site}/account"));
    let at = own.exact(own.now);
    let mut all = vec![
        ("name", member.name.as_str()),
        ("now", at.as_str()),
        ("account", account.as_str()),
    ];
    all.extend_from_slice(parts);
    letter(own, &member.email, key, &all)
}

/// The mail whose text is called `key`, with `parts` in their places.
pub fn letter(frame: &Frame, recipient: &str, key: &str, parts: &[(&str, &str)]) -> Mail {
    Mail {
        id: crate::clock::fresh_id(),
        recipient: recipient.to_owned(),
        subject: filled(frame, &format!("{key}-subject"), parts),
        body: filled(frame, &format!("{key}-body"), parts),
    }
}
