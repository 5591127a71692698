"""What people write here: trimmed, not empty, not endless."""

from pendopo.cabinet import errors

TITLE = 300
PARAGRAPH = 4000
PAGES = 40_000


def required(text: str, field: str, longest: int = PARAGRAPH) -> str:
    """Return the tidy text or raise ``TextMissing`` naming the field."""
    tidy = text.strip()
    if not 0 < len(tidy) <= longest:
        raise errors.TextMissing(field=field)
    return tidy


def optional(text: str, field: str, longest: int = PARAGRAPH) -> str:
    """Return the tidy text, which may be empty; raise ``TextMissing`` when it is too long."""
    tidy = text.strip()
    if len(tidy) > longest:
        raise errors.TextMissing(field=field)
    return tidy
