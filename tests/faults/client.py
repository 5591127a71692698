"""The client that stands outside: ``python -m tests.faults.client PLAN``, a process of its own.

It knows the hall's address, officers' secrets and people's NIKs, speaks HTTP only, and keeps its own record
of what was sent and what was acknowledged. One line of JSON on standard input is one order:
``{"more": n, "looks": m, "phase": name}`` lets n mothers report a birth and m people be looked up;
``{"ask": kind}`` is answered with how many were acknowledged; ``{"finish": seconds}`` lets all come to an
end, asks the hall from outside what is there, prints the record and leaves. No room of the hall is imported.
"""

import json
import queue
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from pendopo.entrypoints.walk.journey import Journey, Mother
from tests.faults.neighbourhood import Citizen, Counter, DeskOfficer, journey_of
from tests.faults.record import Notes

type Work = Callable[[], object]

CITIZENS_AT_ONCE = 4
FIRST_NAMES = (
    *("Sekar", "Melati", "Kenanga", "Cempaka", "Mawar", "Teratai"),
    *("Anggrek", "Flamboyan", "Kamboja", "Seruni", "Dahlia", "Wijaya"),
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What the harness tells the client before the work begins."""

    base_url: str
    cast_file: str
    mothers: list[dict[str, str]]
    strangers: list[str]
    """NIKs that nobody else asks about: one look each."""
    appointed: list[dict[str, str]]
    """Counter officers of this client alone: activation code and address for mail."""


@dataclass(slots=True)
class Town:
    """Everybody who uses the hall, at work at the same time."""

    plan: Plan
    notes: Notes
    journey: Journey
    counters: list[Counter] = field(default_factory=list)
    citizens: "queue.Queue[Citizen]" = field(default_factory=queue.Queue)
    reported: list[Citizen] = field(default_factory=list)
    to_take: "queue.Queue[str | None]" = field(default_factory=queue.Queue)
    to_decide: "queue.Queue[str | None]" = field(default_factory=queue.Queue)
    to_look: "queue.Queue[str | None]" = field(default_factory=queue.Queue)
    decided: set[str] = field(default_factory=set)
    at_home: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(CITIZENS_AT_ONCE))
    in_office: list[threading.Thread] = field(default_factory=list)
    pending: "list[Future[None]]" = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def open(self) -> None:
        """Officers sign in, mothers come to the counter and get their Digital ID."""
        for number, officer in enumerate(self.plan.appointed, start=1):
            more = Counter(self.journey, self.notes, number)
            more.arrive(officer["code"], officer["email"])
            self.counters.append(more)
        with ThreadPoolExecutor(len(self.counters) + 1) as pool:
            desk = pool.submit(self._open_desk)
            list(pool.map(self._receive, range(len(self.counters))))
            desk.result()
        for counter in self.counters:
            self._employ(partial(_each, self.to_look, counter.look))

    def more(self, births: int, looks: list[str]) -> None:
        """Let people begin: so many mothers, these look-ups."""
        for nik in looks:
            self.to_look.put(nik)
        for _ in range(births):
            self.pending.append(self.at_home.submit(self._report, self.citizens.get_nowait()))

    def finish(self, patience: float) -> None:
        """Wait until all have done what they came for, then ask the hall from outside what is there."""
        for one in self.pending:
            one.result()
        for line in (self.to_take, *[self.to_look] * len(self.counters)):
            line.put(None)
        for thread in self.in_office:
            thread.join()
        with ThreadPoolExecutor(CITIZENS_AT_ONCE) as pool:
            list(pool.map(lambda one: self._look_back(one, patience), self.reported))

    def _open_desk(self) -> None:
        verifier = DeskOfficer(self.journey, self.notes, "population_verifier", "take", 200)
        decider = DeskOfficer(self.journey, self.notes, "population_decider", "approve", 201)
        verifier.sign_in()
        decider.sign_in()
        self._employ(lambda: self._take_cases(verifier))
        self._employ(lambda: _each(self.to_decide, lambda number: self._decide(decider, number)))

    def _receive(self, place: int) -> None:
        """One counter activates its share of the mothers."""
        for number, row in list(enumerate(self.plan.mothers))[place :: len(self.counters)]:
            mother = Mother(row["name"], row["nik"], row["email"], int(row["children"]))
            citizen = Citizen(self.journey, self.notes, mother, 300 + number, _child(number))
            citizen.activate(self.counters[place])
            self.citizens.put(citizen)

    def _report(self, citizen: Citizen) -> None:
        self.reported.append(citizen)
        self._told(lambda: self.to_take.put(citizen.apply().number))

    def _take_cases(self, verifier: DeskOfficer) -> None:
        _each(self.to_take, lambda number: self._told(lambda: self._take(verifier, number)))
        self.to_decide.put(None)

    def _take(self, verifier: DeskOfficer, number: str) -> None:
        verifier.act(number)
        self.to_decide.put(number)

    def _decide(self, decider: DeskOfficer, number: str) -> None:
        self._told(lambda: decider.act(number, self.notes.deed("decision", number)))
        self.decided.add(number)

    def _look_back(self, citizen: Citizen, patience: float) -> None:
        number = citizen.deed.number if citizen.deed else ""
        self._told(lambda: citizen.look_back(decided=number in self.decided, patience=patience))

    def _employ(self, work: Work) -> None:
        thread = threading.Thread(target=lambda: self._told(work), daemon=True)
        thread.start()
        self.in_office.append(thread)

    def _told(self, work: Work) -> None:
        """Do it; who gives up is told of at the end, and the others go on."""
        try:
            work()
        except Exception as error:  # noqa: BLE001  # nothing of the client's own may vanish in a thread
            self.failures.append(f"{type(error).__name__}: {error}")


def _each(line: "queue.Queue[str | None]", work: Callable[[str], object]) -> None:
    while (item := line.get()) is not None:
        work(item)


def _child(number: int) -> str:
    """A name that no other child of the run has."""
    first, rest = number % len(FIRST_NAMES), number // len(FIRST_NAMES)
    return f"{FIRST_NAMES[first]} {FIRST_NAMES[rest % len(FIRST_NAMES)]} {FIRST_NAMES[::-1][rest // 12]}"


def main(arguments: list[str]) -> int:
    """Work through the orders on standard input."""
    plan = Plan(**json.loads(Path(arguments[0]).read_text()))
    town = Town(plan, Notes(), journey_of(plan.base_url, Path(plan.cast_file)))
    town.open()
    strangers = iter(plan.strangers)
    _say({"ready": True})
    for line in sys.stdin:
        order = json.loads(line)
        if "finish" in order:
            town.finish(float(order["finish"]))
            break
        if "ask" in order:
            _say({"acknowledged": town.notes.acknowledged(order["ask"])})
            continue
        town.notes.phase = order["phase"]
        town.more(order["more"], [next(strangers) for _ in range(order["looks"])])
        _say({"phase": order["phase"]})
    _say({"failures": town.failures})
    sys.stdout.write(town.notes.text() + "\n")
    return 0


def _say(value: object) -> None:
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
