"""Files that officers hand in, and what is wrong with them in sentences."""

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from pendopo.foundation.problems import sentence
from pendopo.maturity import import_errors as errors
from pendopo.maturity.errors import BadAnswers, BadLevels, MaturityError

LARGEST = 5_000_000
"""Bytes of a table: the results of seven years of the whole country are under one million."""


def file_of(request: HttpRequest, field: str = "file") -> bytes:
    """Return the bytes of the file that came with a form; raise ``FileMissing`` or ``FileTooLarge``."""
    given = request.FILES.get(field)
    if not isinstance(given, UploadedFile):
        raise errors.FileMissing
    if (given.size or 0) > LARGEST:
        raise errors.FileTooLarge(megabytes=LARGEST // 1_000_000)
    return bytes(given.read())


def sentences(error: MaturityError, language: str) -> tuple[str, ...]:
    """Return what is wrong, the summary first and then each problem."""
    found = error.problems if isinstance(error, errors.BadTable | BadLevels | BadAnswers) else ()
    return (sentence(error, language), *(sentence(one, language) for one in found))
