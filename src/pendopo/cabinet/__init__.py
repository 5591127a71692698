"""e-Cabinet: dossiers, coordination, agenda, positions, the live session, decisions and what follows.

For any body that decides together: a cabinet, a regent's leadership meeting, a council. How a body decides
is data (``definitions/cabinet``), never code. What may come in: papers of officers, positions of members
bound to the exact set of documents, and the clerk's and chair's hand in the session. Pure and testable by
themselves are ``consent`` (why an item is debated), ``quorum``, ``tally`` and ``live`` (the session).
"""
