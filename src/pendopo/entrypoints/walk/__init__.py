"""The demonstration walk: one birth certificate, told as a story, over HTTP against the served processes.

Whoever walks here is a stranger to the house: this package imports no room of it (a contract forbids that),
reads pages as a browser would, and signs with a passkey of its own.
"""

from pendopo.entrypoints.walk.journey import Journey, WalkFailedError
from pendopo.entrypoints.walk.story import walk

__all__ = ["Journey", "WalkFailedError", "walk"]
