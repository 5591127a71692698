"""Carriers at work: each stored message is announced outside the hall, once, with retries for ever."""

from uuid import UUID

from pendopo.foundation.clock import now
from pendopo.foundation.outbox import OutboxEvent, Retry, subscriber
from pendopo.foundation.statements import first, write
from pendopo.identity import api as identity
from pendopo.inbox import carrier
from pendopo.inbox.events import STORED, STORED_FOR_FORMER
from pendopo.inbox.models import CarrierState, Message

_SETTLE = "UPDATE inbox_message SET carrier = %s, carried_at = %s WHERE id = %s AND carrier = 'waiting'"
_NO_CARRIER = """
    UPDATE inbox_message SET carrier = CASE WHEN read_at IS NULL THEN 'no_carrier' ELSE 'not_needed' END,
        carried_at = %s WHERE id = %s AND carrier = 'waiting'
"""


@subscriber(STORED, name="inbox.mail")
def announce(event: OutboxEvent) -> None:
    """Send the e-mail that points to a message, unless it went out before or is no longer needed.

    A crash between the server's answer and our note sends a second, identical mail (same Message-ID).
    """
    message_id = UUID(str(event.payload["message_id"]))
    server = carrier.configured()
    if server is None:  # nothing of the message has to be read to say so
        write(_NO_CARRIER, (now(), message_id))
        return
    row = first(Message, "WHERE id = %s", [message_id])
    if row is None or row.carrier != CarrierState.WAITING:
        return
    if row.read_at is not None:
        _settle(row, CarrierState.NOT_NEEDED)
        return
    address = identity.email_of(row.subject_id)
    if not address:
        _settle(row, CarrierState.NO_ADDRESS)
        return
    _carry(row, server, address)


@subscriber(STORED_FOR_FORMER, name="inbox.mail_former")
def announce_to_former(event: OutboxEvent) -> None:
    """Send the e-mail that points to a security notice to an address that was replaced.

    Also when the message was opened already: a thief who reads it at once must not keep the owner from
    hearing of it. A refusal is final; a crash may send a second, identical mail.
    """
    server = carrier.configured()
    address = identity.former_email(UUID(str(event.payload["former_id"])))
    if server is None or address is None:
        return
    mail = carrier.notice_to_former(UUID(str(event.payload["message_id"])), address)
    try:
        carrier.hand_over(server, mail)
    except carrier.CarrierBusy as busy:
        raise Retry(f"mail: {busy}") from None
    except carrier.CarrierRefused:
        return


def _carry(row: Message, server: carrier.MailServer, address: str) -> None:
    try:
        carrier.hand_over(server, carrier.notice(row.id, address))
    except carrier.CarrierBusy as busy:
        raise Retry(f"mail: {busy}") from None
    except carrier.CarrierRefused:
        _settle(row, CarrierState.REFUSED)
    else:
        _settle(row, CarrierState.SENT)


def _settle(row: Message, state: CarrierState) -> None:
    write(_SETTLE, (state.value, now(), row.id))
