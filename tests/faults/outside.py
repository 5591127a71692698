"""The harness's side of the outside client: start it, give orders, read its record."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pendopo.entrypoints.places import CHECKOUT
from tests.faults.client import Plan
from tests.faults.hall import Hall
from tests.faults.population import people_of
from tests.faults.record import Kind, Record

LOOKUPS_AN_OFFICER_AN_HOUR = 60
POST = ("--body", "dukcapil", "--title-id", "Petugas loket", "--title-en", "Counter officer")
APPOINTMENTS_TRIED = 5
KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR")


@dataclass(slots=True)
class Client:
    """The running client."""

    process: subprocess.Popen[str]

    def order(self, phase: str, births: int, looks: int) -> None:
        """Let so many people begin; returns when they have."""
        self._say({"phase": phase, "more": births, "looks": looks})
        self._hear("phase")

    def finish(self, patience: float) -> tuple[Record, list[str]]:
        """Let all come to an end; return the record, and what the client itself could not do."""
        self._say({"finish": patience})
        failures = [str(one) for one in self._hear("failures")["failures"]]
        record = Record.read(self._line())
        if self.process.wait(30) != 0:
            raise AssertionError("the client ended badly")
        return record, failures

    def wait_for(self, kind: Kind, count: int, seconds: float) -> None:
        """Wait until so many deeds of a kind were acknowledged, or raise ``AssertionError``."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self._say({"ask": kind})
            if self._hear("acknowledged")["acknowledged"] >= count:
                return
            time.sleep(0.1)
        raise AssertionError(f"{kind}: not {count} acknowledged within {seconds:.0f} s")

    def wait_ready(self) -> None:
        """Wait until everybody has signed in."""
        self._hear("ready")

    def _say(self, order: dict[str, object]) -> None:
        if self.process.stdin is None:
            raise AssertionError("no pipe to the client")
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()

    def _hear(self, word: str) -> dict[str, Any]:
        line = self._line()
        loaded: dict[str, Any] = json.loads(line or "{}")
        if word not in loaded:
            raise AssertionError(f"the client said {line!r} instead of {word}; see {self.process.args!r}")
        return loaded

    def _line(self) -> str:
        return self.process.stdout.readline() if self.process.stdout else ""


@contextmanager
def client(hall: Hall, folder: Path, *, births: int, looks: int) -> Iterator[Client]:
    """Start a client that can report so many births and do so many looks; killed at the end if it runs."""
    plan = folder / "plan.json"
    plan.touch(mode=0o600)
    plan.write_text(json.dumps(asdict(_plan(hall, births, looks))))
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.client", str(plan)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=CHECKOUT,
        env={name: os.environ[name] for name in KEPT if name in os.environ}
        | {"PYTHONPATH": f"{CHECKOUT / 'src'}:{CHECKOUT}"},
    )
    try:
        running = Client(process)
        running.wait_ready()
        yield running
    finally:
        process.kill()
        process.wait()


def _plan(hall: Hall, births: int, looks: int) -> Plan:
    people = people_of(hall)
    appointed = 1 + (2 * births + looks) // LOOKUPS_AN_OFFICER_AN_HOUR
    journey = hall.journey
    free = slice(hall.mothers_taken, hall.mothers_taken + births)
    unseen = slice(hall.strangers_taken, hall.strangers_taken + looks)
    hall.mothers_taken += births
    hall.strangers_taken += looks
    mothers, strangers = people.mothers[free], people.strangers[unseen]
    if len(mothers) < births or len(strangers) < looks:
        raise AssertionError(f"the population has no {births} mothers and {looks} strangers left")
    adults = people.adults[hall.officers_appointed : hall.officers_appointed + appointed]
    hall.officers_appointed += appointed
    officers = [{"code": _appoint(hall, one["nik"]), "email": one["email"]} for one in adults]
    return Plan(hall.base_url, str(journey.cast_file), mothers, strangers, officers)


def _appoint(hall: Hall, nik: str) -> str:
    """Give somebody a post at the counter, as the operator does; return the activation code.

    The population office is asked for the person; just after a restart it may need to be asked again.
    """
    said = ""
    for _ in range(APPOINTMENTS_TRIED):
        finished = subprocess.run(
            [
                *(sys.executable, "-m", "pendopo.entrypoints.cli", "identity", "appoint", *POST),
                *("--permission", "identity:activation:perform", "--json"),
            ],
            input=f"{nik}\n",
            env=hall.environment("hall") | {"PENDOPO_DATABASE_POOL": "0"},
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
        )
        if finished.returncode == 0:
            return str(json.loads(finished.stdout.splitlines()[-1])["code"])
        said = finished.stderr
        time.sleep(1)
    raise AssertionError(f"nobody could be appointed: {said}")
