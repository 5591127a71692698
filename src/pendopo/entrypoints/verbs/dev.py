"""``./pendopo dev``: the demonstration without the walk; processes restart when their source changes."""

import argparse
import time
from pathlib import Path

from pendopo.entrypoints import assets, ending, instance
from pendopo.entrypoints.places import CHECKOUT, place
from pendopo.entrypoints.processes import Process, ProcessDiedError
from pendopo.entrypoints.stack import Stack, running_stack
from pendopo.entrypoints.telling import Teller

LOOK_EVERY_SECONDS = 0.7
CODE = frozenset({".py", ".html", ".yaml", ".typ", ".csv"})
STYLE = frozenset({".scss", ".css", ".js", ".mjs", ".svg"})
RESTARTED = ("register-web", "hall-web", "hall-worker", "hall-live")

type Seen = dict[Path, int]


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb."""
    parser = commands.add_parser("dev", help=__doc__)
    parser.set_defaults(run=_dev)


def _dev(_options: argparse.Namespace) -> int:
    teller = Teller()
    here = place()
    with instance.held(here), running_stack(here, teller) as stack:
        teller.say(ending.addresses(stack))
        teller.say("  Watching src/ and definitions/ for changes.")
        seen, is_well = look(), True
        while True:
            time.sleep(LOOK_EVERY_SECONDS)
            now = look()
            changed = {path.suffix for path in now.keys() | seen.keys() if now.get(path) != seen.get(path)}
            seen = now
            if changed:
                is_well = _react(stack, teller, changed)
            elif is_well:
                stack.supervisor.check()


def look() -> Seen:
    """Return every watched file with its time of change."""
    roots = (CHECKOUT / "src", CHECKOUT / "definitions")
    found: Seen = {}
    for root in roots:
        for path in root.rglob("*"):
            if path.suffix in CODE | STYLE and "static/build" not in str(path):
                found[path] = _changed_at(path)
    return found


def _changed_at(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except FileNotFoundError:  # an editor replaces files by renaming
        return 0


def _react(stack: Stack, teller: Teller, changed: set[str]) -> bool:
    """Build and restart.

    What is broken now is told, and the next change is awaited. True when all is well.
    """
    try:
        if changed & STYLE:
            with teller.step("assets"):
                assets.ensure()
        with teller.step(f"restarted after a change of {' '.join(sorted(changed))}"):
            _restart(stack)
    except (ProcessDiedError, assets.AssetsError) as error:
        teller.say(f"{error}\n  Waiting for the next change.")
        return False
    return True


def _restart(stack: Stack) -> None:
    chosen = [process for process in stack.supervisor.processes if process.plan.name in RESTARTED]
    again: list[Process] = [stack.supervisor.restart(process) for process in chosen]
    for process in again:
        process.wait_ready()
