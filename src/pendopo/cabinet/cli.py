"""Verbs of ``./pendopo cabinet``: found bodies, seat people, the demonstration's leadership meeting."""

import argparse
import json
import sys
from pathlib import Path

from pendopo.cabinet import cli_after, configuration, demo
from pendopo.cabinet.actions import bodies
from pendopo.cabinet.configuration import UnusableConfigurationError
from pendopo.cabinet.queries.overview import overview
from pendopo.foundation.actor import SYSTEM
from pendopo.foundation.problems import sentence
from pendopo.identity import api as identity
from pendopo.kernel.errors import PendopoError
from pendopo.kernel.nik import Nik


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verbs of this room."""
    room = commands.add_parser("cabinet", help="bodies that decide together: found them, seat people")
    verbs = room.add_subparsers(dest="verb", required=True)

    found = verbs.add_parser("found", help="found a body from definitions/cabinet, or bring it up to date")
    found.add_argument("code", help="code of the body, e.g. rapim-contoh")
    found.set_defaults(run=_found)

    seat = verbs.add_parser("seat", help="give a seat to a person; the NIK is read from standard input")
    seat.add_argument("body", help="code of the body")
    seat.add_argument("seat", help="code of the seat")
    seat.set_defaults(run=_seat)

    listed = verbs.add_parser("bodies", help="list bodies, their seats and how many are held")
    listed.add_argument("--json", action="store_true", help="one JSON document")
    listed.set_defaults(run=_bodies)

    seeded = verbs.add_parser("seed-demo", help="a leadership meeting to try out (refused in production)")
    seeded.add_argument("--people", required=True, type=Path, help="what `identity seed-demo` wrote")
    seeded.add_argument("--json", action="store_true", help="one JSON document")
    seeded.set_defaults(run=_seed_demo)
    cli_after.register(verbs)


def _found(arguments: argparse.Namespace) -> int:
    path = configuration.folder() / f"{arguments.code}.yaml"
    if not path.is_file():
        known = ", ".join(sorted(file.stem for file in configuration.folder().glob("*.yaml")))
        return _fail(f"There is no body “{arguments.code}”; there are: {known}.")
    try:
        bodies.found(configuration.load(path), actor=SYSTEM)
    except UnusableConfigurationError as error:
        return _fail(str(error))
    except PendopoError as error:
        return _fail(sentence(error, "en"))
    print(f"{arguments.code} founded")
    return 0


def _seat(arguments: argparse.Namespace) -> int:
    try:
        person = identity.subject_by_nik(Nik.parse(sys.stdin.readline()))
        if person is None:
            return _fail("Nobody with this NIK has a Digital ID here yet.")
        bodies.seat_person(arguments.body, arguments.seat, person.id, actor=SYSTEM)
    except PendopoError as error:
        return _fail(sentence(error, "en"))
    print(f"{arguments.body} {arguments.seat}: seated from now on")
    return 0


def _bodies(arguments: argparse.Namespace) -> int:
    lines = overview()
    if arguments.json:
        print(json.dumps([{"code": one.code, "seats": one.seats, "held": one.held} for one in lines]))
        return 0
    for one in lines:
        print(f"{one.code:<24}{one.held} of {one.seats} seats held")
    return 0


def _seed_demo(arguments: argparse.Namespace) -> int:
    try:
        made = demo.seed(arguments.people)
    except demo.NotADemoError:
        return _fail("The demonstration is fiction; it is brought in only where PENDOPO_DEMO=1.")
    print(json.dumps(made) if arguments.json else f"{made['seated']} seats held, {made['dossiers']} dossiers")
    return 0


def _fail(message: str) -> int:
    print(f"pendopo: {message}", file=sys.stderr)
    return 1
