"""A service that asks no register and issues no document: sent, looked at, decided, told as what it is."""

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.test import Client

from pendopo.casework import api as casework
from pendopo.casework.api import Outcome
from pendopo.casework.models import Case
from pendopo.casework.testing.fixtures import Officer, person
from pendopo.casework.testing.office import SARI
from pendopo.catalogue import api as catalogue
from pendopo.catalogue.api import Service
from pendopo.exchange import api as exchange
from pendopo.foundation.settings import current
from pendopo.foundation.testing.measures import value_of
from pendopo.identity import testing as people
from pendopo.identity.api import SubjectView
from pendopo.ledger import api as ledger

pytestmark = pytest.mark.django_db

EXAMPLE = Path(__file__).parents[4] / "docs" / "tutorial" / "surat-domisili"
ANSWERS = {
    "stay": {
        "stay.address": "Jalan Kenanga 12, kamar 4",
        "stay.since-day": "1",
        "stay.since-month": "9",
        "stay.since-year": "2026",
    },
    "check": {"stay.truthful": "1"},
}


def changed(folder: Path, name: str) -> Any:  # the shape of a definition is the catalogue's business
    """Read one file of the definition."""
    return yaml.safe_load((folder / name).read_text(encoding="utf-8"))


def write(folder: Path, name: str, document: object) -> None:
    """Write one file of the definition."""
    (folder / name).write_text(yaml.safe_dump(document, allow_unicode=True, sort_keys=False), "utf-8")


@pytest.fixture
def letter(service: Service, tmp_path: Path) -> Service:
    """The tutorial's letter, made to rest on what the applicant says alone."""
    folder = tmp_path / "dukcapil" / "surat-domisili"
    shutil.copytree(EXAMPLE, folder)
    data, pages = changed(folder, "data.yaml"), changed(folder, "pages.yaml")
    del data["lookups"], data["groups"]["resident"]
    pages["steps"].remove("resident")
    pages["pages"] = [page for page in pages["pages"] if page["id"] != "resident"]
    write(folder, "data.yaml", data)
    write(folder, "pages.yaml", pages)
    evidence, flow = changed(folder, "evidence.yaml"), changed(folder, "flow.yaml")
    evidence["requirements"] = [one for one in evidence["requirements"] if one["id"] == "truth"]
    flow["officer_reads"] = ["stay.address", "stay.since"]
    write(folder, "evidence.yaml", evidence)
    write(folder, "flow.yaml", flow)
    for language in ("id", "en"):
        words = changed(folder, f"text/{language}.yaml")
        for kind in ("pages", "fields", "steps"):
            del words[kind]["resident"]
        del words["evidence"]["identity"]
        write(folder, f"text/{language}.yaml", words)
    tests = changed(folder, "tests/all.yaml")
    for scenario in tests["scenarios"]:
        scenario.pop("known", None)
        scenario.get("answers", {}).pop("confirmed.resident", None)
        if "pages" in scenario.get("expect", {}):
            scenario["expect"] |= {"pages": ["stay", "check"], "requirements": {"truth": "declared"}}
    write(folder, "tests/all.yaml", tests)
    return catalogue.publish(folder)


def test_it_lowers_what_the_catalogue_says_of_itself_until_it_asks_the_register(
    service: Service, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """Connected services, and fields that need no typing: down with this letter, up with the tutorial's."""
    assert value_of("catalogue.connected") == 100
    before = value_of("catalogue.once-only")
    request.getfixturevalue("letter")
    assert value_of("catalogue.connected") == 50
    typed = value_of("catalogue.once-only")
    assert before is not None
    assert typed is not None
    assert typed < before
    definitions = tmp_path / "definitions"
    shutil.copytree(current().definitions_dir, definitions)
    folder = definitions / "services" / "dukcapil" / "surat-domisili"
    shutil.copytree(EXAMPLE, folder)
    identity, data = changed(folder, "service.yaml"), changed(folder, "data.yaml")
    for lookup in data["lookups"].values():
        lookup["purpose"] = "civil-registration.birth"  # one that this hall has
    write(folder, "service.yaml", identity | {"version": "99.0.0"})
    write(folder, "data.yaml", data)
    catalogue.publish(folder)
    assert value_of("catalogue.connected") == 100
    asked = value_of("catalogue.once-only")
    assert asked is not None
    assert asked > typed


@pytest.fixture
def sent(letter: Service, sari: SubjectView) -> Case:
    """The letter, asked for."""
    actor = person(sari)
    draft_id = casework.start(letter, actor, "id")
    for page, raw in ANSWERS.items():
        assert casework.save_page(actor, draft_id, page, raw, {}) == ()
    return Case.objects.get(id=casework.submit(actor, draft_id).case_id)


def test_it_is_sent_under_the_purpose_of_handling_an_application(sent: Case) -> None:
    purpose = exchange.purpose(sent.purpose)
    assert purpose.code == "public-service.application"
    assert purpose.person_fields == frozenset()


def test_an_officer_who_looks_at_it_leaves_an_access_record(sent: Case, officer: Officer) -> None:
    casework.for_officer(officer.actor, sent.id, "id")
    looks = [view for view in ledger.access_of(exchange.pseudonym(SARI.nik)) if view.issue == sent.number]
    assert [look.purpose for look in looks] == ["public-service.application"]


def test_a_case_granted_without_a_document_promises_none(
    sent: Case, sari: SubjectView, officer: Officer, decider: Officer
) -> None:
    casework.take(officer.actor, sent.id)
    casework.decide(decider.actor, sent.id, outcome=Outcome.APPROVED)
    browser = Client()
    people.sign_in(browser, sari.id)
    (line,) = casework.cases_of(person(sari))
    assert not line.has_document
    for page in (f"/my/cases/{sent.id}/", f"/track/{casework.receipt(person(sari), sent.id).token}/"):
        text = browser.get(page, follow=True).content.decode()
        assert "Permohonan Anda dikabulkan" in text
        assert "Unduh dokumennya" not in text


def test_before_the_decision_neither_register_nor_document_is_announced(
    sent: Case, sari: SubjectView
) -> None:
    browser = Client()
    people.sign_in(browser, sari.id)
    for page in (
        f"/en/my/cases/{sent.id}/",
        f"/en/my/cases/{sent.id}/receipt/",
        f"/en/track/{casework.receipt(person(sari), sent.id).token}/",
    ):
        text = browser.get(page).content.decode()
        for promised in (
            "Entered in the register",
            "Document issued",
            "sealed document",
            "Once it is registered",
        ):
            assert promised not in text, page


def test_the_desk_says_that_an_approval_closes_the_case(
    sent: Case, officer: Officer, decider: Officer
) -> None:
    casework.take(officer.actor, sent.id)
    browser = Client()
    people.sign_in(browser, decider.subject.id, post=decider.post)
    address = f"/en/desk/cases/{sent.id}/"
    assert "is granted, and the case is closed" in browser.get(f"{address}approve/").content.decode()
    browser.post(f"{address}approve/")
    assert "approved and closed" in browser.get(f"{address}?done=approve").content.decode()


def test_the_applicant_is_told_that_it_was_granted(
    sent: Case, sari: SubjectView, officer: Officer, decider: Officer
) -> None:
    casework.take(officer.actor, sent.id)
    casework.decide(decider.actor, sent.id, outcome=Outcome.APPROVED)
    browser = Client()
    people.sign_in(browser, sari.id)
    assert f"Permohonan {sent.number} dikabulkan" in browser.get("/my/inbox/").content.decode()
