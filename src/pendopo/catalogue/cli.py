"""Verbs of ``./pendopo catalogue``: prove, publish and describe services."""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from pendopo.catalogue import api
from pendopo.catalogue.definition.schemas import schemas
from pendopo.catalogue.proofs.report import Proof, ProofReport, Verdict
from pendopo.foundation.settings import current

MARKS = {
    Verdict.PASS: "✓",
    Verdict.FAIL: "✗",
    Verdict.NOT_APPLICABLE: "–",
    Verdict.PENDING: "…",
    Verdict.NOT_BUILT: " ",
}


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verbs of this room."""
    room = commands.add_parser("catalogue", help="service definitions: prove, publish, describe")
    verbs = room.add_subparsers(dest="verb", required=True, metavar="VERB")

    check = verbs.add_parser("check", help="prove definitions without publishing (default: all)")
    check.add_argument("services", nargs="*", metavar="AGENCY/CODE or FOLDER")
    check.add_argument("--json", action="store_true", help="one JSON document")
    check.set_defaults(run=_check)

    publish = verbs.add_parser("publish", help="prove, sign and publish definitions (again: no change)")
    publish.add_argument("services", nargs="*", metavar="AGENCY/CODE or FOLDER")
    publish.add_argument("--json", action="store_true", help="one JSON document")
    publish.set_defaults(run=_publish)

    schema = verbs.add_parser("schema", help="write the JSON Schema of each definition file, for editors")
    schema.add_argument("--out", type=Path, metavar="FOLDER", help="default: standard output")
    schema.set_defaults(run=_schema)


def _folders(named: list[str]) -> list[Path]:
    services = current().definitions_dir / "services"
    if not named:
        return sorted(path.parent for path in services.glob("*/*/service.yaml"))
    return [Path(name) if (Path(name) / "service.yaml").is_file() else services / name for name in named]


def _strange(named: list[str]) -> int:
    """Tell which of these words name no service; return their number."""
    services = current().definitions_dir / "services"
    known = [f"{file.parts[-3]}/{file.parts[-2]}" for file in sorted(services.glob("*/*/service.yaml"))]
    strange = [word for word in named if word not in known and not Path(word).is_dir()]
    for word in strange:
        sys.stderr.write(f"pendopo: there is no service “{word}”; there are: {', '.join(known)}\n")
    return len(strange)


def _check(arguments: argparse.Namespace) -> int:
    if _strange(arguments.services):
        return 2
    reports = [api.check(folder) for folder in _folders(arguments.services)]
    if arguments.json:
        print(json.dumps([asdict(report) for report in reports], ensure_ascii=False, default=str))
    else:
        for report in reports:
            _tell(report)
    return 0 if all(report.passed for report in reports) else 1


def _tell(report: ProofReport) -> None:
    print(f"{report.service or 'unreadable'} {report.version} {report.hash[:12]}".rstrip())
    for proof in report.proofs:
        print(f"  {MARKS[proof.verdict]} {proof.name:<28}{_said(proof)}")
        for fault in proof.faults:
            print(f"      {fault}")


def _said(proof: Proof) -> str:
    words = proof.verdict.value.replace("_", " ")
    if proof.reason:
        return f"{words}: {proof.reason}"
    return f"{words} ({proof.examined} looked at)" if proof.examined else words


def _publish(arguments: argparse.Namespace) -> int:
    if _strange(arguments.services):
        return 2
    published = []
    for folder in _folders(arguments.services):
        try:
            service = api.publish(folder)
        except api.ProofsFailed:
            _tell(api.check(folder))
            sys.stderr.write(f"{folder} is not published: mend the faults above\n")
            return 1
        except (api.DefinitionInvalid, api.VersionConflict) as error:
            sys.stderr.write(f"{folder} is not published:\n{error}\n")
            return 1
        published.append(service)
    if arguments.json:
        print(json.dumps([{"service": f"{one.agency}/{one.code}", "hash": one.hash} for one in published]))
    else:
        for one in published:
            print(f"{one.agency}/{one.code} {one.identity.version} {one.hash[:12]}")
    return 0


def _schema(arguments: argparse.Namespace) -> int:
    found = schemas()
    if arguments.out is None:
        print(json.dumps(found, ensure_ascii=False, indent=2))
        return 0
    arguments.out.mkdir(parents=True, exist_ok=True)
    for name, schema in found.items():
        (arguments.out / f"{name}.schema.json").write_text(
            json.dumps(schema, ensure_ascii=False, indent=2) + "\n"
        )
    return 0
