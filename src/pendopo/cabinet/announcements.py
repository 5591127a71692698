"""What members hear of by message: they are asked, positions are open, papers changed, a deputy was named.

A message names a session or a dossier by its number and never by its title: the inbox keeps it in the clear.
"""

from collections.abc import Iterable
from uuid import UUID

from pendopo.cabinet import answers, events, visibility
from pendopo.cabinet.actions.bodies import DEPUTY_NAMED_TOPIC
from pendopo.cabinet.agenda import items_of
from pendopo.cabinet.configuration import BodyConfiguration
from pendopo.cabinet.models import AgendaItem, Body, CoordinationRound, Delegation, Dossier, Seat, Session
from pendopo.cabinet.positions import last_rows
from pendopo.cabinet.standing import Standing, standing_of
from pendopo.cabinet.values import COUNTED, Scope, SessionState
from pendopo.foundation.actor import Actor, ActorKind
from pendopo.foundation.clock import now
from pendopo.foundation.formats import zone
from pendopo.foundation.outbox import OutboxEvent, subscriber
from pendopo.inbox import api as inbox

HOME = ("cabinet.home", dict[str, str]())


@subscriber(events.ROUND_OPENED_TOPIC, name="cabinet.tell_asked")
def asked(event: OutboxEvent) -> None:
    """Tell those who answer for a seat, because their silence will be deemed consent."""
    row = CoordinationRound.objects.select_related("dossier").get(id=UUID(str(event.payload["round_id"])))
    words = {"number": row.dossier.number, "day": row.due_at.astimezone(zone()).strftime("%d-%m-%Y %H.%M")}
    for request in row.requests.all():
        link = ("cabinet.question", {"request_id": str(request.id)})
        for subject_id in people_of([request.seat_id]):
            if _knows(standing_of(_person(subject_id)), row.dossier):
                inbox.send(subject_id, "cabinet.asked", words, link=link, key=f"{event.id}:{request.id}")


@subscriber(events.DOSSIER_SUBMITTED_TOPIC, name="cabinet.tell_asked_again")
def submitted(event: OutboxEvent) -> None:
    """Tell those who answered in coordination on other papers than those that were submitted."""
    dossier = Dossier.objects.get(id=UUID(str(event.payload["dossier_id"])))
    _ask_again(dossier)


@subscriber(events.DOSSIER_RETURNED_TOPIC, name="cabinet.tell_returned")
def returned(event: OutboxEvent) -> None:
    """Tell the owner that a dossier came back; the reason stands on its page."""
    dossier = Dossier.objects.get(id=UUID(str(event.payload["dossier_id"])))
    link = ("cabinet.dossier", {"dossier_id": str(dossier.id)})
    for subject_id in people_of([dossier.owner_id]):
        if _knows(standing_of(_person(subject_id)), dossier):
            words = {"number": dossier.number}
            inbox.send(subject_id, "cabinet.returned", words, link=link, key=str(event.id))


@subscriber(events.POSITIONS_OPENED_TOPIC, name="cabinet.tell_positions_open")
def positions_open(event: OutboxEvent) -> None:
    """Tell everybody who may state a position on something that they may see, and whoever is asked again."""
    session = Session.objects.select_related("body").get(id=UUID(str(event.payload["session_id"])))
    seats = Seat.objects.filter(body_id=session.body_id, role__in=COUNTED)
    for subject_id in people_of(seat.id for seat in seats):
        if visibility.items(standing_of(_person(subject_id)), session).exists():
            words: dict[str, str | int] = {"session": session.number, "body": _name(session.body)}
            inbox.send(subject_id, "cabinet.positions_open", words, link=HOME, key=str(event.id))
    for item in items_of(session):
        _ask_again(item.dossier)  # its papers may have changed while nobody was asked


@subscriber(events.DOCUMENTS_CHANGED_TOPIC, name="cabinet.tell_papers_changed")
def papers_changed(event: OutboxEvent) -> None:
    """Tell those whose position or answer on the dossier no longer counts, while they can give it again."""
    dossier = Dossier.objects.get(id=UUID(str(event.payload["dossier_id"])))
    _ask_again(dossier)
    items = AgendaItem.objects.filter(
        dossier=dossier,
        removed_at=None,
        session__state=SessionState.POSITIONS_OPEN,
        session__lock_at__gt=now(),
    )
    rows = last_rows(list(items.values_list("id", flat=True)))
    stale = {row.seat_id for row in rows.values() if row.docset_hash != dossier.docset_hash}
    for subject_id in people_of(stale):
        if _knows(standing_of(_person(subject_id)), dossier):
            words = {"number": dossier.number}
            inbox.send(subject_id, "cabinet.papers_changed", words, link=HOME, key=str(event.id))


@subscriber(DEPUTY_NAMED_TOPIC, name="cabinet.tell_deputy_named")
def deputy_named(event: OutboxEvent) -> None:
    """Tell a deputy, so that a NIK mistyped does not go unnoticed."""
    row = Delegation.objects.select_related("seat__body").get(id=UUID(str(event.payload["delegation_id"])))
    words = {"body": _name(row.seat.body)}
    inbox.send(row.to_subject_id, "cabinet.deputy_named", words, link=HOME, key=str(event.id))


def people_of(seat_ids: Iterable[UUID]) -> set[UUID]:
    """Return who states positions for these seats now: their holders, and deputies who may."""
    seats = Seat.objects.filter(id__in=list(seat_ids)).prefetch_related("mandates", "delegations")
    moment, found = now(), set[UUID]()
    for seat in seats:
        holders = {
            one.subject_id
            for one in seat.mandates.all()
            if one.starts_at <= moment and (one.ends_at is None or one.ends_at > moment)
        }
        found |= holders
        for one in seat.delegations.all():
            runs = one.revoked_at is None and one.valid_from <= moment < one.valid_to
            if runs and one.given_by in holders and Scope.POSITION.value in one.scopes:
                found.add(one.to_subject_id)
    return found


def _ask_again(dossier: Dossier) -> None:
    """Tell each seat once for a set of papers, however often these come and go."""
    seats = Seat.objects.filter(body_id=dossier.body_id).values_list("id", flat=True)
    for request in answers.waiting(seats).filter(round__dossier=dossier, round__closed_at__isnull=False):
        link = ("cabinet.question", {"request_id": str(request.id)})
        for subject_id in people_of([request.seat_id]):
            if _knows(standing_of(_person(subject_id)), dossier):
                words = {"number": dossier.number}
                key = f"again:{request.id}:{dossier.docset_hash}"
                inbox.send(subject_id, "cabinet.asked_again", words, link=link, key=key)


def _knows(standing: Standing, dossier: Dossier) -> bool:
    return visibility.dossiers(standing).filter(id=dossier.id).exists()


def _person(subject_id: UUID) -> Actor:
    return Actor(ActorKind.PERSON, subject_id=subject_id, assurance=2)


def _name(body: Body) -> str:
    """Bodies are public; their name is told in the language of the country."""
    return BodyConfiguration.model_validate(body.configuration).name.id
