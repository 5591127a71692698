"""What people write here: trimmed, not empty, not endless, and nothing in it that cannot be seen.

Control characters break the files that texts end up in (XML knows no NUL, a calendar no carriage return) and
marks of writing direction let a text show as another; none of them is ever typed.
"""

import re

from pendopo.cabinet import errors

TITLE = 300
PARAGRAPH = 4000
PAGES = 40_000
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]")


def tidied(text: str) -> str:
    """Return a text as it is kept: one kind of line end, and nothing that cannot be seen."""
    return _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def required(text: str, field: str, longest: int = PARAGRAPH) -> str:
    """Return the tidy text or raise ``TextMissing`` naming the field."""
    tidy = tidied(text)
    if not 0 < len(tidy) <= longest:
        raise errors.TextMissing(field=field)
    return tidy


def optional(text: str, field: str, longest: int = PARAGRAPH) -> str:
    """Return the tidy text, which may be empty; raise ``TextMissing`` when it is too long."""
    tidy = tidied(text)
    if len(tidy) > longest:
        raise errors.TextMissing(field=field)
    return tidy
