"""Many presses at the same moment: one case, one number, one receipt."""

import time
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from django.db import connection, transaction

from pendopo.casework import api as casework
from pendopo.casework.api import Receipt
from pendopo.casework.models import Case, Draft, Event
from pendopo.casework.testing import walk
from pendopo.casework.testing.fixtures import activated, person
from pendopo.casework.testing.office import SARI, Office
from pendopo.catalogue import api as catalogue
from pendopo.foundation.actor import Actor
from pendopo.foundation.settings import current
from pendopo.identity import testing as people
from pendopo.keys import api as keys

A_MOMENT = 0.7
"""Seconds for a thread to come to stand before the row's lock."""


def an_application() -> tuple[Actor, UUID]:
    """Return a mother and her application, filled in and not sent."""
    keys.ensure("definition", "Ed25519")
    people.a_body("dukcapil")
    catalogue.publish(current().definitions_dir / "services" / "dukcapil" / "akta-kelahiran")
    actor = person(activated(SARI))
    draft_id = walk.begin(actor)
    walk.fill(actor, draft_id, walk.ONE_CHILD)
    return actor, draft_id


@pytest.mark.django_db(transaction=True)
def test_a_page_saved_while_the_application_is_sent_is_refused(office: Office) -> None:
    """A second tab waits for the first, then sees that the draft was sent: nothing is written into it."""
    actor, draft_id = an_application()

    def send() -> None:
        try:
            casework.submit(actor, draft_id)
        finally:
            connection.close()

    def save() -> str:
        try:
            casework.save_page(actor, draft_id, "relation", {"report.relation": "father"}, {})
        except casework.NoSuchDraft:
            return "refused"
        finally:
            connection.close()
        return "saved"

    with ThreadPoolExecutor(2) as pool:
        with transaction.atomic():
            Draft.objects.select_for_update().get(id=draft_id)
            first = pool.submit(send)
            time.sleep(A_MOMENT)
            second = pool.submit(save)
            time.sleep(A_MOMENT)
        first.result()
        assert second.result() == "refused"


@pytest.mark.django_db(transaction=True)
def test_eight_presses_at_once_make_one_case(office: Office) -> None:
    """The row of the draft is the lock; all eight get the same receipt."""
    actor, draft_id = an_application()

    def press(_: int) -> Receipt:
        try:
            return casework.submit(actor, draft_id)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        receipts = list(pool.map(press, range(8)))
    assert len({receipt.number for receipt in receipts}) == 1
    assert Case.objects.count() == 1
    assert Event.objects.count() == 1
