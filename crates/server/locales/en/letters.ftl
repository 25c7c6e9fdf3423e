# Mails: of accounts, of agreements and keys that run out.

letter-invitation-subject = Invitation to Kentongan
letter-invitation-body =
    Hello { $name },

    { $organisation } invites you to Kentongan, the desk that checks election information, as { $role }.

    Open this link and make your password:
    { $link }

    The link works once, until { $until }. If you do not know this organisation, ignore this mail.
letter-reset-subject = A new password for Kentongan
letter-reset-body =
    Hello { $name },

    Somebody, perhaps you, asked for a new password. Open this link to make one:
    { $link }

    The link works once, until { $until }. If it was not you, ignore this mail; your password has not changed.
letter-device-subject = Your account was opened on a new device
letter-device-body =
    Hello { $name },

    Your Kentongan account was opened on a device not used before:
    { $device }, network { $network }, { $at }.

    If that was you, there is nothing to do. If not, end the session and change your password at once: { $account }
letter-password-subject = Your Kentongan password was changed
letter-password-body =
    Hello { $name },

    The password of your Kentongan account was changed on { $now }, and other sessions were ended.

    If it was not you, make a new one by "Forgotten password" and tell the administrator of your organisation. { $account }
letter-factor-added-subject = Two-step sign-in was set up
letter-factor-added-body =
    Hello { $name },

    Two-step sign-in was set up for your Kentongan account on { $now }.

    If it was not you, tell the administrator of your organisation at once. { $account }
letter-factor-removed-subject = Two-step sign-in was removed
letter-factor-removed-body =
    Hello { $name },

    Two-step sign-in was removed from your Kentongan account on { $now }.

    If it was not you, change your password and tell the administrator of your organisation at once. { $account }
letter-recovery-subject = A recovery code was used
letter-recovery-body =
    Hello { $name },

    A recovery code was used to sign in to your Kentongan account on { $now }. { $left } are left.

    If it was not you, change your password and tell the administrator of your organisation at once. { $account }
letter-codes-renewed-subject = New recovery codes
letter-codes-renewed-body =
    Hello { $name },

    New recovery codes were made for your Kentongan account on { $now }; the old ones do not work any more.

    If it was not you, change your password at once and tell the administrator of your organisation. { $account }
letter-days-left = { $n ->
    [0] today is its last day
    [one] one day left
   *[other] { $count } days left
}
letter-agreement-subject = Agreement ends on { $last }: { $title }
letter-agreement-body =
    Hello { $name },

    { $form } “{ $title }” ends on { $last }, { $left }.
    Its parties: { $parties }.

    After that day everything this agreement opens is shut. { $next }

    Its page: { $link }
letter-agreement-renew = If it is still needed, propose its renewal now, so that every party has time to sign.
letter-agreement-renewal = Its renewal has been proposed; see that every party signs it before that day.
letter-agreement-stand-in = Its parties have no coordinator or liaison who can be written to, so this mail comes to you who run the network. Tell them, or invite their coordinators.
letter-key-subject = Service key { $key } { $soon }
letter-key-body =
    Hello { $name },

    The service key “{ $key }” { $soon }: it stops working on { $last }. After that the service that uses it can send no more posts.

    { $next } { $link }
letter-key-make = Make a new key, put it into that service, then revoke the old one:
letter-key-ask = The administrator of your organisation has to make a new key; remind them, so that it is put in place in time. The page of your organisation:
letter-key-stand-in = Its owner, { $organisation }, has no administrator who can make a new key. Invite one, or revoke this key if it is no longer needed:
