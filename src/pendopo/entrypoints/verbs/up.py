"""``./pendopo up``: install, start, seed, walk, serve."""

import argparse
import json
import sys

from pendopo.entrypoints import ending, instance
from pendopo.entrypoints.places import place
from pendopo.entrypoints.stack import Stack, running_stack
from pendopo.entrypoints.telling import Teller
from pendopo.entrypoints.walk import Journey, WalkFailedError, walk


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb."""
    parser = commands.add_parser("up", help="install, start, seed, walk the main job, serve")
    parser.add_argument("--once", action="store_true", help="leave after the walk")
    parser.add_argument("--json", action="store_true", help="say nothing but one last line of JSON")
    parser.add_argument("--fresh", action="store_true", help="forget everything of this checkout first")
    parser.add_argument("--no-walk", action="store_true", help="start and serve only")
    parser.add_argument("--lang", choices=("id", "en"), default="id", help="language of the story")
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
        with running_stack(here, teller) as stack:
            outputs = [] if options.no_walk else _walk(stack, options, teller)
            if options.once:
                teller.say(f"done in {teller.seconds} s")
                if options.json:
                    _print_line(_succeeded(teller, outputs))
                return 0
            teller.say(ending.addresses(stack))
            if options.json:
                _print_line(_succeeded(teller, outputs))
            stack.supervisor.watch()
    return 0


def _walk(stack: Stack, options: argparse.Namespace, teller: Teller) -> list[str]:
    journey = journey_through(stack, options.lang)
    mother = journey.next_mother()
    outputs = walk(journey, teller)
    journey.note_birth(mother)
    return [str(path) for path in outputs]


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
