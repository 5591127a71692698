"""``./pendopo init``: an empty hall and its first administrator, no demonstration.

It works in the environment of the deployment (``PENDOPO_…``, see docs/how-to/begin-an-empty-hall.md): the
hall's database, its folder, its address, its gateway. The administrator is looked up in the population office
through that gateway, as everybody is; the NIK is read from standard input and never stands in a command
line. What it prints is a one-time code and the address where the administrator turns it into a passkey, or
a password with one-time codes: start ``./pendopo serve web`` first. Where it stopped (a mistyped NIK, a
gateway that does not answer) the same command goes on.
"""

import argparse
import os
import sys
from pathlib import Path

from pendopo.entrypoints import cli
from pendopo.entrypoints.places import make_folder
from pendopo.entrypoints.secret_files import key_file

NEEDED = ("STATE_DIR", "ROOT_KEY_FILE", "DATABASE_URL", "BASE_URL", "GATEWAY_URL", "GATEWAY_TOKEN_FILE")
FILES = ("ROOT_KEY", "GATEWAY_TOKEN", "SUBJECT_KEY", "TSA_TRUST")
KEYS = (("oidc", "ES256"), ("checkpoint", "Ed25519"), ("definition", "Ed25519"), ("document-qr", "Ed25519"))


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb."""
    parser = commands.add_parser(
        "init", help="an empty hall and its first administrator", description=__doc__
    )
    parser.add_argument(
        "--body", required=True, help="code of the body that runs the hall, e.g. pemda-sragen"
    )
    parser.add_argument("--name-id", required=True, help="its name in Indonesian")
    parser.add_argument("--name-en", required=True, help="its name in English")
    parser.add_argument("--member", help="its identifier in the exchange, e.g. ID/GOV/PEMDA-SRAGEN")
    parser.set_defaults(run=_init)


def _init(options: argparse.Namespace) -> int:
    missing = [f"PENDOPO_{name}" for name in NEEDED if not os.environ.get(f"PENDOPO_{name}")]
    if missing:
        message = f"init sets up a hall in your own environment; these are not set: {', '.join(missing)}"
        raise cli.UsageError(message)
    root_key = Path(os.environ["PENDOPO_ROOT_KEY_FILE"])
    is_new = not root_key.exists()
    if is_new:
        _require_empty(Path(os.environ["PENDOPO_STATE_DIR"]))
        _require_key_folder(root_key.parent)
    make_folder(Path(os.environ["PENDOPO_STATE_DIR"]))
    key_file(root_key)
    for words in _verbs(options):
        code = cli.main(words)
        if code:
            return code
    if is_new:
        print(f"A root key was made: {root_key}. Save it now: ./pendopo keys escrow --out FILE")
    sys.stderr.write("NIK of the first administrator: ")
    sys.stderr.flush()
    return cli.main(["identity", "first-administrator", "--body", options.body])


def _require_empty(state: Path) -> None:
    """Refuse a folder with things of others; the files that the settings name may lie there already."""
    named = {Path(os.environ.get(f"PENDOPO_{name}_FILE", "")).absolute() for name in FILES}
    if state.is_dir() and any(not named & {entry, *_below(entry)} for entry in state.absolute().iterdir()):
        message = f"{state} has no hall in it, but other things; name an empty folder with PENDOPO_STATE_DIR"
        raise cli.UsageError(message)


def _below(folder: Path) -> list[Path]:
    return list(folder.iterdir()) if folder.is_dir() else []


def _require_key_folder(folder: Path) -> None:
    """The folder of the root key is made by hand: whoever chooses it chooses the disk and who may read it."""
    if not folder.is_dir():
        message = f"the folder of PENDOPO_ROOT_KEY_FILE is missing; make it: install -d -m 700 {folder}"
        raise cli.UsageError(message)


def _verbs(options: argparse.Namespace) -> list[list[str]]:
    body = [
        "agencies",
        "create-body",
        options.body,
        "--name-id",
        options.name_id,
        "--name-en",
        options.name_en,
        "--if-absent",
    ]
    return [
        ["migrate"],
        *(["keys", "ensure", purpose, "--algorithm", algorithm] for purpose, algorithm in KEYS),
        [*body, *(["--member", options.member] if options.member else [])],
        ["identity", "ensure-clients"],
    ]
