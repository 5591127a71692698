"""Runs a verb of the room as the front door does."""

import argparse

from pendopo.keys import cli


def run(*arguments: str) -> int:
    """Parse and run ``keys …``; return its exit code."""
    parser = argparse.ArgumentParser()
    cli.register(parser.add_subparsers())
    parsed = parser.parse_args(["keys", *arguments])
    code: int = parsed.run(parsed)
    return code
