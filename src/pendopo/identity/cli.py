"""Verbs of ``./pendopo identity``: the Digital ID, its provider and its first administrator."""

import argparse
import json
import sys
from pathlib import Path

from pendopo.agencies import api as agencies
from pendopo.exchange.api import ExchangeError
from pendopo.foundation.actor import SYSTEM
from pendopo.foundation.problems import sentence
from pendopo.foundation.settings import current
from pendopo.identity import seeding
from pendopo.identity.actions import first
from pendopo.identity.actions.counter import Issued
from pendopo.identity.client import registration
from pendopo.identity.jobs import sweep
from pendopo.identity.provider import clients
from pendopo.kernel.errors import PendopoError
from pendopo.kernel.nik import Nik


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verbs of this room."""
    room = commands.add_parser("identity", help="the Digital ID: provider, clients, first people")
    verbs = room.add_subparsers(dest="verb", required=True)

    ensure = verbs.add_parser(
        "ensure-clients", help="make missing keys and register the hall at its provider (again: no change)"
    )
    ensure.set_defaults(run=_ensure_clients)

    client = verbs.add_parser("register-client", help="register an agency's application as an OpenID client")
    client.add_argument("client_id")
    client.add_argument("--name-id", required=True, help="name in Indonesian")
    client.add_argument("--name-en", required=True, help="name in English")
    client.add_argument("--redirect-uri", required=True, action="append", help="exact return address")
    client.add_argument("--post-logout-redirect-uri", action="append", default=[])
    client.add_argument("--jwks", type=Path, help="file with its public keys; without it: public client")
    client.set_defaults(run=_register_client)

    admin = verbs.add_parser(
        "first-administrator", help="enter a hall's first administrator; the NIK is read from standard input"
    )
    admin.add_argument("--body", required=True, help="code of the body, e.g. pemda-contoh")
    admin.add_argument("--json", action="store_true", help="one JSON document")
    admin.set_defaults(run=_first_administrator)

    officer = verbs.add_parser(
        "appoint", help="bring in an officer and give a post; the NIK is read from standard input"
    )
    officer.add_argument("--body", required=True, help="code of the body, e.g. dukcapil")
    officer.add_argument("--title-id", required=True, help="title of the post in Indonesian")
    officer.add_argument("--title-en", required=True, help="title of the post in English")
    officer.add_argument(
        "--permission",
        required=True,
        action="append",
        choices=[permission.value for permission in agencies.Permission],
        help="what the post may do; repeat for more",
    )
    officer.add_argument("--json", action="store_true", help="one JSON document")
    officer.set_defaults(run=_appoint)

    leaving = verbs.add_parser(
        "dismiss", help="end an officer's posts, at once; the NIK is read from standard input"
    )
    leaving.add_argument("--body", help="code of the body; without it, the posts in all bodies")
    leaving.add_argument("--json", action="store_true", help="one JSON document")
    leaving.set_defaults(run=_dismiss)

    demo = verbs.add_parser("seed-demo", help="bring in the people of the demo (refused in production)")
    demo.add_argument("--cast", required=True, type=Path, help="what `registers demo-cast --json` printed")
    demo.add_argument("--out", type=Path, help="file for their secrets (default: in the state folder)")
    demo.add_argument("--json", action="store_true", help="one JSON document, without secrets")
    demo.set_defaults(run=_seed_demo)

    sweeping = verbs.add_parser("sweep", help="delete expired challenges, codes and sessions now")
    sweeping.set_defaults(run=_sweep)


def _ensure_clients(_arguments: argparse.Namespace) -> int:
    registration.ensure()
    print(f"{registration.CLIENT_ID} -> {registration.callback_address()}")
    return 0


def _register_client(arguments: argparse.Namespace) -> int:
    keys = json.loads(arguments.jwks.read_text(encoding="utf-8")) if arguments.jwks else None
    entry = clients.Registration(
        client_id=arguments.client_id,
        name_id=arguments.name_id,
        name_en=arguments.name_en,
        redirect_uris=tuple(arguments.redirect_uri),
        post_logout_redirect_uris=tuple(arguments.post_logout_redirect_uri),
        keys=keys,
    )
    try:
        clients.register(entry, actor=SYSTEM)
    except clients.InvalidRegistrationError as error:
        return _fail(str(error))
    print(f"{entry.client_id} registered")
    return 0


def _first_administrator(arguments: argparse.Namespace) -> int:
    typed = sys.stdin.readline()
    try:
        issued = first.first_administrator(Nik.parse(typed), agencies.body_by_code(arguments.body))
    except PendopoError as error:
        return _fail(sentence(error, "en"))
    _tell_code(issued, as_json=arguments.json)
    return 0


def _appoint(arguments: argparse.Namespace) -> int:
    typed = sys.stdin.readline()
    try:
        issued = first.appoint_officer(
            Nik.parse(typed),
            agencies.body_by_code(arguments.body),
            title_id=arguments.title_id,
            title_en=arguments.title_en,
            permissions=arguments.permission,
        )
    except PendopoError as error:
        return _fail(sentence(error, "en"))
    if issued is not None:
        _tell_code(issued, as_json=arguments.json)
    else:
        print(json.dumps({"code": None}) if arguments.json else "appointed; they sign in as before")
    return 0


def _dismiss(arguments: argparse.Namespace) -> int:
    typed = sys.stdin.readline()
    try:
        body = agencies.body_by_code(arguments.body) if arguments.body else None
        ended = first.dismiss_officer(Nik.parse(typed), body)
    except PendopoError as error:
        return _fail(sentence(error, "en"))
    if arguments.json:
        print(json.dumps([{"post": str(one.id), "body": one.body_code} for one in ended]))
    else:
        print("\n".join(f"{one.body_code}: {one.title_en}, ended" for one in ended))
    return 0


def _tell_code(issued: Issued, *, as_json: bool) -> None:
    address = f"{current().base_url}/activate/"
    if as_json:
        print(json.dumps({"code": issued.code, "address": address, "until": issued.expires_at.isoformat()}))
    else:
        print(f"{address}\n{issued.code}\n(until {issued.expires_at:%Y-%m-%d %H:%M} UTC, once)")


def _seed_demo(arguments: argparse.Namespace) -> int:
    out = arguments.out or current().state_dir / "demo-cast.json"
    registration.ensure()
    try:
        people = seeding.seed(arguments.cast, out)
    except seeding.NotADemoError:
        return _fail("Demo people are fiction; they are brought in only where PENDOPO_DEMO=1.")
    except ExchangeError as error:
        return _fail(f"{error.code}: {sentence(error, 'en')}")
    counts = {"officers": len(people.officers), "members": len(people.members), "file": str(out)}
    print(json.dumps(counts) if arguments.json else f"{counts['officers']} officers in {out}")
    return 0


def _sweep(_arguments: argparse.Namespace) -> int:
    print(f"{sweep()} rows deleted")
    return 0


def _fail(reason: str) -> int:
    sys.stderr.write(f"{reason}\n")
    return 1
