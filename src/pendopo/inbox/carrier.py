"""The e-mail carrier: plain SMTP (RFC 5321), with STARTTLS wherever the server offers it.

The certificate is checked. The mail says that there is a message, and nothing else: no name, no matter, no
link. A person who never gets a link from us cannot be taught to follow a false one. Its ``Message-ID`` is
made of the message's id, so a mail that is sent twice after a crash is recognised by the mailbox.
"""

import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime
from uuid import UUID

from pendopo.foundation.clock import now
from pendopo.foundation.settings import current
from pendopo.foundation.text import t

TIMEOUT_SECONDS = 10
PERMANENT = 500


class CarrierBusy(Exception):
    """Not now: the server is away or asks to try later. The text holds a code, never an address."""


class CarrierRefused(Exception):
    """Never: the server says that this address takes no mail. The text holds a code, never an address."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed over."""

    host: str
    port: int


def configured() -> MailServer | None:
    """Return the deployment's mail server, or None when it has none."""
    settings = current()
    return MailServer(settings.smtp_host, settings.smtp_port) if settings.smtp_host else None


def notice(message_id: UUID, address: str) -> EmailMessage:
    """Compose the mail that points to a message."""
    return _compose(message_id, address, "inbox.mail.text")


def notice_to_former(message_id: UUID, address: str) -> EmailMessage:
    """Compose the mail that tells a replaced address of a security notice, and what to do about it."""
    return _compose(message_id, address, "inbox.mail.former")


def _compose(message_id: UUID, address: str, text_key: str) -> EmailMessage:
    settings = current()
    language = settings.language
    name = t("foundation.instance_name", language)
    mail = EmailMessage()
    mail["From"] = settings.mail_from
    mail["To"] = address
    mail["Subject"] = t("inbox.mail.subject", language)
    mail["Date"] = format_datetime(now())
    mail["Message-ID"] = f"<{message_id}@{settings.host}>"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no absence notes, please
    mail.set_content(t(text_key, language, name=name))
    return mail


def hand_over(server: MailServer, mail: EmailMessage) -> None:
    """Give the mail to the server; return only when the server has taken it.

    Raises :class:`CarrierBusy` or :class:`CarrierRefused`. Not checked: whether anybody reads it.
    """
    try:
        with smtplib.SMTP(
            server.host, server.port, local_hostname=current().host, timeout=TIMEOUT_SECONDS
        ) as smtp:
            smtp.ehlo()
            if smtp.has_extn("starttls"):
                smtp.starttls(context=ssl.create_default_context())
                smtp.ehlo()
            smtp.send_message(mail)
    except smtplib.SMTPRecipientsRefused as error:
        raise _verdict(max(code for code, _ in error.recipients.values())) from None
    except smtplib.SMTPResponseException as error:
        raise _verdict(error.smtp_code) from None
    except (OSError, smtplib.SMTPException) as error:
        # OSError covers a refused connection, a time-out and a certificate that does not hold.
        raise CarrierBusy(type(error).__name__) from None


def _verdict(code: int) -> CarrierBusy | CarrierRefused:
    kind: Callable[[str], CarrierBusy | CarrierRefused]
    kind = CarrierRefused if code >= PERMANENT else CarrierBusy
    return kind(f"smtp {code}")
