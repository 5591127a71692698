"""The population office is down, slow or wrong: nothing typed is lost or done twice, and people are told.

The mother's browser and the officers' talk to the hall in this process; everything behind it is real.
"""

import datetime as dt
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import pytest
from django.core.management import call_command
from django.test import Client
from pytest_django import DjangoDbBlocker

from pendopo.casework import api as casework
from pendopo.casework.api import CaseState, Outcome
from pendopo.casework.models import RegisterCommand
from pendopo.casework.testing import walk
from pendopo.casework.testing.fixtures import OFFICER, Officer, appointed, person, sealed, service
from pendopo.catalogue.api import Service
from pendopo.foundation.models import OutboxDelivery
from pendopo.foundation.outbox import deliver_due
from pendopo.foundation.text import t
from pendopo.identity import testing as people
from pendopo.identity.api import SubjectView
from tests.faults.office import AWAY, UNUSABLE, WAYS, Standing, Way, digital_id, standing

__all__ = ["sealed", "service"]  # fixtures

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(120)]

START = "/apply/dukcapil/akta-kelahiran/"
TYPED = {name: walk.ONE_CHILD[name] for name in ("relation", "delivery", "child.0")}
CHILD = "Bunga Melati Prasetyo"
ALWAYS = ("its gateway is down", "status 500", "no JSON", "a huge answer")
ALWAYS_ON_COMMANDS = ("its gateway is down", "it hangs up after acting", "no JSON")


def only_with_all(name: str, always: tuple[str, ...]) -> None:
    """Skip a way that the default run leaves out."""
    if name not in always and not (os.environ.get("PENDOPO_TEST_ALL") or os.environ.get("CI")):
        pytest.skip("each of 13 ways in which an office fails is tried by ./pendopo test --all, and in CI")


@pytest.fixture(scope="module")
def offices(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Standing]:
    """One office for all tests here; what it commits is removed at the end."""
    with django_db_blocker.unblock():
        try:
            with standing(tmp_path_factory.mktemp("offices")) as there:
                yield there
        finally:
            call_command("flush", interactive=False, verbosity=0)


@pytest.fixture
def there(offices: Standing) -> Iterator[Standing]:
    yield offices
    offices.mend()


def browser_of(subject: SubjectView) -> Client:
    client = Client()
    people.sign_in(client, subject.id)
    return client


def begin(client: Client) -> str:
    """Begin an application; returns its address."""
    return re.sub(r"p/[^/]+/$|waiting/$", "", client.post(START)["Location"])


def text_of(client: Client, address: str) -> str:
    return client.get(address, follow=True).content.decode()


@pytest.mark.parametrize("name", WAYS)
@pytest.mark.usefixtures("service")
def test_the_mother_is_told_loses_nothing_and_goes_on(there: Standing, name: str) -> None:
    """She fills in what she can; the banner names what is wrong and offers to try again; then it goes on."""
    only_with_all(name, ALWAYS)
    way = WAYS[name]
    client = browser_of(digital_id(there.cast.mothers[0]))
    way.begin(there)
    try:
        application = begin(client)
        for key, typed in TYPED.items():
            assert client.post(f"{application}p/{key}/", dict(typed)).status_code == 303
        banner = text_of(client, f"{application}p/child.0/")
        waiting = text_of(client, f"{application}waiting/")
    finally:
        way.end(there)
    other = UNUSABLE if way.told == AWAY else AWAY
    assert t(f"casework.apply.waits_title.{way.told}", "id") in banner
    assert t(f"casework.apply.waits_text.{way.told}", "id") in banner
    assert t(f"casework.apply.waits_title.{other}", "id") not in banner
    assert t(f"casework.apply.waiting_lead.{way.told}", "id") in waiting
    assert f'action="{application}registers/"' in waiting
    assert client.post(f"{application}registers/").status_code == 303
    assert CHILD in text_of(client, f"{application}p/child.0/")
    assert t(f"casework.apply.waits_title.{way.told}", "id") not in text_of(
        client, f"{application}p/child.0/"
    )
    assert str(there.cast.mothers[0].husband_name) in text_of(client, f"{application}p/parents/")


