"""Minutes as Popolo JSON: the body, its posts and memberships, the session, motions, votes and speeches.

A person stands for whoever held a seat in this session and carries the office's name: names of people do not
leave the hall. A deputy's membership says so. ``area`` and ``contact_detail`` have nothing to hold here.
"""

import datetime as dt
import json
from collections.abc import Iterator

from pendopo.cabinet.minutes import Attendee, Content, Entry, Motion

type Value = str | int | list[Value] | dict[str, Value] | None
type Entity = dict[str, Value]


def document(content: Content) -> bytes:
    """Return one JSON object with a list for each Popolo class."""
    return json.dumps(entities(content), ensure_ascii=False, indent=1).encode()


def entities(content: Content) -> dict[str, list[Entity]]:
    """Return the entities by class, in the plural as Popolo collections are named."""
    motions = [(entry, motion) for entry in content.entries for motion in entry.motions]
    return {
        "organizations": [{"id": _body(content), "name": content.body_id, "classification": "deciding body"}],
        "posts": [_post(content, one) for one in content.attendees],
        "persons": [{"id": _person(one.seat), "name": one.office_id} for one in content.attendees],
        "memberships": [_membership(content, one) for one in content.attendees],
        "events": [_event(content)],
        "motions": [_motion(content, entry, motion) for entry, motion in motions],
        "vote_events": [_vote_event(content, motion) for _, motion in motions],
        "speeches": list(_speeches(content)),
    }


def _moment(at: dt.datetime) -> str:
    """Popolo's pattern knows whole seconds only."""
    return at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _body(content: Content) -> str:
    return f"body:{content.body}"


def _person(seat: str) -> str:
    return f"holder:{seat}"


def _event_id(content: Content) -> str:
    return f"session:{content.body}:{content.number}"


def _post(content: Content, one: Attendee) -> Entity:
    return {
        "id": f"post:{one.seat}",
        "label": one.office_id,
        "role": one.role.value,
        "organization_id": _body(content),
    }


def _membership(content: Content, one: Attendee) -> Entity:
    deputy = any(stay.deputy for stay in one.stays)
    return {
        "id": f"membership:{one.seat}",
        "label": one.office_id,
        "role": "deputy" if deputy else one.role.value,
        "person_id": _person(one.seat),
        "post_id": f"post:{one.seat}",
        "organization_id": _body(content),
    }


def _event(content: Content) -> Entity:
    present: list[Value] = [
        {"id": _person(one.seat), "name": one.office_id} for one in content.attendees if one.stays
    ]
    return {
        "id": _event_id(content),
        "name": content.title_id,
        "location": content.place,
        "classification": "session",
        "status": "closed",
        "start_date": _moment(content.opened_at),
        "end_date": _moment(content.closed_at),
        "organization_id": _body(content),
        "attendees": present,
    }


def _motion(content: Content, entry: Entry, motion: Motion) -> Entity:
    return {
        "id": f"motion:{motion.poll}",
        "organization_id": _body(content),
        "legislative_session_id": _event_id(content),
        "text": motion.question,
        "identifier": entry.dossier,
        "classification": entry.kind_id,
        "date": _moment(motion.at),
        "requirement": content.mode.value,
        "result": motion.result.value if motion.result else "void",
    }


def _vote_event(content: Content, motion: Motion) -> Entity:
    return {
        "id": f"vote:{motion.poll}",
        "organization_id": _body(content),
        "legislative_session_id": _event_id(content),
        "motion_id": f"motion:{motion.poll}",
        "start_date": _moment(motion.at),
        "result": motion.result.value if motion.result else "void",
        "counts": [
            {"option": option, "value": getattr(motion, option)} for option in ("yes", "no", "abstain")
        ],
        "votes": [
            {
                "vote_event_id": f"vote:{motion.poll}",
                "voter_id": _person(vote.seat),
                "option": vote.choice.value,
            }
            for vote in motion.votes
        ],
    }


def _speeches(content: Content) -> Iterator[Entity]:
    turns = [(entry, speech) for entry in content.entries for speech in entry.speeches]
    turns.sort(key=lambda turn: turn[1].at)
    for place, (entry, speech) in enumerate(turns, 1):
        yield {
            "id": f"speech:{content.number}:{place}",
            "creator_id": _person(speech.seat),
            "attribution_text": content.office(speech.seat, "id"),
            "role": "point of order" if speech.point_of_order else "speaker",
            "title": entry.title,
            "date": _moment(speech.at),
            "type": "speech",
            "position": place,
            "event_id": _event_id(content),
        }
