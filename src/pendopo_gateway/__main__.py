"""``python -m pendopo_gateway --config FILE.toml [--check-config | --verify-log]``."""

import argparse
import sys
from pathlib import Path

from pendopo_gateway import config, logs, process
from pendopo_gateway.errors import ConfigurationError, JournalDamaged, JournalFailed
from pendopo_gateway.journal import Journal

_WRONG_USE = 2


def main() -> int:
    """Run the command line; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m pendopo_gateway",
        description="A gateway of the secure data exchange for one member.",
    )
    parser.add_argument(
        "--config", type=Path, required=True, metavar="FILE.toml", help="see pendopo_gateway.config"
    )
    does = parser.add_mutually_exclusive_group()
    does.add_argument(
        "--check-config", action="store_true", help="read the configuration, tell its defects, stop"
    )
    does.add_argument(
        "--verify-log", action="store_true", help="check the chain of the whole message log, stop"
    )
    arguments = parser.parse_args()
    try:
        settings = config.load(arguments.config)
        if arguments.verify_log:
            return _verify_log(settings)
        if not arguments.check_config:
            logs.configure()
            process.serve(settings)
    except ConfigurationError as error:
        sys.stderr.write(f"{error}\n")
        return _WRONG_USE
    except (JournalDamaged, JournalFailed, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _verify_log(settings: config.Config) -> int:
    folder = settings.data_dir / "messages"
    count = Journal(folder).verify() if folder.is_dir() else 0
    sys.stdout.write(f"{count} records, chain whole\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
