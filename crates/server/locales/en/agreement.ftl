# Agreements: MoU, PKS, and what they open.

agreement-list = Agreements
agreement-list-lead = The agreements in force decide who may see and do what. When one ends, its doors shut.
agreement-empty = Your organisation is not a party to any agreement yet.
agreement-empty-all = There are no agreements yet.
agreement-propose = Propose an agreement
agreement-amend = Change the text
agreement-column-title = Title
agreement-column-form = Kind
agreement-column-state = State
agreement-column-term = Term
agreement-column-party = Party
agreement-column-number = Number
agreement-column-signatory = Signed by
agreement-column-liaison = Liaison
agreement-column-signed = Signature
agreement-column-sides = Who opens to whom
agreement-column-opens = What is opened
agreement-column-limits = Limits
agreement-more-parties = { $n ->
    [one] and { $count } more
   *[other] and { $count } more
 }
agreement-term = { $first } to { $last }
agreement-form-mou = MoU (memorandum of understanding)
agreement-form-pks = PKS (cooperation agreement)
agreement-state-proposed = Proposed
agreement-state-discussed = Under discussion
agreement-state-agreed = Text agreed
agreement-state-signing = Being signed
agreement-state-awaited = Waiting for its first day
agreement-state-in_force = In force
agreement-state-expiring = { $n ->
    [0] Ends today
    [one] Ends in { $count } day
   *[other] Ends in { $count } days
 }
agreement-state-ending = In force, revocation asked for
agreement-state-renewed = Renewed
agreement-state-lapsed = Lapsed
agreement-state-revoked = Revoked
agreement-state-withdrawn = Withdrawn
agreement-side-every = every party
agreement-sides = { $gives } opens to { $takes }
agreement-with-members = { $name } with its members and chapters
agreement-limits = { $place } · { $stage } · for { $purpose }
agreement-everywhere = all of Indonesia
agreement-always = at any time
agreement-unknown-body = an unknown body
agreement-opens = What this agreement opens
agreement-opens-case-see = see cases in work, without their drafts
agreement-opens-draft-see = see drafts of checks before publication
agreement-opens-tip-see = see citizens’ tips, never who sent them
agreement-opens-evidence-see = see preserved evidence
agreement-opens-figures-see = see figures by region and day
agreement-opens-statement-see = see official answers before they are public
agreement-opens-statement-carry = carry official answers on one’s own pages
agreement-opens-fact_check-carry = carry published checks on one’s own pages
agreement-opens-inquiry-ask = ask for information or data
agreement-opens-resource_person-ask = ask for a resource person
agreement-opens-referral-send = refer suspected violations
agreement-opens-outcome-see = see what became of one’s referrals
agreement-stage-planning = planning
agreement-stage-voter_list = voter lists
agreement-stage-registration = registration
agreement-stage-candidate_list = list of candidates
agreement-stage-campaign = campaign
agreement-stage-quiet_days = quiet days
agreement-stage-voting = voting
agreement-stage-counting = counting and recapitulation
agreement-stage-dispute = disputes over results
agreement-stage-inauguration = decision and oath
agreement-purpose-fact_check = fact-checking
agreement-purpose-voter_education = voters’ education
agreement-purpose-supervision = supervision
agreement-purpose-coordination = coordination
agreement-purpose-research = research

