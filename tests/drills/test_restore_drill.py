"""The restore drill finds nothing where nothing differs, and each difference that is planted."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from pendopo.entrypoints import deployments, servers
from pendopo.entrypoints.drills import report, restore
from pendopo.entrypoints.errors import FrontDoorError
from pendopo.entrypoints.places import Place
from pendopo.entrypoints.stack import Stack
from pendopo.entrypoints.telling import Teller
from pendopo.entrypoints.verbs.up import journey_through
from pendopo.entrypoints.walk import walk
from pendopo_wire.canonical import Json
from tests.drills.conftest import Drilled
from tests.extent import long

LOG = ("foundation_commitment", "foundation_auditrow", "ledger_checkpoint", "ledger_tile")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.fault,
    pytest.mark.xdist_group("drills"),
    pytest.mark.timeout(900),
]


def codes(drilled: Drilled) -> dict[str, str]:
    """Judge a restored instance anew: code → where."""
    found = restore.judge(drilled.place, drilled.observed, Teller(is_quiet=True), {})
    return {finding.code: finding.where for finding in found}


@contextmanager
def database(place: Place, name: deployments.Name) -> Iterator[psycopg.Connection]:
    settings = deployments.saved_settings(place.state, name)
    assert settings is not None
    with (
        servers.running_server(place, None),
        psycopg.connect(settings["PENDOPO_DATABASE_URL"], autocommit=True) as connection,
    ):
        yield connection


@contextmanager
def without(file: Path, aside: Path) -> Iterator[None]:
    kept = aside / file.name
    kept.write_bytes(file.read_bytes())
    file.unlink()
    try:
        yield
    finally:
        file.write_bytes(kept.read_bytes())
        file.chmod(0o600)


def test_a_restored_instance_is_equal_in_every_row_file_key_and_in_its_log(drilled: Drilled) -> None:
    assert codes(drilled) == {}


def test_what_is_compared_is_not_nothing(drilled: Drilled) -> None:
    facts: dict[str, Json] = {}
    restore.judge(drilled.place, drilled.observed, Teller(is_quiet=True), facts)
    hall, population = facts["opened_hall"], facts["opened_population"]
    assert isinstance(hall, dict)
    assert isinstance(population, dict)
    for what in ("document_seal", "file", "register_answer", "signing_key", "subject"):
        assert hall[what] > 0, what
    assert population["person"] > 2000
    assert drilled.observed.databases["population"].tables["registers_person"].rows == population["person"]


def test_one_changed_row_is_found(drilled: Drilled) -> None:
    with database(drilled.place, "population") as connection:
        (changed,) = connection.execute(
            "UPDATE registers_person SET occupation = occupation || '.' WHERE id ="
            " (SELECT id FROM registers_person ORDER BY id LIMIT 1) RETURNING id"
        ).fetchall()
        found = codes(drilled)
        connection.execute(
            "UPDATE registers_person SET occupation = left(occupation, -1) WHERE id = %s", changed
        )
    assert found == {"content_differs": "population.registers_person"}


def test_one_missing_row_is_found(drilled: Drilled) -> None:
    with database(drilled.place, "hall") as connection:
        connection.execute("CREATE TABLE kept AS SELECT * FROM casework_listlook")
        connection.execute("DELETE FROM casework_listlook")
        found = codes(drilled)
        connection.execute("INSERT INTO casework_listlook OVERRIDING SYSTEM VALUE SELECT * FROM kept")
        connection.execute("DROP TABLE kept")
    assert found["row_count_differs"].startswith("hall.casework_listlook")


def test_a_missing_index_is_found(drilled: Drilled) -> None:
    with database(drilled.place, "hall") as connection:
        row = connection.execute(
            "SELECT indexdef FROM pg_indexes WHERE indexname = 'audit_by_object'"
        ).fetchone()
        assert row is not None
        connection.execute("DROP INDEX audit_by_object")
        found = codes(drilled)
        connection.execute(row[0])
    assert set(found) == {"definition_differs"}
    assert "audit_by_object" in found["definition_differs"]


def test_a_sequence_that_went_back_is_found(drilled: Drilled) -> None:
    with database(drilled.place, "hall") as connection:
        row = connection.execute("SELECT last_value FROM ledger_tile_id_seq").fetchone()
        assert row is not None
        connection.execute("SELECT setval('ledger_tile_id_seq', 1)")
        found = codes(drilled)
        connection.execute("SELECT setval('ledger_tile_id_seq', %s)", row)
    assert found == {"sequence_behind": "hall.ledger_tile_id_seq"}


def test_a_missing_file_is_found(drilled: Drilled, aside: Path) -> None:
    with without(drilled.place.state / "gateways" / "hall" / "tls-chain.pem", aside):
        assert codes(drilled) == {"file_missing": "gateways/hall/tls-chain.pem"}


def test_a_changed_file_is_found(drilled: Drilled) -> None:
    file = drilled.place.state / "registry" / "anchor.vkey"
    content = file.read_bytes()
    file.write_bytes(content + b"\n")
    found = codes(drilled)
    file.write_bytes(content)
    assert found == {"file_differs": "registry/anchor.vkey"}


def test_a_missing_root_key_is_found_and_nothing_opens(drilled: Drilled, aside: Path) -> None:
    with without(drilled.place.state / "hall" / "root.key", aside):
        found = codes(drilled)
    assert found["file_missing"] == "hall/root.key"
    assert "does_not_open" in found
    assert "log_unreadable" in found


def test_another_root_key_is_found_though_the_file_is_there(drilled: Drilled) -> None:
    file = drilled.place.state / "hall" / "root.key"
    content = file.read_bytes()
    file.write_bytes(bytes(32))
    found = codes(drilled)
    file.write_bytes(content)
    assert found["file_differs"] == "hall/root.key"
    assert {"signing_key_does_not_open", "document_seal_does_not_open", "subject_does_not_open"} <= set(found)


def test_a_log_that_was_cut_is_found_by_the_copies_outside(drilled: Drilled) -> None:
    """The last entries vanish with their checkpoints: inside, everything fits; the copies outside do not."""
    with database(drilled.place, "population") as connection:
        for table in LOG:
            connection.execute(sql.SQL("CREATE TABLE kept_{0} AS TABLE {0}").format(sql.SQL(table)))
        connection.execute(
            "DELETE FROM foundation_auditrow WHERE commitment_id IN"
            " (SELECT id FROM foundation_commitment WHERE leaf_index >= 9)"
        )
        connection.execute("DELETE FROM foundation_commitment WHERE leaf_index >= 9")
        connection.execute("DELETE FROM ledger_checkpoint WHERE size > 9")
        found = codes(drilled)
        for table in LOG:
            connection.execute(sql.SQL("TRUNCATE {}").format(sql.SQL(table)))
            connection.execute(
                sql.SQL("INSERT INTO {0} OVERRIDING SYSTEM VALUE TABLE kept_{0}").format(sql.SQL(table))
            )
            connection.execute(sql.SQL("DROP TABLE kept_{}").format(sql.SQL(table)))
    assert any(code.startswith("log_") for code in found), found
    assert "row_count_differs" in found


@long("backup, restore and start of a second instance take a minute")
def test_the_whole_drill_while_a_birth_is_walked_through_leaves_a_signed_report(stack: Stack) -> None:
    """A backup under load is as equal as one at rest; nothing stays behind but the report."""
    before = set(stack.here.state.parent.glob("drill-*"))
    journey = journey_through(stack, "id")
    mother = journey.next_mother()
    walking = threading.Thread(target=walk, args=(journey, Teller(is_quiet=True)))
    walking.start()
    try:
        told = restore.run(stack.here, Teller(is_quiet=True))
    finally:
        walking.join()
        journey.note_birth(mother)
    assert told.findings == []
    assert told.ok
    assert told.facts["serving"] is True
    assert told.facts["signed_in"] == "counter"
    assert set(stack.here.state.parent.glob("drill-*")) <= before
    file = Path(str(told.facts["file"]))
    assert stack.verb("drill", "check", str(file)).startswith("restore drill of")
    content = json.loads(file.read_text())
    content["report"]["ok"] = False
    forged = file.with_name("forged.json")
    forged.write_text(json.dumps(content))
    with pytest.raises(FrontDoorError, match="was changed"):
        stack.verb("drill", "check", str(forged))
    assert content["report"]["format"] == report.FORMAT
