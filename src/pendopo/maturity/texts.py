"""Words that people typed: cleaned, and refused when there are none or too many."""

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
    found = " ".join(text.split())
    if not found:
        raise TitleMissing(field="title")
    return _bounded(found, TITLE, "title")


def _cleaned(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\x00", "").strip()


def _bounded(text: str, most: int, field: str) -> str:
    if len(text) > most:
        raise TextTooLong(most=most, field=field)
    return text
