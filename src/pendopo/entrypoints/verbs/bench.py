"""``./pendopo bench``: how fast we are, measured here and now, beside peers and beside the machine.

The subjects live in ``benchmarks/`` and see the hall from outside. What needs a running hall starts one of
its own, fresh, in a folder of its own; nobody's real hall is touched.
"""

import argparse
import os
import subprocess
import sys

from pendopo.entrypoints.places import CHECKOUT, instance_id, state_root


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb; its words go to ``benchmarks``."""
    parser = commands.add_parser("bench", help="measure speed, beside peers and the machine's bound")
    parser.add_argument(
        "subjects", nargs="*", metavar="SUBJECT", help="default: all; see benchmarks/README.md"
    )
    parser.add_argument("--json", action="store_true", help="one line of JSON a row")
    parser.add_argument(
        "--runs", type=int, default=3, help="runs of each case; the median counts (default 3)"
    )
    parser.add_argument("--record", metavar="FILE", help="also write machine, date and table into this page")
    parser.set_defaults(run=_bench)


def _bench(options: argparse.Namespace) -> int:
    state = state_root() / f"{instance_id()}-bench"
    command = [
        *(sys.executable, "-m", "benchmarks", "--state", str(state), "--runs", str(options.runs)),
        *(["--json"] if options.json else []),
        *(["--record", os.path.abspath(options.record)] if options.record else []),  # noqa: PTH100  # of here
        *options.subjects,
    ]
    return subprocess.run(command, check=False, cwd=CHECKOUT).returncode
