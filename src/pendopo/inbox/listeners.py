"""Events of ``identity`` that a person must hear of: somebody, perhaps not they, changed how they sign in.

Addresses that were replaced lately hear of it too: mail to the new one alone would reach only a thief.
"""

from uuid import UUID

from pendopo.foundation.outbox import OutboxEvent, subscriber
from pendopo.identity import events as identity
from pendopo.inbox import api

SECURITY = ("identity.security", dict[str, str]())


def _tell(event: OutboxEvent, template: str) -> None:
    api.send(
        UUID(str(event.payload["subject_id"])),
        template=f"inbox.{template}",
        link=SECURITY,
        key=f"{event.id}",
        security=True,
    )


@subscriber(identity.ACTIVATED, name="inbox.activated")
def activated(event: OutboxEvent) -> None:
    """Welcome a person, or say that the old ways of signing in were replaced."""
    _tell(event, "activated_again" if event.payload.get("again") else "activated")


@subscriber(identity.CREDENTIAL_ADDED, name="inbox.credential_added")
def credential_added(event: OutboxEvent) -> None:
    """Tell of a new way of signing in."""
    _tell(event, "credential_added")


@subscriber(identity.CREDENTIAL_REMOVED, name="inbox.credential_removed")
def credential_removed(event: OutboxEvent) -> None:
    """Tell that a way of signing in is gone."""
    _tell(event, "credential_removed")


@subscriber(identity.CREDENTIAL_SUSPECT, name="inbox.credential_suspect")
def credential_suspect(event: OutboxEvent) -> None:
    """Tell that a passkey was locked because a copy of it may exist."""
    _tell(event, "credential_suspect")


@subscriber(identity.CONTACT_CHANGED, name="inbox.contact_changed")
def contact_changed(event: OutboxEvent) -> None:
    """Tell that mail goes to another address from now on."""
    _tell(event, "contact_changed")


@subscriber(identity.RECOVERY_CODE_USED, name="inbox.recovery_code_used")
def recovery_code_used(event: OutboxEvent) -> None:
    """Tell that a recovery code was used."""
    _tell(event, "recovery_code_used")
