"""Words that people typed: cleaned, and refused when there are none or too many."""

import unicodedata

from pendopo.maturity.refusals import ReasonMissing, TextTooLong, TitleMissing

REASON = 4000
TITLE = 200


def reason(text: str) -> str:
    """Return a reason; raise ``ReasonMissing`` or ``TextTooLong``."""
    found = _cleaned(text)
    if not found:
        raise ReasonMissing(field="reason")
    return _bounded(found, REASON, "reason")


def remark(text: str) -> str:
    """Return a remark; raise as :func:`reason`."""
    found = _cleaned(text)
    if not found:
        raise ReasonMissing(field="text")
    return _bounded(found, REASON, "text")


def title(text: str) -> str:
    """Return the name of a piece of evidence; raise ``TitleMissing`` or ``TextTooLong``."""
    found = line(text)
    if not found:
        raise TitleMissing(field="title")
    return _bounded(found, TITLE, "title")


def line(text: str) -> str:
    """Return a text on one line, without what cannot be seen."""
    return " ".join(seen(text).split())


def seen(text: str) -> str:
    """Return a text without what cannot be seen, spaces and line ends aside.

    Control characters break the files that texts end up in, and no column of the database takes a NUL;
    marks of writing direction and of no width let a name show as another.
    """
    return "".join(
        one
        for one in text
        if one.isspace() or unicodedata.category(one) not in {"Cc", "Cf", "Cs", "Co", "Cn"}
    )


def _cleaned(text: str) -> str:
    return seen(text.replace("\r\n", "\n")).strip()


def _bounded(text: str, most: int, field: str) -> str:
    if len(text) > most:
        raise TextTooLong(most=most, field=field)
    return text
