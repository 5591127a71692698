"""``./pendopo keys …``: what an operator does with keys."""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from pendopo.foundation.settings import current
from pendopo.keys import api, escrow
from pendopo.keys.errors import EscrowError

PROMPT = "Passphrase (at least six random words): "
AGAIN = "The same passphrase again: "
ALGORITHMS = ("ES256", "Ed25519")


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verbs of this room."""
    parser = commands.add_parser("keys", help="signing keys, certificates, escrow of the root key")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    _add_life(verbs)
    _add_certificates(verbs)
    _add_escrow(verbs)
    for verb in verbs.choices.values():
        verb.add_argument("--json", action="store_true", help="answer as one JSON value")


def _add_life(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    listing = verbs.add_parser("list", help="every key, without its secret")
    listing.set_defaults(run=_list)
    ensure = verbs.add_parser("ensure", help="make the first key of each purpose that has none")
    ensure.add_argument("purposes", nargs="+", help="for example oidc, checkpoint or seal:dukcapil")
    ensure.add_argument("--algorithm", choices=ALGORITHMS, help="when not given: what the purpose asks for")
    ensure.set_defaults(run=_ensure)
    rotate = verbs.add_parser("rotate", help="retire the active key and make a new one")
    rotate.add_argument("purpose")
    rotate.set_defaults(run=_rotate)


def _add_certificates(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    request = verbs.add_parser("csr", help="print a certificate request (PKCS#10, PEM) for the active key")
    request.add_argument("purpose")
    request.add_argument("--name", required=True, help="common name, for example the body's seal")
    request.add_argument("--organisation", help="organisation; the common name when not given")
    request.set_defaults(run=_request)
    install = verbs.add_parser("install", help="keep the chain that the authority answered with")
    install.add_argument("purpose")
    install.add_argument("--chain", type=Path, required=True, help="PEM file, the key's certificate first")
    install.set_defaults(run=_install)


def _add_escrow(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    write = verbs.add_parser("escrow", help="write the root key into a file that only a passphrase opens")
    write.add_argument("--out", type=Path, required=True, help="file to write; must not exist")
    write.set_defaults(run=_escrow)
    recover = verbs.add_parser("recover", help="put the root key back from an escrow file")
    recover.add_argument("file", type=Path)
    recover.add_argument(
        "--to", type=Path, help="where to write it; the configured root key file when not given"
    )
    recover.set_defaults(run=_recover)
    for verb in (write, recover):
        verb.add_argument("--passphrase-file", type=Path, help="read the passphrase here instead of asking")


def _list(arguments: argparse.Namespace) -> int:
    found = api.keys_of()
    if arguments.json:
        _say(json.dumps([asdict(key) for key in found], default=str))
        return 0
    for key in found:
        state = "active " if key.active else "retired"
        until = f"  certificate until {key.certified_until:%Y-%m-%d}" if key.certified_until else ""
        _say(f"{state}  {key.algorithm:8}{key.purpose:24}{key.kid}{until}")
    return 0


def _ensure(arguments: argparse.Namespace) -> int:
    for purpose in [api.known_purpose(purpose) for purpose in arguments.purposes]:
        _told(arguments, api.ensure(purpose, arguments.algorithm or api.algorithm_of(purpose)))
    return 0


def _rotate(arguments: argparse.Namespace) -> int:
    return _told(arguments, api.rotate(arguments.purpose))


def _install(arguments: argparse.Namespace) -> int:
    return _told(arguments, api.install_certificate(arguments.purpose, arguments.chain.read_text()))


def _request(arguments: argparse.Namespace) -> int:
    pem = api.certificate_request(arguments.purpose, arguments.name, organisation=arguments.organisation)
    _say(json.dumps({"csr": pem}) if arguments.json else pem.rstrip())
    return 0


def _escrow(arguments: argparse.Namespace) -> int:
    passphrase = _passphrase(arguments, again=True)
    done = escrow.write(current().root_key_file.read_bytes(), passphrase, arguments.out)
    if arguments.json:
        _say(json.dumps(asdict(done), default=str))
        return 0
    _say(f"Wrote {done.path}, read it back and opened it.")
    _say(f"It is protected by a passphrase of {done.words} words. Root key fingerprint: {done.fingerprint}.")
    _say(
        "Keep file and passphrase in two places, neither of them this machine. Without them, and without the"
    )
    _say("root key file, nothing encrypted here can ever be read again, not even from a backup.")
    return 0


def _recover(arguments: argparse.Namespace) -> int:
    to = arguments.to or current().root_key_file
    fingerprint = escrow.recover(arguments.file, _passphrase(arguments), to=to)
    if arguments.json:
        _say(json.dumps({"root_key_file": str(to), "fingerprint": fingerprint}))
    else:
        _say(f"{to} holds the root key again. Fingerprint: {fingerprint}.")
    return 0


def _passphrase(arguments: argparse.Namespace, *, again: bool = False) -> str:
    if arguments.passphrase_file is not None:
        text: str = arguments.passphrase_file.read_text().strip()
        return text
    first = escrow.asked(PROMPT)
    if again and escrow.asked(AGAIN) != first:
        raise EscrowError(reason="passphrases_differ")
    return first


def _told(arguments: argparse.Namespace, key: api.KeyInfo) -> int:
    _say(
        json.dumps(asdict(key), default=str)
        if arguments.json
        else f"{key.purpose}: {key.algorithm} {key.kid}"
    )
    return 0


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
