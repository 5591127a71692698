"""Dossiers in the hands of those who prepare them: the list, the form, the work on one, its history."""

from collections.abc import Mapping
from uuid import UUID

from django.db.models import QuerySet

from pendopo.cabinet import answers, editions, errors, history, positions, visibility
from pendopo.cabinet.actions.dossiers import OPEN_FOR_PAPERS, require_writer
from pendopo.cabinet.configuration import BodyConfiguration, ItemType
from pendopo.cabinet.models import AgendaItem, Body, Dossier, Step
from pendopo.cabinet.queries import papers, road
from pendopo.cabinet.queries.agenda import summary_of, title_of
from pendopo.cabinet.queries.bodies import configuration_of, offices
from pendopo.cabinet.queries.dossiers import alternatives_of
from pendopo.cabinet.records.preparation import (
    DossierPage,
    HistoryView,
    ItemTypeView,
    Opening,
    SeatChoice,
    StepView,
    Verb,
    View,
    Work,
    Written,
)
from pendopo.cabinet.road import AT_OWNER
from pendopo.cabinet.standing import Standing, standing_of
from pendopo.cabinet.values import Classification, DossierState, Happening, Role, Scope, SessionState
from pendopo.foundation.actor import Actor
from pendopo.identity import api as identity

PAGE = 25
READY = (DossierState.SUBMITTED, DossierState.DEFERRED)
ENDS_WITH = (DossierState.RETURNED, DossierState.WITHDRAWN)


def dossiers(actor: Actor, language: str, view: View | None, before: UUID | None = None) -> DossierPage:
    """Return a page of the dossiers that the reader may know of, newest first; None: the view that suits."""
    standing = standing_of(actor)
    leads = any(one.role in {Role.SECRETARY, Role.CHAIR} and not one.deputy for one in standing.holdings)
    views = (View.MINE, View.ASKED, View.READY, View.ALL) if leads else (View.MINE, View.ASKED, View.ALL)
    chosen = View.ALL if leads else View.MINE
    if view is not None and view in views:
        chosen = view
    rows = _chosen(standing, chosen)
    if before is not None:
        rows = rows.filter(id__lt=before)
    found = list(rows.select_related("body", "owner").order_by("-id")[: PAGE + 1])
    return DossierPage(
        view=chosen,
        views=views,
        lines=road.lines(standing, found[:PAGE], language),
        before=found[PAGE - 1].id if len(found) > PAGE else None,
        opens=any(not one.deputy for one in standing.holdings),
        bodies=len({one.body_id for one in standing.holdings}),
    )


def openings(actor: Actor, language: str) -> tuple[Opening, ...]:
    """Return where the reader may open dossiers: a body each, with their own seats or, as clerk, with all."""
    standing = standing_of(actor)
    own = {one.body_id for one in standing.holdings if not one.deputy}
    rows = visibility.bodies(standing).filter(id__in=own).order_by("code")
    return tuple(_opening(standing, row, configuration_of(row), language) for row in rows)


def work(actor: Actor, dossier_id: UUID, language: str) -> Work:
    """Return a dossier to those who write it; ``NoSuchDossier`` or ``NotYourSeat`` to all others."""
    standing = standing_of(actor)
    row = _known(standing, dossier_id)
    require_writer(standing, row.body_id, row.owner_id)
    configuration = configuration_of(row.body)
    kind = configuration.item_type(row.item_type)
    if kind is None:
        raise errors.DoesNotFit(field="item_type")
    line = road.lines(standing, [row], language)[0]
    versions = papers.versions_of([row.id]).get(row.id, [])
    return Work(
        line=line,
        offer=_opening(standing, row.body, configuration, language),
        kind=_kind(kind, language),
        written=written(row),
        edition=editions.of_dossier(row),
        docset_hash=row.docset_hash,
        papers=papers.papers_of(versions),
        stated=_stated(row),
        verbs=frozenset(
            _verbs(standing, row, is_round_open=line.asked > 0, papers=len(papers.present(versions)))
        ),
        returned=_reason(row) if row.state in ENDS_WITH else "",
    )


def history_of(actor: Actor, dossier_id: UUID, language: str) -> HistoryView:
    """Return the steps of a dossier and, while it stood on their agendas, of its sessions."""
    standing = standing_of(actor)
    row = _known(standing, dossier_id)
    names = offices(configuration_of(row.body), language)
    steps = list(Step.objects.filter(dossier=row)) + _of_sessions(row)
    people = identity.names_of({one.by_subject_id for one in steps if one.by_subject_id})
    shown = [
        StepView(
            kind=Happening(one.kind),
            at=one.created_at,
            by=people.get(one.by_subject_id, "") if one.by_subject_id else "",
            docset_hash=one.docset_hash,
            facts=_named(history.facts_of(one), names),
        )
        for one in sorted(steps, key=lambda one: (one.created_at, one.id), reverse=True)
    ]
    return HistoryView(road.lines(standing, [row], language)[0], tuple(shown), row.docset_hash)


