"""``./pendopo keys recover`` before there is a root key: Django cannot start without one."""

import argparse
from pathlib import Path

from pendopo.entrypoints import deployments
from pendopo.entrypoints.places import place
from pendopo.keys import escrow


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb."""
    parser = commands.add_parser("keys")
    verbs = parser.add_subparsers(required=True)
    recover = verbs.add_parser("recover", help="put the root key back from an escrow file")
    recover.add_argument("file", type=Path)
    recover.add_argument(
        "--to", type=Path, help="where to write it; the configured root key file when not given"
    )
    recover.add_argument("--passphrase-file", type=Path, help="read the passphrase here instead of asking")
    recover.set_defaults(run=_recover)


def _recover(options: argparse.Namespace) -> int:
    to: Path | None = options.to
    if to is None:
        saved = deployments.saved_settings(place().state, "hall") or {}
        to = Path(saved.get("PENDOPO_ROOT_KEY_FILE", "root.key"))
    file: Path | None = options.passphrase_file
    passphrase = file.read_text().strip() if file else escrow.asked("Passphrase: ")
    fingerprint = escrow.recover(options.file, passphrase, to=to)
    print(f"{to} holds the root key again. Fingerprint: {fingerprint}.")
    return 0
