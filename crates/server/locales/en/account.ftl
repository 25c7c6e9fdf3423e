# One's own account, and the links in mails.

account-title = Account
account-password = Password
account-password-change = Change password
account-second-factor = Two-step sign-in
account-on = on
account-second-factor-off = Not set up yet. With two steps, whoever learns your password still cannot get in.
account-second-factor-add = Set up
account-second-factor-manage = Manage
account-second-factor-wanted = These duties need two-step sign-in: you answer or approve for an organisation.
account-codes-left = { $n ->
    [0] No recovery code is left.
    [one] { $count } recovery code is left.
   *[other] { $count } recovery codes are left.
}
account-sessions = Open sessions
account-this-session = this one
account-new-device = new device
account-device-unknown = Unknown device
account-used = Used
account-began = opened { $at }
account-end = End
account-end-of = End the session on { $device }
account-end-others = End all other sessions
account-end-all = Sign out everywhere
account-session-limits = A session ends by itself after { $idle } without use, and { $life } after it was opened at the latest.
account-proof-password = with a password
account-proof-provider = through an identity provider
account-proof-second-factor = in two steps
account-proof-demonstration = demonstration door
account-news-password = The password was changed. All other sessions were ended.
account-news-session = That session was ended.
account-news-others = All other sessions were ended.
account-news-factor-removed = Two-step sign-in was removed.

password-now = Present password
password-new = New password
password-again = New password again
password-hint = At least { $least } characters. A few words you can remember are better than one word with signs in it.
password-too-short = That password is too short. Use at least { $least } characters, for example a few words.
password-too-long = That password is too long. Use at most { $most } characters.
password-common = That password is among those people guess first. Choose another, for example a few unrelated words.
password-own-name = That password is made of your name, address or organisation. Choose another.
password-breached = That password has leaked somewhere else. Choose another.
password-not-twice = The two new passwords differ. Type both again.
password-wrong-now = That is not the password.
password-ends-others = Other sessions will end; this one stays.

second-step-title = One more step
second-step-lead = { $name }, type the code from the authenticator app on your phone.
second-step-code = Six-digit code, or a recovery code
second-step-submit = Continue
second-step-cancel = Cancel and sign out
second-step-lost = Lost your phone? Use one of your recovery codes. When none is left, the administrator of your organisation has to close this account and invite you again, at another e-mail address.
code-wrong = That is not the code. Type the one shown now.
code-used = That code was used already. Wait for the next one, at most 30 seconds.
code-clock-slow = That code is from { $off } ago: your phone’s clock is slow. Set it to automatic and try again.
code-clock-fast = That code is for { $off } from now: your phone’s clock is fast. Set it to automatic and try again.

factor-lead = Besides the password you will type a six-digit code from your phone.
factor-lead-wanted = Your duties need two-step sign-in. Set it up now; no other page opens before.
factor-step-app = Open an authenticator app on your phone: Aegis, Google Authenticator, or your password manager.
factor-step-scan = Scan this picture with it.
factor-step-type = Cannot scan? Type this key:
factor-open-app = Open in an app on this device
factor-picture = QR code for an authenticator app
factor-step-code = Type the six-digit code the app shows
factor-confirm = Set up
factor-is-on = Two-step sign-in is on. Each sign-in asks for a code from your phone.
factor-codes = Recovery codes
factor-codes-lead = Each works once, when the phone is not there.
factor-codes-renew = Make ten new codes
factor-codes-once = Keep these ten codes in a safe place, for example on paper. They are shown only once, and each works once.
factor-codes-kept = I have kept them
factor-code-now = Code from your phone, or a recovery code
factor-remove = Remove two-step sign-in
factor-password-short = Your password is too short to stand alone. Change it to a longer one first.

invitation-title = Invitation
invitation-lead = { $organisation } invites you to join. Make a password to begin.
invitation-accept = Join
invitation-used = This invitation was used already
invitation-used-mend = The account exists. Sign in with your address and password. If it was not you who used it, tell the administrator of the organisation at once.
invitation-withdrawn = This invitation was withdrawn
invitation-withdrawn-mend = The administrator of the organisation took it back. Ask them if you think this is a mistake.
invitation-expired = This invitation has run out
invitation-expired-mend = Invitations work for seven days. Ask the administrator of the organisation for a new one.

forgotten-title = Forgotten password
forgotten-lead = Type your address. We send a link that sets a new password.
forgotten-send = Send the link
forgotten-sent = If that address has an account, a link is on its way. It works for 30 minutes. Look into the spam folder too.
forgotten-no-mail = This server cannot send links yet. Ask the administrator of your organisation.
reset-title = New password
reset-set = Save the password
reset-done = The password was changed and all sessions were ended. Sign in with the new one.
reset-ends-all = All open sessions will end.
reset-dead = This link does not work any more
reset-dead-mend = A link works once, for 30 minutes; a newer one takes the place of an older. Ask for a new one.

provider-sign-in = Sign in with { $name }
provider-tie = Connect { $name }
provider-tie-lead = You will sign in at { $name } and come back here. Afterwards you can sign in with { $name }; your duties and your organisation stay as they are.
provider-go = Go on to { $name }
provider-late-title = This sign-in cannot be finished
provider-late-mend = It took too long, was used already, or began in another browser. Begin again at the sign-in page.
provider-refused-title = The provider did not confirm this sign-in
provider-refused-mend = Try once more, or sign in with your password.
provider-unknown-title = That account is not connected
provider-unknown-mend = Sign in with your password first and connect that account on your account page. New accounts are made by invitation alone.
provider-taken-title = That account is connected already
provider-taken-mend = That provider account belongs to another member here, or yours has a connection already. Cut the old one first.
account-provider-since = Connected since { $at }. You can sign in with this provider.
account-provider-off = Not connected yet. Once it is, you can sign in with this provider.
account-provider-tie = Connect
account-provider-cut = Cut the connection
account-news-provider = The provider account was connected.
account-news-provider-cut = The connection to the provider was cut.

# Entries of the audit log.
audit-invitation_sent = Invitation sent
audit-invitation_withdrawn = Invitation withdrawn
audit-invitation_accepted = Invitation accepted
audit-first_proof_given = First proof given
audit-password_changed = Password changed
audit-password_reset_asked = New password asked for
audit-second_factor_added = Two-step sign-in set up
audit-second_factor_removed = Two-step sign-in removed
audit-recovery_code_used = Recovery code used
audit-recovery_codes_renewed = Recovery codes renewed
audit-sessions_ended = Sessions ended
audit-role_changed = Role changed
audit-member_closed = Account closed
audit-member_reopened = Account opened again
audit-provider_linked = Identity provider linked
audit-provider_unlinked = Identity provider unlinked
