"""Wall clocks that jump: refused with a reason where time matters, and nothing lost, negative or twice."""

import datetime as dt
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from signal import SIGKILL, SIGTERM
from typing import override
from uuid import UUID

import pytest
import time_machine
from django.db import transaction
from django.test import Client

from pendopo.casework import api as casework
from pendopo.casework.api import CaseState, Outcome
from pendopo.casework.models import Case, ClockSegment
from pendopo.casework.testing import walk
from pendopo.casework.testing.fixtures import Officer, decider, office, officer, person, sari, sealed, service
from pendopo.casework.testing.office import Office
from pendopo.foundation.actor import SYSTEM
from pendopo.foundation.audit import audit
from pendopo.foundation.models import AuditRow, OutboxDelivery
from pendopo.foundation.outbox import deliver_due
from pendopo.identity import testing as people
from pendopo.identity.api import SubjectView
from pendopo.ledger import api as ledger
from pendopo_gateway.journal import Journal
from pendopo_gateway.tests.loops import run
from pendopo_gateway.tests.test_kill import Process, all_records
from pendopo_gateway.tests.world import Got, Site, World, persons, wait_for
from pendopo_wire.access import Side
from tests.faults.clock import WallClock, wall_clock

__all__ = ["decider", "office", "officer", "sari", "sealed", "service"]  # fixtures

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(180)]

HOURS = 3600
YEAR = 365 * 24 * HOURS
MORNING = dt.datetime(2026, 11, 24, 3, 0, tzinfo=dt.UTC)  # a Tuesday, ten o'clock in Jakarta
JUMPS = (2 * HOURS, -2 * HOURS, YEAR)
CLEAR = {
    "server.serverproxy.invalid_signature_value",  # the peer's clock differs from mine
    "server.clientproxy.inconsistent_response",
    "server.clientproxy.global_conf_outdated",  # the registry has expired, or is not yet in force
    "server.serverproxy.global_conf_outdated",
    "server.clientproxy.network_error",  # certificates have expired
    "server.clientproxy.io_error",  # TLS 1.3: the other side judges after the handshake
}


class Clocked(Process):
    """A gateway that lives by a clock of its own."""

    def __init__(self, site: Site, clock: WallClock) -> None:
        super().__init__(site)
        self.clock = clock

    @override
    def _spawn(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "pendopo_gateway", "--config", str(self.site.config)]
        with (self.site.folder / "log.jsonl").open("ab") as log:
            return subprocess.Popen(command, stderr=log, env={**os.environ, **self.clock.environment})


@pytest.mark.parametrize("side", list(Side))
def test_a_gateway_whose_clock_jumps_is_refused_and_loses_nothing(tmp_path: Path, side: Side) -> None:
    """Two hours on, two back, a year on, each while it runs; between the jumps everything goes on."""
    clock = wall_clock(tmp_path)
    run(_jump(World(tmp_path), side, clock))


async def _jump(world: World, side: Side, clock: WallClock) -> None:
    sites = {Side.PROVIDER: world.provider, Side.CONSUMER: world.hall}
    gateways = {each: Clocked(sites[each], clock) if each is side else Process(sites[each]) for each in Side}
    answered = []
    await world.office.start()
    try:
        for gateway in gateways.values():
            await gateway.start()
        for seconds in JUMPS:
            answered.append(await well(world))
            before = len(world.office.asked)
            clock.move(seconds)
            got = await wait_for(lambda: persons(world), lambda got: got.error is not None)
            assert got.error in CLEAR
            assert len(world.office.asked) <= before + 1
            clock.move(0)
        answered.append(await well(world))
        recorded = {each: await all_records(world, each) for each in Side}
        for each in Side:
            assert set(recorded[each].values()) == {1}
            assert {got.headers["X-Road-Request-Id"] for got in answered} <= set(recorded[each])
        for gateway in gateways.values():
            assert gateway.stop(SIGTERM) == 0
            assert Journal(gateway.site.messages).verify() > 0
    finally:
        for gateway in gateways.values():
            if gateway.running is not None:
                gateway.stop(SIGKILL)
        await world.office.stop()


