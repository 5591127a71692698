"""What a register answers when it does not do what it was asked. No error carries personal data."""

from pendopo.exchange.api import RefusalReason
from pendopo.kernel.errors import PendopoError


class RegisterError(PendopoError):
    """Root of the errors of this room."""

    code = "registers.failed"
    status = 500
    text_key = "registers.errors.failed"
    reason = ""
    reference = ""


class Unauthenticated(RegisterError):
    """The caller did not show the token of our own gateway."""

    code = "registers.unauthenticated"
    status = 401
    text_key = "registers.errors.unauthenticated"


class Denied(RegisterError):
    """The request is not covered: ``reason`` says by what (purpose, legal basis, subject, field)."""

    code = "registers.denied"
    status = 403
    text_key = "registers.errors.denied"

    def __init__(self, reason: str) -> None:
        super().__init__(reason=reason)
        self.reason = reason


class RequestInvalid(RegisterError):
    """The body or a header is not of the agreed form; ``reason`` names the place, not its value."""

    code = "registers.request_invalid"
    status = 400
    text_key = "registers.errors.request_invalid"

    def __init__(self, reason: str) -> None:
        super().__init__(reason=reason)
        self.reason = reason


class PersonNotFound(RegisterError):
    """Nobody in this register has the NIK."""

    code = "registers.person_not_found"
    status = 404
    text_key = "registers.errors.person_not_found"


class FamilyNotFound(RegisterError):
    """The person stands on no family card."""

    code = "registers.family_not_found"
    status = 404
    text_key = "registers.errors.family_not_found"


class CommandRefused(RegisterError):
    """The command was examined and refused. ``reference`` is a certificate number where that helps."""

    code = "registers.command_refused"
    status = 409
    text_key = "registers.errors.command_refused"

    def __init__(self, reason: RefusalReason, reference: str = "") -> None:
        super().__init__(reason=reason.value, reference=reference)
        self.reason = reason.value
        self.reference = reference


class KeyReused(CommandRefused):
    """The idempotency key was used before with another body."""

    status = 422

    def __init__(self) -> None:
        super().__init__(RefusalReason.IDEMPOTENCY_KEY_REUSED)


class FictionRefused(RegisterError):
    """Synthetic people may not be loaded into a register of real people."""

    code = "registers.fiction_refused"
    status = 409
    text_key = "registers.errors.fiction_refused"


class SeriesExhausted(RegisterError):
    """All 9999 numbers of a series are given; an operator must decide what to do."""

    code = "registers.series_exhausted"
    status = 503
    text_key = "registers.errors.series_exhausted"
