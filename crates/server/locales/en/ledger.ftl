# The ledger

ledger-title = Audit ledger
ledger-lead = Every act that matters here is written into a ledger that cannot be rewritten unseen. Anybody may check it.
ledger-entries = { $n ->
    [one] { $count } entry
   *[other] { $count } entries
}
ledger-signed = signed
ledger-contradicted = The ledger on this server does not fit what was signed before.
ledger-contradicted-text = It was set back to an old copy, or changed. Nothing more is signed until that is cleared up. Ask the operator.
ledger-what = What is in it
ledger-what-in = Every change (a case opened, a check published, a member added, a tip received) becomes one entry, at the same moment as the change.
ledger-what-chain = Each entry gets a fingerprint, and all fingerprints are joined into one. Change a single letter and the joint fingerprint is another.
ledger-what-not = No names, messages or telephone numbers are in it: only times, kinds of act, random numbers and fingerprints.
ledger-what-open = The fingerprints and their proofs are public.
ledger-what-closed = The entries themselves are handed here to whoever audits, not to everybody.
ledger-witnesses = Witnesses
ledger-witnesses-why = Other parties sign this ledger too, at regular times. Before that they check that it only grew. When an old entry is changed or removed, a witness refuses.
ledger-witnesses-demo = This is a demonstration: its witness is run by this very server and so vouches for nothing. In earnest, witnesses are other parties on other machines.
ledger-witnesses-nobody = There is no witness yet. Until there is one, only the operator vouches for this ledger.
ledger-witness-size = { $entries } entries
ledger-witness-none = has not signed yet
ledger-check = Check it yourself
ledger-check-text = The verifier runs in your browser without a server: save the page, disconnect, and choose a proof or a copy of the ledger that you were given.
ledger-open-verifier = Open the verifier
ledger-machines = For programs
ledger-name = Name of the ledger
ledger-key = Public key
ledger-root = Joint fingerprint
ledger-file-checkpoint = The signed state of the ledger (checkpoint)
ledger-file-cosigned = That state with the signatures of witnesses (cosigned)
ledger-file-key = The public key of the ledger (key)

ledger-witnesses-lead = Other organisations that sign the audit ledger too. At least two, of different parties.
ledger-witnesses-empty = There is no witness yet. Ask a newsroom or an organisation to run “kentongan witness”, then register its key below.
ledger-witness-last = Last signed
ledger-witness-since = Registered
ledger-witness-add = Register a witness
ledger-witness-key = The witness's public key
ledger-witness-key-hint = The line that “kentongan witness key” printed; it begins with a name, such as warta.example/saksi+…
ledger-witness-bad = The name is empty, or this is no public key of a witness. Copy the whole line.
ledger-witness-known = This key is registered already.
ledger-witness-remove = Strike off
ledger-witness-removed = struck off

ledger-entry = Entry { $sequence }
ledger-proof-well = Proven: this entry is in the ledger of { $entries }.
ledger-proof-bad = This entry does not fit the ledger that was signed.
ledger-proof-alone = No witness has signed the ledger up to this entry yet.
ledger-proof-with = Also signed by { $names }.
ledger-proof-download = Download the proof
ledger-proof-inside = Inside the proof
ledger-proof-leaf = Fingerprint of the entry:
ledger-proof-digest = Fingerprint of its note, as the entry has it:
ledger-proof-soon = This entry was written just now. Its proof is there within a second; reload the page.
