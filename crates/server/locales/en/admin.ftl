# Administration

admin-title = Administration
admin-members = Members
admin-member-add = Invite a member
admin-member-add-button = Send the invitation
admin-member-exists = There is a member or an open invitation with that address already.
admin-members-lead = A new member gets an invitation by mail and makes a password of their own. What you change here holds at once.
admin-members-search = Name, email or organisation
admin-members-search-own = Name or email
admin-members-none = No member fits
admin-members-all = All members
admin-invited = The invitation went to { $email }. Its link works for seven days.
admin-invitation-no-origin = The server does not know its own address, so no link can be made. The operator has to set KENTONGAN_ORIGIN.
admin-invitations = Waiting invitations
admin-invitation-until = Works until
admin-invitation-over = run out
admin-invitation-withdraw = Withdraw
admin-invitation-withdraw-of = Withdraw the invitation of { $name }
admin-mail-given-up =
    { $n ->
        [one] { $count } mail could not be sent.
       *[other] { $count } mails could not be sent.
    } The operator has to look at KENTONGAN_MAIL.
admin-member-acts = Manage
admin-member-acts-of = Manage { $name }
admin-role-set = Change role
admin-member-sessions-end = End all sessions
admin-member-close = Close the account
admin-member-reopen = Open the account again
admin-member-incomplete = Give a name and a valid e-mail address.
admin-name = Name
admin-email = E-mail
admin-role = Role
admin-zone = Time zone
admin-organisation = Organisation
admin-organisation-hint = Its full or short name, as in the directory. Leave it empty for your own organisation.
admin-inactive = inactive
admin-role-reader = Reader
admin-role-reporter = Reporter
admin-role-editor = Editor
admin-role-reviewer = Reviewer
admin-role-officer = Officer
admin-role-coordinator = Coordinator
admin-role-auditor = Auditor
admin-role-administrator = Administrator
admin-copy = Copy
admin-copied = Copied
admin-keys = Service keys
admin-keys-lead = With such a key a service sends posts through the API. Only its digest is kept.
admin-keys-empty = There is no key yet. Make one below: a sending service uses it to send posts.
admin-key-add = Make a key
admin-key-add-button = Make the key
admin-key-name-hint = Who uses it, for example “TikTok monitor”.
admin-key-once = the key, shown only once. Keep it now.
admin-key-revoke = Revoke
admin-key-revoked = revoked
admin-key-incomplete = Give a name, a rate, a quota, and 1 to 366 days.
admin-key-until = Works until
admin-key-used = Last used
admin-key-unused = never
admin-key-over = run out
admin-key-soon = { $n ->
    [0] runs out today
    [one] runs out tomorrow
   *[other] runs out in { $count } days
}
admin-key-soon-one = Service key “{ $key }” { $soon }. Make a new one and put it in place before then.
admin-key-soon-ask = Service key “{ $key }” { $soon }. The administrator of your organisation has to make a new one and put it in place before then.
admin-key-soon-of = Service key “{ $key }” of { $organisation } { $soon }. Its administrator has to make a new one and put it in place before then.
admin-key-soon-more = { $n ->
    [one] One more key soon runs out
   *[other] { $count } more keys soon run out
}
admin-key-endless = no end
admin-key-of-installation = this installation
admin-key-days = Days it works
admin-key-days-hint = At most 366 days; make a new key before it runs out.
admin-scopes = Scope
admin-rate = Posts/second
admin-quota = Quota a day
admin-today = Today
admin-made = Made
admin-feeds = Feeds
admin-feeds-lead = RSS, Atom, JSON Feed and sitemaps of member portals, read politely at intervals.
admin-feeds-empty = There is no feed yet. Add an address below: its new articles appear on the radar.
admin-feed = Feed
admin-feed-items = Articles
admin-feed-next = Read again
admin-feed-state = State
admin-feed-well = well
admin-feed-now = right away
admin-feed-failing = failing
admin-feed-add = Add a feed
admin-feed-add-button = Add
admin-feed-url = Address
admin-feed-url-hint = The feed’s address, starting with https://
admin-feed-exists = There is a feed with that address already.
admin-feed-bad = That is not an http or https address.
admin-audit = Audit trail
admin-audit-lead = Every act is recorded together with its change, and every record is a leaf of a tree that cannot be altered unseen.
admin-audit-well = { $count } records, all intact. Root:
admin-audit-bad = Record { $sequence } does not agree with the ledger: { $fault }
admin-audit-when = When
admin-audit-what = What
admin-audit-who = Who
admin-audit-on = On
admin-audit-someone = Member
admin-audit-someone-of = Somebody of { $organisation }
admin-audit-own = Only entries that concern { $organisation } are shown: acts of its people, and acts on its records and agreements.
admin-audit-head-well = { $n ->
    [one] { $count } entry; its fingerprint fits the ledger. Root:
   *[other] { $count } entries; their fingerprint fits the ledger. Root:
}
admin-audit-head-bad = The stored fingerprint does not fit the ledger. Check everything, and see the ledger's page.
admin-audit-check = Check every entry
admin-audit-cosigned = Witnesses have signed up to entry { $count }.
admin-audit-uncosigned = No witness has signed yet.
admin-audit-all = all
admin-audit-from = From
admin-audit-until = Until
admin-audit-record = Record's number
admin-audit-show = Show
admin-audit-none = No entry fits this filter.
admin-audit-proof = Proof

admin-access = Who may do what
admin-access-lead = The people of { $organisation }: what their role lets them do, and what agreements let them see of other bodies today.
admin-access-none = Nobody is in this organisation yet.
admin-access-own = Within the organisation
admin-access-partners = Of other bodies
admin-access-nothing = nothing
admin-access-bodies = { $n ->
    [one] { $count } body
   *[other] { $count } bodies
}
may-see-desk = see the desk
may-decide-match = confirm or reject matches
may-open-case = open cases
may-write-case = write checks
may-see-draft = see unpublished drafts
may-review-case = approve or return checks
may-see-tips = see citizens’ tips
may-administer = look after accounts, service keys and feeds
may-tune-answers = change the thresholds of answers
may-audit = read the audit trail
may-keep-witnesses = register witnesses of the ledger
may-coordinate = keep the directory entry and agreements

# Notes beside acts of the audit trail
note-all = all sessions
note-demonstration = demonstration
note-mail = by mail
note-others = other sessions
note-passkey = passkey
note-password = password
note-provider = identity provider
note-second_factor = two steps
note-entries = { $n ->
    [one] { $count } entry
   *[other] { $count } entries
}
note-organisations = { $n ->
    [one] { $count } organisation
   *[other] { $count } organisations
}
note-checks = { $n ->
    [one] { $count } fact-check
   *[other] { $count } fact-checks
}
note-demonstration-checks = { $n ->
    [one] { $count } check of the demonstration
   *[other] { $count } checks of the demonstration
}
note-days = { $n ->
    [one] { $count } day
   *[other] { $count } days
}
note-mails = { $n ->
    [one] { $count } mail
   *[other] { $count } mails
}
note-texts = { $n ->
    [one] { $count } text
   *[other] { $count } texts
}
note-agreement = under agreement
note-check-by-hand = fact-check { $number }, added by hand
