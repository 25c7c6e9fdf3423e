# The words of the public pages.

home-page-title = Kentongan: check a message
home-title = Received a doubtful message?
home-lead = Paste it here. We look for its answer in newsrooms’ fact-checks.
home-latest = Latest checks
home-all = All fact-checks
home-feeds = Follow by

ask-label = Message
ask-placeholder = Paste the text of a chain message, a post or a headline
ask-submit = Check message
ask-privacy = No account. The message is not stored unless you send it to us.
ask-again = Check another message
ask-empty = There is no message yet. Paste its text first; one sentence is enough.
ask-too-long = The message is too long, at most { $limit } characters. Paste only the part that makes the claim.

answer-page-title = Answer
answer-checked = Already checked
answer-label = Publisher’s label:
answer-claim = The claim that was checked
answer-by = Checked by
answer-two-people = Written by one editor and approved by a second one.
answer-archive = From the publisher’s archive of fact-checks.
answer-why = Why it matched
answer-shared = The shared words are marked in the claim and in your message:
answer-whole = Your message says the same as this claim:
answer-read = Read the full fact-check
answer-not-mine = This is not the message I meant
answer-probable-kicker = Possibly checked
answer-probable = Similar, but perhaps not the same
answer-sureness = The machine is { $share } sure. Compare for yourself before you rely on it.
answer-difference = The difference
answer-no-difference = Only some of the words are the same. Read first whether this is the claim you received.
answer-near-claim = The closest claim
answer-judge = The rating above is about that claim, not automatically about your message.
answer-none-kicker = No answer yet
answer-none = Not yet checked
answer-none-note = We do not guess. Not yet checked does not mean true, and does not mean false.
answer-others = Other fact-checks with similar words
answer-link-open = Link to this answer

watch-title = In the meantime
watch-hold = Do not pass it on, not even with “is this true?” added.
watch-source = Look for who said it first, when, and where.
watch-urge = Beware of urging (“share before it is deleted”) and of threats.
watch-official = On stages, polling stations and voter lists ask your local KPU; on violations your local Bawaslu.

difference-message = your message
difference-check = the fact-check
difference-negation = One affirms it, the other denies it.
difference-rating-direction = Your message denies what the fact-check found true.
difference-number = Number
difference-place = Place
difference-candidate-number = Candidate number
difference-year = Year
difference-date = Date
difference-name = Institution or office
difference-quantity = All or some
difference-opposite = Opposite meaning

share = Share the answer
share-whatsapp = Send by WhatsApp
share-link = Copy this link

tip-title = Send it to be checked
tip-lead = The newsrooms that take part see it on their desk. We ask for no name and no number; you get a code to look up the answer.
tip-region = In which province does it circulate? (optional)
tip-region-none = Do not know, or nationwide
tip-consent = I agree that this message is stored and read by newsrooms in order to check it.
tip-submit = Send this message
tip-empty = There is no message yet. Paste its text, then send it.
tip-no-consent = Tick the consent first: without it we store nothing.
tip-mend = Not stored yet
tip-mend-lead = One thing is still missing.
tip-sent-title = Your code
tip-sent-received = We have received the message.
tip-sent-lead = Keep this code to look up the answer later.
tip-sent-once = The code is shown only once. Whoever holds it can see this message; we do not know who you are.
tip-sent-follow = See what you sent
tip-page-title = Message
tip-page-received = Received
tip-page-answered = There is an answer.
tip-page-waiting = No answer yet. The newsrooms see it on their desk; come back to this page later.
tip-page-posts =
    { $n ->
        [one] We found one similar post.
       *[other] We found { $count } similar posts.
    }
tip-page-text = What you sent

checks-title = Fact-checks
checks-lead = From the newsrooms that take part and from open archives, newest first.
checks-filter = Filter by rating
checks-all = All
checks-empty = No fact-checks yet. As soon as a newsroom publishes one or an archive is loaded, the list appears here.
checks-none-of-rating = No fact-checks with this rating yet.
checks-older = Older
checks-newest = Newest

