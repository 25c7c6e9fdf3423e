# Passkeys: coming in with one, and one's own.

passkey-sign-in = Sign in with a passkey
passkey-none = Signing in with a passkey is not available: this browser does not know passkeys, or its scripts are off. Use your password.
passkey-none-make = No passkey can be made here: this browser does not know passkeys, or its scripts are off.
passkey-cancelled = Cancelled, or the time ran out. Try again.
passkey-known = This device already keeps a passkey for your account.
passkey-elsewhere = Passkeys work only at { $origin }. Open that address and try again.
passkey-wait = Too many attempts. Wait a moment, then try again.
passkey-failed = The passkey cannot be used right now. Reload this page and try again.
passkey-refused-title = The passkey was not accepted
passkey-back = Back to signing in
passkey-late = It took too long, was answered before, or was begun in another browser. Start again.
passkey-unknown = This passkey opens no account here. It may have been removed, or its account was closed. Sign in with your password.
passkey-other-member = This passkey belongs to another account. Use one of the account whose password you have just typed.
passkey-other-site = This passkey was used at another address. Check the address in your browser: it may be an imitation of this site.
passkey-unverified = The device has not made sure that it is you. Set a screen lock, fingerprint or PIN on it, then try again.
passkey-copied = This passkey was refused because there may be a copy of it. Sign in another way, remove this passkey and add a new one.
passkey-taken = This passkey is registered already, or you have as many passkeys as an account may have.
passkey-unproven = The device's answer could not be proven. Try again, or sign in with your password.
passkey-unfit-address = Passkeys cannot be used yet: the operator of this server has not set the address of the site (KENTONGAN_ORIGIN).
passkey-unfit-ip = Passkeys cannot be used here: the address of this site is a number (an IP address). A passkey hangs on a name such as cek.example; on this very computer use localhost.
passkey-unfit-https = Passkeys cannot be used here: the address of this site does not use https.

passkeys-title = Passkeys
passkeys-lead = With a passkey you sign in by fingerprint, face or screen lock, without typing a password. A passkey cannot be guessed, and does not work on an imitation of this site.
passkeys-list = Your passkeys
passkeys-added = Added { $at }
passkeys-used = Last used
passkeys-unused = Not used to sign in yet
passkeys-add = Add a passkey
passkeys-full = You have { $most } passkeys, the most an account may have. Remove one you no longer use to add another.
passkeys-first = From then on the password alone is not enough to sign in: you are asked for the passkey too. We give you ten recovery codes for the day your device is lost.
passkeys-name = Name of the passkey
passkeys-name-hint = So that you know later where it is kept, for example “Office phone”.
passkeys-unnamed = Unnamed
passkeys-continue = Continue
passkeys-make = Make a passkey
passkeys-make-lead = Your browser will ask for your fingerprint, face or screen lock, and keep the passkey “{ $name }”. Finish within ten minutes.
passkeys-make-go = Make it now
passkeys-make-cancel = Cancel
passkeys-codes-lead = Each works once, when the device with the passkey is not at hand.
passkeys-codes-elsewhere = You have codes from your phone. Make new recovery codes on the page of two-step sign-in, with one of those.
passkeys-rather-codes = Rather codes from an app on your phone? Set those up instead.
passkeys-wanted = Your duties ask for a second proof. A passkey is one; codes from your phone are one too.
passkeys-remove = Remove
passkeys-remove-of = Remove the passkey { $name }
passkeys-remove-title = Remove a passkey
passkeys-remove-lead = This passkey will no longer open your account, and other sessions opened with a passkey end. Remove it from its device too.
passkeys-remove-last = It is the last second proof you have: afterwards the password alone is enough to sign in, and your recovery codes no longer work.
passkeys-remove-confirm = Remove this passkey
passkeys-last-wanted = Your duties ask for a second proof, and this is the last one. Add another passkey or codes from your phone first, then remove this one.
passkeys-back = Back to your passkeys
passkeys-news-added = The passkey was added.
passkeys-news-removed = The passkey was removed. Other sessions opened with a passkey were ended.

account-passkeys = { $n ->
    [one] { $count } passkey.
   *[other] { $count } passkeys.
}
account-passkeys-none = None yet. Sign in by fingerprint, face or screen lock, without typing a password.
account-passkeys-manage = Manage
account-second-factor-beside = Your passkey is the second proof already. Codes from your phone can be added for devices that know no passkeys.
account-proof-passkey = with a passkey
factor-rather-passkey = Rather fingerprint or screen lock? Add a passkey instead.
second-step-lead-both = { $name }, use your passkey, or type a code from the authenticator app on your phone.
second-step-lead-passkey = { $name }, use your passkey.
second-step-lead-recovery = { $name }, your passkey cannot be used at this address. Type a recovery code.
second-step-code-recovery = Or type a recovery code
second-step-lost-passkey = Lost the device with the passkey? Use one of your recovery codes. When none is left, the administrator of your organisation has to close this account and invite you again, at another e-mail address.

audit-passkey_added = Passkey added
audit-passkey_removed = Passkey removed
audit-passkey_refused = Passkey refused, there may be a copy

letter-passkey-added-subject = Passkey added
letter-passkey-added-body =
    Hello { $name },

    The passkey “{ $passkey }” was added to your Kentongan account on { $now }. With it somebody can sign in without a password.

    If it was not you, remove that passkey at once, change your password and tell your organisation's administrator. { $account }
letter-passkey-removed-subject = Passkey removed
letter-passkey-removed-body =
    Hello { $name },

    The passkey “{ $passkey }” was removed from your Kentongan account on { $now }.

    If it was not you, change your password at once and tell your organisation's administrator. { $account }
letter-passkey-refused-subject = Your passkey was refused
letter-passkey-refused-body =
    Hello { $name },

    Somebody tried to sign in with the passkey “{ $passkey }” on { $now }. We refused it, because the counter inside it ran backwards: there may be a copy of it.

    Sign in another way, remove that passkey, add a new one and tell your organisation's administrator. { $account }
