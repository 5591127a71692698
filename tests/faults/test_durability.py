"""The power goes: only what was synced is left of the database and of both message logs."""

import random
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.faults import counting, durable, kills, table
from tests.faults.conftest import mend
from tests.faults.durable import Disk, NoCompilerError, Tools
from tests.faults.hall import Hall
from tests.faults.outside import client
from tests.faults.record import Record

pytestmark = pytest.mark.timeout(3600)

GATEWAYS = {"gateway-hall": "hall", "gateway-population": "population"}
SHOWN = ("fsync", "synchronous_commit", "full_page_writes", "wal_sync_method")
LOOKS_A_CUT = 4


class Machine:
    """The hall's machine as far as its disks go: PostgreSQL's folder and the two message logs."""

    def __init__(self, hall: Hall, tools: Tools) -> None:
        self.hall = hall
        images = hall.stack.here.state / "images"
        self.database = Disk(tools, hall.database.cluster.data, images / "database")
        self.logs = {
            name: Disk(
                tools, hall.stack.here.state / "gateways" / folder / "data", images / name, strict=True
            )
            for name, folder in GATEWAYS.items()
        }

    @property
    def disks(self) -> list[Disk]:
        """All of them."""
        return [self.database, *self.logs.values()]

    def switch_on(self) -> None:
        """Take what lies on the disks as durable and start all that is dead, writing through the layer."""
        for disk in self.disks:
            disk.begin()
        self.hall.database.start_observed(self.database.environment)
        for name, disk in self.logs.items():
            self.hall.start(name, disk.environment)
        mend(self.hall)

    def cut(self) -> None:
        """Cut the power: everything dies, only what was synced stays; then switch on again."""
        self.hall.kill_everything()
        for disk in self.disks:
            disk.lose_power()
        self.switch_on()

    def without(self) -> None:
        """Go on as before, without the layer."""
        nothing: Mapping[str, str] = dict.fromkeys(self.database.environment, "")
        self.hall.kill_everything()
        self.hall.database.start()
        for name in self.logs:
            self.hall.start(name, nothing)
        mend(self.hall)


@contextmanager
def observed(hall: Hall) -> Iterator[Machine]:
    """Run the hall on disks that keep only what was synced; skips where there is no C compiler."""
    try:
        tools = durable.build(hall.stack.here.state / "durable")
    except NoCompilerError as error:
        pytest.skip(str(error))
    machine = Machine(hall, tools)
    hall.kill_everything()
    machine.switch_on()
    try:
        yield machine
    finally:
        machine.without()


def is_loaded(pid: int) -> bool:
    """Whether the layer sits in a process."""
    return "durable.so" in Path(f"/proc/{pid}/maps").read_text()


def work_through_cuts(
    hall: Hall, machine: Machine, folder: Path, cuts: int, choose: random.Random
) -> tuple[Record, list[str]]:
    """Let the client work while the power goes again and again; return its record."""
    with client(hall, folder, births=cuts, looks=cuts * LOOKS_A_CUT) as outside:
        for _ in range(cuts):
            outside.order("power", births=1, looks=LOOKS_A_CUT)
            kills.wait(choose)
            machine.cut()
        return outside.finish(kills.patience())


def test_after_a_power_cut_everything_acknowledged_is_there_exactly_once(
    hall: Hall, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    cuts, seed = kills.points(), kills.seed()
    choose = random.Random(seed)  # noqa: S311  # moments to cut at
    with observed(hall) as machine:
        shown = hall.database.settings(*SHOWN)
        assert all(is_loaded(pid) for pid in hall.database.processes())
        assert all(is_loaded(hall.pid(name)) for name in GATEWAYS)
        record, failures = work_through_cuts(hall, machine, tmp_path, cuts, choose)
        books = counting.Books.of(hall)
        doubled = counting.doubled_looks(hall, record, books)
        counts = {
            "applications": counting.applications(record, books),
            "birth commands": counting.decisions(record, books, settled=kills.is_full()),
            "access to data": counting.looks(hall, record, books),
        }
        counting.whole_logs(hall)
    rows = [
        table.Row("power cut, unsynced bytes dropped", work, cuts, c.sent, c.acknowledged, c.lost, c.doubled)
        for work, c in counts.items()
    ]
    with capfd.disabled():
        settings = ", ".join(f"{name}={value}" for name, value in shown.items())
        table.tell(rows, f"seed {seed} ({kills.SEED_VARIABLE}); {settings}; broken {record.broken}")
    assert [shown[name] for name in SHOWN[:3]] == ["on", "on", "on"]
    assert not failures, failures
    assert {row.lost for row in rows} == {row.doubled for row in rows} == {0}, doubled
