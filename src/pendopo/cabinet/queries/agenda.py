"""The agenda of a session and a member's first page, in a number of queries that no agenda makes larger."""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from pendopo.cabinet import agenda, sealed, visibility
from pendopo.cabinet.actions.sessions import AGENDA_KEY
from pendopo.cabinet.agenda import Planned
from pendopo.cabinet.consent import Reason, ReasonCode, reasons_against
from pendopo.cabinet.models import AgendaItem, AgendaVersion, Body, DocumentVersion, Dossier, Session
from pendopo.cabinet.queries import papers
from pendopo.cabinet.queries.bodies import body_view, configuration_of, offices, session_line
from pendopo.cabinet.queries.mine import positions_of_reader
from pendopo.cabinet.records.agenda import (
    AgendaView,
    Answer,
    Estimate,
    Home,
    ItemLine,
    Outlook,
    PaperChange,
    PublishedAgenda,
    ReasonView,
)
from pendopo.cabinet.records.bodies import SessionLine
from pendopo.cabinet.standing import Standing, standing_of
from pendopo.cabinet.values import Classification, Path, SessionState
from pendopo.foundation.actor import Actor
from pendopo.keys import api as keys
from pendopo_wire import canonical

TO_COME = (
    SessionState.PLANNED,
    SessionState.POSITIONS_OPEN,
    SessionState.LOCKED,
    SessionState.LIVE,
)
SAID = frozenset({ReasonCode.OBJECTION, ReasonCode.WANTS_TO_SPEAK, ReasonCode.SILENT, ReasonCode.STALE})
"""Reasons that come from positions; while those are sealed nobody may conclude from them."""
UNSAID = frozenset({ReasonCode.SILENT, ReasonCode.STALE})


def home(actor: Actor, language: str) -> Home:
    """Return the sessions to come of the person's bodies with what they may see of each."""
    standing = standing_of(actor)
    rows = visibility.sessions(standing).filter(state__in=TO_COME).select_related("body")
    seats = tuple(body_view(body, configuration_of(body), standing, language) for body in _bodies(standing))
    return Home(seats, _views(standing, list(rows.order_by("planned_start")), language))


def of_session(actor: Actor, session_id: UUID, language: str) -> AgendaView:
    """Return one session's agenda; raise ``NoSuchSession``."""
    standing = standing_of(actor)
    session = visibility.session(standing, session_id)
    return _views(standing, [session], language)[0]


def _bodies(standing: Standing) -> list[Body]:
    return list(visibility.bodies(standing).order_by("code"))


def lines(
    standing: Standing, pairs: Sequence[tuple[Session, AgendaItem]], language: str
) -> dict[UUID, ItemLine]:
    """Show items, which the caller has filtered, to a person; by item."""
    versions = papers.versions_of(item.dossier_id for _, item in pairs)
    shown = (
        _line(standing, session, planned, versions.get(planned.item.dossier_id, []), language)
        for (session, _), planned in zip(pairs, agenda.plan_all(pairs), strict=True)
    )
    return {line.id: line for line in shown}


def changes_since(actor: Actor, item_id: UUID, docset_hash: str) -> tuple[PaperChange, ...]:
    """Return what became of an item's papers since they had this hash; raise ``NoSuchItem``."""
    item = visibility.item(standing_of(actor), item_id)
    versions = papers.versions_of([item.dossier_id]).get(item.dossier_id, [])
    return papers.changes_since(item.dossier, versions, docset_hash)


def title_of(dossier: Dossier) -> str:
    """Return a dossier's title. The caller has filtered."""
    return sealed.open_text(dossier.sealed_title, column="dossier.title", row=dossier.id)


def summary_of(dossier: Dossier) -> dict[str, sealed.Json]:
    """Return what a dossier says of itself. The caller has filtered."""
    value = sealed.open_json(dossier.sealed_summary, column="dossier.summary", row=dossier.id)
    return value if isinstance(value, dict) else {}


def _views(standing: Standing, sessions: Sequence[Session], language: str) -> tuple[AgendaView, ...]:
    by_id = {session.id: session for session in sessions}
    pairs = [(by_id[item.session_id], item) for item in visibility.items(standing, *sessions)]
    shown = lines(standing, pairs, language)
    published = _published(sessions, [item for _, item in pairs])
    heads = {session.id: _head(standing, session, language) for session in sessions}
    return tuple(
        _view(
            heads[session.id],
            _numbered(shown[item.id] for owner, item in pairs if owner is session),
            published.get(session.id),
        )
        for session in sessions
    )


def _numbered(lines: Iterable[ItemLine]) -> tuple[ItemLine, ...]:
    """Number the items as this reader sees them: a gap would tell that there is something between."""
    return tuple(dataclasses.replace(line, order=number) for number, line in enumerate(lines, start=1))


def _view(head: SessionLine, items: tuple[ItemLine, ...], published: PublishedAgenda | None) -> AgendaView:
    return AgendaView(head, items, _estimate(items), published)


def _head(standing: Standing, session: Session, language: str) -> SessionLine:
    configuration = configuration_of(session.body)
    return session_line(session, body_view(session.body, configuration, standing, language), language)


