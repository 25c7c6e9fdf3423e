//! The mails of accounts, in the language of the page that causes them. None carries more than it
//! must; what opens something works once and for a short time.

use domain::invitation::Invitation;
use domain::member::Member;
use store::{Mail, SessionRow};

use crate::app::App;
use crate::desk::filled;
use crate::web::{Frame, address};

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

/// The link that sets a new password.
pub fn reset(frame: &Frame, site: &str, member: &Member, token: &str, until: &str) -> Mail {
    let link = format!("{site}/sandi-baru/{token}");
    let parts = [
        ("name", member.name.as_str()),
        ("link", link.as_str()),
        ("until", until),
    ];
    letter(frame, &member.email, "letter-reset", &parts)
}

/// Somebody signed in on a device not seen before.
pub fn new_device(app: &App, frame: &Frame, member: &Member, session: &SessionRow) -> Mail {
    let at = frame.exact(session.created_at);
    let device = if session.device.is_empty() {
        frame.t("account-device-unknown")
    } else {
        session.device.clone()
    };
    let parts = [
        ("device", device.as_str()),
        ("network", session.network.as_str()),
        ("at", at.as_str()),
    ];
    notice(app, frame, member, "letter-device", &parts)
}

/// The password was changed.
pub fn password_changed(app: &App, frame: &Frame, member: &Member) -> Mail {
    notice(app, frame, member, "letter-password", &[])
}

/// A device that gives codes was added.
pub fn factor_added(app: &App, frame: &Frame, member: &Member) -> Mail {
    notice(app, frame, member, "letter-factor-added", &[])
}

/// The device that gives codes was taken away.
pub fn factor_removed(app: &App, frame: &Frame, member: &Member) -> Mail {
    notice(app, frame, member, "letter-factor-removed", &[])
}

/// A passkey was added.
pub fn passkey_added(app: &App, frame: &Frame, member: &Member, passkey: &str) -> Mail {
    let parts = [("passkey", passkey)];
    notice(app, frame, member, "letter-passkey-added", &parts)
}

/// A passkey was taken away.
pub fn passkey_removed(app: &App, frame: &Frame, member: &Member, passkey: &str) -> Mail {
    let parts = [("passkey", passkey)];
    notice(app, frame, member, "letter-passkey-removed", &parts)
}

/// A passkey was refused since there may be a copy of it.
pub fn passkey_refused(app: &App, frame: &Frame, member: &Member, passkey: &str) -> Mail {
    let parts = [("passkey", passkey)];
    notice(app, frame, member, "letter-passkey-refused", &parts)
}

/// A recovery code was used, and so many are left.
pub fn recovery_used(app: &App, frame: &Frame, member: &Member, left: i64) -> Mail {
    let left = frame.whole(left.max(0));
    let parts = [("left", left.as_str())];
    notice(app, frame, member, "letter-recovery", &parts)
}

/// The recovery codes were made anew.
pub fn codes_renewed(app: &App, frame: &Frame, member: &Member) -> Mail {
    notice(app, frame, member, "letter-codes-renewed", &[])
}

fn notice(app: &App, frame: &Frame, member: &Member, key: &str, parts: &[(&str, &str)]) -> Mail {
    let account = site(app, frame).map_or_else(String::new, |site| format!("{site}/account"));
    let at = frame.exact(frame.now);
    let mut all = vec![
        ("name", member.name.as_str()),
        ("now", at.as_str()),
        ("account", account.as_str()),
    ];
    all.extend_from_slice(parts);
    letter(frame, &member.email, key, &all)
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
