"""Files that leave the room: valid by the public schemas, without what the reader may not know."""

import json
import os
from pathlib import Path

import jsonschema
import pytest
from jsonschema import Draft3Validator
from lxml import etree  # type: ignore[import-untyped]  # it ships no types
from referencing import Registry
from referencing.jsonschema import DRAFT3

from pendopo.cabinet import errors
from pendopo.cabinet.actions import calendar, decisions, exports, minutes
from pendopo.cabinet.actions.decisions import Order
from pendopo.cabinet.actions.exports import Form
from pendopo.cabinet.exports.akoma_ntoso import NAMESPACE
from pendopo.cabinet.exports.icalendar import LONGEST_LINE
from pendopo.cabinet.testing.house import House, person
from pendopo.cabinet.testing.walk import DEBATED, HIDDEN, Held, drafted, meeting, vote
from pendopo.foundation.clock import today
from pendopo.foundation.formats import zone
from pendopo.foundation.models import AuditRow
from pendopo.kernel.ids import uuid7


def folder(name: str) -> Path:
    base = os.environ.get("PENDOPO_SCHEMAS")
    if not base:
        pytest.skip("PENDOPO_SCHEMAS is not set: the published schemas are not on this machine")
    found = Path(base) / name
    if not found.is_dir():
        pytest.skip(f"PENDOPO_SCHEMAS has no folder {name}")
    return found


@pytest.fixture
def akoma_ntoso() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(folder("akoma-ntoso") / "akomantoso30.xsd"))


def popolo_errors(name: str, entity: object) -> list[jsonschema.ValidationError]:
    schemas = {
        path.stem: json.loads(path.read_text()) for path in (folder("popolo") / "schemas").glob("*.json")
    }
    known = Registry().with_resources(
        (schema["id"].rstrip("#"), DRAFT3.create_resource(schema)) for schema in schemas.values()
    )
    return list(Draft3Validator(schemas[name], registry=known).iter_errors(entity))


@pytest.fixture
def meeting_held(rapim: House) -> Held:
    held = meeting(rapim)
    orders = [Order("bkad", "Menyiapkan pergeseran", today(zone()))]
    made = decisions.write_decision(rapim.actor(rapim.clerk), held.debated, "Disetujui <semua> & lengkap.")
    decisions.direct(rapim.actor(rapim.clerk), made, "Segera.", orders)
    return drafted(held)


@pytest.fixture
def voted(council: House) -> Held:
    return drafted(vote(council))


def test_minutes_with_votes_are_valid_akoma_ntoso(
    akoma_ntoso: etree.XMLSchema, council: House, voted: Held
) -> None:
    data = exports.export(council.actor("sekwan"), voted.session.id, Form.AKN).data
    tree = etree.fromstring(data)
    assert akoma_ntoso.validate(tree), akoma_ntoso.error_log
    names = {"a": NAMESPACE}
    assert len(tree.findall(".//a:vote", names)) == 7
    assert [one.get("value") for one in tree.findall(".//a:voting/a:count", names)] == ["4", "2", "1"]


def test_minutes_with_speeches_are_valid_akoma_ntoso(
    akoma_ntoso: etree.XMLSchema, rapim: House, meeting_held: Held
) -> None:
    tree = etree.fromstring(exports.export(rapim.actor("risalah"), meeting_held.session.id, Form.AKN).data)
    assert akoma_ntoso.validate(tree), akoma_ntoso.error_log
    assert tree.find(f".//{{{NAMESPACE}}}speech").get("by") == "#seat-dinkes"


def test_the_schema_finds_a_broken_document(
    akoma_ntoso: etree.XMLSchema, rapim: House, meeting_held: Held
) -> None:
    tree = etree.fromstring(exports.export(rapim.actor("risalah"), meeting_held.session.id, Form.AKN).data)
    del tree.find(f".//{{{NAMESPACE}}}speech").attrib["by"]
    assert not akoma_ntoso.validate(tree)


def test_a_decision_is_a_valid_act(akoma_ntoso: etree.XMLSchema, rapim: House, meeting_held: Held) -> None:
    file = exports.export_decision(rapim.actor("bkad"), meeting_held.debated)
    tree = etree.fromstring(file.data)
    assert akoma_ntoso.validate(tree), akoma_ntoso.error_log
    assert "Disetujui <semua> & lengkap." in "".join(tree.itertext())


@pytest.mark.parametrize(
    ("many", "one"),
    [
        ("organizations", "organization"),
        ("posts", "post"),
        ("persons", "person"),
        ("memberships", "membership"),
        ("events", "event"),
        ("motions", "motion"),
        ("vote_events", "vote_event"),
    ],
)
def test_popolo_is_valid(council: House, voted: Held, many: str, one: str) -> None:
    found = json.loads(exports.export(council.actor("sekwan"), voted.session.id, Form.POPOLO).data)
    assert found[many]
    assert [error.message for entity in found[many] for error in popolo_errors(one, entity)] == []


