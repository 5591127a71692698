"""Who acted in a case: named in one go, by the post of that day."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pendopo.agencies import api as agencies
from pendopo.casework.api import Receipt
from pendopo.casework.testing import walk
from pendopo.casework.testing.fixtures import Officer, person
from pendopo.casework.testing.office import SARI, Office
from pendopo.desk.tests.test_pages import desk_of
from pendopo.exchange import api as exchange
from pendopo.foundation.actor import SYSTEM
from pendopo.identity.api import SubjectView
from pendopo.ledger import api as ledger

pytestmark = pytest.mark.django_db

MOST_QUERIES = 18


@pytest.fixture
def receipt(office: Office, sari: SubjectView) -> Receipt:
    """A sent application."""
    return walk.sent(person(sari))


def _asked(queries: CaptureQueriesContext, table: str) -> int:
    return sum(f'FROM "{table}"' in query["sql"] for query in queries.captured_queries)


def test_names_and_posts_are_read_once_however_many_acted(
    receipt: Receipt, officer: Officer, decider: Officer
) -> None:
    """One look-up for the session's post, one for the posts in the time line, one for all names."""
    desk, address = desk_of(officer), f"/desk/cases/{receipt.case_id}/"
    desk.post(f"{address}take/")
    desk_of(decider).post(f"{address}approve/")
    with CaptureQueriesContext(connection) as queries:
        assert desk.get(address).status_code == 200
    assert _asked(queries, "agencies_post") == 2
    # The applicant is read for her own part of the page; the officers together.
    assert _asked(queries, "identity_subject") == 2


def test_an_officer_who_left_is_still_told_with_the_post_of_that_day(
    receipt: Receipt, officer: Officer, decider: Officer
) -> None:
    desk, address = desk_of(officer), f"/desk/cases/{receipt.case_id}/"
    desk.post(f"{address}take/")
    agencies.end_post(officer.post.id, actor=SYSTEM)
    told = desk_of(decider).get(address).content.decode()
    assert officer.post.title_id in told


@pytest.mark.parametrize("action", ["take", "return"])
def test_whoever_is_asked_once_more_is_shown_a_name_and_not_the_whole_case(
    receipt: Receipt, officer: Officer, action: str
) -> None:
    """No file, time line, clock, decision or certificate is read; the look is of the name alone."""
    desk, address = desk_of(officer), f"/desk/cases/{receipt.case_id}/"
    if action == "return":
        desk.post(f"{address}take/")
    with CaptureQueriesContext(connection) as queries:
        assert desk.get(f"{address}{action}/").status_code == 200
    unread = ("evidence", "event", "clocksegment", "decision", "certificate")
    assert [table for table in unread if _asked(queries, f"casework_{table}")] == []
    looks = [view for view in ledger.access_of(exchange.pseudonym(SARI.nik)) if view.issue == receipt.number]
    assert looks[0].fields == ("name",)
    assert len(queries) <= MOST_QUERIES
