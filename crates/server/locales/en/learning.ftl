# Learning in use: methodology, explanation, thresholds, labels

answer-how-often-wrong = How often are our answers wrong?

contribution-title = What made it fit
contribution-note = The longer the bar, the more it weighed in the machine’s choice. A minus speaks against.
contribution-words = Same words
contribution-letters = Same letters
contribution-order = Order of words
contribution-rare = Rare word in both
contribution-numbers = Matching numbers
contribution-meaning = Close meaning
contribution-names = Names and places
contribution-date = Close in time
contribution-length = Length of the claim
contribution-quote = Quotation
contribution-other = Other clues

methodology-title = Methodology
methodology-lead = How the three answers are made, how often each of them is wrong, and how to object.
methodology-how = How an answer is made
methodology-how-read = The machine reads your message: slang, numbers and abbreviations are brought into one form first.
methodology-how-find = The message is compared with the claims of all fact-checks: the same words, the same pieces of words, the numbers and, where the sentence model is installed, the meaning.
methodology-how-sure = The closest fact-check gets a certainty from 0 to 100%. Only a very sure one is called “Already checked”; a fairly sure one “Similar”; anything else is “Not yet checked”.
methodology-how-differ = Then differences are looked for: a denial, a number, a year, a place, a candidate number. Where there is one, the answer is “Similar” at most, and the difference is named.
methodology-wrong = How often it is wrong
methodology-measured = Measured on { $texts } real messages and headlines that the machine was not trained on, looked up among { $checks } fact-checks.
methodology-match = There is a fact-check of the claim in your message.
methodology-match-wrong = Wrong: { $share } point at another fact-check.
methodology-probable = There is a fact-check close to it, but compare for yourself.
methodology-probable-wrong = Wrong: { $share } turn out to be about another claim.
methodology-none = No fact-check is close enough. That does not make it true, nor false.
methodology-none-wrong = Wrong: of the messages that do have a fact-check, { $share } get no answer.
methodology-outdated = The machine that answers now uses newer weights than those measured here. New figures will follow.
methodology-unmeasured = The figures cannot be read. Until they can, take every answer as one that may be wrong.
methodology-sure = Can the machine’s certainty be trusted?
methodology-sure-text = Each dot is a group of messages with nearly the same certainty. A dot on the dashed line is just right: of messages with a certainty of 80%, 80% are right indeed. Below the line the machine is too sure, above it too careful. The larger the dot, the more messages.
methodology-diagram = The machine’s certainty against what turned out right
methodology-said = Certainty
methodology-right = Turned out right
methodology-texts = Messages
methodology-made = Measured { $day }.
methodology-weights = Weights { $weights }.
methodology-cannot = What it cannot do
methodology-cannot-meaning = A sentence in entirely different words is often not found, nor are languages other than Indonesian.
methodology-cannot-picture = Pictures, sound and video are not read.
methodology-cannot-new = A rumour that nobody has checked has no answer.
methodology-cannot-known = The messages of the test were collected from archives of fact-checks. Others may be harder, so reality may be worse.
methodology-who = Who confirms
methodology-who-confirms = The machine only suggests. On the newsroom’s desk an editor confirms or rejects a match; a fact-check is written by one person and approved by a second. KPU and Bawaslu do not rate claims about themselves.
methodology-who-thresholds = The limits of certainty change only when one administrator proposes it and a second one approves, having seen what it would do to editors’ past judgements. Administrators of KPU and Bawaslu take no part.
methodology-object = If you object
methodology-object-answer = The answer is not about your message: press “This is not the message I meant” below the answer.
methodology-object-check = The fact-check itself is wrong: turn to the publisher named on it.
methodology-object-kept = What we keep of such an objection: which fact-check, when, and a fingerprint of the message. Not the message, not who you are.

label-confirmed = Confirmed by an editor
label-rejected = Rejected by an editor
label-taken_back = Taken back
label-not_meant = “Not my message”

