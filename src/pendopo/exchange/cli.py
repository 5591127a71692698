"""``./pendopo exchange …``: who takes part in the data exchange, and the snapshot that gateways obey."""

import argparse
import dataclasses
import json
from pathlib import Path

from pendopo.exchange.actions.add_server import ServerFiles, add_server
from pendopo.exchange.actions.load import load
from pendopo.exchange.queries import status
from pendopo.exchange.snapshots import write_snapshot
from pendopo.foundation.actor import SYSTEM
from pendopo.foundation.text import t


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the room's verbs."""
    room = commands.add_parser("exchange", help="members, agreements and gateways of the data exchange")
    verbs = room.add_subparsers(dest="verb", required=True, metavar="VERB")
    loading = verbs.add_parser("load", help="bring the registry to what definitions/exchange says")
    loading.set_defaults(run=_load)
    servers = verbs.add_parser("server", help="gateways of members")
    server_verbs = servers.add_subparsers(dest="server_verb", required=True, metavar="VERB")
    adding = server_verbs.add_parser("add", help="register a gateway, or its new address, certificate or key")
    adding.add_argument("identifier", help="for example ID-DEMO/GOV/PEMDA-CONTOH/GW1")
    adding.add_argument("--address", required=True, help="host:port that other gateways dial")
    adding.add_argument("--certificate", required=True, type=Path, help="TLS chain, leaf first (PEM)")
    adding.add_argument("--signing-key", required=True, type=Path, help="public message key, P-256 (PEM)")
    adding.set_defaults(run=_add_server)
    signing = verbs.add_parser("snapshot", help="sign the registry for the gateways")
    signing.add_argument("--out", required=True, type=Path, help="folder for snapshot.note and anchor.vkey")
    signing.set_defaults(run=_snapshot)
    showing = verbs.add_parser("status", help="registry, own gateway, and how far access records were read")
    showing.set_defaults(run=_status)
    for verb in (loading, adding, signing, showing):
        verb.add_argument("--json", action="store_true", help="answer as one JSON value")


def _load(arguments: argparse.Namespace) -> int:
    done = dataclasses.asdict(load(SYSTEM))
    return _tell(arguments, "exchange.cli.loaded", done)


def _add_server(arguments: argparse.Namespace) -> int:
    files = ServerFiles(arguments.certificate.read_bytes(), arguments.signing_key.read_bytes())
    add_server(arguments.identifier, arguments.address, files, SYSTEM)
    told = {"server": arguments.identifier, "address": arguments.address}
    return _tell(arguments, "exchange.cli.server_added", told)


def _snapshot(arguments: argparse.Namespace) -> int:
    done = write_snapshot(arguments.out)
    told = {
        "version": done.version,
        "expires_at": done.expires_at.isoformat(),
        "snapshot": str(done.snapshot),
        "anchor": str(done.anchor),
    }
    return _tell(arguments, "exchange.cli.snapshot_written", told)


def _status(arguments: argparse.Namespace) -> int:
    found = dataclasses.asdict(status())
    if arguments.json:
        print(json.dumps(found, default=str))
        return 0
    for name, value in found.items():
        if name != "spools":
            print(f"{name:22}{value}")
    for spool in found["spools"]:
        print(f"{'spool ' + spool['source']:60}{spool['cursor']}")
    return 0


def _tell(arguments: argparse.Namespace, key: str, values: dict[str, object]) -> int:
    print(json.dumps(values) if arguments.json else t(key, "en", **values))
    return 0
