"""``./pendopo db backup|restore|reconcile``: everything of this instance in one archive, and back.

``reconcile`` tells whether hall and register, restored from two times, still speak of the same commands.
"""

import argparse
import getpass
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from pendopo.entrypoints import (
    backup,
    cli,
    deployments,
    instance,
    reconciling,
    restoring,
    sealed_stream,
    servers,
)
from pendopo.entrypoints.places import Place, place

SHORTEST_PASSPHRASE = 12


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verbs."""
    parser = commands.add_parser("db", help=__doc__, description=__doc__)
    verbs = parser.add_subparsers(required=True, metavar="backup|restore|reconcile")
    both = verbs.add_parser("reconcile", help="compare what the hall asked with what the register answered")
    both.add_argument("--json", action="store_true", help="answer as one JSON value")
    both.set_defaults(run=_reconcile)
    for name, run, text in (
        ("backup", _backup, "write an archive"),
        ("restore", _restore, "read an archive"),
    ):
        verb = verbs.add_parser(name, help=text)
        verb.add_argument("file", type=Path)
        verb.add_argument("--passphrase-file", type=Path, help="read the passphrase here instead of asking")
        verb.add_argument("--json", action="store_true", help="answer as one JSON value")
        verb.set_defaults(run=run)
        if name == "backup":
            verb.add_argument("--plain", action="store_true", help="do not seal it: the keys lie open in it")


def _backup(options: argparse.Namespace) -> int:
    passphrase = None if options.plain else _passphrase(options, again=True)
    with _source() as source:
        contents = backup.save(source, options.file.absolute(), passphrase)
    _tell(options, "saved", contents)
    if not options.json:
        print(_about_keys(options))
    return 0


def _about_keys(options: argparse.Namespace) -> str:
    """Say whether whoever opens the archive has the root key too; an operator may keep it elsewhere."""
    key, folder = os.environ.get("PENDOPO_ROOT_KEY_FILE", ""), os.environ.get("PENDOPO_STATE_DIR", "")
    if key and not Path(key).resolve().is_relative_to(Path(folder).resolve()):
        return "The root key lies elsewhere and is NOT in it: without its escrow this archive opens nothing."
    kind = "The keys lie OPEN in it" if options.plain else "It is sealed with your passphrase"
    return f"It holds the root keys, so whoever opens it can read everything. {kind}; its mode is 0600."


def _restore(options: argparse.Namespace) -> int:
    archive = options.file.absolute()
    with archive.open("rb") as file:
        is_sealed = sealed_stream.is_sealed(file)
    passphrase = _passphrase(options) if is_sealed else None
    if passphrase is not None:
        backup.prove(archive, passphrase)
    if "PENDOPO_STATE_DIR" in os.environ:
        contents = _restore_operators(archive, passphrase)
    else:
        here = place()
        with instance.held(here):
            contents = _restore_or_forget(here, archive, passphrase)
    _tell(options, "restored", contents)
    return 0


def _reconcile(options: argparse.Namespace) -> int:
    with _source() as source:
        if set(source.databases) != set(deployments.NAMES):
            message = "this environment names one deployment; hall and register are compared where both are"
            raise cli.UsageError(message)
        found = reconciling.reconcile(source.databases, deployments.EXCHANGE_CLIENT)
    if options.json:
        print(json.dumps(asdict(found)))
    else:
        print(_agreement(found))
    return 0 if found.is_whole else 1


def _agreement(found: reconciling.Agreement) -> str:
    lines = [
        f"agreed             {found.agreed}",
        f"sent again soon    {len(found.sent_again)}",
        f"on their way       {len(found.on_their_way)}",
        *(f"LOST IN REGISTER   {key}" for key in found.lost_in_register),
        *(f"UNKNOWN TO HALL    {key}" for key in found.unknown_to_hall),
        "Hall and register agree."
        if found.is_whole
        else "See docs/runbooks/restore.md before anybody works.",
    ]
    return "\n".join(lines)


@contextmanager
def _source() -> Iterator[backup.Source]:
    """Yield the operator's deployment of the environment, else this checkout's instance."""
    if "PENDOPO_STATE_DIR" in os.environ:
        urls = {os.environ.get("PENDOPO_PROFILE", "hall"): os.environ["PENDOPO_DATABASE_URL"]}
        yield backup.Source(Path(os.environ["PENDOPO_STATE_DIR"]), urls)
        return
    here = place()
    saved = {name: deployments.saved_settings(here.state, name) for name in deployments.NAMES}
    urls = {name: settings["PENDOPO_DATABASE_URL"] for name, settings in saved.items() if settings}
    if not urls:
        message = "nothing is set up here yet, so there is nothing to save"
        raise cli.UsageError(message)
    with servers.running_server(here):
        yield backup.Source(here.state, urls)


def _restore_operators(archive: Path, passphrase: str | None) -> backup.Contents:
    folder = Path(os.environ["PENDOPO_STATE_DIR"])
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    restoring.require_empty(folder)
    urls = {os.environ.get("PENDOPO_PROFILE", "hall"): os.environ["PENDOPO_DATABASE_URL"]}
    return backup.restore(archive, folder, urls, passphrase)


def _restore_or_forget(here: Place, archive: Path, passphrase: str | None) -> backup.Contents:
    """Leave the place as empty as it was when the archive does not open, so that another try can follow."""
    try:
        return restoring.restore_instance(here, archive, passphrase)
    except backup.BackupError:
        instance.forget(here)
        raise


def _passphrase(options: argparse.Namespace, *, again: bool = False) -> str:
    if options.passphrase_file:
        text: str = options.passphrase_file.read_text().strip()
    elif not sys.stdin.isatty():
        message = (
            "a passphrase is needed: --passphrase-file FILE (or --plain for an archive that is not sealed)"
        )
        raise cli.UsageError(message)
    else:
        text = getpass.getpass("Passphrase for the archive: ")
        if again and getpass.getpass("The same again: ") != text:
            message = "the two passphrases differ"
            raise cli.UsageError(message)
    if len(text) < SHORTEST_PASSPHRASE:
        message = f"the passphrase needs at least {SHORTEST_PASSPHRASE} characters"
        raise cli.UsageError(message)
    return text


def _tell(options: argparse.Namespace, verb: str, contents: backup.Contents) -> None:
    if options.json:
        print(json.dumps({"done": verb, "file": str(options.file), **asdict(contents)}))
        return
    size = contents.bytes / 1_000_000
    print(f"{verb}: databases {', '.join(contents.databases)} and {contents.files} files, {size:.1f} MB,")
    print(f"as of {contents.made_at}, {'in' if verb == 'saved' else 'from'} {options.file}")
