"""``./pendopo bench [SUBJECT …]``: how fast we are, beside peers and the machine."""

import argparse
import importlib
import sys
from pathlib import Path

from benchmarks import machine
from benchmarks.record import record
from benchmarks.rows import Row, table

SUBJECTS = ("rules", "ledger", "submit", "page", "exchange", "cabinet", "maturity")
MOST_RUNS = 25


def main() -> int:
    """Run the subjects one after another; rows are told as soon as they are known."""
    parser = argparse.ArgumentParser(prog="./pendopo bench", description=__doc__)
    parser.add_argument("subjects", nargs="*", metavar="SUBJECT", help=f"default: {' '.join(SUBJECTS)}")
    parser.add_argument(
        "--json", action="store_true", help="one JSON line a row, nothing else on standard output"
    )
    parser.add_argument("--runs", type=int, default=3, help="runs of each case, of which the median counts")
    parser.add_argument("--record", type=Path, help="write machine, date and table into this page as well")
    parser.add_argument("--state", type=Path, required=True, help=argparse.SUPPRESS)
    options = parser.parse_args()
    unknown = set(options.subjects) - set(SUBJECTS)
    if unknown:
        parser.error(f"there is no subject {', '.join(sorted(unknown))}; there are {', '.join(SUBJECTS)}")
    if not 3 <= options.runs <= MOST_RUNS:  # noqa: PLR2004  # a median of fewer is an accident
        parser.error(f"--runs is between 3 and {MOST_RUNS}")
    here = machine.look()
    _tell(f"machine: {here.line()}")
    if here.is_busy:
        _tell(
            "WARNING: the machine is busy; compare processor time a request, not the clock, and measure again"
        )
    rows: list[Row] = []
    for name in options.subjects or SUBJECTS:
        _tell(f"{name} …")
        subject = importlib.import_module(f"benchmarks.subjects.{name}")
        for row in subject.measure(options.runs, options.state):
            rows.append(row)
            if options.json:
                sys.stdout.write(row.line() + "\n")
                sys.stdout.flush()
    if not options.json:
        sys.stdout.write(f"\n{table(rows)}\n")
    if options.record:
        record(options.record, here, rows)
    return 0


def _tell(text: str) -> None:
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


if __name__ == "__main__":
    raise SystemExit(main())