agreement-form-lead = Enter the text as it is. It can be changed while it is discussed; once agreed, every party signs the same text.
agreement-form-faults = It cannot be kept yet:
agreement-form-party = Party on line { $number }: “{ $name }” is not known, or there is more than one. Write its full name as in the directory.
agreement-form-side = Scope { $number }: “{ $name }” is not known. Write the name of a party, or leave it empty for every party.
agreement-form-region = Scope { $number }: the region “{ $name }” is not known. Write its code or official name.
agreement-form-several = Scope { $scope }: “{ $name }” may be { $names }. Write the full name or the code.
agreement-form-starts = The first day is missing or is no date.
agreement-form-term = The term must be a number, or give its last day.
agreement-overlaps-unnamed = The same parties have an agreement at the same time. Renew or revoke that one.
agreement-beside = There is another agreement between the same parties at the same time:
agreement-beside-mend = Make sure that no matter has two texts. Where the form and all parties are the same, the older one has to be renewed or revoked first.
agreement-form-split = Scope { $number }: { $name } was split after { $first } into { $heirs }. Write all of them, or only those that are meant.
agreement-form-changed = Somebody else changed the text since you opened it. What you typed is still below; compare first, then save again.
agreement-parent = Its MoU
agreement-parent-none = None
agreement-parent-hint = A PKS carries out an MoU and cannot open more than that MoU does.
agreement-place = Place
agreement-starts = First day
agreement-how-long = Term
agreement-years = Years
agreement-months = Months
agreement-until = Until
agreement-term-hint = “3 years” from 1 October 2024 end on 30 September 2027. Where “until” is given, years and months are ignored.
agreement-parties = Parties
agreement-parties-hint = One party on a line: name | number | office of the signatory | liaison.
agreement-scope = Scope { $number }
agreement-scope-add = Add a scope
agreement-gives = Who opens
agreement-takes = Who uses
agreement-members-too = Members and chapters of the using party may too
agreement-regions = Regions
agreement-stages = Only in certain stages
agreement-purpose = Purpose
agreement-save = Save
agreement-cancel = Cancel

agreement-refused = Not possible yet:
agreement-reason = Reason
agreement-renewal = Its renewal
agreement-renews = The agreement it renews
agreement-sign-lead = You sign the text exactly as on this page, for your organisation. The signature is recorded in the ledger.
agreement-sign = Sign
agreement-discuss = Discuss
agreement-agree = Agree on the text
agreement-renew = Renew
agreement-keep = Take back the wish to revoke
agreement-revoke = Ask to revoke
agreement-revoke-lead = Revoking takes two people. The agreement stays in force until the second one agrees.
agreement-revoke-second = Somebody asks to revoke this agreement. If you agree, all its doors shut at once.
agreement-revoke-confirm = Revoke now
agreement-withdraw = Withdraw
agreement-leave = Leave the agreement
agreement-leave-day = From which day your organisation is no party any more
agreement-left-on = left { $day }
agreement-not-signed = not yet
agreement-tree = Tree
agreement-events = Events
agreement-events-empty = No events have been entered yet.
agreement-event-add = Enter an event
agreement-event-what = Event
agreement-event-day = Day
agreement-event-subject = Subject
agreement-event-attendance = Who attended (body and office)
agreement-event-outcome = Decision or outcome
agreement-event-audience = Audience
agreement-event-coordination = Coordination meeting
agreement-event-decision = Decision by consensus
agreement-event-training = Training
agreement-event-socialisation = Public explanation
agreement-event-contribution = Contribution
agreement-minutes = Minutes
agreement-minutes-add = Upload minutes
agreement-minutes-replace = Replace the minutes
agreement-minutes-replaced = replaced
agreement-minutes-file = Minutes (PDF, 8 MB at most)
agreement-minutes-keep = Keep the minutes
agreement-file-size = { $size } kB
agreement-documents = Documents
agreement-documents-empty = No document has been kept yet.
agreement-document-add = Document (PDF, at most 8 MB)
agreement-document-keep = Keep the document
agreement-minutes-changed = Not kept: somebody else has just replaced these minutes. Reload the page to see them.
agreement-document-failed = Not kept. Make sure that it is a PDF of at most 8 MB, and that all files of this agreement together are no more than 256 MB.
agreement-end-it = Ending it
agreement-history = Trail
agreement-access = Open doors
agreement-access-lead = Everything that agreements open on { $day }, to and by { $organisation }. Beyond this, records of other bodies are not seen. The day on which an agreement was ended counts as shut.
agreement-access-none = Nothing on that day.
agreement-access-to = To { $organisation }
agreement-access-by = By { $organisation }
agreement-access-day = On the day
agreement-access-body = Organisation
agreement-access-show = Show
agreement-access-after = The day after
agreement-access-fault-day = “{ $text }” is no date. Write it like 2026-11-26.
agreement-access-roles = Roles within an organisation
agreement-access-roles-lead = Within one’s own organisation the role decides what may be done.
agreement-access-table = The whole table by kind of organisation and role
agreement-column-may = May

