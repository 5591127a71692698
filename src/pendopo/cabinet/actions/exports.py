"""Let a session leave the room as a file: with the items that the reader may know of, and recorded."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from django.db import transaction

from pendopo.cabinet import calendars, errors, events, minutes_rows, visibility
from pendopo.cabinet.exports import akoma_ntoso, icalendar, plain, popolo
from pendopo.cabinet.minutes import Content
from pendopo.cabinet.models import Session
from pendopo.cabinet.standing import Standing, standing_of
from pendopo.foundation.actor import Actor
from pendopo.foundation.audit import audit


class Form(StrEnum):
    """In which form a session is exported."""

    AKN = "akn"
    POPOLO = "popolo"
    JSON = "json"
    ICAL = "ical"


MEDIA = {
    Form.AKN: ("application/akn+xml", "xml"),
    Form.POPOLO: ("application/json", "popolo.json"),
    Form.JSON: ("application/json", "json"),
    Form.ICAL: ("text/calendar; charset=utf-8", "ics"),
}


@dataclass(frozen=True, slots=True)
class File:
    """A file ready to be handed out; its name holds the body and the session's number only."""

    name: str
    media_type: str
    data: bytes


def export(actor: Actor, session_id: UUID, form: Form, *, standing: Standing | None = None) -> File:
    """Write a session in a public format for the actor; all but the calendar need minutes.

    ``standing`` is whose eyes it is written for when it is not the actor's (the command line).
    """
    eyes = standing or standing_of(actor)
    with transaction.atomic(durable=True):
        session = visibility.session(eyes, session_id)
        items = frozenset(str(item.id) for item in visibility.items(eyes, session))
        data = _calendar(eyes, session) if form is Form.ICAL else _minutes(session, items, form)
        _record(actor, eyes, session, form, len(items))
    media, ending = MEDIA[form]
    return File(f"{session.body.code}-{session.number}.{ending}", media, data)


def export_decision(actor: Actor, item_id: UUID) -> File:
    """Write one decision of signed or drafted minutes as an Akoma Ntoso act."""
    standing = standing_of(actor)
    with transaction.atomic(durable=True):
        item = visibility.item(standing, item_id)
        content, _ = _last(item.session)
        entry = next((one for one in content.entries if one.item == str(item_id)), None)
        if entry is None or entry.ruling is None:
            raise errors.NoSuchItem
        _record(actor, standing, item.session, Form.AKN, 1)
    name = f"{entry.ruling.number.replace('/', '-').lower()}.xml"
    return File(name, MEDIA[Form.AKN][0], akoma_ntoso.act(content, entry, entry.ruling))


def _last(session: Session) -> tuple[Content, int]:
    row = session.minutes.order_by("-version").first()
    if row is None:
        raise errors.StateDoesNotAllow
    return minutes_rows.content_of(row), row.version


def _minutes(session: Session, items: frozenset[str], form: Form) -> bytes:
    whole, version = _last(session)
    content = minutes_rows.only(whole, items)
    if form is Form.AKN:
        return akoma_ntoso.debate(content, version)
    return popolo.document(content) if form is Form.POPOLO else plain.document(content, version)


def _calendar(standing: Standing, session: Session) -> bytes:
    return icalendar.calendar(session.title_id, calendars.meetings(standing, [session], "id"))


def _record(actor: Actor, standing: Standing, session: Session, form: Form, items: int) -> None:
    seats = [one.code for one in standing.in_body(session.body_id)]
    audit(
        events.EXPORTED,
        actor=actor,
        object_id=session.id,
        body_id=session.body.agency_id,
        detail={"form": form.value, "items": items, "seats": seats},
    )
