"""The Digital ID: who a person is, how she proves it, and who is acting in a request.

What belongs here: subjects, credentials (passkeys, password and one-time codes), activation at a counter,
sessions, the OpenID Provider, the hall's own sign-in as a client of it, and the middleware that enforces what
every view states. What does not: what an officer may do (``agencies``), what the population register holds
(``exchange``), and messages to a person (``inbox`` listens to this room's events).
"""
