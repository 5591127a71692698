"""Applications and cases: from the first saved page to the issued document.

What belongs here: drafts, cases, their clocks, the verbs that move a case, the register commands that
follow a decision, and the citizen's pages for applying, following and completing. What does not: what a
service asks or how long it may take (``catalogue``), who a person is (``identity``), what the register
holds (``exchange``), how a certificate looks (``documents``), and how officers' screens are laid out
(``desk``).
"""
