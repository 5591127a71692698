"""What goes wrong in a gateway, and how an exchange that fails is named.

A failed exchange carries an X-Road error code in two spellings (before and since X-Road 7.8), the hop
where it failed, and the key of its sentences in ``text/``. Codes that begin with ``client`` answer 400,
those that begin with ``server`` 500, as X-Road does.
"""

from dataclasses import dataclass
from enum import StrEnum

from pendopo.kernel.errors import PendopoError, Unavailable


class GatewayError(PendopoError):
    """Root of this package's errors; ``text_key`` names a table of this package's ``text/``."""

    code = "gateway.error"
    text_key = "gateway.internal"


class ConfigurationError(GatewayError):
    """The configuration file, or a file that it names, cannot be used; one line a defect."""

    code = "gateway.configuration"


class JournalFailed(GatewayError, Unavailable):
    """The message log could not be written, so nothing may go on."""

    code = "gateway.journal_failed"
    text_key = "gateway.log_failed"
    status = 503


class JournalDamaged(GatewayError):
    """The message log is not what was written."""

    code = "gateway.journal_damaged"
    text_key = "gateway.log_failed"


class Hop(StrEnum):
    """Where on the way an exchange failed."""

    CONSUMER_GATEWAY = "consumer-gateway"
    PROVIDER_GATEWAY = "provider-gateway"
    PROVIDER_SERVICE = "provider-service"


class Spelling(StrEnum):
    """Which X-Road generation's error codes are spoken."""

    SINCE_7_8 = "7.8"
    BEFORE_7_8 = "7.7"


@dataclass(frozen=True, slots=True)
class Fault:
    """One way to fail: hop, code in both spellings (without its prefix), key of its sentences."""

    hop: Hop
    name: str
    old_name: str
    text: str
    is_client_fault: bool = False

    def code(self, spelling: Spelling = Spelling.SINCE_7_8) -> str:
        """The whole X-Road error code."""
        old = spelling is Spelling.BEFORE_7_8
        name = self.old_name if old else self.name
        if self.is_client_fault:
            return f"{'Client' if old else 'client'}.{name}"
        if self.hop is Hop.CONSUMER_GATEWAY:
            return f"{'Server.ClientProxy' if old else 'server.clientproxy'}.{name}"
        return f"{'Server.ServerProxy' if old else 'server.serverproxy'}.{name}"

    @property
    def status(self) -> int:
        """HTTP status of the answer."""
        return 400 if self.is_client_fault else 500


class ExchangeError(GatewayError):
    """An exchange that fails in a named way. ``detail`` is for the log and holds no personal data."""

    code = "gateway.exchange"

    def __init__(self, fault: Fault, detail: str = "") -> None:
        super().__init__(detail or fault.text)
        self.fault = fault
        self.detail = detail
