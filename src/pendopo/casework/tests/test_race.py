"""Many presses at the same moment: one case, one number, one receipt."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from pendopo.casework import api as casework
from pendopo.casework.api import Receipt
from pendopo.casework.models import Case, Event
from pendopo.casework.testing import walk
from pendopo.casework.testing.fixtures import activated, person
from pendopo.casework.testing.office import SARI, Office
from pendopo.catalogue import api as catalogue
from pendopo.foundation.settings import current
from pendopo.identity import testing as people
from pendopo.keys import api as keys


@pytest.mark.django_db(transaction=True)
def test_eight_presses_at_once_make_one_case(office: Office) -> None:
    """The row of the draft is the lock; all eight get the same receipt."""
    keys.ensure("definition", "Ed25519")
    people.a_body("dukcapil")
    catalogue.publish(current().definitions_dir / "services" / "dukcapil" / "akta-kelahiran")
    actor = person(activated(SARI))
    draft_id = walk.begin(actor)
    walk.fill(actor, draft_id, walk.ONE_CHILD)

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
