"""What can go wrong when the hall asks another body.

Callers need four answers only: try again later (:class:`PopulationUnavailable`), you may not ask
(:class:`ExchangeDenied`), there is no such record (:class:`PersonNotFound` and its siblings), or the office
looked at the command and said no (:class:`CommandRefused`). No error carries a NIK or a name.
"""

from enum import StrEnum
from typing import ClassVar

from pendopo.kernel.errors import PendopoError


class Hop(StrEnum):
    """Where on the way an exchange stopped, so that an operator knows whom to call."""

    OWN_GATEWAY = "own-gateway"
    EXCHANGE = "exchange"
    REMOTE_GATEWAY = "remote-gateway"
    POPULATION_OFFICE = "population-office"


class ExchangeError(PendopoError):
    """Root of the errors of this room."""

    code = "exchange.failed"
    status = 500
    text_key = "exchange.errors.failed"
    retryable: ClassVar[bool] = False


class ExchangeMisconfigured(ExchangeError):
    """This deployment lacks a setting that the exchange needs (gateway address, token, subject key)."""

    code = "exchange.misconfigured"
    status = 500
    text_key = "exchange.errors.misconfigured"

    def __init__(self, setting: str) -> None:
        """Name the setting."""
        super().__init__(setting=setting)
        self.setting = setting


class PopulationUnavailable(ExchangeError):
    """Nobody answered, or nobody answered usefully: retry later with the same idempotency key.

    ``hop`` names where it stopped and ``cause`` is a stable word (``connect``, ``timeout``, ``status-503``
    …).
    """

    code = "exchange.population_unavailable"
    status = 503
    text_key = "exchange.errors.population_unavailable"
    retryable = True

    def __init__(self, hop: Hop, cause: str) -> None:
        """Keep where it stopped and why."""
        super().__init__(hop=hop.value, cause=cause)
        self.hop = hop
        self.cause = cause


class PopulationAnswerInvalid(PopulationUnavailable):
    """The office answered, but not in the agreed form. Treated as unavailable: no part of it is used."""

    code = "exchange.population_answer_invalid"
    status = 502
    text_key = "exchange.errors.population_answer_invalid"


class ExchangeDenied(ExchangeError):
    """A gateway or the register refused: no agreement, unknown purpose, wrong subject. Never retry."""

    code = "exchange.denied"
    status = 403
    text_key = "exchange.errors.denied"

    def __init__(self, hop: Hop, reason: str) -> None:
        """Keep who refused and why."""
        super().__init__(hop=hop.value, reason=reason)
        self.hop = hop
        self.reason = reason


class UnknownPurpose(ExchangeDenied):
    """The caller named a purpose that no definition under ``definitions/exchange`` declares."""

    code = "exchange.unknown_purpose"

    def __init__(self, purpose: str) -> None:
        """Name the purpose."""
        super().__init__(Hop.OWN_GATEWAY, f"purpose:{purpose}")


class PersonNotFound(ExchangeError):
    """The population office has no person with this NIK."""

    code = "exchange.person_not_found"
    status = 404
    text_key = "exchange.errors.person_not_found"


class FamilyNotFound(PersonNotFound):
    """The person exists but stands on no family card."""

    code = "exchange.family_not_found"
    text_key = "exchange.errors.family_not_found"


class CommandRefused(ExchangeError):
    """The office examined a command and refused it for ``reason`` (see :class:`RefusalReason` in ``api``).

    ``reference`` is a public number that helps to find the conflicting record (a certificate number), never
    personal data; it is empty for most reasons.
    """

    code = "exchange.command_refused"
    status = 409
    text_key = "exchange.errors.command_refused"

    def __init__(self, reason: str, reference: str = "") -> None:
        """Keep the office's reason code."""
        super().__init__(reason=reason, reference=reference)
        self.reason = reason
        self.reference = reference
