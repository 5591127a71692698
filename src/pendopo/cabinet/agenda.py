"""From rows to the consent rule: what an agenda looks like now, item by item, with the reasons for debate."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from pendopo.cabinet import answers, positions, visibility
from pendopo.cabinet.configuration import BodyConfiguration, SeatConfiguration
from pendopo.cabinet.consent import Matter, Reason, reasons_against
from pendopo.cabinet.models import (
    AgendaItem,
    CoordinationRound,
    Difference,
    Mandate,
    Position,
    Read,
    Session,
)
from pendopo.cabinet.values import COUNTED, Classification, Path, Response
from pendopo.foundation.clock import now


@dataclass(frozen=True, slots=True)
class Planned:
    """How an item would go through the session if it opened now."""

    item: AgendaItem
    matter: Matter
    path: Path
    reasons: tuple[Reason, ...]
    configuration: BodyConfiguration
    rows: tuple[Position, ...]
    """The last position of each seat that has stated one."""


def items_of(session: Session) -> list[AgendaItem]:
    """Return the items of a session in order, with dossiers."""
    return list(
        session.items.filter(removed_at=None).select_related("dossier", "pulled_by").order_by("order")
    )


def plan(session: Session, items: Sequence[AgendaItem] | None = None) -> list[Planned]:
    """Hold every item against the consent rule, in a number of queries that does not grow with the agenda."""
    items = items_of(session) if items is None else items
    return plan_all([(session, item) for item in items])


def plan_all(pairs: Sequence[tuple[Session, AgendaItem]]) -> list[Planned]:
    """Plan items of several sessions at once, with as many queries as one takes."""
    rows = _Rows([item for _, item in pairs])
    configurations: dict[UUID, BodyConfiguration] = {}
    found = []
    for session, item in pairs:
        body = session.body
        if body.id not in configurations:
            configurations[body.id] = BodyConfiguration.model_validate(body.configuration)
        matter = _matter(session, configurations[body.id], item, rows)
        reasons = reasons_against(matter)
        path = Path.DEBATE if reasons else Path.CONSENT
        found.append(
            Planned(
                item,
                matter,
                Path.INFORMATION if item.information_only else path,
                reasons,
                configurations[body.id],
                tuple(rows.of_item(item)),
            )
        )
    return found


class _Rows:
    """Everything that the rule reads for a set of items."""

    def __init__(self, items: Sequence[AgendaItem]) -> None:
        moment = now()
        runs = Q(starts_at__lte=moment) & (Q(ends_at=None) | Q(ends_at__gt=moment))
        mandates = Mandate.objects.filter(runs, seat__body_id__in={item.dossier.body_id for item in items})
        self.held = {
            (body_id, code): seat_id
            for body_id, code, seat_id in mandates.values_list("seat__body_id", "seat__code", "seat_id")
        }
        self.positions: dict[UUID, list[Position]] = {}
        for (item_id, _), row in positions.last_rows(item.id for item in items).items():
            self.positions.setdefault(item_id, []).append(row)
        dossiers = {item.dossier_id: item.dossier for item in items}
        self.delivered: dict[UUID, set[str]] = {}
        for dossier_id, code, papers in Read.objects.filter(
            dossier_id__in=dossiers, seat__isnull=False
        ).values_list("dossier_id", "seat__code", "docset_hash"):
            if papers == dossiers[dossier_id].docset_hash:
                self.delivered.setdefault(dossier_id, set()).add(code)
        self.responses: dict[UUID, dict[str, Response | None]] = {}
        self.lapsed: dict[UUID, set[str]] = {}
        self.rounds: dict[UUID, CoordinationRound] = {}
        rounds = CoordinationRound.objects.filter(dossier_id__in=dossiers).order_by("dossier_id", "n")
        for one in rounds.prefetch_related("requests__seat"):
            self.rounds[one.dossier_id] = one
        for dossier_id, last in self.rounds.items():
            self.responses[dossier_id] = {
                request.seat.code: Response(request.response) if request.response else None
                for request in last.requests.all()
                if request.mandatory
            }
            self.lapsed[dossier_id] = {
                request.seat.code
                for request in last.requests.all()
                if answers.lapsed(request, dossiers[dossier_id])
            }
        self.open: dict[UUID, set[str]] = {}
        self.settled: dict[UUID, set[str]] = {}
        for dossier_id, code, resolved in Difference.objects.filter(dossier_id__in=dossiers).values_list(
            "dossier_id", "request__seat__code", "resolved_at"
        ):
            (self.open if resolved is None else self.settled).setdefault(dossier_id, set()).add(code)

    def of_item(self, item: AgendaItem) -> list[Position]:
        """Return the last positions on an item."""
        return self.positions.get(item.id, [])


def _matter(session: Session, configuration: BodyConfiguration, item: AgendaItem, rows: _Rows) -> Matter:
    dossier = item.dossier
    kind = configuration.item_type(dossier.item_type)
    still_open = rows.open.get(dossier.id, set())
    return Matter(
        docset_hash=dossier.docset_hash,
        locked=session.locked_at is not None,
        type_allows_consent=kind is not None and kind.consent_allowed,
        classification=Classification(dossier.classification),
        room_ceiling=Classification(session.room_ceiling),
        silence=configuration.silence,
        seats=_asked(configuration, item, rows.held, {row.seat.code for row in rows.of_item(item)}),
        positions=positions.stated(rows.of_item(item)),
        delivered=frozenset(rows.delivered.get(dossier.id, set())),
        responses=rows.responses.get(dossier.id, {}),
        resolved=frozenset(rows.settled.get(dossier.id, set()) - still_open),
        lapsed=frozenset(rows.lapsed.get(dossier.id, set())),
        open_differences=len(still_open),
        pulled_by=item.pulled_by.code if item.pulled_by else "",
    )


def _asked(
    configuration: BodyConfiguration,
    item: AgendaItem,
    held: Mapping[tuple[UUID, str], UUID],
    stated: set[str],
) -> tuple[str, ...]:
    """Return the counted seats that somebody holds and that may know of the item, and those that spoke.

    Nobody is silent on what they cannot see, and an empty seat is not silent. What a seat has said stays said
    when its holder goes: an objection does not leave with the minister who raised it.
    """
    dossier = item.dossier

    def asked(seat: SeatConfiguration) -> bool:
        seat_id = held.get((dossier.body_id, seat.code))
        return seat.code in stated or (seat_id is not None and visibility.knows(seat, seat_id, dossier))

    return tuple(seat.code for seat in configuration.seats if seat.role in COUNTED and asked(seat))
