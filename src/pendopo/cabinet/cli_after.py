"""Verbs of ``./pendopo cabinet`` for what leaves and enters the room, and the simulation."""

import argparse
import json
import sys
from pathlib import Path
from uuid import UUID

from pendopo.cabinet import simulation
from pendopo.cabinet.actions import exports, imports
from pendopo.cabinet.actions.exports import Form
from pendopo.cabinet.imports import openslides
from pendopo.cabinet.imports.openslides import UnreadableExportError
from pendopo.cabinet.standing import standing_of_seat
from pendopo.foundation.actor import SYSTEM
from pendopo.foundation.problems import sentence
from pendopo.kernel.errors import PendopoError


def register(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verbs."""
    export = verbs.add_parser("export", help="write a session as a file, with the eyes of one seat")
    export.add_argument("session", type=UUID, help="id of the session")
    export.add_argument("--format", required=True, choices=[form.value for form in Form])
    export.add_argument("--as-seat", required=True, help="code of the seat whose class decides what is in it")
    export.add_argument("--out", required=True, type=Path, help="where to write")
    export.set_defaults(run=_export)

    bring = verbs.add_parser("import-openslides", help="bring a meeting of OpenSlides in as a draft session")
    bring.add_argument("file", type=Path, help="JSON that OpenSlides exported")
    bring.add_argument("--body", required=True, help="code of the body")
    bring.add_argument("--json", action="store_true", help="one JSON document")
    bring.set_defaults(run=_import)

    simulate = verbs.add_parser("simulate", help="what consent and deadlines do to made-up agendas")
    simulate.add_argument("--seed", type=int, default=simulation.Assumed().seed)
    simulate.add_argument("--json", action="store_true", help="one JSON document with the assumptions")
    simulate.set_defaults(run=_simulate)


def _export(arguments: argparse.Namespace) -> int:
    try:
        eyes = standing_of_seat(arguments.session, arguments.as_seat)
        file = exports.export(SYSTEM, arguments.session, Form(arguments.format), standing=eyes)
    except PendopoError as error:
        return _fail(sentence(error, "en"))
    arguments.out.write_bytes(file.data)
    _say(f"{arguments.out}: {len(file.data)} bytes, {file.media_type}")
    return 0


def _import(arguments: argparse.Namespace) -> int:
    try:
        meeting = openslides.read(arguments.file.read_bytes())
        made = imports.bring_in(meeting, arguments.body, actor=SYSTEM)
    except UnreadableExportError as error:
        return _fail(str(error))
    except PendopoError as error:
        return _fail(sentence(error, "en"))
    if arguments.json:
        found = {"session": str(made.session_id), "number": made.number, "items": made.items}
        _say(json.dumps(found | {"left_out": meeting.left_out}))
        return 0
    _say(f"session {made.number} ({made.session_id}): {made.items} draft dossiers")
    _say(f"not read: {', '.join(meeting.left_out) or 'nothing'}")
    return 0


def _simulate(arguments: argparse.Namespace) -> int:
    assumed = simulation.Assumed(seed=arguments.seed)
    results = simulation.simulate(assumed)
    if arguments.json:
        _say(json.dumps(simulation.as_json(assumed, results)))
        return 0
    _say(f"{'procedure':<12}{'items':>7}{'by consent':>12}{'session min':>13}{'person-hours':>14}")
    for one in results:
        _say(
            f"{one.case.value:<12}{one.items:>7}{one.by_consent:>12}"
            f"{one.session_minutes:>13.0f}{one.hours.total:>14.1f}"
        )
    _say("Behaviour is assumed, not observed; --json lists the assumptions.")
    return 0


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def _fail(message: str) -> int:
    sys.stderr.write(f"pendopo: {message}\n")
    return 1