admin-thresholds = Answer thresholds
thresholds-lead = From which certainty on the machine may answer “Already checked” or “Similar”. It takes two people to change it.
thresholds-from = from this certainty on
thresholds-in-force = In force
thresholds-shipped = as shipped with the weights
thresholds-waiting = Waiting for a second person
thresholds-proposed-by = Proposed by { $name }.
thresholds-see-proposed = See what it would do
thresholds-second-person = Whoever proposed it may not apply it. Ask another administrator to look at it.
thresholds-other-weights = This was proposed for other weights and cannot be applied. Withdraw it and propose again.
thresholds-decided = That proposal has been decided already.
thresholds-apply = Apply
thresholds-withdraw = Withdraw the proposal
thresholds-refuse = Refuse the proposal
thresholds-try = Try other thresholds
thresholds-hint = Between 0 and 1; “Already checked” has to lie above “Similar”. Looking at the effect changes nothing yet.
thresholds-match-min = “Already checked” from
thresholds-probable-min = “Similar” from
thresholds-see = See the effect
thresholds-effect = What it does to past judgements
thresholds-wished = Tried:
thresholds-pairs =
    { $n ->
        [one] One pair has been judged.
       *[other] { $count } pairs have been judged.
    }
thresholds-moved =
    { $n ->
        [one] One changes its answer.
       *[other] { $count } change their answer.
    }
thresholds-counts = Answers now → afterwards, by what people said
thresholds-label = What people said
thresholds-shares = Precision before and after
thresholds-figure = Figure
thresholds-before = Now
thresholds-after = Afterwards
thresholds-precision = Of those called “Already checked”, confirmed (precision)
thresholds-recall = Of those confirmed, called “Already checked” (recall)
thresholds-shown = Of those confirmed, shown (“Already checked” or “Similar”)
thresholds-examples = Examples that change
thresholds-pair = Pair
thresholds-sure = Certainty
thresholds-no-text = A reader’s message; its text is not kept.
thresholds-two-people = A proposal holds only once a second administrator has applied it.
thresholds-propose = Propose these thresholds
thresholds-waiting-already = Another proposal is waiting. Decide that one first.
thresholds-out-of-range = Fill in both thresholds with a number between 0 and 1.
thresholds-out-of-order = The threshold of “Already checked” has to lie above that of “Similar”.
thresholds-changes = Latest changes
thresholds-changes-empty = There has been no change yet. What is proposed and decided will stand here.
thresholds-both = “Already checked” from { $match }, “Similar” from { $probable }
thresholds-proposed = Proposed
thresholds-second = Decided
thresholds-state = State
thresholds-state-proposed = waiting
thresholds-state-applied = applied
thresholds-state-withdrawn = withdrawn or refused

admin-learning = Learning
learning-lead = What editors and readers say of matches is kept as labels: to measure the machine, not to judge people.
learning-drift = How certainty was spread in the last 24 hours
learning-drift-hint = Green bars: the last 24 hours. Grey bars: what they are compared with. Unsure on the left, sure on the right.
learning-drift-alert = The spread has moved far (index { $index }, limit 0.25). See whether messages have changed or the archive of fact-checks is disturbed.
learning-drift-calm = It has not moved much (index { $index }, limit 0.25).
learning-drift-few = Not enough messages to compare yet (500 at least).
learning-drift-table = Table of the spread
learning-baseline-history = Compared with the 28 days before.
learning-baseline-shipped = Compared with the spread that ships with the weights.
learning-baseline-nothing = There is nothing to compare with yet.
learning-source-stream = Posts of the stream
learning-source-lookup = Messages that readers look up
learning-now = 24 hours
learning-before = Compared with
learning-gold = Export a month’s judgements
learning-gold-hint = Texts whose fact-check an editor confirmed, for measuring the machine. Telephone and identity numbers and e-mail addresses are replaced; who judged is left out. Names in a text remain: read it before you hand it on. The export is recorded in the audit trail.
learning-month = Month (UTC), like 2026-11
learning-gold-button = Download
learning-month-bad = Write the month like 2026-11.
learning-month-empty = In that month nobody confirmed a fact-check of a text.
