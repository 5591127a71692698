"""``./pendopo audit``: known vulnerabilities of the pinned packages, or a clear word that nobody was asked.

Exit code 0 only when every package was audited and nothing was found; 1 for findings; 2 when some were not.
"""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from pendopo.entrypoints import auditing, locks

BAR = 40


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb."""
    parser = commands.add_parser("audit", help=__doc__, description=__doc__)
    parser.add_argument(
        "--advisories",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="OSV records (JSON or ZIP) instead of the package indexes; may be given again",
    )
    parser.add_argument("--json", action="store_true", help="answer as one JSON value")
    parser.set_defaults(run=_audit)


def _audit(options: argparse.Namespace) -> int:
    parts = [*locks.python(tuple(locks.groups())), *locks.npm()]
    if options.advisories:
        found = auditing.by_files(parts, options.advisories)
    else:
        found = auditing.by_indexes(parts, _bar)
    if options.json:
        print(json.dumps(asdict(found)))
    else:
        print(_told(found, len(parts)))
    return found.code


def _told(found: auditing.Audit, count: int) -> str:
    lines = [
        f"  {one.package} {one.version}  {one.advisory}  fixed: {', '.join(one.fixed) or '?'}  {one.summary}"
        for one in found.findings
    ]
    lines.append(
        f"{found.audited} of {count} packages audited against {found.source}; {len(found.findings)} findings."
    )
    reasons = sorted(set(found.silent.values()))
    if not found.audited:
        lines.append("NOTHING WAS AUDITED. This is no statement that the packages are well.")
    elif found.silent:
        lines.append(f"{len(found.silent)} packages were NOT audited.")
    lines += [f"  because {reason}" for reason in reasons]
    if found.silent:
        lines.append("Bring OSV records and name them: ./pendopo audit --advisories FILE")
    return "\n".join(lines)


def _bar(done: int, total: int) -> None:
    if sys.stderr.isatty():
        filled = BAR * done // total
        end = "\n" if done == total else ""
        sys.stderr.write(f"\r[{'#' * filled}{'.' * (BAR - filled)}] {done}/{total}{end}")
        sys.stderr.flush()
