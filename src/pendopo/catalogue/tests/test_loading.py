"""Reading definitions: every fault at once, each with its line."""

from pathlib import Path

import pytest

from pendopo.catalogue.api import DefinitionInvalid, Fault, Service, load_folder
from pendopo.catalogue.definition import yaml_lines
from pendopo.catalogue.definition.schemas import schemas
from pendopo.catalogue.definition.tables import read_table
from pendopo.catalogue.tests.conftest import Edit


def faults_of(folder: Path) -> tuple[Fault, ...]:
    with pytest.raises(DefinitionInvalid) as caught:
        load_folder(folder)
    return caught.value.faults


def line_of(folder: Path, file: str, piece: str) -> int:
    return next(n for n, line in enumerate((folder / file).read_text().splitlines(), 1) if piece in line)


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("pages.yaml", "  - id: delivery\n", "  - id: delivery\n    colour: blue\n", "Extra inputs"),
        ("pages.yaml", "when: mother.has_nik", "when: mother.has_nik ==", "ended"),
        ("pages.yaml", "when: mother.has_nik", 'when: mother.has_nik == "yes"', "compare"),
        ("pages.yaml", 'delivery.proof == "letter"', 'delivery.proof == "lettre"', "option"),
        ("data.yaml", "type: time", "type: clock", "Input should be"),
        ("data.yaml", "origins: [{session: nik}]", "origins: [{session: nik, ask: true}]", "exactly one of"),
        ("flow.yaml", "working_hours: 24", "working_hours: many", "valid integer"),
        ("service.yaml", "amount: 0", "amount: -1", "greater than"),
        ("text/id.yaml", "fee: Tidak dipungut biaya.", 'fee: ""', "a sentence"),
        ("text/id.yaml", "anak ke-{number} dari", "anak ke-{number dari", "braces"),
        (
            "tables/regencies.csv",
            "11.02,Kabupaten Aceh Tenggara",
            "11.01,Kabupaten Aceh Utama",
            "given twice",
        ),
    ],
)
def test_a_fault_names_its_file_and_line(  # noqa: PLR0917 - what pytest hands over
    folder: Path, edit: Edit, file: str, old: str, new: str, message: str
) -> None:
    edit(file, old, new)
    found = faults_of(folder)
    place = line_of(folder, file, new.strip().splitlines()[-1].strip())
    assert [(fault.file, fault.line) for fault in found if message in fault.message] == [(file, place)]


def test_all_faults_are_told_at_once(folder: Path, edit: Edit) -> None:
    edit("data.yaml", "type: time", "type: clock")
    edit("flow.yaml", "initial: draft", "initial: 7")
    assert {fault.file for fault in faults_of(folder)} == {"data.yaml", "flow.yaml"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1\na: 2\n", "key given twice"),
        ("a: [1, 2\n", "not YAML"),
        ("a: &x 1\nb: *x\n", "anchors"),
        ("a: !!python/name:os.system x\n", "not allowed"),
        ("a: 2026-02-30\n", "no date"),
    ],
)
def test_yaml_that_two_readers_could_read_differently_is_refused(text: str, message: str) -> None:
    assert any(message in fault.message for fault in yaml_lines.read("x.yaml", text).faults)


def test_words_stay_words() -> None:
    document = yaml_lines.read("x.yaml", "a: no\nb: 10:30\nc: true\nd: 33.14\ne: '12'\nf: 012\n")
    assert document.data == {"a": "no", "b": "10:30", "c": True, "d": "33.14", "e": "12", "f": "012"}


def test_files_without_a_place_are_refused(folder: Path) -> None:
    (folder / "script.py").write_text("print()")
    (folder / "text" / "link.yaml").symlink_to(folder / "flow.yaml")
    (folder / "tests" / "latin.yaml").write_bytes(b"\xff\xfe")
    assert {fault.file for fault in faults_of(folder)} == {"script.py", "text/link.yaml", "tests/latin.yaml"}


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "evidence.yaml").unlink()
    assert faults_of(folder) == (Fault("evidence.yaml", 0, "", "this file is missing"),)


def test_a_folder_without_a_service_is_refused(tmp_path: Path) -> None:
    assert "no such file" in faults_of(tmp_path)[0].message


def test_a_table_needs_its_header() -> None:
    _, faults = read_table("tables/x.csv", "kode,nama\n1,a\n")
    assert "header" in faults[0].message


def test_the_hash_changes_with_any_character(folder: Path, edit: Edit, birth: Service) -> None:
    assert load_folder(folder).hash == birth.hash
    edit("text/en.yaml", "Free of charge.", "Free of charge!")
    assert load_folder(folder).hash != birth.hash


def test_editors_get_a_schema_for_every_file() -> None:
    found = schemas()
    assert set(found) == {"service", "data", "pages", "evidence", "flow", "scenario"}
    assert all(schema["additionalProperties"] is False for schema in found.values())
