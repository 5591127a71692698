"""A meeting of OpenSlides becomes a draft session; what is not understood is named."""

import json

import pytest

from pendopo.cabinet import errors, visibility
from pendopo.cabinet.actions import imports
from pendopo.cabinet.imports import openslides
from pendopo.cabinet.imports.openslides import UnreadableExportError
from pendopo.cabinet.minutes_rows import title_of
from pendopo.cabinet.models import Dossier, Session
from pendopo.cabinet.standing import standing_of
from pendopo.cabinet.testing.house import House
from pendopo.cabinet.values import DossierState, SessionState
from pendopo.foundation.actor import SYSTEM
from pendopo.kernel.errors import Forbidden

MODELS = {
    "meeting": [
        {"id": 1, "name": "Sidang tahunan", "location": "Aula", "start_time": 0, "jitsi_domain": "x"}
    ],
    "topic": [{"id": 1, "title": "Pembukaan", "text": ""}],
    "motion": [
        {"id": 1, "title": "Air bersih", "number": "A1", "text": "<p>Satu &amp; dua</p><p>Tiga</p>"},
        {"id": 2, "title": "Tanpa agenda", "text": "Isi"},
    ],
    "agenda_item": [
        {"id": 1, "content_object_id": "motion/1", "weight": 2, "duration": 600},
        {"id": 2, "content_object_id": "topic/1", "weight": 1, "duration": None},
        {"id": 3, "content_object_id": "assignment/9", "weight": 3},
    ],
    "user": [{"id": 1, "username": "admin", "password": "x"}],
    "_migration_index": 57,
}


def exported(**changes: object) -> bytes:
    return json.dumps(MODELS | changes).encode()


def by_id(value: object) -> object:
    return {str(row["id"]): row for row in value} if isinstance(value, list) else value


def test_items_come_in_the_order_of_the_agenda_and_stray_motions_last() -> None:
    found = openslides.read(exported())
    assert [one.title for one in found.matters] == ["Pembukaan", "A1: Air bersih", "Tanpa agenda"]
    assert [one.minutes for one in found.matters] == [None, 10, None]


def test_html_becomes_plain_text() -> None:
    assert openslides.read(exported()).matters[1].text == "Satu & dua\nTiga"


def test_both_shapes_of_collections_are_the_same_meeting() -> None:
    newer = json.dumps({name: by_id(value) for name, value in MODELS.items()}).encode()
    assert openslides.read(newer) == openslides.read(exported())


def test_what_is_not_read_is_listed() -> None:
    assert openslides.read(exported()).left_out == ("meeting.jitsi_domain", "user")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"nothing", "no JSON"),
        (b"[]", "one JSON object"),
        (b"{}", "exactly one meeting"),
        (exported(meeting=[{"id": 1}, {"id": 2}]), "this file has 2"),
        (exported(motion="x"), "motion: a collection"),
    ],
    ids=["no-json", "list", "empty", "two-meetings", "no-models"],
)
def test_a_file_that_is_no_export_is_refused_in_words(data: bytes, said: str) -> None:
    with pytest.raises(UnreadableExportError, match=said):
        openslides.read(data)


def test_it_becomes_a_draft_that_only_the_clerk_knows(rapim: House) -> None:
    made = imports.bring_in(openslides.read(exported()), rapim.body.code, actor=SYSTEM)
    session = Session.objects.get(id=made.session_id)
    assert session.state == SessionState.PLANNED
    assert set(Dossier.objects.values_list("state", flat=True)) == {DossierState.DRAFT}
    clerk, member = standing_of(rapim.actor("risalah")), standing_of(rapim.actor("bkad"))
    titles = [title_of(item) for item in visibility.items(clerk, session)]
    assert titles == ["Pembukaan", "A1: Air bersih", "Tanpa agenda"]
    assert not visibility.items(member, session).exists()


def test_only_the_operator_brings_meetings_in(rapim: House) -> None:
    with pytest.raises(Forbidden):
        imports.bring_in(openslides.read(exported()), rapim.body.code, actor=rapim.actor("risalah"))


def test_an_unknown_body_takes_nothing(rapim: House) -> None:
    with pytest.raises(errors.NoSuchBody):
        imports.bring_in(openslides.read(exported()), "tidak-ada", actor=SYSTEM)
