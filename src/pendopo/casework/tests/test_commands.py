"""Commands that cannot go through as they are: an officer sees it, and nobody is told a wrong reason."""

from enum import StrEnum

import pytest

from pendopo.casework import api as casework
from pendopo.casework.api import CaseState, Outcome
from pendopo.casework.models import RegisterCommand
from pendopo.casework.register import births
from pendopo.casework.testing import walk
from pendopo.casework.testing.fixtures import OFFICER, Officer, appointed, person
from pendopo.casework.testing.office import Office
from pendopo.catalogue.api import Service
from pendopo.foundation.models import OutboxDelivery
from pendopo.foundation.outbox import deliver_due
from pendopo.identity.api import SubjectView

pytestmark = pytest.mark.django_db


class OtherAttendant(StrEnum):
    """A register that knows none of the words that the definition uses."""

    NOBODY = "nobody"


@pytest.fixture
def chief(service: Service) -> Officer:
    """Who decides; another one than who took the case."""
    return appointed(904, "Wahyu Kepala", *OFFICER)


def deliver() -> None:
    """Do what the worker does until nothing is due."""
    while deliver_due():
        pass


def again() -> None:
    OutboxDelivery.objects.filter(done_at=None).update(due_at="2026-01-01T00:00:00Z")
    deliver()


@pytest.mark.usefixtures("sealed")
def test_a_definition_that_does_not_fit_the_register_is_shown_to_an_officer(
    office: Office,
    sari: SubjectView,
    officer: Officer,
    chief: Officer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nothing is sent and nothing is repeated unseen; after the cause is removed an officer sends it."""
    receipt = walk.sent(person(sari))
    casework.take(officer.actor, receipt.case_id)
    with monkeypatch.context() as changed:
        changed.setattr(births, "BirthAttendant", OtherAttendant)
        casework.decide(chief.actor, receipt.case_id, outcome=Outcome.APPROVED)
        deliver()
    assert not OutboxDelivery.objects.filter(done_at=None).exists()
    assert not any(path == "births" for path, _, _ in office.asked)
    stopped = casework.for_officer(chief.actor, receipt.case_id, "id")
    assert stopped.line.waits_for == "officer"
    assert stopped.commands[0].state.value == "rejected"
    assert stopped.commands[0].last_error == "casework.definition_mismatch"
    assert "retry" in stopped.actions
    casework.retry(chief.actor, receipt.case_id)
    deliver()
    assert casework.own(person(sari), receipt.case_id, "id").line.state is CaseState.ISSUED


def test_a_denied_command_is_not_told_as_an_office_that_is_away(
    office: Office, sari: SubjectView, officer: Officer, chief: Officer, sealed: None
) -> None:
    """The command keeps its key, for an earlier attempt may have arrived, and goes on when it may."""
    actor = person(sari)
    receipt = walk.sent(actor)
    casework.take(officer.actor, receipt.case_id)
    office.down = True
    casework.decide(chief.actor, receipt.case_id, outcome=Outcome.APPROVED)
    deliver()
    assert casework.own(actor, receipt.case_id, "id").line.waits_for == "population"
    office.down, office.deny = False, "purpose"
    again()
    again()
    denied = casework.own(actor, receipt.case_id, "id")
    assert (denied.line.state, denied.line.waits_for) == (CaseState.APPROVED, "officer")
    assert [moment.kind.value for moment in denied.moments].count("register_rejected") == 1
    command = RegisterCommand.objects.get()
    assert (command.state, command.attempts, command.last_error) == ("pending", 3, "exchange.denied")
    office.deny = ""
    again()
    done = casework.own(actor, receipt.case_id, "id")
    assert (done.line.state, done.line.waits_for) == (CaseState.ISSUED, "")
    assert len({headers["idempotency-key"] for path, _, headers in office.asked if path == "births"}) == 1
