"""``./pendopo up``: install, start, seed, walk, serve."""

import argparse
import json
import os
import sys
from collections.abc import Mapping

from pendopo.entrypoints import ending, instance
from pendopo.entrypoints.places import place
from pendopo.entrypoints.stack import PreparationError, Stack, running_stack
from pendopo.entrypoints.telling import Teller
from pendopo.entrypoints.walk import Journey, WalkFailedError, walk


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb."""
    parser = commands.add_parser("up", help="install, start, seed, walk the main job, serve")
    parser.add_argument("--once", action="store_true", help="leave after the walk")
    parser.add_argument("--json", action="store_true", help="say nothing but one last line of JSON")
    parser.add_argument("--fresh", action="store_true", help="forget everything of this checkout first")
    parser.add_argument("--no-walk", action="store_true", help="start and serve only")
    parser.add_argument("--lang", choices=("id", "en"), help="language of the story (else that of the shell)")
    parser.set_defaults(run=_up)


def _up(options: argparse.Namespace) -> int:
    teller = Teller(is_quiet=options.json)
    try:
        return _run(options, teller)
    except Exception as error:
        if options.json:
            _print_line(_failed(error))
            return 1
        raise


def _run(options: argparse.Namespace, teller: Teller) -> int:
    here = place()
    with instance.held(here):
        if options.fresh:
            instance.forget(here)
        teller.say("Pendopo")
        named = os.environ.get("PENDOPO_INSTANCE", here.instance)
        if named != here.instance:
            teller.say(f"  {here.state} is named {here.instance} and keeps it; PENDOPO_INSTANCE is not used")
        with running_stack(here, teller) as stack:
            teller.say(f"  Open now: {stack.base_url}/        (English: {stack.base_url}/en/)")
            outputs = [] if options.no_walk else _walk(stack, options, teller)
            if options.once:
                teller.say(f"done in {teller.seconds} s")
                if options.json:
                    _print_line(_succeeded(teller, outputs))
                return 0
            _read_evidence(stack, teller)
            teller.say(ending.addresses(stack))
            if options.json:
                _print_line(_succeeded(teller, outputs))
            stack.supervisor.watch()
    return 0


def _read_evidence(stack: Stack, teller: Teller) -> None:
    """Let the evaluations see what the walk has filled; the demonstration goes on without."""
    try:
        with teller.step("evidence of the evaluations, read again"):
            stack.verb("maturity", "read", "--all")
    except PreparationError as error:
        teller.say(f"  it could not be read: {error}")


def _walk(stack: Stack, options: argparse.Namespace, teller: Teller) -> list[str]:
    journey = journey_through(stack, options.lang or shell_language(os.environ))
    mother = journey.next_mother()
    outputs = walk(journey, teller)
    journey.note_birth(mother)
    return [str(path) for path in outputs]


def shell_language(environment: Mapping[str, str]) -> str:
    """Return the story's language for whoever names none: English in an English shell, else Indonesian."""
    named = next(filter(None, map(environment.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    return "en" if named.startswith("en") else "id"


def journey_through(stack: Stack, language: str) -> Journey:
    """Return what a stranger is told about a running demonstration."""
    return Journey(
        base_url=stack.base_url,
        cast_file=stack.cast_file,
        people_file=stack.people_file,
        mail_folder=stack.mail_folder,
        outputs=stack.outputs,
        language=language,
        authority_file=stack.here.state / "ca" / "root.pem",
        checkpoint_file=stack.hall.folder / "checkpoints" / "latest",
        verb=stack.verb,
    )


def _succeeded(teller: Teller, outputs: list[str]) -> dict[str, object]:
    steps = [{"name": name, "ms": spent} for name, spent in teller.times]
    return {"main_job": "ok", "steps": steps, "outputs": outputs, "seconds": teller.seconds}


def _failed(error: Exception) -> dict[str, object]:
    step = error.step if isinstance(error, WalkFailedError) else "start"
    return {"main_job": "failed", "step": step, "reason": str(error) or type(error).__name__}


def _print_line(value: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
    sys.stdout.flush()
