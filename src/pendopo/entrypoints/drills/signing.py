"""Sign a report inside its deployment: ``python -m pendopo.entrypoints.drills.signing FILE``."""

import sys
from pathlib import Path

from pendopo.entrypoints import cli
from pendopo.entrypoints.drills import report


def main(file: Path) -> int:
    """Sign it."""
    with cli.deployment_environment(""):
        report.sign(file)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1])))
