"""The tutorials do what they say: their service is proved, their program refuses forged proofs."""

import hashlib
import json
import re
import shutil
import subprocess
import sys
from base64 import b64encode
from pathlib import Path

import pytest
import yaml

from pendopo.casework.models import Case, RegisterCommand
from pendopo.casework.register.commands import plan
from pendopo.catalogue import api as catalogue
from pendopo.catalogue.definition.load import load_folder
from pendopo.foundation.settings import current
from pendopo_wire import canonical
from pendopo_wire.merkle import Tree, leaf_hash

ROOT = Path(__file__).parents[2]
TUTORIAL = ROOT / "docs" / "tutorial"
EXAMPLE = TUTORIAL / "surat-domisili"


@pytest.fixture
def definitions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The definitions of a reader who has done step 1 of the tutorial, with its own words."""
    folder = tmp_path / "definitions"
    shutil.copytree(ROOT / "definitions", folder)
    text = (TUTORIAL / "your-first-service.md").read_text(encoding="utf-8")
    (purpose,) = re.findall(r"```yaml\n(  - code: residence\.letter\n.*?)```", text, re.DOTALL)
    with (folder / "exchange" / "purposes.yaml").open("a", encoding="utf-8") as file:
        file.write(f"\n{purpose}")
    monkeypatch.setenv("PENDOPO_DEFINITIONS_DIR", str(folder))
    current.cache_clear()
    return folder


def test_the_service_of_the_tutorial_passes_every_built_proof(definitions: Path) -> None:
    report = catalogue.check(EXAMPLE)
    assert {proof.name: proof.faults for proof in report.proofs if proof.faults} == {}
    assert report.passed


def test_the_question_that_the_tutorial_asks_wrongly_is_refused(definitions: Path, tmp_path: Path) -> None:
    folder = tmp_path / "asking"
    shutil.copytree(EXAMPLE, folder)
    _replace(folder / "data.yaml", "{lookup: resident_person, field: address}", "{ask: true}")
    _replace(folder / "pages.yaml", ", {field: resident.address}]", "]")
    _replace(folder / "pages.yaml", "questions: [", "questions: [{field: resident.address}, ")
    failed = {proof.name for proof in catalogue.check(folder).proofs if proof.faults}
    assert "once_only" in failed


@pytest.mark.django_db
def test_a_service_that_tells_no_register_anything_plans_no_command(definitions: Path) -> None:
    plan(Case(), load_folder(EXAMPLE))
    assert RegisterCommand.objects.count() == 0


def test_the_folder_holds_what_the_tutorial_lists() -> None:
    text = (TUTORIAL / "your-first-service.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"`([a-z/]+\.yaml)`", text))
    there = {str(path.relative_to(EXAMPLE)) for path in EXAMPLE.rglob("*.yaml")}
    assert there <= listed
    assert yaml.safe_load((EXAMPLE / "service.yaml").read_text())["code"] == EXAMPLE.name


def test_the_tutorial_prints_the_hash_of_the_folder_beside_it() -> None:
    text = (TUTORIAL / "your-first-service.md").read_text(encoding="utf-8")
    printed = re.findall(r"^dukcapil/surat-domisili 1\.0\.0 ([0-9a-f]{12})$", text, re.MULTILINE)
    assert printed == [load_folder(EXAMPLE).hash[:12]] * 2


@pytest.mark.parametrize(
    "runbook", sorted((ROOT / "docs" / "runbooks").glob("*.md")), ids=lambda path: path.stem
)
def test_no_runbook_names_a_port_that_a_hall_need_not_have(runbook: Path) -> None:
    assert not re.search(r"localhost:\d", runbook.read_text(encoding="utf-8"))


def test_the_program_of_the_tutorial_accepts_a_proof_and_refuses_a_forged_one(tmp_path: Path) -> None:
    salt = bytes(range(16))
    own = {"salt": salt.hex(), "name": "a-pseudonym"}
    subjects: list[canonical.Json] = [hashlib.sha256(salt + b"a-pseudonym").hexdigest()]
    record: dict[str, canonical.Json] = {"purpose": "birth", "post": None, "subjects": subjects}
    tree = Tree()
    for number in range(5):
        tree.append(leaf_hash(bytes([number])))
    tree.append(leaf_hash(hashlib.sha256(salt + canonical.dumps(record)).digest()))
    tree.append(leaf_hash(b"after"))
    proof = {
        "record": record,
        "names": [own],
        "salt": salt.hex(),
        "leaf_index": 5,
        "tree_size": 7,
        "path": [step.hex() for step in tree.inclusion_path(5)],
        "checkpoint": f"log\n7\n{b64encode(tree.root()).decode()}\n\n",
    }
    assert _judged(tmp_path, proof) == 0
    assert _judged(tmp_path, proof | {"record": record | {"purpose": "tax.audit"}}) == 1
    assert _judged(tmp_path, proof | {"leaf_index": 4}) == 1
    assert _judged(tmp_path, proof | {"names": [own | {"name": "another"}]}) == 1


def _judged(folder: Path, proof: dict[str, object]) -> int:
    file = folder / "proof.json"
    file.write_text(json.dumps(proof))
    command = [sys.executable, "-I", str(TUTORIAL / "check_proof.py"), str(file)]
    return subprocess.run(command, check=False, capture_output=True).returncode


def _replace(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
