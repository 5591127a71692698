"""What an operator may know of bodies: seats and how many are held. No dossier, no name."""

from dataclasses import dataclass

from django.db.models import Count, Q

from pendopo.cabinet.models import Body


@dataclass(frozen=True, slots=True)
class BodyCount:
    """A body in numbers."""

    code: str
    seats: int
    held: int


def overview() -> tuple[BodyCount, ...]:
    """Return every body by code."""
    held = Count("seats__mandates", filter=Q(seats__mandates__ends_at__isnull=True), distinct=True)
    rows = Body.objects.annotate(held=held, all_seats=Count("seats", distinct=True)).order_by("code")
    return tuple(BodyCount(row.code, row.all_seats, row.held) for row in rows)
