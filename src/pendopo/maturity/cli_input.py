"""What the verbs of ``./pendopo maturity`` are given: files, figures, and how a problem in them is told."""

import argparse
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

from pendopo.foundation.problems import sentence
from pendopo.maturity import errors
from pendopo.maturity.levels import decimal

STANDARD_INPUT = "-"
type Verb = Callable[[argparse.Namespace], int]


def add_levels(parser: argparse.ArgumentParser) -> None:
    """Add what every verb on levels takes."""
    parser.add_argument("--instrument", required=True, help="id of an instrument, e.g. spbe-2020")
    parser.add_argument(
        "--levels", required=True, help="JSON object or CSV table of levels; - is standard input"
    )
    parser.add_argument("--year", type=int, help="cycle whose rule chooses the predicate")
    parser.add_argument("--json", action="store_true", help="one JSON document")


def guarded(verb: Verb) -> Verb:
    """Return the verb with every problem of what was handed in told on standard error, exit code 1."""

    def run(arguments: argparse.Namespace) -> int:
        try:
            return verb(arguments)
        except (errors.BadLevels, errors.BadAnswers) as error:
            told = [sentence(error, "en"), *(f"  {sentence(one, 'en')}" for one in error.problems)]
        except errors.UnusableInstrument as error:
            told = [f"{error.params['file']} cannot be used:", *(f"  {one}" for one in error.defects)]
        except errors.MaturityError as error:
            told = [sentence(error, "en")]
        sys.stderr.write("\n".join([f"pendopo: {told[0]}", *told[1:], ""]))
        return 1

    return run


def read_text(name: str) -> str:
    """Return a file's text; raise ``NotReadable`` where it is no UTF-8."""
    data = sys.stdin.buffer.read() if name == STANDARD_INPUT else Path(name).read_bytes()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise errors.NotReadable(form="UTF-8", line=data[: error.start].count(b"\n") + 1) from error


def figure(text: str) -> Decimal:
    """Return a number; raise ``NotAFigure``."""
    found = decimal(text)
    if found is None:
        raise errors.NotAFigure(given=text[:40])
    return found


def whole(text: str) -> int:
    """Return a whole number; raise ``NotAFigure`` or ``NotWhole``."""
    found = figure(text)
    if found != int(found):
        raise errors.NotWhole(given=text[:40])
    return int(found)


def pairs(given: list[str]) -> list[tuple[str, str]]:
    """Return each ``left=right``; raise ``NotAPair``."""
    found = []
    for entry in given:
        left, sign, right = entry.partition("=")
        if not sign:
            raise errors.NotAPair(given=entry[:40])
        found.append((left.strip(), right.strip()))
    return found