async def well(world: World) -> Got:
    return await wait_for(lambda: persons(world), lambda got: got.error is None)


def jump(traveller: time_machine.Traveller, seconds: int) -> None:
    traveller.shift(dt.timedelta(seconds=seconds))


@pytest.fixture
def moment() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MORNING, tick=True) as traveller:
        yield traveller


@pytest.fixture
def case(
    moment: time_machine.Traveller, office: Office, sari: SubjectView, officer: Officer, sealed: None
) -> UUID:
    """A case that an officer has taken."""
    receipt = walk.sent(person(sari))
    casework.take(officer.actor, receipt.case_id)
    return receipt.case_id


@pytest.mark.parametrize("seconds", JUMPS)
def test_a_job_put_off_by_a_worker_whose_clock_jumped_is_done_when_the_clock_is_right(
    moment: time_machine.Traveller, office: Office, case: UUID, decider: Officer, seconds: int
) -> None:
    """The office is away while the worker's clock is wrong; afterwards nobody waits longer than an hour."""
    casework.decide(decider.actor, case, outcome=Outcome.APPROVED)
    office.down = True
    jump(moment, seconds)
    deliver()
    jump(moment, -seconds)
    office.down = False
    jump(moment, HOURS)
    deliver()
    assert Case.objects.get().state == CaseState.ISSUED
    assert not OutboxDelivery.objects.filter(done_at=None).exists()
    assert sum(path == "births" for path, _, _ in office.asked) == 1


def deliver() -> None:
    while deliver_due():
        pass


@pytest.mark.parametrize("seconds", JUMPS)
def test_clocks_of_a_case_hold_no_negative_time(
    moment: time_machine.Traveller, case: UUID, officer: Officer, decider: Officer, seconds: int
) -> None:
    """An officer's server has another idea of the time than the one that took the application."""
    jump(moment, seconds)
    desk = Client()
    people.sign_in(desk, officer.subject.id, post=officer.post)
    assert desk.get(f"/desk/cases/{case}/").status_code == 200
    casework.decide(decider.actor, case, outcome=Outcome.REFUSED, reason="Tidak lengkap sama sekali.")
    jump(moment, -seconds)
    row = Case.objects.get()
    assert row.state == CaseState.REFUSED
    assert row.working_minutes is not None
    assert row.working_minutes >= 0
    segments = ClockSegment.objects.exclude(ended_at=None)
    assert segments.exists()
    assert all(segment.ended_at >= segment.started_at for segment in segments)  # type: ignore[operator]  # not None


@pytest.mark.parametrize("seconds", JUMPS)
def test_a_session_opened_by_a_clock_that_ran_ahead_does_not_outlive_a_day(
    moment: time_machine.Traveller, sari: SubjectView, seconds: int
) -> None:
    """It ends at once or within its twelve hours, never in a year."""
    browser = Client()
    jump(moment, seconds)
    people.sign_in(browser, sari.id)
    assert browser.get("/my/cases/").status_code == 200
    jump(moment, -seconds)
    if seconds > 0:
        assert browser.get("/my/cases/").status_code == 303
    jump(moment, 13 * HOURS)
    assert browser.get("/my/cases/").status_code == 303


def test_the_log_grows_whichever_way_the_clock_goes(
    moment: time_machine.Traveller, sari: SubjectView
) -> None:
    """Sizes and ids follow the order of writing, not the clock."""
    sizes = []
    for seconds in (0, *JUMPS, -YEAR):
        jump(moment, seconds)
        with transaction.atomic():
            audit("identity.contact_changed", actor=SYSTEM, object_id=sari.id)
        ledger.sequence()
        sizes.append(ledger.latest_checkpoint().size)
    assert sizes == sorted(set(sizes))
    ids = list(AuditRow.objects.order_by("id").values_list("id", flat=True))
    assert len(set(ids)) == len(ids)
