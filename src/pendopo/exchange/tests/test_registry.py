"""The registry: loading definitions, registering gateways, signing the snapshot."""

import datetime as dt
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
import yaml
from pydantic import ValidationError

from pendopo.exchange import models
from pendopo.exchange.actions.add_server import ServerFiles, ServerRefused, add_server
from pendopo.exchange.actions.load import load
from pendopo.exchange.definitions import DefinitionsInvalid, load_definitions
from pendopo.exchange.purposes import load_purposes
from pendopo.exchange.snapshots import (
    RegistryEmpty,
    build_snapshot,
    renew_snapshot,
    write_snapshot,
)
from pendopo.exchange.tests.conftest import HALL, Registry, gateway_keys
from pendopo.foundation.actor import SYSTEM
from pendopo.foundation.clock import now
from pendopo.foundation.models import AuditRow
from pendopo.foundation.settings import current
from pendopo_wire import note
from pendopo_wire.errors import NoteError
from pendopo_wire.identifiers import ServiceId, SubsystemId
from pendopo_wire.snapshot import Permit, Question, Refusal, Snapshot

CLIENT = SubsystemId.parse(f"{HALL}/PENDOPO")
SERVICE = ServiceId.parse("ID-DEMO/GOV/DUKCAPIL-CONTOH/KEPENDUDUKAN/population-v1")


def ask(path: str, purpose: str, basis: str = "uu-23-2006") -> Question:
    return Question(CLIENT, SERVICE, "POST", tuple(path.split("/")), purpose, basis)


def test_snapshot_permits_what_the_agreement_names_and_nothing_else(registry: Registry) -> None:
    built = build_snapshot()
    at = now()
    assert isinstance(built.judge(ask("persons", "identity.activation"), at), Permit)
    assert isinstance(
        built.judge(ask("births/3314-LU-1/corrections", "civil-registration.correction"), at), Permit
    )
    assert built.judge(ask("births", "identity.activation"), at) is Refusal.PURPOSE_NOT_AGREED
    assert built.judge(ask("families", "identity.activation"), at) is Refusal.PURPOSE_NOT_AGREED
    assert built.judge(ask("regions", "identity.activation"), at) is Refusal.ENDPOINT_NOT_AGREED
    assert (
        built.judge(ask("persons", "identity.activation", "perpres-96-2018"), at) is Refusal.BASIS_NOT_AGREED
    )
    later = dt.datetime(2031, 1, 1, tzinfo=dt.UTC)
    assert built.judge(ask("persons", "identity.activation"), later) is Refusal.NOT_IN_FORCE


def test_last_day_of_an_agreement_counts_in_the_zone_of_the_hall(registry: Registry) -> None:
    built = build_snapshot()
    question = ask("persons", "identity.activation")
    midnight = dt.datetime(2030, 12, 31, 17, 0, tzinfo=dt.UTC)  # 1 January 2031, 00.00 in Jakarta
    assert isinstance(built.judge(question, midnight - dt.timedelta(seconds=1)), Permit)
    assert built.judge(question, midnight) is Refusal.NOT_IN_FORCE


def test_written_snapshot_is_read_with_its_anchor_only(registry: Registry, tmp_path: Path) -> None:
    written = write_snapshot(tmp_path)
    anchor = note.parse_verifier_key(written.anchor.read_text().strip())
    text = written.snapshot.read_text()
    loaded = Snapshot.load(text, anchor)
    assert loaded.version == written.version
    assert loaded.is_current(now())
    assert len(loaded.servers) == 2
    with pytest.raises(NoteError):
        Snapshot.load(text.replace("identity.activation", "identity.activatiom"), anchor)
    assert not list(tmp_path.glob(".*"))


def test_versions_grow_even_when_the_clock_steps_back(registry: Registry, tmp_path: Path) -> None:
    first = write_snapshot(tmp_path)
    with time_machine.travel(now() - dt.timedelta(days=1)):
        second = write_snapshot(tmp_path)
    assert second.version > first.version


def test_snapshot_is_renewed_by_age_by_change_and_when_missing(registry: Registry, tmp_path: Path) -> None:
    assert renew_snapshot(tmp_path) is not None
    assert renew_snapshot(tmp_path) is None
    with time_machine.travel(now() + dt.timedelta(minutes=61)):
        assert renew_snapshot(tmp_path) is not None
    add_server(f"{HALL}/GW1", "127.0.0.1:9999", registry.hall.files, SYSTEM)
    assert renew_snapshot(tmp_path) is not None
    (tmp_path / "snapshot.note").unlink()
    assert renew_snapshot(tmp_path) is not None


