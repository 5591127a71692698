"""Making uploads harmless: what may come in is known by its content, and is rebuilt before it is kept."""

from dataclasses import dataclass
from pathlib import PurePosixPath

from pendopo.documents.errors import EmptyFile, FileTooLarge, NameDoesNotFit, TypeNotAllowed

MEGABYTE = 1024 * 1024
MOST_MEGABYTES = 10
SUFFIXES = {".pdf": "application/pdf", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg"}
MAGIC = {b"%PDF-": "application/pdf", b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
LONGEST_NAME = 120
MOST_PAGES = 60
MOST_MEGAPIXELS = 50


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A harmless file: its bytes, type and a name without path or control characters."""

    data: bytes
    media_type: str
    filename: str


def clean(data: bytes, filename: str) -> Cleaned:
    """Check size, type and name, and rebuild the file; raises a subclass of ``UnsafeFile``."""
    if not data:
        raise EmptyFile
    if len(data) > MOST_MEGABYTES * MEGABYTE:
        raise FileTooLarge(megabytes=MOST_MEGABYTES)
    media_type = sniff(data)
    if media_type is None:
        raise TypeNotAllowed
    name = _safe_name(filename)
    if SUFFIXES.get(PurePosixPath(name).suffix.lower()) != media_type:
        raise NameDoesNotFit
    from pendopo.documents.cleaning import apart  # noqa: PLC0415  # it reads this module's limits

    return Cleaned(apart.rebuild(data, media_type), media_type, name)


def sniff(data: bytes) -> str | None:
    """Return the media type that the content shows, if it is one of the allowed.

    The first bytes decide, and a second opinion must not name another known type: files made to be two things
    at once are refused here or lose their other half when they are rebuilt.
    """
    claimed = next((kind for magic, kind in MAGIC.items() if data.startswith(magic)), None)
    if claimed is None:
        return None
    import puremagic  # noqa: PLC0415  only an upload needs its tables

    try:
        second = puremagic.from_string(data, mime=True)
    except (puremagic.PureError, ValueError):
        return claimed
    return claimed if second in {claimed, "image/pjpeg", "image/jpg", ""} else None


def _safe_name(filename: str) -> str:
    last = filename.replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(character for character in last if character.isprintable()).strip()
    stem, dot, suffix = name.rpartition(".")
    return f"{stem[: LONGEST_NAME - len(suffix) - 1]}{dot}{suffix}"
