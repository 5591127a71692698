"""Rebuilding in a process of its own, with little memory and little time.

A file of a few hundred kilobytes can ask a parser for a gigabyte (a compressed object stream, a picture of
one colour). Whoever sends such a file loses only the small process that reads it; the hall goes on.

The child is ``python -m pendopo.documents.cleaning.apart <media type>``: the file on its standard input, a
word and the rebuilt file on its standard output. It gets no settings, no keys and no database.
"""

import os
import resource
import subprocess
import sys
import threading
from pathlib import Path
from typing import Final

from pendopo.documents.cleaning import MOST_MEGAPIXELS, MOST_PAGES
from pendopo.documents.errors import BrokenFile, LockedFile, PictureTooLarge, TooManyPages, UnsafeFile

MOST_MEMORY_BYTES: Final = 1536 * 1024 * 1024
MOST_PROCESSOR_SECONDS: Final = 20
MOST_SECONDS: Final = 60
AT_ONCE: Final = 2
DONE: Final = b"ok"
_SOURCES = Path(__file__).parents[3]
_places = threading.BoundedSemaphore(AT_ONCE)


def rebuild(data: bytes, media_type: str) -> bytes:
    """Return the file without anything that acts; raises a subclass of ``UnsafeFile``.

    A child that dies, of whatever cause, means a file that cannot be read: :class:`BrokenFile`.
    """
    command = [sys.executable, "-m", "pendopo.documents.cleaning.apart", media_type]
    environment = {"PYTHONPATH": str(_SOURCES), "PATH": os.defpath, "LC_ALL": "C.UTF-8"}
    with _places:
        try:
            found = subprocess.run(  # our own interpreter and module
                command, input=data, capture_output=True, env=environment, timeout=MOST_SECONDS, check=False
            )
        except subprocess.TimeoutExpired:
            raise BrokenFile from None
    word, _, rebuilt = found.stdout.partition(b"\n")
    if found.returncode == 0 and word == DONE:
        return rebuilt
    raise _refusals().get(word.decode("ascii", "replace"), BrokenFile())


def _refusals() -> dict[str, UnsafeFile]:
    """Return what a child may say beside "ok", with the numbers of the sentences."""
    known = (LockedFile(), TooManyPages(pages=MOST_PAGES), PictureTooLarge(megapixels=MOST_MEGAPIXELS))
    return {error.reason: error for error in known}


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY_BYTES, MOST_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_PROCESSOR_SECONDS, MOST_PROCESSOR_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _main(media_type: str) -> None:
    _limit()
    from pendopo.documents.cleaning import pdf, pictures  # noqa: PLC0415  # after the limits

    data = sys.stdin.buffer.read()
    try:
        made = pdf.rebuild(data) if media_type == "application/pdf" else pictures.rebuild(data, media_type)
        answer = DONE + b"\n" + made
    except UnsafeFile as error:
        answer = error.reason.encode() + b"\n"
    except MemoryError:
        answer = BrokenFile.reason.encode() + b"\n"
    sys.stdout.buffer.write(answer)


if __name__ == "__main__":
    _main(sys.argv[1])
