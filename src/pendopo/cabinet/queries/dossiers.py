"""A dossier whole, as one reader may see it: papers, coordination, what others say, and who has read it."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from pendopo.cabinet import answers, errors, positions, sealed, visibility
from pendopo.cabinet.models import (
    AgendaItem,
    CoordinationRequest,
    CoordinationRound,
    Difference,
    DocumentVersion,
    Dossier,
    Opinion,
    Position,
    Read,
)
from pendopo.cabinet.queries import agenda, papers
from pendopo.cabinet.queries.bodies import body_view, configuration_of, offices, session_line
from pendopo.cabinet.records.dossiers import (
    AlternativeView,
    DifferenceView,
    DossierView,
    OpinionView,
    PaperFile,
    Readers,
    ReaderView,
    RequestView,
    RoundView,
    SeatPosition,
)
from pendopo.cabinet.standing import Standing, standing_of
from pendopo.cabinet.values import Classification, DossierState, Response
from pendopo.foundation.actor import Actor
from pendopo.identity import api as identity

LOOKS = 50
"""How many looks are listed; the rest are counted."""


def dossier(actor: Actor, dossier_id: UUID, language: str) -> DossierView:
    """Return a dossier; raise ``NoSuchDossier`` also when it is above the reader. Records nothing."""
    standing = standing_of(actor)
    row = visibility.dossiers(standing).select_related("body", "owner").filter(id=dossier_id).first()
    if row is None:
        raise errors.NoSuchDossier
    configuration = configuration_of(row.body)
    names = offices(configuration, language)
    body = body_view(row.body, configuration, standing, language)
    kind = configuration.item_type(row.item_type)
    versions = papers.versions_of([row.id]).get(row.id, [])
    said = agenda.summary_of(row)
    item = _item(row)
    session = session_line(item.session, body, language) if item else None
    others, closed = _positions(item, row, names)
    return DossierView(
        id=row.id,
        number=row.number,
        body=body,
        title=agenda.title_of(row),
        type_name=kind.name.of(language) if kind else row.item_type,
        owner=names.get(row.owner.code, row.owner.code),
        classification=Classification(row.classification),
        need_to_know=None if row.need_to_know is None else tuple(names.get(c, c) for c in row.need_to_know),
        state=DossierState(row.state),
        summary=str(said.get("summary", "")),
        legal_basis=str(said.get("legal_basis", "")),
        budget_line=row.budget_line,
        alternatives=alternatives_of(said.get("alternatives")),
        docset_hash=row.docset_hash,
        papers=papers.papers_of(versions),
        rounds=_rounds(row, names),
        differences=_differences(row, names),
        session=session,
        item=agenda.lines(standing, [(item.session, item)], language)[item.id] if item else None,
        positions=others,
        positions_sealed=closed,
        opinions=_opinions(standing, row, names),
        readers=_readers(row, versions, names),
        submitted_at=row.submitted_at,
        writes=standing.writes(row.body_id, row.owner_id),
    )


def paper(actor: Actor, document_id: UUID) -> PaperFile:
    """Return where one version of a paper lies; raise ``NoSuchDossier``. Records nothing."""
    standing = standing_of(actor)
    row = (
        DocumentVersion.objects.select_related("dossier")
        .filter(id=document_id, dossier__in=visibility.dossiers(standing))
        .first()
    )
    if row is None:
        raise errors.NoSuchDossier
    return paper_file(row)


def papers_in_force(standing: Standing, items: Iterable[UUID]) -> dict[UUID, list[PaperFile]]:
    """Return the papers in force of these dossiers, as far as the reader may know of them."""
    known = visibility.dossiers(standing).filter(id__in=list(items))
    rows = DocumentVersion.objects.select_related("dossier").filter(
        dossier__in=known, superseded_by=None, removed_at=None
    )
    found: dict[UUID, list[PaperFile]] = {}
    for row in rows.order_by("created_at", "id"):
        found.setdefault(row.dossier_id, []).append(paper_file(row))
    return found


def paper_file(row: DocumentVersion) -> PaperFile:
    """Describe a version for its download. The caller has filtered."""
    return PaperFile(
        id=row.id,
        dossier_id=row.dossier_id,
        number=row.dossier.number,
        name=papers.name_of(row),
        n=row.n,
        file_id=row.file_id,
        sha256=bytes(row.sha256).hex(),
        media_type=row.media_type,
        size=row.size,
        classification=Classification(row.dossier.classification),
    )


def _item(row: Dossier) -> AgendaItem | None:
    """Return where the dossier stands, or stood last, on an agenda."""
    found = row.items.filter(removed_at=None).select_related("session__body", "dossier__owner", "pulled_by")
    return found.order_by("-session__planned_start").first()


def alternatives_of(value: sealed.Json) -> tuple[AlternativeView, ...]:
    """Read the choices of a dossier from what it says of itself."""
    entries = value if isinstance(value, list) else []
    return tuple(
        AlternativeView(str(one.get("title", "")), str(one.get("effect", "")), one.get("recommended") is True)
        for one in entries
        if isinstance(one, dict)
    )


def _rounds(row: Dossier, names: Mapping[str, str]) -> tuple[RoundView, ...]:
    rounds = CoordinationRound.objects.filter(dossier=row).order_by("-n").prefetch_related("requests__seat")
    return tuple(
        RoundView(
            n=one.n,
            due_at=one.due_at,
            closed_at=one.closed_at,
            requests=tuple(
                _request(request, names, lapsed=nth == 0 and answers.lapsed(request, row))
                for request in sorted(one.requests.all(), key=lambda request: request.seat.order)
            ),
        )
        for nth, one in enumerate(rounds)
    )


def _request(row: CoordinationRequest, names: Mapping[str, str], *, lapsed: bool) -> RequestView:
    points: sealed.Json = []
    if row.sealed_points is not None:
        points = sealed.open_json(row.sealed_points, column="request.points", row=row.id)
    return RequestView(
        office=names.get(row.seat.code, row.seat.code),
        mandatory=row.mandatory,
        response=Response(row.response) if row.response else None,
        at=row.responded_at,
        points=tuple(str(point) for point in points) if isinstance(points, list) else (),
        lapsed=lapsed,
    )


def _differences(row: Dossier, names: Mapping[str, str]) -> tuple[DifferenceView, ...]:
    rows = Difference.objects.filter(dossier=row).select_related("request__seat").order_by("created_at", "id")
    return tuple(
        DifferenceView(
            id=one.id,
            office=names.get(one.request.seat.code, one.request.seat.code),
            point=sealed.open_text(one.sealed_point, column="difference.point", row=one.id),
            answer=_maybe(one.sealed_answer, "difference.answer", one.id),
            resolution=_maybe(one.sealed_resolution, "difference.resolution", one.id),
            resolved_at=one.resolved_at,
        )
        for one in rows
    )


def _maybe(blob: bytes | memoryview | None, column: str, row: UUID) -> str:
    return "" if blob is None else sealed.open_text(blob, column=column, row=row)


def _positions(
    item: AgendaItem | None, dossier: Dossier, names: Mapping[str, str]
) -> tuple[tuple[SeatPosition, ...], int]:
    """Return what seats say, and how many envelopes are still closed."""
    if item is None:
        return (), 0
    rows = sorted(positions.last_rows([item.id]).values(), key=lambda row: row.seat.order)
    read = [(row, positions.content_of(row)) for row in rows]
    return (
        tuple(_position(row, content, dossier, names) for row, content in read if content is not None),
        sum(content is None for _, content in read),
    )


def _position(
    row: Position, content: positions.Content, dossier: Dossier, names: Mapping[str, str]
) -> SeatPosition:
    return SeatPosition(
        office=names.get(row.seat.code, row.seat.code),
        stance=content.stance,
        wants_to_speak=content.wants_to_speak,
        text=content.text,
        at=row.created_at,
        deputy=row.deputy,
        stale=row.docset_hash != dossier.docset_hash,
    )


def _opinions(standing: Standing, row: Dossier, names: Mapping[str, str]) -> tuple[OpinionView, ...]:
    ceiling = max((one.ceiling for one in visibility.holdings(standing, row)), default=-1)
    found = Opinion.objects.select_related("seat").filter(item__dossier=row, classification__lte=ceiling)
    return tuple(
        OpinionView(
            office=names.get(one.seat.code, one.seat.code),
            classification=Classification(one.classification),
            text=sealed.open_text(one.sealed_text, column="opinion.text", row=one.id),
            at=one.created_at,
            stale=one.docset_hash != row.docset_hash,
        )
        for one in found.order_by("created_at", "id")
    )


def _readers(row: Dossier, versions: Iterable[DocumentVersion], names: Mapping[str, str]) -> Readers:
    """Return the latest looks; several of one audit row (a person of two seats) are told seat by seat."""
    looks = list(
        Read.objects.filter(dossier=row).select_related("seat").order_by("-created_at", "-id")[:LOOKS]
    )
    people = identity.names_of({one.subject_id for one in looks})
    known = {version.id: version for version in versions}
    return Readers(
        looks=tuple(
            ReaderView(
                office=names.get(one.seat.code, one.seat.code) if one.seat else "",
                name=people.get(one.subject_id, ""),
                at=one.created_at,
                paper=_paper_read(one.document_id, known),
                before_last_change=one.docset_hash not in {"", row.docset_hash},
            )
            for one in looks
        ),
        total=Read.objects.filter(dossier=row).count(),
    )


def _paper_read(document_id: UUID | None, known: Mapping[UUID, DocumentVersion]) -> str:
    if document_id is None or document_id not in known:
        return ""
    row = known[document_id]
    return f"{papers.name_of(row)} ({row.n})"
