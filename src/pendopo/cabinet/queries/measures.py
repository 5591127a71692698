"""What deciding cost, session by session, over the items that the reader may know of."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count

from pendopo.cabinet import metric, minutes_rows, visibility
from pendopo.cabinet.configuration import BodyConfiguration, Effort
from pendopo.cabinet.metric import Hours, ItemWork, PathMinutes, SessionWork
from pendopo.cabinet.minutes import Content, Entry
from pendopo.cabinet.models import AgendaItem, CoordinationRequest, Dossier, Position, Session, Task
from pendopo.cabinet.standing import Standing, standing_of
from pendopo.cabinet.values import Response
from pendopo.foundation.actor import Actor
from pendopo.foundation.clock import now

MOST = 24


@dataclass(frozen=True, slots=True)
class SessionMeasure:
    """One session. ``on_time`` is None while its minutes are not signed and not yet due."""

    session_id: UUID
    body: str
    number: int
    day: dt.datetime
    items: int
    by_consent: int
    planned: int
    actual: float
    hours: Hours
    coordination_days: float | None
    on_time: bool | None


@dataclass(frozen=True, slots=True)
class Measures:
    """The last sessions and what they add up to; pairs are part and whole."""

    sessions: tuple[SessionMeasure, ...]
    paths: tuple[PathMinutes, ...]
    consent: tuple[int, int]
    reopened: tuple[int, int]
    on_time: tuple[int, int]
    tasks: tuple[int, int]
    efforts: tuple[tuple[str, Effort], ...]


def measures(actor: Actor, language: str) -> Measures:
    """Measure the reader's last 24 sessions that have minutes."""
    standing = standing_of(actor)
    sessions = list(
        visibility.sessions(standing)
        .filter(minutes__isnull=False)
        .select_related("body")
        .distinct()
        .order_by("-planned_start")[:MOST]
    )
    efforts = {one.body.code: BodyConfiguration.model_validate(one.body.configuration) for one in sessions}
    found, items = [], []
    for session in sessions:
        one, works = _session(standing, session, efforts[session.body.code], language)
        found.append(one)
        items += works
    return Measures(
        sessions=tuple(found),
        paths=metric.by_path(items),
        consent=metric.share(item.by_consent for item in items),
        reopened=metric.share(item.reopened for item in items),
        on_time=metric.share(one.on_time for one in found if one.on_time is not None),
        tasks=_tasks(standing),
        efforts=tuple((text.name.of(language), text.effort) for text in efforts.values()),
    )


def _session(
    standing: Standing, session: Session, text: BodyConfiguration, language: str
) -> tuple[SessionMeasure, list[ItemWork]]:
    row = session.minutes.order_by("-version")[0]
    items = list(visibility.items(standing, session))
    content = minutes_rows.only(minutes_rows.content_of(row), frozenset(str(item.id) for item in items))
    works = _works(session, items, content)
    spent = (content.closed_at - content.opened_at).total_seconds() / metric.MINUTE
    days = [item.coordination_days for item in works if item.coordination_days is not None]
    late = (row.signed_at or now()) > row.due_at
    measure = SessionMeasure(
        session_id=session.id,
        body=text.name.of(language),
        number=session.number,
        day=content.opened_at,
        items=len(works),
        by_consent=sum(item.by_consent for item in works),
        planned=sum(item.planned_minutes for item in works),
        actual=spent,
        hours=metric.hours(SessionWork(tuple(works), spent, metric.presence_minutes(content)), text.effort),
        coordination_days=sum(days) / len(days) if days else None,
        on_time=not late if row.signed_at or late else None,
    )
    return measure, works


def _works(session: Session, items: list[AgendaItem], content: Content) -> list[ItemWork]:
    dossiers = {item.dossier_id: item.dossier for item in items}
    rows = _Rows(dossiers, items)
    entries = {entry.item: entry for entry in content.entries}
    return [_work(session, item, entries[str(item.id)], rows) for item in items if str(item.id) in entries]


def _work(session: Session, item: AgendaItem, entry: Entry, rows: "_Rows") -> ItemWork:
    return ItemWork(
        path=entry.path,
        by_consent=entry.by_consent,
        planned_minutes=entry.planned_minutes,
        spent_seconds=entry.spent_seconds,
        pages=rows.pages.get(item.dossier_id),
        readers=rows.readers.get(item.dossier_id, 0),
        answers=rows.answers.get(item.dossier_id, 0),
        positions=rows.positions.get(item.id, 0),
        coordination_days=rows.days.get(item.dossier_id),
        reopened=session.reopened > 0,
    )


class _Rows:
    """What the rows tell of a set of items, in a number of queries that does not grow with them."""

    def __init__(self, dossiers: dict[UUID, Dossier], items: Iterable[AgendaItem]) -> None:
        known = Dossier.objects.filter(id__in=dossiers)
        counted = known.annotate(readers=Count("reads__subject_id", distinct=True))
        self.readers = dict(counted.values_list("id", "readers"))
        self.pages: dict[UUID, int] = {}
        for dossier_id, pages in known.filter(
            documents__superseded_by=None, documents__removed_at=None, documents__pages__gt=0
        ).values_list("id", "documents__pages"):
            assert pages is not None  # noqa: S101  # filtered
            self.pages[dossier_id] = self.pages.get(dossier_id, 0) + pages
        answered = CoordinationRequest.objects.filter(round__dossier__in=known).exclude(
            response__in=("", Response.DEEMED)
        )
        self.answers = dict(
            answered.values("round__dossier").annotate(n=Count("id")).values_list("round__dossier", "n")
        )
        stated = Position.objects.filter(item__in=[item.id for item in items])
        self.positions = dict(stated.values("item").annotate(n=Count("id")).values_list("item", "n"))
        self.days: dict[UUID, int] = {}
        for dossier_id, opened, closed in known.filter(rounds__closed_at__isnull=False).values_list(
            "id", "rounds__created_at", "rounds__closed_at"
        ):
            assert closed is not None  # noqa: S101  # filtered
            self.days[dossier_id] = self.days.get(dossier_id, 0) + (closed - opened).days


def _tasks(standing: Standing) -> tuple[int, int]:
    rows = Task.objects.filter(directive__decision__item__dossier__in=visibility.dossiers(standing))
    return rows.filter(state="done").count(), rows.exclude(state="dropped").count()