@pytest.mark.usefixtures("service")
def test_an_answer_about_somebody_else_is_not_shown(there: Standing) -> None:
    """The office mixes up two people: nothing of such an answer reaches a page."""
    mother, stranger = there.cast.mothers[0], there.cast.mothers[1]
    client = browser_of(digital_id(mother))
    numbers = mother.nik.value.encode(), stranger.nik.value.encode()
    there.front.twist = lambda reply: replace(reply, body=reply.body.replace(*numbers))
    application = begin(client)
    client.post(f"{application}p/relation/", dict(TYPED["relation"]))
    text = text_of(client, f"{application}p/parents/")
    assert t(f"casework.apply.waits_title.{UNUSABLE}", "id") in text
    assert mother.husband_name is not None
    assert mother.husband_name not in text


@pytest.fixture
def officers(service: Service) -> tuple[Officer, Officer]:
    """Who verifies and who decides."""
    return appointed(901, "Bambang Petugas", *OFFICER), appointed(903, "Dewi Pejabat", *OFFICER)


def deliver() -> None:
    """Do what the worker does until nothing is due."""
    while deliver_due():
        pass


def pause() -> dt.timedelta:
    """How long the delivery that waits was put off, by its own record."""
    row = OutboxDelivery.objects.get(done_at=None)
    command = RegisterCommand.objects.get()
    assert command.last_attempt_at is not None
    return row.due_at - command.last_attempt_at


def now_due() -> None:
    """Let the pause be over."""
    OutboxDelivery.objects.filter(done_at=None).update(due_at="2020-01-01T00:00:00Z")


@pytest.mark.parametrize("name", [name for name in WAYS if "names nobody" not in name])
@pytest.mark.usefixtures("sealed")
def test_a_decided_case_waits_and_ends_exactly_once(
    there: Standing, officers: tuple[Officer, Officer], name: str
) -> None:
    """Attempts while the office fails, each put off longer; then one child and one certificate."""
    only_with_all(name, ALWAYS_ON_COMMANDS)
    way = WAYS[name]
    number = list(WAYS).index(name)
    mother = there.cast.mothers[2 + number]
    subject = digital_id(mother)
    before = there.births_of(mother)
    order = {"children.0.birth_order": str(there.children_of(mother) + 1)}
    receipt = walk.sent(
        person(subject), {**walk.ONE_CHILD, "birth.0": {**walk.ONE_CHILD["birth.0"], **order}}
    )
    take_and_approve(officers, receipt.case_id)
    way.begin(there)
    try:
        pauses = []
        for _ in range(2 if "slower" in name else 3):
            now_due()
            deliver()
            pauses.append(pause())
        told_while_waiting(way, subject, officers, receipt.case_id)
        assert there.births_of(mother) == before + (1 if way.acts else 0)
    finally:
        way.end(there)
    assert all(later > earlier * 1.5 for earlier, later in pairwise(pauses)), pauses
    now_due()
    deliver()
    own = casework.own(person(subject), receipt.case_id, "id")
    assert (own.line.state, own.line.waits_for) == (CaseState.ISSUED, "")
    assert len(own.certificates) == 1
    assert [moment.kind.value for moment in own.moments].count("register_waits") == 1
    assert there.births_of(mother) == before + 1
    assert not OutboxDelivery.objects.filter(done_at=None).exists()


def take_and_approve(officers: tuple[Officer, Officer], case_id: object) -> None:
    verifier, decider = officers
    casework.take(verifier.actor, case_id)  # type: ignore[arg-type]  # a receipt's id
    casework.decide(decider.actor, case_id, outcome=Outcome.APPROVED)  # type: ignore[arg-type]


def told_while_waiting(
    way: Way, subject: SubjectView, officers: tuple[Officer, Officer], case_id: object
) -> None:
    """The mother reads what waits in her case, the officer in the list and on the case."""
    assert t(f"casework.waits.{way.told}", "id") in text_of(browser_of(subject), f"/my/cases/{case_id}/")
    desk = Client()
    people.sign_in(desk, officers[0].subject.id, post=officers[0].post)
    case = text_of(desk, f"/desk/cases/{case_id}/")
    assert t(f"desk.case.waits_for.{way.told}", "id") in case
