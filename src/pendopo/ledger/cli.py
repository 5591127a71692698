"""``./pendopo ledger …``: verify the log, sequence what waits, print a checkpoint."""

import argparse
import base64
import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from pendopo.foundation.settings import current
from pendopo.ledger import api, checkpoints

BAR = 40
WORTH_A_BAR = 5000


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verbs of this room."""
    parser = commands.add_parser("ledger", help="the tamper-evident log")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    verify = verbs.add_parser("verify", help="recompute the log and hold it against every checkpoint")
    verify.add_argument(
        "--checkpoint", type=Path, metavar="FILE", help="a checkpoint that was kept elsewhere"
    )
    verify.set_defaults(run=_verify)
    sequence = verbs.add_parser("sequence", help="number what waits now, as the worker does each second")
    sequence.set_defaults(run=_sequence)
    checkpoint = verbs.add_parser("checkpoint", help="print the newest checkpoint (a C2SP signed note)")
    checkpoint.set_defaults(run=_checkpoint)
    for verb in verbs.choices.values():
        verb.add_argument("--json", action="store_true", help="answer as one JSON value")


def _verify(arguments: argparse.Namespace) -> int:
    if arguments.checkpoint is not None and not _is_about_us(arguments.checkpoint):
        sys.stderr.write(f"pendopo: {arguments.checkpoint} is no checkpoint of this log\n")
        return 2
    report = api.verify(arguments.checkpoint, progress=_bar())
    if arguments.json:
        _say(json.dumps({**asdict(report), "root": base64.b64encode(report.root).decode()}))
    else:
        _tell(report)
    return 0 if report.ok else 1


def _is_about_us(file: Path) -> bool:
    """A mistyped name, or a file of another kind, is no finding about the log. Raises ``OSError``."""
    return checkpoints.is_about_us(file.read_bytes().decode(errors="replace"))


def _tell(report: api.VerificationReport) -> None:
    _say(f"entries      {report.size} ({report.erased} erased by rule; {report.waiting} waiting)")
    _say(f"root         {base64.b64encode(report.root).decode()}")
    folder = current().checkpoint_dir
    _say(f"checkpoints  {report.checkpoints} in the database, {report.outside} outside ({folder})")
    if report.stamps:
        _say(f"time stamps  {report.stamps} good ones of others on checkpoints")
    for finding in report.findings:
        _say(f"WRONG        {finding.code}: {finding.where}")
    _say(
        "The log is whole."
        if report.ok
        else "The log was changed. Keep everything as it is and call the auditor."
    )


def _sequence(arguments: argparse.Namespace) -> int:
    added = api.sequence()
    _say(json.dumps({"added": added}) if arguments.json else f"{added} entries numbered.")
    return 0


def _checkpoint(arguments: argparse.Namespace) -> int:
    head = api.latest_checkpoint()
    _say(json.dumps({"size": head.size, "note": head.note}) if arguments.json else head.note.rstrip("\n"))
    return 0


def _bar() -> Callable[[int, int], None] | None:
    if not sys.stderr.isatty():
        return None

    def show(done: int, total: int) -> None:
        if total < WORTH_A_BAR:
            return
        filled = BAR * done // total
        end = "\n" if done == total else ""
        sys.stderr.write(f"\r[{'#' * filled}{'.' * (BAR - filled)}] {done}/{total}{end}")
        sys.stderr.flush()

    return show


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
