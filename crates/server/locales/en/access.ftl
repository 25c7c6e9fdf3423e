# Signing in.

sign-in-title = Sign in
sign-in-lead = For members of the organisations that take part: newsrooms, media associations, KPU and Bawaslu.
sign-in-email = E-mail
sign-in-password = Password
sign-in-submit = Sign in
sign-in-wrong = E-mail and password do not match. Check both again, capitals included.
sign-in-wait = Too many attempts. Wait { $wait }, then try again.
sign-in-busy = Many people are signing in. Try again in a moment.
sign-in-no-account = No account yet? Ask the administrator of your organisation. Checking a message needs no account.
sign-in-demo-title = Enter as a demonstration member
sign-in-demo-lead = One click, no password. Exists only in demonstration mode on this computer.
sign-in-with-password = Sign in with a password

role-reader = Desk reader
role-reporter = Reporter
role-editor = Editor
role-reviewer = Reviewer
role-officer = Officer
role-coordinator = Coordinator
role-auditor = Auditor
role-administrator = Administrator
