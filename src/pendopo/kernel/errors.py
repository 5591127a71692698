"""The root of every error that Pendopo raises on purpose.

Each room hangs its own tree under these classes. An error carries a stable ``code`` for machines (published
in problem documents, RFC 9457), the HTTP ``status`` it becomes at the edge, and a ``text_key`` under which
the sentence for people is found. ``params`` fill that sentence; they must never hold personal data, because
errors are logged.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Mapping

type ErrorParam = str | int


class PendopoError(Exception):
    """An expected failure with a code, an HTTP status and a sentence for people."""

    code: ClassVar[str] = "kernel.error"
    status: ClassVar[int] = 500
    text_key: ClassVar[str] = "kernel.errors.error"

    def __init__(self, message: str = "", /, **params: ErrorParam) -> None:
        """Keep ``params`` for the sentence; ``message`` is for developers and must hold no personal data."""
        super().__init__(message or self.code)
        self.params: Mapping[str, ErrorParam] = MappingProxyType(dict(params))


class Invalid(PendopoError):
    """The input is understood and wrong."""

    code = "kernel.invalid"
    status = 422
    text_key = "kernel.errors.invalid"


class Forbidden(PendopoError):
    """The acting person or agency may not do this."""

    code = "kernel.forbidden"
    status = 403
    text_key = "kernel.errors.forbidden"


class NotFound(PendopoError):
    """There is no such thing, or the actor may not know that there is."""

    code = "kernel.not_found"
    status = 404
    text_key = "kernel.errors.not_found"


class Conflict(PendopoError):
    """The thing is no longer in the state that the request assumed."""

    code = "kernel.conflict"
    status = 409
    text_key = "kernel.errors.conflict"


class TooManyRequests(PendopoError):
    """A limit was reached; ``retry_after`` (seconds) and ``minutes`` are in ``params``."""

    code = "kernel.too_many_requests"
    status = 429
    text_key = "kernel.errors.too_many_requests"

    def __init__(self, message: str = "", /, *, retry_after: int = 60, **params: ErrorParam) -> None:
        """Remember after how many seconds it makes sense to try again."""
        minutes = -(-retry_after // 60)
        told: dict[str, ErrorParam] = {"retry_after": retry_after, "minutes": minutes}
        super().__init__(message, **(told | params))
        self.retry_after = retry_after


class Unavailable(PendopoError):
    """Something that we depend on does not answer; trying later makes sense."""

    code = "kernel.unavailable"
    status = 503
    text_key = "kernel.errors.unavailable"
