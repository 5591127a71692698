"""inbox: what the hall tells a person, kept where only that person reads it.

A message is a template of the sending room with parameters that are no personal data, shown in the reader's
language. Carriers outside the hall (e-mail) only say that there is something to read: no name, no matter, no
link. What may come in: messages, their read state, carriers and their retries. The words of a message belong
to the room that sends it (``<room>.messages.<name>.title`` and ``.text``); this room listens to ``identity``
and has the words for its events itself.
"""
