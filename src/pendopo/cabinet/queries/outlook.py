"""The agenda ahead: how many items of which kind each month brings, over all bodies of the reader."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from pendopo.cabinet import visibility
from pendopo.cabinet.configuration import BodyConfiguration
from pendopo.cabinet.models import AgendaItem, Body
from pendopo.cabinet.standing import standing_of
from pendopo.cabinet.values import DossierState
from pendopo.foundation.actor import Actor
from pendopo.foundation.clock import now
from pendopo.foundation.formats import zone

WAITING = (DossierState.SUBMITTED, DossierState.DEFERRED)


@dataclass(frozen=True, slots=True)
class Month:
    """One month: sessions, and items by kind in the order of ``Outlook.kinds``."""

    first: dt.date
    sessions: int
    items: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Outlook:
    """Months from this one on in which something is planned; ``waiting`` dossiers have no session yet."""

    kinds: tuple[str, ...]
    months: tuple[Month, ...]
    waiting: tuple[int, ...]


def outlook(actor: Actor, language: str) -> Outlook:
    """Count the items that the reader may know of, by month and kind."""
    standing = standing_of(actor)
    known = visibility.dossiers(standing)
    start = now().astimezone(zone()).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    sessions = visibility.sessions(standing).filter(planned_start__gte=start)
    planned: Counter[tuple[dt.date, str]] = Counter()
    names = _names(visibility.bodies(standing), language)
    for moment, kind, body in AgendaItem.objects.filter(
        session__in=sessions, removed_at=None, dossier__in=known
    ).values_list("session__planned_start", "dossier__item_type", "session__body__code"):
        planned[_month(moment), names.get((body, kind), kind)] += 1
    meetings = Counter(_month(moment) for moment in sessions.values_list("planned_start", flat=True))
    waiting = Counter(
        names.get((body, kind), kind)
        for kind, body in known.filter(state__in=WAITING).values_list("item_type", "body__code")
    )
    kinds = tuple(sorted({kind for _, kind in planned} | set(waiting)))
    months = tuple(
        Month(first, meetings[first], tuple(planned[first, kind] for kind in kinds))
        for first in sorted(meetings)
    )
    return Outlook(kinds, months, tuple(waiting[kind] for kind in kinds))


def _names(bodies: Iterable[Body], language: str) -> dict[tuple[str, str], str]:
    found = {}
    for body in bodies:
        for kind in BodyConfiguration.model_validate(body.configuration).item_types:
            found[body.code, kind.code] = kind.name.of(language)
    return found


def _month(moment: dt.datetime) -> dt.date:
    return moment.astimezone(zone()).date().replace(day=1)
