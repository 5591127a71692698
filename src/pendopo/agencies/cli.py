"""Verbs of ``./pendopo agencies``: bodies of government, and those of the demonstration."""

import argparse
import json
import sys

from pendopo.agencies import api, demo
from pendopo.foundation.actor import SYSTEM
from pendopo.foundation.settings import current


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verbs of this room."""
    room = commands.add_parser("agencies", help="public bodies, units and posts")
    verbs = room.add_subparsers(dest="verb", required=True)

    listing = verbs.add_parser("list", help="list the public bodies of this hall")
    listing.add_argument("--json", action="store_true", help="one JSON document")
    listing.set_defaults(run=_list)

    found = verbs.add_parser("create-body", help="enter a public body")
    found.add_argument("code", help="short code, e.g. dukcapil")
    found.add_argument("--name-id", required=True, help="name in Indonesian")
    found.add_argument("--name-en", required=True, help="name in English")
    found.add_argument("--member", help="exchange member identifier, e.g. ID/GOV/X")
    found.add_argument("--if-absent", action="store_true", help="no change when this very body is there")
    found.add_argument("--json", action="store_true", help="one JSON document")
    found.set_defaults(run=_create_body)

    seed = verbs.add_parser("seed-demo", help="enter the bodies of the demo hall (again: no change)")
    seed.add_argument("--json", action="store_true", help="one JSON document")
    seed.set_defaults(run=_seed_demo)


def _list(arguments: argparse.Namespace) -> int:
    _print(api.bodies(), as_json=arguments.json)
    return 0


def _create_body(arguments: argparse.Namespace) -> int:
    wanted = (arguments.code, arguments.member)
    there = [body for body in api.bodies() if (body.code, body.member_id) == wanted]
    if arguments.if_absent and there:
        _print(there, as_json=arguments.json)
        return 0
    body = api.create_body(
        arguments.code,
        name_id=arguments.name_id,
        name_en=arguments.name_en,
        member_id=arguments.member,
        actor=SYSTEM,
    )
    _print([body], as_json=arguments.json)
    return 0


def _seed_demo(arguments: argparse.Namespace) -> int:
    if not current().demo:
        sys.stderr.write("Demo bodies are fiction; they are entered only where PENDOPO_DEMO=1.\n")
        return 1
    _print(demo.seed(), as_json=arguments.json)
    return 0


def _print(bodies: list[api.Body], *, as_json: bool) -> None:
    if as_json:
        rows = [{"id": str(b.id), "code": b.code, "name": b.name_id, "member": b.member_id} for b in bodies]
        sys.stdout.write(json.dumps(rows) + "\n")
        return
    for body in bodies:
        sys.stdout.write(f"{body.code:<16} {body.member_id or '-':<32} {body.name_id}\n")
