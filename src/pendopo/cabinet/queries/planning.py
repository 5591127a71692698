"""Sessions to plan, and the desk on which an agenda is made, both filtered by what the reader may know."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet

from pendopo.cabinet import editions, history, visibility
from pendopo.cabinet.configuration import BodyConfiguration
from pendopo.cabinet.models import AgendaItem, AgendaVersion, Body, Difference, Dossier, Session, Step
from pendopo.cabinet.queries import agenda
from pendopo.cabinet.queries.bodies import body_view, configuration_of, offices, session_line
from pendopo.cabinet.queries.versions import change_lines, titles_of
from pendopo.cabinet.records.agenda import ItemLine
from pendopo.cabinet.records.bodies import BodyView
from pendopo.cabinet.records.planning import (
    ChangeLine,
    Desk,
    PlannedItem,
    Ready,
    Rules,
    SessionPage,
    SessionRow,
)
from pendopo.cabinet.standing import Standing, standing_of
from pendopo.cabinet.values import Classification, DossierState, Happening, Path, Role, Scope, SessionKind
from pendopo.cabinet.versions import entries_of, entry_of
from pendopo.foundation.actor import Actor

PAGE = 20
MOST_READY = 50
READY = (DossierState.SUBMITTED, DossierState.DEFERRED)


def sessions(actor: Actor, language: str, before: UUID | None = None) -> SessionPage:
    """Return a page of the sessions of the reader's bodies, the latest first."""
    standing = standing_of(actor)
    rows = visibility.sessions(standing).select_related("body").order_by("-planned_start", "-id")
    last = rows.filter(id=before).values_list("planned_start", "id").first() if before else None
    if last is not None:
        rows = rows.filter(Q(planned_start__lt=last[0]) | Q(planned_start=last[0], id__lt=last[1]))
    found = list(rows[: PAGE + 1])
    shown = found[:PAGE]
    counted = _counted(visibility.items(standing, *shown))
    published = dict(
        AgendaVersion.objects.filter(session__in=shown)
        .values_list("session_id")
        .annotate(last=Max("n"))
        .values_list("session_id", "last")
    )
    bodies: dict[UUID, BodyView] = {}
    for row in shown:
        if row.body_id not in bodies:
            bodies[row.body_id] = body_view(row.body, configuration_of(row.body), standing, language)
    return SessionPage(
        rows=tuple(
            SessionRow(
                session=session_line(row, bodies[row.body_id], language),
                kind=SessionKind(row.kind),
                minutes=row.planned_minutes,
                items=counted.get(row.id, 0),
                version=published.get(row.id, 0),
                leads=standing.is_clerk(row.body_id) or standing.is_chair(row.body_id),
            )
            for row in shown
        ),
        before=shown[-1].id if len(found) > PAGE else None,
        plans=_leads(standing),
    )


def rules(actor: Actor, language: str) -> tuple[Rules, ...]:
    """Return the bodies whose sessions the reader may plan."""
    standing = standing_of(actor)
    led = [
        row
        for row in visibility.bodies(standing).order_by("code")
        if standing.is_clerk(row.id) or standing.is_chair(row.id)
    ]
    return tuple(_rules(row, configuration_of(row), language) for row in led)


def desk(actor: Actor, session_id: UUID, language: str) -> Desk:
    """Return the planning desk; ``NoSuchSession`` to strangers, ``NotTheClerk`` to members."""
    standing = standing_of(actor)
    row = visibility.session(standing, session_id)
    standing.require_clerk(row.body_id)
    configuration = configuration_of(row.body)
    items = list(visibility.items(standing, row))
    lines = agenda.lines(standing, [(row, item) for item in items], language)
    versions = list(AgendaVersion.objects.filter(session=row).order_by("-n")[:1])
    ready = list(_ready(standing, row)[: MOST_READY + 1])
    return Desk(
        session=session_line(row, body_view(row.body, configuration, standing, language), language),
        kind=SessionKind(row.kind),
        title_id=row.title_id,
        title_en=row.title_en,
        minutes=row.planned_minutes,
        planned=sum(item.planned_minutes for item in items),
        rules=_rules(row.body, configuration, language),
        items=_items(standing, items, lines, offices(configuration, language)),
        ready=_ready_lines(ready[:MOST_READY], configuration, language),
        more_ready=len(ready) > MOST_READY,
        version=versions[0].n if versions else 0,
        published_at=versions[0].created_at if versions else None,
        changes=_since(standing, versions[0], items) if versions else (),
        edition=editions.of_session(row, items),
        chairs=standing.is_chair(row.body_id),
        reopened=row.reopened,
        reopen_reason=_reopened_for(row) if row.reopened else "",
    )