def test_popolo_speeches_are_valid_and_name_nobody(rapim: House, meeting_held: Held) -> None:
    found = json.loads(exports.export(rapim.actor("risalah"), meeting_held.session.id, Form.POPOLO).data)
    assert [one["creator_id"] for one in found["speeches"]] == ["holder:dinkes"]
    assert [error for entity in found["speeches"] for error in popolo_errors("speech", entity)] == []


def test_the_popolo_schema_finds_a_broken_count() -> None:
    assert popolo_errors("vote_event", {"counts": [{"option": "yes"}]})


@pytest.mark.parametrize("form", list(Form))
def test_no_form_tells_a_lower_class_of_the_secret_item(rapim: House, meeting_held: Held, form: Form) -> None:
    low = exports.export(rapim.actor("dinkes"), meeting_held.session.id, form).data.decode()
    high = exports.export(rapim.actor("wabup"), meeting_held.session.id, form).data.decode()
    low = low.replace("\r\n ", "")
    assert DEBATED in low
    assert HIDDEN not in low
    assert str(meeting_held.secret) not in low
    if form in {Form.AKN, Form.JSON}:
        assert HIDDEN in high


def test_every_export_is_recorded(rapim: House, meeting_held: Held) -> None:
    exports.export(rapim.actor("dinkes"), meeting_held.session.id, Form.JSON)
    entry = AuditRow.objects.filter(event="cabinet.exported").get()
    assert entry.object_id == meeting_held.session.id


def test_a_stranger_exports_nothing(meeting_held: Held) -> None:
    with pytest.raises(errors.NoSuchSession):
        exports.export(person(uuid7()), meeting_held.session.id, Form.JSON)


def test_a_calendar_is_read_by_its_token_until_it_is_revoked(rapim: House, meeting_held: Held) -> None:
    actor = rapim.actor("wabup")
    token = calendar.make(actor)
    text = calendar.read(token, "id").decode()
    assert text.count("BEGIN:VEVENT") == 1
    calendar.revoke(actor)
    with pytest.raises(errors.NoSuchBody):
        calendar.read(token, "id")


def test_a_new_calendar_address_ends_the_one_before(rapim: House) -> None:
    actor = rapim.actor("wabup")
    old = calendar.make(actor)
    calendar.make(actor)
    with pytest.raises(errors.NoSuchBody):
        calendar.read(old, "id")


def test_a_calendar_holds_no_title_above_the_open_class(rapim: House, meeting_held: Held) -> None:
    text = calendar.read(calendar.make(rapim.actor("wabup")), "id").decode().replace("\r\n ", "")
    assert DEBATED in text
    assert HIDDEN not in text
    assert "Butir tertutup" in text


def test_calendar_lines_are_folded_and_end_as_the_standard_asks(rapim: House) -> None:
    rapim.session(rapim.dossier(title="Gedung; pasar, dan “alun-alun” " * 8))
    data = calendar.read(calendar.make(rapim.actor("wabup")), "id")
    lines = data.split(b"\r\n")
    assert b"\n" not in b"".join(lines)
    assert max(len(line) for line in lines) <= LONGEST_LINE
    whole = data.replace(b"\r\n ", b"").decode()
    assert "Gedung\\; pasar\\, dan “alun-alun”" in whole


def test_minutes_come_before_exports(rapim: House) -> None:
    held = meeting(rapim)
    with pytest.raises(errors.StateDoesNotAllow):
        exports.export(rapim.actor("risalah"), held.session.id, Form.AKN)
    minutes.draft(held.session.id)
    assert exports.export(rapim.actor("risalah"), held.session.id, Form.AKN).data


def test_the_xml_speaks_one_language_and_calls_nobody_absent_who_is_not_called(
    rapim: House, meeting_held: Held
) -> None:
    data = exports.export(rapim.actor("bupati"), meeting_held.session.id, Form.AKN).data
    root = etree.fromstring(data)
    text = " ".join(root.find(f"{{{NAMESPACE}}}debate").itertext())
    assert "Disetujui" in text
    assert "di ruangan" in text
    assert not {"adopted", "absent", "room", "open"} & set(text.replace(":", " ").split())
    called = root.findall(f".//{{{NAMESPACE}}}rollCall//{{{NAMESPACE}}}role")
    assert "#seat-risalah" not in {one.get("refersTo") for one in called}
    assert len(called) > 8
