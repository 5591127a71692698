"""A file replaced before sending is erased and no officer ever sees it; what was sent stays with the case."""

import datetime as dt
from uuid import UUID

import pytest
import time_machine

from pendopo.casework import api as casework
from pendopo.casework.actions import forget
from pendopo.casework.models import Evidence
from pendopo.casework.testing import walk
from pendopo.casework.testing.fixtures import Officer, person
from pendopo.casework.testing.office import Office
from pendopo.documents import api as documents
from pendopo.foundation.actor import Actor
from pendopo.foundation.clock import now
from pendopo.identity.api import SubjectView

pytestmark = pytest.mark.django_db
LETTER = "children.0.letter"
LATER = forget.REPLACED + dt.timedelta(minutes=1)


def _put(actor: Actor, draft_id: UUID, colour: str) -> UUID:
    file = walk.upload(actor, LETTER, walk.picture(colour))
    assert not casework.save_page(actor, draft_id, "letter.0", {}, {LETTER: file})
    return file.id


def _gone(file_id: UUID) -> bool:
    try:
        documents.read_file(file_id)
    except documents.FileNotFound:
        return True
    return False


def _with_a_replaced_letter(actor: Actor) -> tuple[UUID, UUID, UUID]:
    draft_id = walk.begin(actor)
    walk.fill(actor, draft_id, walk.ONE_CHILD, until="letter.0")
    return draft_id, _put(actor, draft_id, "white"), _put(actor, draft_id, "grey")


def test_a_replaced_file_is_erased_after_its_day_and_the_present_one_stays(
    office: Office, sari: SubjectView
) -> None:
    _, first, second = _with_a_replaced_letter(person(sari))
    assert forget.erase_replaced() == 0, "an open page may still link to it"
    with time_machine.travel(now() + LATER):
        assert forget.erase_replaced() == 1
        assert forget.erase_replaced() == 0
    assert (_gone(first), _gone(second)) == (True, False)
    assert Evidence.objects.count() == 1


def test_a_file_replaced_before_sending_never_becomes_part_of_the_case(
    office: Office, sari: SubjectView, officer: Officer
) -> None:
    actor = person(sari)
    draft_id, first, second = _with_a_replaced_letter(actor)
    walk.fill(actor, draft_id, walk.ONE_CHILD)
    receipt = casework.submit(actor, draft_id)
    casework.take(officer.actor, receipt.case_id)
    casework.return_for_completion(officer.actor, receipt.case_id, pages=["letter"], reason="Terlalu gelap.")
    third, fourth = _put(actor, draft_id, "black"), _put(actor, draft_id, "red")
    casework.complete(actor, draft_id)
    given = Evidence.objects.filter(case_id=receipt.case_id).values_list("file_id", flat=True)
    assert set(given) == {second, fourth}
    with time_machine.travel(now() + LATER):
        assert forget.erase_replaced() == 2
    assert [_gone(file) for file in (first, second, third, fourth)] == [True, False, True, False]


def test_an_officer_cannot_open_what_was_replaced_before_sending(
    office: Office, sari: SubjectView, officer: Officer
) -> None:
    actor = person(sari)
    draft_id, first, _ = _with_a_replaced_letter(actor)
    walk.fill(actor, draft_id, walk.ONE_CHILD)
    receipt = casework.submit(actor, draft_id)
    row = Evidence.objects.get(file_id=first)
    with pytest.raises(casework.NoSuchCase):
        casework.file_for_officer(officer.actor, receipt.case_id, row.id)
