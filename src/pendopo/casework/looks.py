"""Access records of this room: every time an officer sees something of an applicant, it is written down.

The record is made where the data is read, in the same transaction, so that no page can forget it.
"""

from collections.abc import Iterable, Sequence

from django.db import transaction

from pendopo.casework import sealed
from pendopo.casework.models import Case, ListLook
from pendopo.exchange import api as exchange
from pendopo.foundation.actor import Actor
from pendopo.foundation.clock import today
from pendopo.foundation.formats import zone
from pendopo.ledger import api as ledger


def record(actor: Actor, case: Case, *, subjects: Sequence[str], fields: Sequence[str]) -> None:
    """Write that ``actor`` saw ``fields`` of ``subjects`` (pseudonyms) in a case."""
    ledger.record_look(
        actor=actor,
        subjects=list(subjects),
        purpose=case.purpose,
        legal_basis=exchange.purpose(case.purpose).legal_basis.code,
        fields=list(fields),
        issue=case.number,
    )


def record_list(actor: Actor, cases: Iterable[Case]) -> None:
    """Write that an officer saw the applicants' names in a list: once a day for each officer and case."""
    if actor.subject_id is None:
        return
    day = today(zone())
    rows = {row.id: row for row in cases}
    with transaction.atomic():
        seen = set(
            ListLook.objects.filter(case_id__in=rows, officer_id=actor.subject_id, day=day).values_list(
                "case_id", flat=True
            )
        )
        new = [row for row in rows.values() if row.id not in seen]
        ListLook.objects.bulk_create(
            [ListLook(case_id=row.id, officer_id=actor.subject_id, day=day) for row in new],
            ignore_conflicts=True,
        )
        for row in new:
            record(actor, row, subjects=[pseudonym(row)], fields=["name"])


def pseudonym(case: Case) -> str:
    """Return the applicant's pseudonym."""
    return sealed.open_text(case.pseudonym, column="case.pseudonym", row=case.id)
