"""Each measure of the log, lowered by what can go wrong with it and restored by putting it right."""

import datetime as dt
from decimal import Decimal

import pytest
import time_machine

from pendopo.foundation import timestamps
from pendopo.foundation.clock import now
from pendopo.foundation.settings import current
from pendopo.foundation.testing.measures import measured, value_of
from pendopo.foundation.testing.timestamps import Tsa
from pendopo.ledger import api, jobs
from pendopo.ledger.tests.builders import entry
from pendopo.ledger.tests.test_stamps import grow, tsa

__all__ = ("tsa",)

pytestmark = pytest.mark.django_db

SOON = dt.timedelta(seconds=11)


def test_a_sequencer_that_stands_still_lowers_sequenced_until_it_works_again() -> None:
    assert value_of("ledger.sequenced") is None
    api.record_access(entry("sari"))
    api.sequence()
    api.sequence()  # the log's new key is an entry too
    with time_machine.travel(now() + SOON, tick=False):
        found = measured("ledger.sequenced")
        assert found is not None
        assert (float(found.value), found.of, float(found.detail["promptly"])) == (100, 2, 2)
        api.record_access(entry("agus"))
        assert value_of("ledger.sequenced") == 100, "it is not due yet"
        with time_machine.travel(now() + SOON, tick=False):
            assert value_of("ledger.sequenced") == Decimal("66.67")
            api.sequence()
            late = measured("ledger.sequenced")
            assert late is not None
            assert (float(late.value), float(late.detail["promptly"])) == (100, 2), (
                "in its place, but not promptly"
            )


def test_an_access_that_only_one_side_tells_lowers_both_sides() -> None:
    api.record_access(entry("sari", message_id="one", side="consumer", statement="a.b.c"))
    assert value_of("ledger.both-sides") is None, "the other side is still to be asked"
    with time_machine.travel(now() + dt.timedelta(minutes=6), tick=False):
        assert value_of("ledger.both-sides") == 0
        api.record_access(entry("sari", message_id="one", side="provider", statement="d.e.f"))
        assert value_of("ledger.both-sides") == 100
        api.record_access(entry("sari", message_id="two", side="consumer", statement="a.b.c"))
        lie = entry("sari", message_id="two", side="provider", statement="d.e.f", purpose="other.purpose")
        api.record_access(lie)
    with time_machine.travel(now() + dt.timedelta(minutes=15), tick=False):
        assert value_of("ledger.both-sides") != 100, "they do not say the same"


def test_looks_inside_the_hall_have_one_side_only_and_are_not_counted() -> None:
    api.record_access(entry("sari"))
    with time_machine.travel(now() + dt.timedelta(minutes=6), tick=False):
        assert value_of("ledger.both-sides") is None


def test_a_log_that_grows_without_time_stamps_lowers_stamped_until_the_next_one(tsa: Tsa) -> None:
    assert value_of("ledger.stamped") is None
    grow()
    api.sequence()  # the log's new key is an entry too
    assert value_of("ledger.stamped") == 0
    jobs.stamp_newest()
    assert value_of("ledger.stamped") == 100
    tsa.order("not-found")
    covered = api.latest_checkpoint().size
    grow(covered)
    jobs.stamp_newest()
    assert api.latest_checkpoint().size == 2 * covered
    assert value_of("ledger.stamped") == 50
    for token in current().checkpoint_dir.glob("*.tst"):
        token.unlink()
    assert value_of("ledger.stamped") == 0
    tsa.behave()
    timestamps._patience.clear()
    jobs.stamp_newest()
    assert value_of("ledger.stamped") == 100