def _line(
    standing: Standing,
    session: Session,
    planned: Planned,
    versions: Sequence[DocumentVersion],
    language: str,
) -> ItemLine:
    item, dossier, configuration = planned.item, planned.item.dossier, planned.configuration
    names = offices(configuration, language)
    kind = configuration.item_type(dossier.item_type)
    outlook, reasons = _standing_now(session, planned)
    in_force = papers.present(versions)
    alternatives = summary_of(dossier).get("alternatives")
    return ItemLine(
        id=item.id,
        session_id=session.id,
        dossier_id=dossier.id,
        order=item.order,
        number=dossier.number,
        title=title_of(dossier),
        type_name=kind.name.of(language) if kind else dossier.item_type,
        alternatives=len(alternatives) if isinstance(alternatives, list) else 0,
        owner=names.get(dossier.owner.code, dossier.owner.code),
        classification=Classification(dossier.classification),
        minutes=item.planned_minutes,
        urgent=item.urgent,
        outlook=outlook,
        path=Path(item.path) if item.path else None,
        reasons=_reasons(reasons, names),
        docset_hash=dossier.docset_hash,
        version=max((row.n for row in in_force), default=1),
        changed_at=papers.last_change(versions),
        papers=len(in_force),
        answers=tuple(
            Answer(names.get(code, code), said, code in planned.matter.lapsed)
            for code, said in planned.matter.responses.items()
        ),
        mine=positions_of_reader(standing, session, planned, versions, names),
        stated=sum(row.docset_hash == dossier.docset_hash for row in planned.rows),
        asked=len(planned.matter.seats),
    )


def _standing_now(session: Session, planned: Planned) -> tuple[Outlook, tuple[Reason, ...]]:
    """Say how the item would pass if positions were locked now; what the lock decided, once it has."""
    if session.locked_at is None:
        matter = dataclasses.replace(planned.matter, locked=True)
        reasons = reasons_against(matter)
    else:
        matter, reasons = planned.matter, _decided(planned)
    if planned.item.information_only:
        return Outlook.INFORMATION, ()
    if session.locked_at is not None:
        return (Outlook.DEBATE if reasons else Outlook.CONSENT), reasons
    closed = any(row.sealed_content is None for row in planned.rows) or session.seal_public is not None
    if closed and session.seal_released_at is None:
        reasons = tuple(reason for reason in reasons if reason.code not in SAID)
        return (Outlook.DEBATE if reasons else Outlook.WAITING), reasons
    if not reasons:
        return Outlook.CONSENT, ()
    waits = all(reason.code in UNSAID for reason in reasons)
    return (Outlook.WAITING if waits else Outlook.DEBATE), reasons


def _decided(planned: Planned) -> tuple[Reason, ...]:
    return tuple(Reason(ReasonCode(code), seat) for code, seat in planned.item.reasons)


def _reasons(reasons: Iterable[Reason], names: Mapping[str, str]) -> tuple[ReasonView, ...]:
    """Gather reasons of one kind: who objects, who is silent."""
    grouped: dict[str, list[str]] = {}
    for reason in reasons:
        seats = grouped.setdefault(reason.code.value, [])
        if reason.seat:
            seats.append(names.get(reason.seat, reason.seat))
    return tuple(ReasonView(code, tuple(seats)) for code, seats in grouped.items())


def _estimate(items: Sequence[ItemLine]) -> Estimate:
    def count(outlook: Outlook) -> int:
        return sum(one.outlook is outlook for one in items)

    told = {Outlook.DEBATE, Outlook.INFORMATION}
    return Estimate(
        items=len(items),
        consent=count(Outlook.CONSENT),
        debate=count(Outlook.DEBATE),
        waiting=count(Outlook.WAITING),
        information=count(Outlook.INFORMATION),
        expected=sum(one.minutes for one in items if one.outlook in told),
        without=sum(one.minutes for one in items),
    )


def _published(sessions: Sequence[Session], items: Sequence[AgendaItem]) -> dict[UUID, PublishedAgenda]:
    rows = (
        AgendaVersion.objects.filter(session__in=sessions).order_by("session_id", "-n").distinct("session_id")
    )
    found = list(rows)
    if not found:
        return {}
    known = keys.public_keys(AGENDA_KEY)
    return {row.session_id: _one_published(row, known, items) for row in found}


def _one_published(
    row: AgendaVersion, known: Mapping[str, keys.PublicKey], items: Sequence[AgendaItem]
) -> PublishedAgenda:
    return PublishedAgenda(
        n=row.n,
        at=row.created_at,
        sha256=bytes(row.sha256).hex(),
        kid=row.kid,
        holds=holds(known.get(row.kid), row),
        current=_is_current(row, [item for item in items if item.session_id == row.session_id]),
    )


def holds(key: keys.PublicKey | None, row: AgendaVersion) -> bool:
    """Say whether a version's signature verifies with this key."""
    if not isinstance(key, Ed25519PublicKey):
        return False
    try:
        key.verify(bytes(row.signature), canonical.dumps(row.content))
    except InvalidSignature:
        return False
    return True


def _is_current(row: AgendaVersion, items: Sequence[AgendaItem]) -> bool:
    """Compare what the reader sees with what was signed; items that they may not know of say nothing."""
    signed = {
        entry["id"]: (entry["order"], entry["minutes"], entry["papers"]) for entry in row.content["items"]
    }
    return all(
        signed.get(str(item.id)) == (item.order, item.planned_minutes, item.dossier.docset_hash)
        for item in items
    )
