"""``./pendopo sbom``: the bill of materials (CycloneDX 1.6 JSON) of what runs and what builds the assets."""

import argparse
import json
import sys
from pathlib import Path

from pendopo.entrypoints import sbom


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb."""
    parser = commands.add_parser("sbom", help=__doc__, description=__doc__)
    parser.add_argument("--out", type=Path, help="write it here instead of printing it")
    parser.set_defaults(run=_sbom)


def _sbom(options: argparse.Namespace) -> int:
    found = sbom.document()
    text = json.dumps(found, indent=1) + "\n"
    if options.out is None:
        sys.stdout.write(text)
        return 0
    options.out.write_text(text)
    components = found["components"]
    print(f"{len(components) if isinstance(components, list) else 0} components in {options.out}")
    return 0
