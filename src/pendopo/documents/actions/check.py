"""Somebody checks a document: they learn a masked name, so its owners learn that somebody did."""

from uuid import UUID

from pendopo.documents import queries
from pendopo.documents.values import Verification
from pendopo.foundation.actor import Actor
from pendopo.identity import api as identity
from pendopo.ledger import api as ledger

PURPOSE = "documents.verification"
LEGAL_BASIS = "perpres-95-2018"
FIELDS = ("masked_name", "document")


def check(code: str, *, actor: Actor) -> Verification:
    """Verify a code and write an access record, unless an owner checks their own document."""
    found = queries.verify(code)
    owners = queries.owners_of(found.code)
    if owners and actor.subject_id not in owners:
        subjects = [pseudonym for owner in owners if (pseudonym := _pseudonym(owner))]
        if subjects:
            ledger.record_look(
                actor, subjects=subjects, purpose=PURPOSE, legal_basis=LEGAL_BASIS, fields=FIELDS
            )
    return found


def _pseudonym(subject_id: UUID) -> str | None:
    """A person may have left since; then there is no list any more in which the record could appear."""
    try:
        return identity.pseudonym_of(subject_id)
    except identity.UnknownSubject:
        return None
