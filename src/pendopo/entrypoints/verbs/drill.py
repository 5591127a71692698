"""``./pendopo drill restore``: back up while it serves, restore elsewhere, compare everything.

``drill check FILE`` reads the signed report again.
"""

import argparse
import json
from dataclasses import asdict

from pendopo.entrypoints.drills import report, restore
from pendopo.entrypoints.places import place
from pendopo.entrypoints.telling import Teller

SHOWN = 20


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb."""
    parser = commands.add_parser("drill", help=__doc__, description=__doc__)
    verbs = parser.add_subparsers(required=True, metavar="restore|check")
    drill = verbs.add_parser("restore", help="prove that a backup of now becomes a hall again")
    drill.add_argument("--json", action="store_true", help="the report as one JSON value")
    drill.set_defaults(run=_restore)
    report.add_verbs(verbs)


def _restore(options: argparse.Namespace) -> int:
    teller = Teller(is_quiet=options.json)
    teller.say("Restore drill")
    found = restore.run(place(), teller)
    if options.json:
        print(json.dumps(asdict(found), ensure_ascii=False))
    else:
        print(told(found))
    return 0 if found.ok else 1


def told(found: report.Report) -> str:
    """Return what people read: facts, then every difference."""
    facts = found.facts
    databases = facts["databases"]
    lines = [
        "",
        f"  served meanwhile   {'yes' if facts['serving'] else 'no, it was stopped'}",
        f"  instant            {facts['instant']}, commands held for {facts['instant_held_ms']} ms",
        f"  archive            {facts['archive_bytes']} bytes, SHA-256 {facts['archive_sha256']}",
        *(_database_line(name, content) for name, content in _items(databases)),
        f"  files              {facts['files_equal']} equal, {_count(facts['files_moving'])} written to",
        *(f"  {key.replace('_', ' '):<19}{_words(value)}" for key, value in facts.items() if _is_told(key)),
        f"  signed in          {facts.get('signed_in', 'no')}",
        *(f"  DIFFERENT          {one['code']}: {one['where']}" for one in found.findings[:SHOWN]),
        f"  report             {facts.get('file', '')}",
        f"{'All equal' if found.ok else f'{len(found.findings)} differences'}, {found.seconds} s.",
    ]
    return "\n".join(lines)


def _is_told(key: str) -> bool:
    return key.startswith(("opened_", "log_"))


def _items(value: object) -> list[tuple[str, dict[str, object]]]:
    return list(value.items()) if isinstance(value, dict) else []


def _count(value: object) -> int:
    return len(value) if isinstance(value, list) else 0


def _database_line(name: str, content: dict[str, object]) -> str:
    tables = content["tables"]
    count = len(tables) if isinstance(tables, dict) else 0
    return f"  {name:<19}{count} tables, {content['rows']} rows"


def _words(value: object) -> str:
    return ", ".join(f"{key} {one}" for key, one in _items(value))
