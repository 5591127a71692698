"""Verbs of ``./pendopo maturity`` about assessments; they need a hall."""

import argparse
import json
from pathlib import Path

from pendopo.maturity import demo
from pendopo.maturity.actions.refresh import refresh_all, refresh_due
from pendopo.maturity.cli_input import guarded


def register(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verbs."""
    seeded = verbs.add_parser("seed-demo", help="two evaluations to try out (refused in production)")
    seeded.add_argument("--people", required=True, type=Path, help="what `identity seed-demo` wrote")
    seeded.add_argument("--json", action="store_true", help="one JSON document")
    seeded.set_defaults(run=guarded(_seed_demo))

    read = verbs.add_parser("read", help="read live evidence that is due now; the worker does so by itself")
    read.add_argument("--all", action="store_true", help="all of open cycles, however new the readings are")
    read.set_defaults(run=guarded(_read))


def _seed_demo(arguments: argparse.Namespace) -> int:
    made = demo.seed(arguments.people)
    told = f"{made['cycles']} cycles, {made['readings']} live readings with a value"
    print(json.dumps(made) if arguments.json else told)
    return 0


def _read(arguments: argparse.Namespace) -> int:
    count = refresh_all() if arguments.all else 0
    while batch := refresh_due():
        count += batch
    print(f"{count} read")
    return 0
