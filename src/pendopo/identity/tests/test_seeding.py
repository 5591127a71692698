"""The demo's people: in through the exchange, with posts, once."""

import base64
import json
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from pendopo.agencies import api as agencies
from pendopo.foundation.settings import current
from pendopo.identity import api, seeding, testing
from pendopo.identity.actions import sign_in
from pendopo.identity.provider import subjects
from pendopo.identity.tests.office import Office, open_office

pytestmark = pytest.mark.django_db


def person(serial: int, name: str, **more: object) -> dict[str, object]:
    return {"nik": testing.a_nik(serial).value, "name": name, "birth_date": "1996-03-12"} | more


@pytest.fixture
def office(db: None) -> Iterator[Office]:
    for code in ("pemda-contoh", "dukcapil", "dinsos"):
        testing.a_body(code)
    with open_office() as made:
        for serial in range(1, 12):
            made.enter(testing.a_nik(serial), f"Orang Contoh {serial}")
        yield made


@pytest.fixture
def cast(tmp_path: Path) -> Path:
    roles = ("administrator", "population_verifier", "population_decider", "counter", "dinsos")
    people = {
        "mothers": [person(1, "Ibu Satu", used=True), person(2, "Ibu Dua", email="dua@example.id")],
        "single_mother": person(3, "Ibu Tiga"),
        "mother_of_unknown_husband": person(4, "Ibu Empat"),
        "midwife": person(5, "Bidan"),
        "officers": {role: person(6 + number, role) for number, role in enumerate(roles)},
    }
    file = tmp_path / "cast.json"
    file.write_text(json.dumps(people))
    return file


def test_officers_come_in_with_posts_and_can_sign_in(office: Office, cast: Path, tmp_path: Path) -> None:
    out = tmp_path / "people.json"
    made = seeding.seed(cast, out)
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    purposes = {purpose for purpose, _, _ in office.asked}
    assert purposes == {"identity.activation", "identity.officer-verification"}
    decider = next(member for member in made.officers if member.role == "population_decider")
    assert decider.name == "Orang Contoh 8"
    row = api.subject_by_nik(testing.a_nik(8))
    assert row is not None
    (post,) = agencies.posts_of(row.id)
    assert post.body_code == "dukcapil"
    assert "casework:case:decide" in post.permissions
    code = testing.code_now(base64.b32decode(decider.totp_secret))
    sign_in.with_password(testing.a_nik(8), decider.password, code, address="", device="")


def test_the_walks_mother_is_the_first_unused_and_has_no_identity_yet(
    office: Office, cast: Path, tmp_path: Path
) -> None:
    made = seeding.seed(cast, tmp_path / "people.json")
    mother = made.citizens[0]
    assert (mother.role, mother.nik) == ("mother", testing.a_nik(2).value)
    assert api.subject_by_nik(testing.a_nik(2)) is None
    assert {member.role for member in made.members} == {"midwife"}


def test_a_second_run_changes_nothing(office: Office, cast: Path, tmp_path: Path) -> None:
    out = tmp_path / "people.json"
    first = seeding.seed(cast, out)
    asked = len(office.asked)
    assert seeding.seed(cast, out) == first
    assert len(office.asked) == asked
    row = api.subject_by_nik(testing.a_nik(8))
    assert row is not None
    assert len(agencies.posts_of(row.id)) == 1


def test_outside_a_demo_it_is_refused(
    office: Office, cast: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PENDOPO_DEMO", "0")
    current.cache_clear()
    with pytest.raises(seeding.NotADemoError):
        seeding.seed(cast, tmp_path / "people.json")
    monkeypatch.undo()
    current.cache_clear()


def test_a_name_under_one_sector_leads_back_to_the_person_there_only(db: None) -> None:
    sari = testing.a_person()
    sub = subjects.pairwise(sari.id, "hall")
    assert subjects.subject_of(sub, "hall") == sari.id
    assert subjects.subject_of(sub, "app") is None
