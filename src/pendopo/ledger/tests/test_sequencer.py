"""The sequencer among others: racing copies of itself, slow writers, a crash before the copy was written."""

import shutil
import threading
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from pendopo.foundation.commitments import leaves, sequenced_count
from pendopo.foundation.settings import current
from pendopo.ledger import api, checkpoints
from pendopo.ledger.errors import LogBrokenError
from pendopo.ledger.models import Checkpoint, Tile
from pendopo.ledger.tests.builders import entry

WRITERS, EACH = 4, 25


def in_threads(*tasks: Callable[[], object]) -> None:
    """Run tasks beside each other; raise the first error."""
    errors: list[BaseException] = []

    def guarded(task: Callable[[], object]) -> None:
        try:
            task()
        except BaseException as error:  # noqa: BLE001  raised again below
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=guarded, args=(task,)) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]


@pytest.mark.django_db(transaction=True)
def test_racing_sequencers_and_writers_leave_a_whole_log() -> None:
    def write(writer: int) -> None:
        for number in range(EACH):
            api.record_access(entry(f"person-{number % 3}", message_id=f"{writer}-{number}"))

    def sequence() -> None:
        for _ in range(20):
            api.sequence()

    in_threads(*(lambda writer=writer: write(writer) for writer in range(WRITERS)), sequence, sequence)
    api.sequence()
    report = api.verify()
    assert report.findings == ()
    assert report.size >= WRITERS * EACH
    assert sum(api.completeness(f"person-{number}").count for number in range(3)) == WRITERS * EACH


@pytest.mark.django_db(transaction=True)
def test_completeness_holds_while_the_log_grows() -> None:
    proofs: list[api.CounterProof] = []

    def grow() -> None:
        for number in range(30):
            api.record_access(entry("mother", message_id=f"m-{number}"))
            api.sequence()

    def ask() -> None:
        proofs.extend(api.completeness("mother") for _ in range(60))

    in_threads(grow, ask)
    assert all(proof.holds() for proof in proofs)
    assert api.completeness("mother").count == 30


@pytest.mark.django_db(transaction=True)
def test_the_same_message_from_two_workers_is_one_entry() -> None:
    in_threads(*(lambda: api.record_access(entry("mother", message_id="m-1")) for _ in range(4)))
    assert len(api.access_of("mother")) == 1


@pytest.mark.django_db(transaction=True)
def test_a_slow_transaction_is_numbered_when_it_commits_and_blocks_nobody() -> None:
    def add(name: str) -> None:
        api.record_access(entry(name, message_id=name))

    with transaction.atomic():
        add("slow")
        in_threads(lambda: add("fast"))
        in_threads(api.sequence)
        assert api.access_of("fast")[0].leaf_index is not None
    before = sequenced_count()
    api.sequence()
    assert api.access_of("slow")[0].leaf_index == before
    assert api.verify().ok


@pytest.mark.django_db
def test_nothing_waiting_makes_no_checkpoint() -> None:
    api.record_access(entry("mother"))
    api.sequence()
    size = api.latest_checkpoint().size
    assert api.sequence() > 0  # the audit row of the key that the first checkpoint made
    assert api.sequence() == 0
    assert Checkpoint.objects.count() == 2
    assert api.latest_checkpoint().size == size + 1


@pytest.mark.django_db
def test_copies_that_a_crash_left_unwritten_are_written_the_next_time() -> None:
    api.record_access(entry("mother"))
    api.sequence()
    api.sequence()
    shutil.rmtree(current().checkpoint_dir)
    assert api.sequence() == 0
    assert len(checkpoints.outside(current().checkpoint_dir)) == 3
    assert api.verify().ok


@pytest.mark.django_db
def test_a_lost_tile_stops_the_sequencer_and_numbers_nothing() -> None:
    for number in range(3):
        api.record_access(entry("mother", message_id=f"m-{number}"))
    api.sequence()
    Tile.objects.all().delete()
    api.record_access(entry("mother", message_id="m-next"))
    size = sequenced_count()
    with pytest.raises(LogBrokenError):
        api.sequence()
    assert sequenced_count() == size
    assert leaves(size, size + 1) == []
