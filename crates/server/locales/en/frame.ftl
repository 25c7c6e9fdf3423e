# Words around every page.

frame-skip = Skip to content
frame-demo = Demonstration.
frame-demo-note = Members, posts and organisations marked “(peraga)” are invented; the fact-checks come from open archives.
frame-places = Main sections
frame-more = More
frame-fact-checks = Fact-checks
frame-method = How we work
frame-desk = Desk
frame-admin = Administration
frame-sign-in = Sign in for members
frame-sign-out = Sign out
frame-signed-in-as = Signed in as { $name }
frame-foot = Kentongan looks for answers in newsrooms’ fact-checks. Decisions on election violations rest with Bawaslu; information on the stages rests with KPU.
frame-times-in = Times are shown in

error-to-start = To the front page
error-to-fact-checks = See fact-checks
error-not-found-title = There is no such page
error-not-found-mend = The address may have been cut when it was copied, or the page has moved. Try from the front page.
error-forbidden-title = This cannot be done from here
error-forbidden-mend = The request came from another site or from a page that has been open for long. Open the page here again and repeat.
error-too-many-title = Too many requests
error-too-many-mend = Wait a moment and try again. What you wrote is kept if you go back to the previous page.
error-unavailable-title = Cannot answer right now
error-unavailable-mend = A part of the service does not answer. Try again in half a minute; nothing is lost.
error-conflict-title = Somebody else has changed it
error-conflict-mend = Open the page again to see the latest version, then repeat your change.
error-too-large-title = Too large
error-too-large-mend = Send less at once: copy only the part of the message that makes the claim.
error-bad-request-title = The request cannot be read
error-bad-request-mend = A field is missing or cannot be read. Go back to the previous page and try again.
error-internal-title = A fault on our side
error-internal-mend = It has been recorded. Try again; if it keeps happening, tell the operator.