obligation-title = Promises
obligation-board = Board of promises
obligation-board-lead = Who promised what by when, from all agreements of your organisation. Overdue first. What the system can count counts itself.
obligation-empty = No promise has been entered yet.
obligation-add = Enter a promise
obligation-column-text = Promise
obligation-column-due = Due
obligation-measure = Counted by
obligation-count = How many
obligation-counted = { $there } of { $wanted }: { $of }
obligation-by-hand = a person’s word
obligation-checks = checks published
obligation-done = Kept
obligation-mark-done = Mark as kept
obligation-open = { $n ->
    [0] Due today
    [one] { $count } day left
   *[other] { $count } days left
 }
obligation-overdue = { $n ->
    [one] { $count } day late
   *[other] { $count } days late
 }

register-title = Register of agreements
register-lead = Agreements between election bodies, supervisors and media: who, from when to when, and what for.
register-empty = No agreement has been in force yet.
register-newer = Previous
register-older = Next
register-subscribe = Subscribe to the calendar of terms (iCalendar)
register-calendar = { $n ->
    [0] Last day
    [one] { $count } day left
   *[other] { $count } days left
 }
register-under = Carries out
register-children = Agreements that carry it out

agreement_not_now = This cannot be done while its state is “{ $state }”.
agreement_not_a_party = Only a party may do this.
agreement_signed_already = Your organisation has signed already.
agreement_text_changed = The text changed since you read it. Read it again, then sign.
agreement_same_person = Revoking takes a second person; you are the one who asked for it.
agreement_reason_missing = Give a reason of at most 2,000 characters.
agreement_title_missing = The title is missing, or longer than 200 characters.
agreement_parties = There must be 2 to 50 different parties.
agreement_too_few_remain = With this party gone only one remains. Revoke the agreement instead.
agreement_left_already = This party has left already.
agreement_outside_term = The day lies outside the term.
agreement_end_before_start = The last day ({ $last }) comes before the first ({ $first }). Mend one of them.
agreement_term_length = The term must be 1 to 240 months.
agreement_scopes = There must be 1 to 40 scopes, each of which opens something somewhere.
agreement_side_not_a_party = Scope { $scope } names an organisation that is no party.
agreement_not_for_campaigns = Scope { $scope } would open unpublished work to a party or campaign team. That is not allowed.
agreement_parent_missing = A PKS carries out an MoU. Choose its MoU.
agreement_parent_unfit = Its MoU is not in force on the first day of this agreement.
agreement_party_outside_parent = { $name } belongs to no party of the MoU.
agreement_wider_than_parent = Scope { $scope } opens more than its MoU. Narrow it, or change that MoU.
agreement_longer_than_parent = It ends after its MoU, which ends on { $last }.
agreement_overlaps = The same parties have an agreement at the same time: “{ $title }”, { $term }. Renew or revoke that one.

audit-agreement_proposed = Agreement proposed
audit-agreement_discussed = Agreement under discussion
audit-agreement_amended = Text of an agreement changed
audit-agreement_agreed = Text agreed
audit-agreement_signed = Agreement signed
audit-agreement_withdrawn = Agreement withdrawn
audit-agreement_left = A party left
audit-revocation_wished = Revocation asked for
audit-revocation_dropped = Wish to revoke taken back
audit-agreement_revoked = Agreement revoked
audit-agreement_renewed = Agreement renewed
audit-agreement_lapsed = Term over
audit-document_kept = Document kept
audit-minutes_kept = Minutes kept
audit-obligation_added = Promise entered
audit-obligation_done = Promise kept
audit-event_entered = Event entered
audit-reminder_sent = Reminder sent
audit-draft_read_by_partner = Draft read by a partner

partner-cases = Partners’ cases
partner-cases-lead = Cases of other organisations that agreements in force open to you. To read only.
partner-cases-empty = No agreement opens other organisations’ cases to you today, or they are not working on any.
partner-case-by = Opened to you by
partner-case-agreement = this agreement
partner-case-no-draft = The agreement does not open drafts.
partner-column-whose = Organisation
