"""``./pendopo test``: the test suite, with a summary that says what was left out and why."""

import argparse
import os
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.etree import ElementTree as ET

from pendopo.entrypoints import assets
from pendopo.entrypoints.browser_install import find_browser
from pendopo.entrypoints.places import CHECKOUT

KEPT = ("PENDOPO_POSTGRES", "PENDOPO_SCHEMAS")
LEFT_OUT_WHEN_FAST = "not slow and not journey and not fault and not conformance"


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb; words that it does not know go to pytest."""
    parser = commands.add_parser("test", help=__doc__)
    extent = parser.add_mutually_exclusive_group()
    extent.add_argument(
        "--fast", action="store_true", help="leave out journeys, faults, conformance and slow tests"
    )
    extent.add_argument("--all", action="store_true", help="add soak, fuzz and long conformance runs")
    parser.set_defaults(run=_test, takes_rest=True)


def _test(options: argparse.Namespace) -> int:
    assets.ensure(for_tests=True)
    began = time.monotonic()
    with TemporaryDirectory(prefix="pendopo-results-") as folder:
        results = Path(folder) / "results.xml"
        command = [
            sys.executable,
            "-m",
            "pytest",
            f"--junit-xml={results}",
            *_selection(options),
            *options.rest,
        ]
        code = subprocess.run(command, check=False, cwd=CHECKOUT, env=_environment(options)).returncode
        if results.exists():
            print(_summary(results, time.monotonic() - began))
    return code


def _selection(options: argparse.Namespace) -> list[str]:
    chosen = ["-m", LEFT_OUT_WHEN_FAST] if options.fast else []
    spread = any(word.startswith(("-n", "--numprocesses", "-p", "--pdb", "-x")) for word in options.rest)
    return chosen if spread else [*chosen, "-n", str(min(4, os.cpu_count() or 1)), "--dist", "loadgroup"]


def _environment(options: argparse.Namespace) -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("PENDOPO_") or name in KEPT or name.startswith("PENDOPO_TEST_")
    }
    browser = None if options.fast else find_browser()
    kept |= {"PENDOPO_CHROMIUM": browser} if browser else {}
    return kept | ({"PENDOPO_TEST_ALL": "1"} if options.all else {})


def _summary(results: Path, seconds: float) -> str:
    cases = list(ET.parse(results).iter("testcase"))  # noqa: S314  # written by our own pytest a moment ago
    skipped = [case.find("skipped") for case in cases]
    reasons = Counter(_reason(element.get("message", "")) for element in skipped if element is not None)
    failed = sum(case.find("failure") is not None or case.find("error") is not None for case in cases)
    passed = len(cases) - failed - sum(reasons.values())
    lines = [f"collected {len(cases)} · passed {passed} · failed {failed} · skipped {sum(reasons.values())}"]
    lines += [f"  {count:>4} skipped: {reason}" for reason, count in reasons.most_common()]
    return "\n".join([*lines, f"time {seconds:.1f} s"])


def _reason(message: str) -> str:
    return message.removeprefix("Skipped: ").strip() or "no reason given"
