"""``./pendopo migrate``: bring the database of the present environment up to date."""

import argparse

from pendopo.entrypoints import cli, schema


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb."""
    parser = commands.add_parser("migrate", help=__doc__)
    parser.add_argument(
        "--room", default="", help="use this room's deployment in the demonstration (registers)"
    )
    parser.set_defaults(run=_migrate)


def _migrate(options: argparse.Namespace) -> int:
    if options.room and not (cli.ROOMS / options.room / "migrations").is_dir():
        message = f"no room “{options.room}” has a database; the population office's is that of registers"
        raise cli.UsageError(message)
    with cli.deployment_environment(options.room):
        from django.db import connection  # noqa: PLC0415  # after Django is set up

        from pendopo.entrypoints.migrating import migrate  # noqa: PLC0415  # same

        with schema.short_waits(connection):
            applied = migrate()
    for name in applied:
        print(f"applied {name}")
    if not applied:
        print("nothing to apply: the database is up to date")
    return 0
