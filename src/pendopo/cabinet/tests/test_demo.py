"""The demonstration's meeting and the verbs of the room."""

import argparse
import io
import json
from pathlib import Path

import pytest

from pendopo.cabinet import cli, demo
from pendopo.cabinet.models import Body, Dossier, Mandate, Position, Session
from pendopo.cabinet.queries import agenda
from pendopo.cabinet.records.agenda import Outlook
from pendopo.cabinet.testing.house import person
from pendopo.foundation.settings import current
from pendopo.identity import testing as people

pytestmark = pytest.mark.django_db
PARTS = ("bupati", "wabup", "bappeda", "bkad", "diskominfo", "dinkes", "risalah")


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    cli.register(parser.add_subparsers())
    arguments = parser.parse_args(["cabinet", *words])
    return int(arguments.run(arguments))


@pytest.fixture
def cast(tmp_path: Path) -> Path:
    people.a_body("pemda-contoh")
    officers = {"population_decider": 20, "dinsos": 21}
    for serial in (*range(1, len(PARTS) + 1), *officers.values()):
        people.a_person(people.a_nik(serial), f"Anggota {serial}", email=None)
    told = {
        "officers": [{"role": role, "nik": people.a_nik(n).value} for role, n in officers.items()],
        "members": [{"role": part, "nik": people.a_nik(n).value} for n, part in enumerate(PARTS, 1)],
    }
    file = tmp_path / "people.json"
    file.write_text(json.dumps(told))
    return file


def test_the_demonstration_has_an_item_of_every_kind_and_one_stale_position(cast: Path) -> None:
    demo.seed(cast)
    holder = Mandate.objects.get(seat__code="bkad", ends_at=None)
    (view,) = agenda.home(person(holder.subject_id), "id").agendas
    assert {item.outlook for item in view.items} == set(Outlook)
    assert [item.title for item in view.awaited if any(one.stale for one in item.mine)] == [
        "Penghapusan 37 aplikasi ganda"
    ]
    assert view.published is not None
    assert view.published.holds


def test_a_second_seeding_changes_nothing(cast: Path) -> None:
    first = demo.seed(cast)
    before = (
        Dossier.objects.count(),
        Session.objects.count(),
        Position.objects.count(),
        Mandate.objects.count(),
    )
    assert demo.seed(cast) == first
    after = (
        Dossier.objects.count(),
        Session.objects.count(),
        Position.objects.count(),
        Mandate.objects.count(),
    )
    assert after == before


def test_a_hall_that_is_no_demo_refuses_the_demonstration(
    cast: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PENDOPO_DEMO", "0")
    current.cache_clear()
    try:
        with pytest.raises(demo.NotADemoError):
            demo.seed(cast)
    finally:
        monkeypatch.undo()
        current.cache_clear()
    assert not Body.objects.exists()


def test_a_body_is_founded_and_a_seat_given_by_the_command_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    people.a_body("pemda-contoh")
    who = people.a_person(people.a_nik(3), "Anggota Tiga", email=None)
    assert run("found", "rapim-contoh") == 0
    monkeypatch.setattr("sys.stdin", io.StringIO(people.a_nik(3).value + "\n"))
    assert run("seat", "rapim-contoh", "bkad") == 0
    assert Mandate.objects.get(ends_at=None).subject_id == who.id
    capsys.readouterr()
    run("bodies", "--json")
    assert json.loads(capsys.readouterr().out) == [{"code": "rapim-contoh", "seats": 13, "held": 1}]


def test_a_seat_is_not_given_to_a_nik_that_nobody_has(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    people.a_body("pemda-contoh")
    run("found", "rapim-contoh")
    monkeypatch.setattr("sys.stdin", io.StringIO(people.a_nik(4).value + "\n"))
    assert run("seat", "rapim-contoh", "bkad") == 1
    assert people.a_nik(4).value not in capsys.readouterr().err
    assert not Mandate.objects.exists()
