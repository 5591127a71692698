"""Whether a seat's answer in coordination still holds: for the papers that it was given on, for no others.

When papers change afterwards, the seat is asked again, once the dossier has left its owner's hands; before
that they change every day, and mostly because of the answers. Silence never stands in for the second answer:
until it is given, the item is debated. A seat that settles the last of its points on papers that it names
has answered on these.
"""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from pendopo.cabinet.models import CoordinationRequest, CoordinationRound, Dossier
from pendopo.cabinet.values import DossierState

ASKED_AGAIN_IN = frozenset(
    {
        DossierState.SUBMITTED,
        DossierState.SCHEDULED,
        DossierState.POSITIONS_OPEN,
        DossierState.LOCKED,
        DossierState.DEFERRED,
    }
)


def lapsed(row: CoordinationRequest, dossier: Dossier) -> bool:
    """Say whether an answer was given on other papers than those in force."""
    return bool(row.response) and row.docset_hash != dossier.docset_hash


def waits(row: CoordinationRequest, last: CoordinationRound, dossier: Dossier) -> bool:
    """Say whether an answer to a request of the last round is awaited now, for the first time or again."""
    if last.closed_at is None:
        return not row.response
    return lapsed(row, dossier) and dossier.state in ASKED_AGAIN_IN


def waiting(seats: Iterable[UUID]) -> QuerySet[CoordinationRequest]:
    """Return the requests to these seats for which ``waits`` holds."""
    later = CoordinationRound.objects.filter(
        dossier_id=OuterRef("round__dossier_id"), n__gt=OuterRef("round__n")
    )
    first = Q(response="", round__closed_at=None)
    again = (
        Q(round__closed_at__isnull=False, round__dossier__state__in=ASKED_AGAIN_IN)
        & ~Q(response="")
        & ~Q(docset_hash=F("round__dossier__docset_hash"))
    )
    return CoordinationRequest.objects.filter(first | again, ~Exists(later), seat_id__in=list(seats))