def test_an_empty_registry_is_not_signed(db: None, tmp_path: Path) -> None:
    with pytest.raises(RegistryEmpty):
        write_snapshot(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_loading_twice_changes_nothing(registry: Registry) -> None:
    before = build_snapshot()
    done = load(SYSTEM)
    after = build_snapshot()
    assert (done.members, done.services, done.withdrawn) == (2, 1, 0)
    assert (before.agreements, before.services) == (after.agreements, after.services)


def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "definitions"
    shutil.copytree(current().definitions_dir / "exchange", folder / "exchange")
    monkeypatch.setenv("PENDOPO_DEFINITIONS_DIR", str(folder))
    current.cache_clear()
    return folder / "exchange"


@pytest.fixture
def editable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    yield _elsewhere(tmp_path, monkeypatch)
    monkeypatch.undo()
    current.cache_clear()


def _edit(file: Path, change: Callable[[Any], object]) -> None:
    content = yaml.safe_load(file.read_text())
    change(content)
    file.write_text(yaml.safe_dump(content))


def test_an_agreement_that_left_the_files_is_withdrawn(registry: Registry, editable: Path) -> None:
    def end(content: dict[str, list[dict[str, list[dict[str, list[str]]]]]]) -> None:
        endpoints = content["agreements"][0]["endpoints"]
        endpoints[0]["purposes"].remove("civil-registration.correction")
        endpoints.pop()

    _edit(editable / "agreements.yaml", end)
    assert load(SYSTEM).withdrawn == 1
    question = ask("births/1/corrections", "civil-registration.correction")
    assert not isinstance(build_snapshot().judge(question, now()), Permit)
    assert models.Agreement.objects.filter(purpose="civil-registration.correction").get().withdrawn_at


def test_contradictions_between_files_are_all_told(editable: Path) -> None:
    def spoil(content: dict[str, list[dict[str, object]]]) -> None:
        content["agreements"][0]["client"] = "ID-DEMO/GOV/NOBODY/NOTHING"
        content["agreements"][0]["valid_to"] = "2020-01-01"
        endpoints = content["agreements"][0]["endpoints"]
        endpoints[0]["path"] = "/other"  # type: ignore[index]  # yaml

    _edit(editable / "agreements.yaml", spoil)
    with pytest.raises(DefinitionsInvalid) as caught:
        load_definitions(editable.parent)
    assert len(caught.value.problems) == 3


@pytest.mark.parametrize("key", ["legal_bases", "person_fields"])
def test_a_purpose_without_known_basis_or_field_is_refused(editable: Path, key: str) -> None:
    _edit(editable / "purposes.yaml", lambda content: content["purposes"][0].update({key: ["unknown"]}))
    with pytest.raises(ValidationError):
        load_purposes(editable.parent)


def test_a_new_key_of_a_gateway_stands_beside_the_old_one(registry: Registry) -> None:
    newer = gateway_keys()
    add_server(f"{HALL}/GW1", "127.0.0.1:8201", newer.files, SYSTEM)
    server = models.Server.objects.get(identifier=f"{HALL}/GW1")
    assert len(server.signing_keys) == len(server.tls_certificates) == 2
    events = AuditRow.objects.filter(event="exchange.server_registered").count()
    add_server(f"{HALL}/GW1", "127.0.0.1:8201", newer.files, SYSTEM)
    assert AuditRow.objects.filter(event="exchange.server_registered").count() == events
    assert build_snapshot().servers[1].signing_keys[0] == server.signing_keys[0]


def test_what_is_no_gateway_is_refused(registry: Registry) -> None:
    good = registry.hall.files
    cases = {
        ("ID-DEMO/GOV/NOBODY/GW1", good): "member",
        ("nonsense", good): "identifier",
        (f"{HALL}/GW2", ServerFiles(b"nonsense", good.signing_key_pem)): "certificate",
        (f"{HALL}/GW2", ServerFiles(good.certificate_pem, b"nonsense")): "signing-key",
    }
    for (identifier, files), reason in cases.items():
        with pytest.raises(ServerRefused) as caught:
            add_server(identifier, "127.0.0.1:1", files, SYSTEM)
        assert caught.value.reason == reason


def test_texts_of_refusals_are_complete_in_both_languages() -> None:
    from pendopo.exchange.api import RefusalReason
    from pendopo.foundation.text import has_text

    for reason in RefusalReason:
        assert has_text(f"exchange.refusals.{reason.value}", "id"), reason
        assert has_text(f"exchange.refusals.{reason.value}", "en"), reason


def test_purposes_keep_to_ascii_codes() -> None:
    table = load_purposes(current().definitions_dir)
    assert json.dumps(list(table.purposes)).isascii()
    assert all(not basis.verified for basis in table.legal_bases.values())