def written(row: Dossier) -> Written:
    """Return what a dossier says of itself. The caller has filtered."""
    said = summary_of(row)
    return Written(
        title=title_of(row),
        summary=str(said.get("summary", "")),
        legal_basis=str(said.get("legal_basis", "")),
        alternatives=alternatives_of(said.get("alternatives")),
        classification=Classification(row.classification),
        need_to_know=None if row.need_to_know is None else tuple(row.need_to_know),
        planned_minutes=row.planned_minutes,
        budget_line=row.budget_line,
    )


def seats_of(configuration: BodyConfiguration, language: str) -> tuple[SeatChoice, ...]:
    """Return every seat of a body as a choice."""
    return tuple(
        SeatChoice(seat.code, seat.office.of(language), seat.ceiling) for seat in configuration.seats
    )


def _known(standing: Standing, dossier_id: UUID) -> Dossier:
    row = visibility.dossiers(standing).select_related("body", "owner").filter(id=dossier_id).first()
    if row is None:
        raise errors.NoSuchDossier
    return row


def _chosen(standing: Standing, view: View) -> QuerySet[Dossier]:
    rows = visibility.dossiers(standing)
    if view is View.MINE:
        return rows.filter(owner_id__in={one.seat_id for one in standing.holdings})
    if view is View.ASKED:
        seats = {one.seat_id for one in standing.holdings if Scope.POSITION in one.scopes}
        return rows.filter(id__in=answers.waiting(seats).values("round__dossier_id"))
    return rows.filter(state__in=READY) if view is View.READY else rows


def _opening(standing: Standing, body: Body, configuration: BodyConfiguration, language: str) -> Opening:
    seats = seats_of(configuration, language)
    leads = standing.is_clerk(body.id) or standing.is_chair(body.id)
    own = {one.code for one in standing.in_body(body.id) if not one.deputy}
    clerks = {seat.code for seat in configuration.seats if seat.role is Role.SECRETARY}
    return Opening(
        body_code=body.code,
        body=configuration.name.of(language),
        specimen=configuration.specimen,
        owners=tuple(seat for seat in seats if (leads and seat.code not in clerks) or seat.code in own),
        types=tuple(_kind(kind, language) for kind in configuration.item_types),
        seats=seats,
        ceiling=configuration.classification_ceiling,
    )


def _kind(kind: ItemType, language: str) -> ItemTypeView:
    return ItemTypeView(
        code=kind.code,
        name=kind.name.of(language),
        consent=kind.consent_allowed,
        minutes=kind.minutes,
        alternatives=kind.alternatives_required,
        classification=kind.classification,
        legal_form=kind.legal_form,
    )


def _stated(row: Dossier) -> int:
    """Count the seats whose position holds on exactly these papers: a new version makes them stale."""
    item = (
        row.items.filter(removed_at=None)
        .exclude(session__state__in=(SessionState.CLOSED, SessionState.MINUTED))
        .first()
    )
    if item is None:
        return 0
    last = positions.last_rows([item.id]).values()
    return sum(one.docset_hash == row.docset_hash for one in last)


def _verbs(standing: Standing, row: Dossier, *, is_round_open: bool, papers: int) -> set[Verb]:
    state, verbs = DossierState(row.state), set[Verb]()
    leads = standing.is_clerk(row.body_id) or standing.is_chair(row.body_id)
    if state in AT_OWNER:
        verbs.add(Verb.EDIT)
        if papers and not is_round_open:
            verbs |= {Verb.ASK, Verb.SUBMIT}
        if is_round_open:
            verbs.add(Verb.CLOSE_ROUND)
    if state in OPEN_FOR_PAPERS:
        verbs.add(Verb.PAPERS)
    meets = AgendaItem.objects.filter(dossier=row, removed_at=None, session__state=SessionState.LIVE)
    if state in OPEN_FOR_PAPERS - {DossierState.RETURNED} and not meets.exists():
        verbs.add(Verb.WITHDRAW)
        if leads and state is not DossierState.DRAFT:
            verbs.add(Verb.RETURN)
    return verbs


def _reason(row: Dossier) -> str:
    kinds = (Happening.RETURNED, Happening.WITHDRAWN)
    last = Step.objects.filter(dossier=row, kind__in=kinds).order_by("-created_at").first()
    return str(history.facts_of(last).get("reason", "")) if last else ""


def _of_sessions(row: Dossier) -> list[Step]:
    """Return the steps of sessions between the dossier's coming on their agenda and its leaving it."""
    stays = list(row.items.all())
    steps = Step.objects.filter(session_id__in={one.session_id for one in stays})
    return [
        step
        for step in steps
        if any(
            one.session_id == step.session_id
            and one.created_at <= step.created_at
            and (one.removed_at is None or step.created_at <= one.removed_at)
            for one in stays
        )
    ]


def _named(facts: Mapping[str, str | int], names: Mapping[str, str]) -> dict[str, str | int]:
    """Give a seat its office's name."""
    found = dict(facts)
    if "seat" in found:
        found["seat"] = names.get(str(found["seat"]), str(found["seat"]))
    return found
