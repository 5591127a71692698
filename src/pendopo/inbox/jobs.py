"""Carriers at work: each stored message is announced outside the hall, once, with retries for ever."""

from uuid import UUID

from django.db import transaction

from pendopo.foundation.clock import now
from pendopo.foundation.outbox import OutboxEvent, Retry, subscriber
from pendopo.identity import api as identity
from pendopo.inbox import carrier
from pendopo.inbox.events import STORED, STORED_FOR_FORMER
from pendopo.inbox.models import CarrierState, Message


@subscriber(STORED, name="inbox.mail")
def announce(event: OutboxEvent) -> None:
    """Send the e-mail that points to a message, unless it went out before or is no longer needed.

    A crash between the server's answer and our note sends a second, identical mail (same Message-ID).
    """
    row = Message.objects.filter(id=UUID(str(event.payload["message_id"]))).first()
    if row is None or row.carrier != CarrierState.WAITING:
        return
    if row.read_at is not None:
        _settle(row, CarrierState.NOT_NEEDED)
        return
    server = carrier.configured()
    if server is None:
        _settle(row, CarrierState.NO_CARRIER)
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
    with transaction.atomic():
        Message.objects.filter(id=row.id, carrier=CarrierState.WAITING).update(
            carrier=state, carried_at=now()
        )
