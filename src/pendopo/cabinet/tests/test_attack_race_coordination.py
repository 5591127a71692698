"""At the same moment: a seat answers while the owner answers its point, it settles it, or the round ends."""

import datetime as dt
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
import time_machine
from django.db import connection, transaction

from pendopo.cabinet import errors
from pendopo.cabinet.actions import coordination, dossiers
from pendopo.cabinet.actions.coordination import Asked
from pendopo.cabinet.actions.dossiers import Text
from pendopo.cabinet.models import CoordinationRequest, Difference, Dossier
from pendopo.cabinet.testing.house import House, found
from pendopo.cabinet.tests.rooms import outcome
from pendopo.cabinet.values import Response, Verdict
from pendopo.foundation.clock import now

pytestmark = pytest.mark.django_db(transaction=True)

WAITING = """
SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


def objected() -> tuple[House, Dossier, CoordinationRequest]:
    """Ask one seat, which objects with a point."""
    house = found("rapim-contoh")
    owner = house.actor("bkad")
    text = Text(title="Loket keliling", summary="Loket mendatangi desa.")
    made = dossiers.open_dossier(owner, house.body.code, item_type="perbup", owner_seat="bkad", text=text)
    dossiers.add_document(owner, made, name="Naskah", data=house.paper(), filename="naskah.pdf")
    coordination.open_round(owner, made, Asked(mandatory=("sekda",), optional=("dinkes",)))
    request = CoordinationRequest.objects.get(round__dossier=made, seat__code="sekda")
    coordination.respond(house.actor("sekda"), request.id, Response.OBJECT, ["Siapa sopirnya?"])
    return house, Dossier.objects.get(id=made), request


def one_after_the_other(hold: Callable[[], object], *acts: Callable[[], object]) -> list[str]:
    """Hold a row until each act in turn waits for something; let go, and return how each ended."""
    with ThreadPoolExecutor(len(acts)) as pool:
        begun: list[Future[str]] = []
        with transaction.atomic():
            hold()
            for act in acts:
                begun.append(pool.submit(outcome, act))
                _until_waiting(len(begun))
        return [one.result() for one in begun]


def _until_waiting(count: int) -> None:
    for _ in range(400):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(WAITING)
            if cursor.fetchone() == (count,):
                return
        time.sleep(0.02)  # nothing tells that somebody waits
    pytest.fail("nobody waits")


def test_a_seat_may_answer_at_the_moment_when_the_round_ends_by_itself() -> None:
    house, row, _ = objected()
    silent = CoordinationRequest.objects.get(round__dossier=row, seat__code="dinkes")
    with time_machine.travel(now() + dt.timedelta(days=60), tick=True):
        ended = one_after_the_other(
            lambda: CoordinationRequest.objects.select_for_update().get(id=silent.id),
            coordination.close_due_rounds,
            lambda: coordination.respond(house.actor("dinkes"), silent.id, Response.AGREE),
        )
    assert ended == ["done", errors.StateDoesNotAllow.code]


def test_a_seat_may_answer_at_the_moment_when_its_point_is_settled() -> None:
    house, row, request = objected()
    seat, point = house.actor("sekda"), Difference.objects.get(dossier=row)
    ended = one_after_the_other(
        lambda: Difference.objects.select_for_update().get(id=point.id),
        lambda: coordination.resolve(seat, point.id, "Sopir dari dinas", docset_hash=row.docset_hash),
        lambda: coordination.respond(seat, request.id, Response.OBJECT, ["Siapa yang bayar?"]),
    )
    assert ended == ["done", "done"]
    assert Difference.objects.filter(dossier=row, resolved_at=None).count() == 1


def test_a_seat_may_answer_at_the_moment_when_the_owner_answers_its_point() -> None:
    house, row, request = objected()
    seat, point = house.actor("sekda"), Difference.objects.get(dossier=row)
    ended = one_after_the_other(
        lambda: Difference.objects.select_for_update().get(id=point.id),
        lambda: coordination.answer(house.actor("bkad"), point.id, "Sopir dari dinas", Verdict.ACCEPTED),
        lambda: coordination.respond(seat, request.id, Response.AGREE),
    )
    assert ended == ["done", "done"]
    assert not Difference.objects.filter(dossier=row).exists()