def _leads(standing: Standing) -> bool:
    return any(one.role in {Role.SECRETARY, Role.CHAIR} and not one.deputy for one in standing.holdings)


def _counted(items: QuerySet[AgendaItem]) -> dict[UUID, int]:
    return dict(
        items.order_by().values_list("session_id").annotate(n=Count("id")).values_list("session_id", "n")
    )


def _rules(body: Body, configuration: BodyConfiguration, language: str) -> Rules:
    return Rules(
        body_code=body.code,
        body=configuration.name.of(language),
        lock_hours=configuration.deadlines.lock_hours,
        open_days=configuration.deadlines.positions_open_working_days,
        ceiling=configuration.classification_ceiling,
        specimen=configuration.specimen,
    )


def _items(
    standing: Standing,
    items: Sequence[AgendaItem],
    lines: Mapping[UUID, ItemLine],
    names: Mapping[str, str],
) -> tuple[PlannedItem, ...]:
    held = {one.seat_id for one in standing.holdings if Scope.POSITION in one.scopes}
    return tuple(
        PlannedItem(
            line=lines[item.id],
            path=_path(item),
            pulled_by=names.get(item.pulled_by.code, item.pulled_by.code) if item.pulled_by else "",
            fixed=item.pulled_by_id is not None and item.pulled_by_id not in held,
            first=place == 0,
            last=place == len(items) - 1,
        )
        for place, item in enumerate(items)
    )


def _path(item: AgendaItem) -> Path:
    if item.information_only:
        return Path.INFORMATION
    return Path.DEBATE if item.pulled_by_id else Path.CONSENT


def _ready(standing: Standing, session: Session) -> QuerySet[Dossier]:
    """Return what waits for a session and fits its room, longest waiting first."""
    return (
        visibility.dossiers(standing)
        .filter(body_id=session.body_id, state__in=READY, classification__lte=session.room_ceiling)
        .select_related("owner")
        .order_by("submitted_at", "id")
    )


def _ready_lines(
    rows: Sequence[Dossier], configuration: BodyConfiguration, language: str
) -> tuple[Ready, ...]:
    names = offices(configuration, language)
    points = Difference.objects.filter(dossier__in=rows, resolved_at=None)
    still_open: dict[UUID, int] = dict(
        points.values_list("dossier_id").annotate(n=Count("id")).values_list("dossier_id", "n")
    )
    kinds = {kind.code: kind.name.of(language) for kind in configuration.item_types}
    return tuple(
        Ready(
            id=row.id,
            number=row.number,
            title=agenda.title_of(row),
            type_name=kinds.get(row.item_type, row.item_type),
            owner=names.get(row.owner.code, row.owner.code),
            classification=Classification(row.classification),
            minutes=row.planned_minutes,
            since=row.submitted_at or row.created_at,
            deferred=row.state == DossierState.DEFERRED,
            open_points=still_open.get(row.id, 0),
        )
        for row in rows
    )


def _since(standing: Standing, version: AgendaVersion, items: Sequence[AgendaItem]) -> tuple[ChangeLine, ...]:
    """Return what the next version would change, in titles that the reader may know."""
    titles = titles_of(standing, [version]) | {str(one.id): agenda.title_of(one.dossier) for one in items}
    return change_lines(entries_of(version.content, titles), [entry_of(one) for one in items], titles)


def _reopened_for(row: Session) -> str:
    last = Step.objects.filter(session=row, kind=Happening.POSITIONS_REOPENED).order_by("-created_at").first()
    return str(history.facts_of(last).get("reason", "")) if last else ""
