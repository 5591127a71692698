"""``./pendopo migrate``: bring the database of the present environment up to date."""

import argparse

from pendopo.entrypoints import cli


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb."""
    parser = commands.add_parser("migrate", help=__doc__)
    parser.add_argument(
        "--room", default="", help="use this room's deployment in the demonstration (registers)"
    )
    parser.set_defaults(run=_migrate)


def _migrate(options: argparse.Namespace) -> int:
    with cli.deployment_environment(options.room):
        from django.core.management import call_command  # noqa: PLC0415  # after Django is set up

        call_command("migrate", interactive=False, verbosity=0)
    return 0
