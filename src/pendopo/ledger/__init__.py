"""The tamper-evident log: what happened, who looked at whose data, and the proof of both.

What may come in: the sequencer and its tree, checkpoints and their copies outside the database, access
records, proofs, and the verifier. What may not: what an audit row or an access record *means* to a page;
wording of purposes and names of bodies belong to the rooms above.
"""
