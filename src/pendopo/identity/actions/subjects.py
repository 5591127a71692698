"""Enter a person, change her contact address, take all credentials away."""

from email.errors import MessageError
from email.headerregistry import Address
from uuid import UUID

from django.db import transaction

from pendopo.exchange.api import pseudonym
from pendopo.foundation import crypto
from pendopo.foundation.actor import Actor
from pendopo.foundation.audit import audit, event_type
from pendopo.foundation.clock import now
from pendopo.foundation.outbox import emit
from pendopo.foundation.settings import current
from pendopo.identity import events, models, queries
from pendopo.identity.actions.sessions import end_all
from pendopo.identity.errors import DemoPersonRefused, InvalidEmail, NotSignedIn
from pendopo.identity.policy import FORMER_ADDRESS, FORMER_ADDRESSES
from pendopo.identity.queries import nik_index
from pendopo.identity.records import context
from pendopo.kernel.nik import Nik

CONTACT_CHANGED = event_type("identity.contact_changed", "A person gave or changed the contact address")
LONGEST_EMAIL = 254


def ensure_subject(nik: Nik, name: str, *, proofing: int) -> models.Subject:
    """Return the subject of this NIK, entered or brought up to date, in the caller's transaction.

    Proofing never falls. Raises :class:`DemoPersonRefused` for a fictitious NIK outside a demo.
    """
    if nik.is_demo and not current().demo:
        raise DemoPersonRefused
    index = nik_index(nik)
    row = models.Subject.objects.select_for_update().filter(nik_index=index).first()
    if row is None:
        row = models.Subject(nik_index=index, pseudonym=pseudonym(nik), proofing=proofing)
        row.nik = crypto.seal(nik.value, context=context("subject", "nik", row.id))
    row.name = crypto.seal(name, context=context("subject", "name", row.id))
    row.proofing = max(row.proofing, proofing)
    row.save()
    return row


def change_contact(email: str, *, actor: Actor) -> None:
    """Set the actor's own contact address; raise :class:`InvalidEmail`. That it is hers is not checked."""
    if actor.subject_id is None:
        raise NotSignedIn
    with transaction.atomic(durable=True):
        write_contact(actor.subject_id, email)
        audit(CONTACT_CHANGED, actor=actor, object_id=actor.subject_id)
        emit(events.CONTACT_CHANGED, {"subject_id": str(actor.subject_id)})


def write_contact(subject_id: UUID, email: str) -> None:
    """Store the address in the caller's transaction; the one it replaces is kept for security notices."""
    address = checked_email(email)
    row = models.Contact.objects.select_for_update().filter(subject_id=subject_id).first()
    if row is None:
        row = models.Contact(subject_id=subject_id)
    else:
        _keep_former(row, address)
    row.email = crypto.seal(address, context=context("contact", "email", row.id))
    row.changed_at = now()
    row.save()


def _keep_former(row: models.Contact, address: str) -> None:
    """Keep the address that is about to be replaced, unless nobody with an identity used it yet."""
    former = queries.email_in(row)
    if former == address or row.subject.activated_at is None:
        return
    until = now() + FORMER_ADDRESS
    kept = {queries.former_email_in(one): one for one in queries.live_former_contacts(row.subject_id)}
    if former in kept:
        kept[former].until = until
        kept[former].save(update_fields=["until"])
    elif len(kept) < FORMER_ADDRESSES:
        made = models.FormerContact(subject_id=row.subject_id, until=until)
        made.email = crypto.seal(former, context=context("formercontact", "email", made.id))
        made.save()


def checked_email(typed: str) -> str:
    """Return the trimmed address; raise :class:`InvalidEmail` unless it has the shape of one (RFC 5322)."""
    text = typed.strip()
    try:
        parsed = Address(addr_spec=text)
    except (ValueError, IndexError, MessageError):
        # The standard library raises all three, depending on how the input is malformed.
        raise InvalidEmail from None
    if len(text) > LONGEST_EMAIL or "." not in parsed.domain or parsed.addr_spec != text:
        raise InvalidEmail
    return text


def remove_credentials(subject_id: UUID) -> bool:
    """Take every credential and session away, in the caller's transaction; say whether there was any."""
    moment = now()
    found = models.Passkey.objects.filter(subject_id=subject_id, removed_at=None).update(removed_at=moment)
    for table in (models.Password, models.Totp, models.RecoveryCode):
        found += table.objects.filter(subject_id=subject_id).delete()[0]
    end_all(subject_id)
    return bool(found)
