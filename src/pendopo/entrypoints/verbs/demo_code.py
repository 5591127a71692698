"""``./pendopo demo-code``: what a person of the demonstration types to sign in: NIK, password, one-time code.

These people are fiction, and so are their secrets; of real people nobody but themselves has the secret.
"""

import argparse
import json
from typing import Any

from pendopo.entrypoints import cli
from pendopo.entrypoints.places import place
from pendopo.entrypoints.walk.one_time_code import one_time_code, seconds_left


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb."""
    parser = commands.add_parser(
        "demo-code", help="password and one-time code of the demonstration's people", description=__doc__
    )
    parser.add_argument("nik", nargs="?", metavar="NIK", help="of one of them; all when not given")
    parser.set_defaults(run=_tell)


def _tell(options: argparse.Namespace) -> int:
    chosen = [person for person in _people() if options.nik in {None, person["sign_in"]}]
    if not chosen:
        message = "nobody of the demonstration has this NIK; ./pendopo demo-code lists them"
        raise cli.UsageError(message)
    for person in chosen:
        code = one_time_code(person["totp_secret"])
        print(f"{person['sign_in']}  {person['password']:<28}{code}  {person['name']}, {person['role']}")
    print(f"The codes change in {seconds_left():.0f} s; each opens once.")
    return 0


def _people() -> list[dict[str, Any]]:
    try:
        cast = json.loads((place().state / "hall" / "demo-people.json").read_text())
    except FileNotFoundError:
        message = "there is no demonstration here yet: begin with ./pendopo up"
        raise cli.UsageError(message) from None
    return [*cast["officers"], *cast["members"]]
