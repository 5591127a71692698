"""What ``definitions/cabinet/outputs/risalah.typ`` sets: words in Indonesian, moments of the region."""

import json

from pendopo.cabinet import minutes_rows
from pendopo.cabinet.minutes import Attendee, Content, Entry, Motion, Ruling, Speech
from pendopo.cabinet.values import Choice, Classification
from pendopo.documents.api import CertificateData
from pendopo.foundation.formats import format_date, format_datetime, format_time
from pendopo.foundation.text import t

LANGUAGE = "id"
MINUTE = 60

type Printed = str | bool | int | list[Printed] | dict[str, Printed]


def printed(content: Content, items: frozenset[str], version: int) -> CertificateData:
    """Return the fields of the template, with these items only and numbered anew."""
    shown = minutes_rows.only(content, items)
    highest = max((entry.classification for entry in shown.entries), default=Classification.OPEN)
    paper: dict[str, Printed] = {
        "title": shown.title_id,
        "place": shown.place,
        "planned": format_datetime(shown.planned_start, LANGUAGE),
        "opened": format_time(shown.opened_at, LANGUAGE),
        "closed": format_time(shown.closed_at, LANGUAGE),
        "day": format_date(shown.opened_at, LANGUAGE, "long"),
        "class": _word(f"classes.{highest.name.lower()}"),
        "mode": _word(f"modes.{shown.mode.value}"),
        "present": [_person(one) for one in shown.roll if one.stays],
        "absent": [one.office_id for one in shown.roll if not one.stays],
        "quorum": _quorum(shown),
        "items": [_item(shown, entry) for entry in shown.entries],
        "remarks": shown.remarks,
    }
    return {
        "body_name": content.body_id,
        "full_number": f"{content.body.upper()}/{content.number}",
        "version": version,
        "content": json.dumps(paper, ensure_ascii=False),
    }


def _word(key: str, **parameters: str | int) -> str:
    return t(f"cabinet.minutes.{key}", LANGUAGE, **parameters)


def _person(one: Attendee) -> Printed:
    stays = [
        _word(
            "stay_deputy" if stay.deputy else "stay",
            since=format_time(stay.since, LANGUAGE),
            until=format_time(stay.until, LANGUAGE) if stay.until else "",
            where=_word(f"where.{stay.where.value}"),
        )
        for stay in one.stays
    ]
    return {"office": one.office_id, "role": _word(f"roles.{one.role.value}"), "stays": "; ".join(stays)}


def _quorum(content: Content) -> list[Printed]:
    return [
        _word(
            "quorum_reached" if one.reached else "quorum_missing",
            at=format_time(one.at, LANGUAGE),
            present=one.present,
            needed=one.needed,
        )
        for one in content.quorum
    ]


def minutes_of(seconds: int) -> int:
    """Return whole minutes, rounded up: a minute begun was used."""
    return -(-seconds // MINUTE)


def _item(content: Content, entry: Entry) -> Printed:
    return {
        "dossier": entry.dossier,
        "title": entry.title,
        "kind": entry.kind_id,
        "class": _word(f"classes.{entry.classification.name.lower()}"),
        "path": _word("by_consent" if entry.by_consent else f"paths.{entry.path.value}"),
        "reasons": _reasons(content, entry),
        "time": _word("time", planned=entry.planned_minutes, used=minutes_of(entry.spent_seconds)),
        "speeches": [_speech(content, one) for one in entry.speeches],
        "motions": [_motion(content, one) for one in entry.motions],
        "outcome": _word(f"outcomes.{entry.outcome.value}") if entry.outcome else _word("outcomes.none"),
        "debate": entry.debate,
        "ruling": _ruling(content, entry.ruling),
    }


def _reasons(content: Content, entry: Entry) -> list[Printed]:
    seats: dict[str, list[str]] = {}
    for code, seat in entry.reasons:
        seats.setdefault(code, []).extend([content.office(seat, LANGUAGE)] if seat else [])
    return [
        _word(f"reasons.{code}") + (f" ({', '.join(offices)})" if offices else "")
        for code, offices in seats.items()
    ]


def _speech(content: Content, one: Speech) -> str:
    who = content.office(one.seat, LANGUAGE)
    length = f"{one.seconds // MINUTE}:{one.seconds % MINUTE:02d}"
    return _word("speech_order" if one.point_of_order else "speech", who=who, length=length)


def _motion(content: Content, one: Motion) -> Printed:
    names = {
        choice.value: ", ".join(
            content.office(vote.seat, LANGUAGE) for vote in one.votes if vote.choice is choice
        )
        for choice in Choice
    }
    result = _word(f"results.{one.result.value}") if one.result else _word("results.void")
    tally = _word("tally", yes=one.yes, no=one.no, abstain=one.abstain, entitled=one.entitled)
    return {
        "question": one.question,
        "result": result + (_word("tie_broken") if one.tie_broken else ""),
        "tally": tally,
        **{f"names_{choice}": text for choice, text in names.items()},
    }


def _ruling(content: Content, ruling: Ruling | None) -> Printed:
    if ruling is None:
        return {}
    return {
        "number": ruling.number,
        "form": ruling.legal_form,
        "text": ruling.text,
        "orders": [
            {
                "text": order.text,
                "tasks": [
                    {
                        "owner": content.office(task.owner, LANGUAGE),
                        "text": task.text,
                        "due": format_date(task.due_on, LANGUAGE, "long"),
                    }
                    for task in order.tasks
                ],
            }
            for order in ruling.orders
        ],
    }
