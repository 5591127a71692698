"""Verbs that bring results, countries and survey answers in, and results out, on the machine itself."""

import argparse
import datetime as dt
import sys
from pathlib import Path

from pendopo.foundation.actor import SYSTEM
from pendopo.foundation.problems import sentence
from pendopo.kernel.errors import PendopoError
from pendopo.maturity import import_errors as errors
from pendopo.maturity import library
from pendopo.maturity.cli_input import guarded
from pendopo.maturity.imports.results import Defaults
from pendopo.maturity.published import AgencyKind


def register(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verbs."""
    results = verbs.add_parser("import-results", help="published results of agencies from a CSV file")
    results.add_argument(
        "file", type=Path, help="CSV: agency, D1 …, index, predicate; decimal commas are fine"
    )
    results.add_argument("--source", required=True, help="where the figures come from")
    results.add_argument(
        "--instrument", default="", help=f"where no column says it: {', '.join(library.ids())}"
    )
    results.add_argument("--year", type=int, help="where no column says it")
    results.add_argument(
        "--kind", choices=[one.value for one in AgencyKind], help="else by the name's first word"
    )
    results.add_argument("--draft", action="store_true", help="leave it as a draft, not public")
    results.set_defaults(run=guarded(_results))

    countries = verbs.add_parser("import-countries", help="an edition of the UN's table from a CSV file")
    countries.add_argument("file", type=Path, help="CSV: country, osi, tii, hci; egdi and rank if there")
    countries.add_argument("--year", type=int, required=True, help="the edition")
    countries.add_argument("--source", required=True, help="where the figures come from")
    countries.set_defaults(run=guarded(_countries))

    answers = verbs.add_parser("import-answers", help="survey answers (SKM) from a CSV file")
    answers.add_argument("file", type=Path, help="CSV: U1 … U9, month and service if there; one person a row")
    answers.add_argument("--agency", required=True, help="the agency that was rated")
    answers.add_argument("--source", required=True, help="where the answers come from")
    answers.add_argument("--month", help="where no column says it, such as 2026-05")
    answers.set_defaults(run=guarded(_answers))

    out = verbs.add_parser("export-results", help="every published result as CSV, or JSON")
    out.add_argument("--json", action="store_true", help="one JSON document")
    out.set_defaults(run=guarded(_export))


def _results(arguments: argparse.Namespace) -> int:
    from pendopo.maturity.actions import results  # noqa: PLC0415  # only this needs the database

    kind = AgencyKind(arguments.kind) if arguments.kind else None
    try:
        found = results.hand_in(
            SYSTEM,
            _bytes(arguments.file),
            source=arguments.source,
            defaults=Defaults(arguments.instrument, arguments.year, kind),
        )
        if arguments.draft:
            print(f"read as draft {found}")
            return 0
        print(f"{results.publish(SYSTEM, found)} results new or changed")
    except PendopoError as error:
        return _fail(error)
    return 0


def _countries(arguments: argparse.Namespace) -> int:
    from pendopo.maturity.actions import countries  # noqa: PLC0415  # only this needs the database

    try:
        count = countries.enter(SYSTEM, _bytes(arguments.file), year=arguments.year, source=arguments.source)
    except PendopoError as error:
        return _fail(error)
    print(f"{count} countries of {arguments.year}")
    return 0


def _answers(arguments: argparse.Namespace) -> int:
    from pendopo.maturity.actions import surveys  # noqa: PLC0415  # only this needs the database

    try:
        month = dt.date.fromisoformat(f"{arguments.month}-01") if arguments.month else None
    except ValueError:
        print(f"pendopo: “{arguments.month}” is no month; write one such as 2026-05", file=sys.stderr)
        return 1
    try:
        found = surveys.hand_in(
            SYSTEM,
            _bytes(arguments.file),
            agency=arguments.agency,
            source=arguments.source,
            month=month,
        )
        surveys.publish(SYSTEM, found)
    except errors.NotADraft:
        print("these answers are counted already")
        return 0
    except PendopoError as error:
        return _fail(error)
    print("counted")
    return 0


def _export(arguments: argparse.Namespace) -> int:
    from pendopo.maturity.exports import open_data  # noqa: PLC0415  # only this needs the database
    from pendopo.maturity.queries import ranking  # noqa: PLC0415

    write = open_data.results_json if arguments.json else open_data.results_csv
    for text in write(ranking.everything()):
        sys.stdout.write(text)
    return 0


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise errors.FileMissing from error


def _fail(error: PendopoError) -> int:
    found = error.problems if isinstance(error, errors.BadTable) else ()
    told = [sentence(error, "en"), *(f"  {sentence(one, 'en')}" for one in found)]
    print("pendopo:", "\n".join(told), file=sys.stderr)
    return 1
