"""Filling in a birth application page by page, as a person does."""

import io
from collections.abc import Mapping
from uuid import UUID

from PIL import Image

from pendopo.casework import api as casework
from pendopo.casework.api import Receipt
from pendopo.catalogue import api as catalogue
from pendopo.documents import api as documents
from pendopo.foundation.actor import Actor

type Answers = Mapping[str, Mapping[str, str]]

ONE_CHILD: Answers = {
    "relation": {"report.relation": "mother"},
    "parents": {},
    "delivery": {"delivery.kind": "one"},
    "place": {
        "delivery.place_kind": "hospital",
        "delivery.place_code": "33.14",
        "delivery.attendant": "midwife",
    },
    "child.0": {"children.0.name": "Bunga Melati Prasetyo", "children.0.sex": "female"},
    "birth.0": {
        "children.0.birth_date-day": "2",
        "children.0.birth_date-month": "11",
        "children.0.birth_date-year": "2026",
        "children.0.birth_time": "04.30",
        "children.0.birth_order": "1",
        "children.0.weight_grams": "3100",
        "children.0.length_cm": "49",
    },
    "proof": {"delivery.proof": "letter"},
    "letter.0": {"children.0.letter": "upload"},
    "check": {"report.truthful": "1"},
}
"""What a married mother answers for one child born in a hospital."""


def picture(colour: str = "white") -> bytes:
    """Return a small picture as a phone sends it."""
    out = io.BytesIO()
    Image.new("RGB", (320, 200), colour).save(out, "JPEG")
    return out.getvalue()


def begin(actor: Actor) -> UUID:
    """Begin an application for a birth certificate."""
    draft_id = casework.start(catalogue.service("dukcapil", "akta-kelahiran"), actor, "id")
    casework.read_registers(actor, draft_id)
    return draft_id


def fill(actor: Actor, draft_id: UUID, answers: Answers, *, until: str = "") -> None:
    """Save page after page until none is open, or until the page ``until`` is reached.

    A page without answers fails the test, as does one with problems.
    """
    for _ in range(60):
        page = casework.opened(actor, draft_id).state.first_open
        if page is None or page.key == until:
            return
        save(actor, draft_id, page.key, answers[page.key])
    message = "the application never ends"
    raise AssertionError(message)


def save(actor: Actor, draft_id: UUID, key: str, raw: Mapping[str, str]) -> None:
    """Save one page, store what is to be uploaded, and read the registers."""
    files = {path: upload(actor, path) for path, value in raw.items() if value == "upload"}
    typed = {path: value for path, value in raw.items() if value != "upload"}
    problems = casework.save_page(actor, draft_id, key, typed, files)
    if problems:
        message = f"{key}: {problems}"
        raise AssertionError(message)
    casework.read_registers(actor, draft_id)


def upload(actor: Actor, path: str, data: bytes | None = None) -> documents.StoredFile:
    """Store a picture as evidence."""
    if actor.subject_id is None:
        raise LookupError
    return documents.store_upload(
        data or picture(), "surat lahir.jpg", owner_subject_id=actor.subject_id, purpose=f"evidence:{path}"
    )


def sent(actor: Actor, answers: Answers = ONE_CHILD) -> Receipt:
    """Fill in and send an application."""
    draft_id = begin(actor)
    fill(actor, draft_id, answers)
    return casework.submit(actor, draft_id)


__all__ = ["ONE_CHILD", "Answers", "begin", "fill", "picture", "save", "sent", "upload"]
