"""Sign a report inside its deployment and keep its outcome as a row, which the measure of drills reads.

``python -m pendopo.entrypoints.drills.signing FILE``
"""

import json
import sys
from datetime import datetime
from pathlib import Path

from pendopo.entrypoints import cli
from pendopo.entrypoints.drills import report


def main(file: Path) -> int:
    """Sign it."""
    with cli.deployment_environment(""):
        report.sign(file)
        keep(file)
    return 0


def keep(file: Path) -> None:
    """Keep the outcome of a signed report as a row; the same report again changes nothing."""
    from pendopo.foundation import drills  # noqa: PLC0415  # after Django is set up

    content = json.loads(file.read_text())
    told = report.Report(**content["report"])
    drills.record(
        drills.Outcome(
            drill=told.drill,
            began_at=datetime.fromisoformat(told.began),
            seconds=told.seconds,
            ok=told.ok,
            findings=len(told.findings),
            sha256=content["sha256"],
        )
    )


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1])))
