"""``./pendopo docs``: build or serve the documentation, and write the pages that come from code."""

import argparse
import os
import subprocess
import sys
from pathlib import Path

from pendopo.entrypoints import checking, listening
from pendopo.entrypoints.errors import FrontDoorError
from pendopo.entrypoints.places import CHECKOUT

CONFIGURATION = CHECKOUT / "zensical.toml"
SITE = CHECKOUT / "dist" / "docs"


class NoDocumentationError(FrontDoorError):
    """This is a released wheel: the pages lie in the repository."""


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verbs."""
    parser = commands.add_parser("docs", help=__doc__)
    verbs = parser.add_subparsers(required=True, metavar="build|serve|reference")
    build = verbs.add_parser("build", help="write the site to dist/docs; a broken link is a failure")
    build.set_defaults(run=_build)
    serve = verbs.add_parser("serve", help="serve the site and build again when a page changes")
    serve.add_argument("--port", type=listening.port, default=8001, help="on 127.0.0.1 (default %(default)s)")
    serve.set_defaults(run=_serve)
    reference = verbs.add_parser("reference", help="write the pages of docs/reference that come from code")
    reference.set_defaults(run=_reference)


def _build(_options: argparse.Namespace) -> int:
    code = _zensical("build", "--clean", "--strict")
    if code == 0:
        print(f"{SITE}/index.html")
    return code


def _serve(options: argparse.Namespace) -> int:
    listening.require_free("127.0.0.1", options.port, patience=0)
    return _zensical("serve", "--dev-addr", f"127.0.0.1:{options.port}")


def _reference(_options: argparse.Namespace) -> int:
    with checking.workspace() as folder:
        environment = os.environ | checking.environment(folder, "all")
        command = [sys.executable, "-m", "pendopo.entrypoints.reference"]
        return subprocess.run(command, check=False, cwd=CHECKOUT, env=environment).returncode


def _zensical(*words: str) -> int:
    if not CONFIGURATION.is_file():
        message = "the documentation is part of the repository; this is an installed wheel"
        raise NoDocumentationError(message)
    program = Path(sys.executable).parent / "zensical"
    return subprocess.run([str(program), *words], check=False, cwd=CHECKOUT).returncode
