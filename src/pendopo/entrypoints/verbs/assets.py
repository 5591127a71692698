"""``./pendopo assets``: build style sheets and other assets when their sources changed."""

import argparse

from pendopo.entrypoints import assets


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb."""
    parser = commands.add_parser("assets", help=__doc__)
    parser.set_defaults(run=_build)


def _build(_options: argparse.Namespace) -> int:
    print("built" if assets.ensure() else "nothing changed")
    return 0