check-rating = Rating
check-published = Published
check-instead = What is true
check-no-explanation = This archive holds only the title and the rating; the publisher has the full explanation.
check-narrative = The message as it circulated
check-evidence = Evidence
check-source = Page of { $publisher }
check-another = Check another message
check-statements = The rating above is the newsroom’s judgement. Official statements of KPU and Bawaslu, and Bawaslu’s decisions on violations, are statements of their own and shown only where they exist.

rating-false = False
rating-misleading = Misleading
rating-partly-true = Partly true
rating-true = True
rating-unproven = Unproven

deception-satire = Satire or parody
deception-misleading = Misleading content
deception-impostor = Impostor content
deception-fabricated = Fabricated content
deception-false-connection = False connection
deception-false-context = False context
deception-manipulated = Manipulated content

method-lead = Who says what, what the machine does, and what we keep.
method-answers = Three answers
method-match = Already checked
method-match-text = Your message makes a claim that a newsroom has checked. We show its rating, who checked it and when, and which words are the same.
method-probable = Similar
method-probable-text = There is a close fact-check, but something differs: a number, a place, a year or a denial. The difference comes first, and its rating is not lent to your message.
method-none = Not yet checked
method-none-text = Nothing is close enough. We do not guess; you can send it to be checked.
method-who = Three statements, three parties
method-rating = Rating
method-rating-text = A newsroom’s judgement of a claim. Every fact-check published from our desk is written by one person and approved by another.
method-statement = Official statement
method-statement-text = The answer of KPU or Bawaslu in its own name. An authority never rates a claim about itself.
method-decision = Decision
method-decision-text = Whether something breaks election rules is decided by Bawaslu and the competent authorities, not by us.
method-ratings = What the ratings mean
method-ratings-text = The publisher’s own label always stands beside it, word for word. The way a claim misleads is another matter than its rating and is written apart.
method-kept = What we keep
method-kept-message = A message you check is neither stored nor logged. If you press “not the message I meant”, only its fingerprint remains, without the text and without you.
method-kept-tip = What you send is stored only with your consent, without name, number or address.
method-kept-posts = Of public posts we keep the text and the place; their authors are turned into pseudonyms on arrival.
method-kept-cookies = No trackers. Cookies remember only the language, the time zone and signed-in members.
method-limits = The limits
method-limits-wrong = Matching is done by a machine and can be wrong. That is why the shared words are always marked and you can refuse the answer.
method-limits-picture = Pictures and sound cannot be checked yet; copy their text if there is any.
method-limits-law = We do not judge legality and do not take content down.
method-limits-person = Nothing is published, and no match is confirmed, without a person.

part-title = Taking part
part-lead = Anybody may use Kentongan to check a message. The desk behind it is for organisations that joined.
part-anyone = Open to everybody, without an account
part-anyone-check = Check a message: paste it on the front page.
part-anyone-read = Read every published fact-check, by RSS and API as well.
part-anyone-tip = Send newsrooms a message that has no answer yet.
part-anyone-not = The same holds for newsrooms that are not members of an association and for social media activists. Drafts, what other people sent, and the watch desk are not open to them.
part-members = For organisations that joined
part-members-media = Newsrooms, media associations and their chapters, fact-checking bodies: watch, write fact-checks and review those of others.
part-members-authority = KPU, Bawaslu and other authorities: see the watch desk. They neither write nor rate a fact-check.
part-members-others = Campuses, students' and civil society organisations: keep their own entry of the directory. All else follows the agreements they signed.
part-members-party = Parties and campaign teams: only what is open to the public.
part-how = How to join
part-how-text = Newsrooms join through their association: its coordinator writes down the membership and the pledge of news without hoaxes. Others turn to the operator of Kentongan.
