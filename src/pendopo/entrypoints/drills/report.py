"""A drill's report: JSON in the state folder, hashed, and signed by the deployment that was drilled.

``{"report": …, "sha256": …, "signature": {"purpose", "kid", "algorithm", "value"}}``; the digest is over the
report's canonical JSON (RFC 8785), the signature (Ed25519, base64) over the same bytes, with the deployment's
key of the purpose ``drill``. Whoever may write the folder may remove a report, but not change one.
"""

import argparse
import base64
import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from pendopo.entrypoints.errors import FrontDoorError
from pendopo.entrypoints.places import make_folder
from pendopo_wire import canonical

FORMAT = "pendopo-drill/1"
PURPOSE = "drill"
FOLDER = "drills"


class ReportBrokenError(FrontDoorError):
    """The report was changed, or another deployment signed it."""


@dataclass(slots=True)
class Report:
    """What a drill did and found. ``facts`` holds counts and hashes; nothing personal."""

    drill: str
    instance: str
    began: str
    format: str = FORMAT
    seconds: float = 0.0
    ok: bool = False
    facts: dict[str, canonical.Json] = field(default_factory=dict)
    steps: list[dict[str, str | int]] = field(default_factory=list)
    findings: list[dict[str, str]] = field(default_factory=list)

    def canonical(self) -> bytes:
        """Return the bytes that are hashed and signed."""
        return canonical.dumps(json.loads(json.dumps(asdict(self))))


def folder_of(state: Path) -> Path:
    """Return where the reports of an instance lie."""
    return make_folder(state / FOLDER)


def write(report: Report, target: Path) -> str:
    """Write a report without its signature, whole or not at all; return its digest."""
    digest = hashlib.sha256(report.canonical()).hexdigest()
    content = {"report": asdict(report), "sha256": digest}
    _write(target, content)
    return digest


def sign(file: Path) -> None:
    """Add the signature. Runs inside the deployment: Django is set up."""
    from pendopo.keys import api as keys  # noqa: PLC0415  # after Django is set up

    keys.ensure(PURPOSE, "Ed25519")
    signer = keys.signer(PURPOSE)
    content = json.loads(file.read_text())
    value = base64.b64encode(signer.sign(_bytes(content))).decode()
    told = {"purpose": PURPOSE, "kid": signer.kid, "algorithm": signer.algorithm, "value": value}
    _write(file, content | {"signature": told})


def verify(file: Path) -> Report:
    """Return a report whose digest and signature hold. Runs inside the deployment.

    Raises ``ReportBrokenError``.
    """
    from pendopo.keys import api as keys  # noqa: PLC0415  # after Django is set up
    from pendopo.keys import pairs  # noqa: PLC0415  # same

    try:
        content = json.loads(file.read_text())
        signature = content["signature"]
        key = keys.public_keys(PURPOSE)[signature["kid"]]
        pairs.verify(key, _bytes(content), base64.b64decode(signature["value"]))
        return Report(**content["report"])
    except OSError:
        raise
    except Exception as error:  # whatever is wrong with it, it proves nothing
        message = f"{file} was changed, or this deployment did not sign it"
        raise ReportBrokenError(message) from error


def _bytes(content: dict[str, canonical.Json]) -> bytes:
    data = canonical.dumps(content["report"])
    if hashlib.sha256(data).hexdigest() != content["sha256"]:
        message = "the digest of the report does not fit"
        raise ReportBrokenError(message)
    return data


def _write(target: Path, content: object) -> None:
    half = target.with_name(f".{target.name}.half")
    half.touch(mode=0o600)
    half.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n")
    half.rename(target)


def add_verbs(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add ``drill check FILE``, which reads a report again."""
    check = verbs.add_parser("check", help="check digest and signature of a report")
    check.add_argument("file", type=Path)
    check.set_defaults(run=_check)


def _check(options: argparse.Namespace) -> int:
    from pendopo.entrypoints import cli  # noqa: PLC0415  # it loads this module's verb

    with cli.deployment_environment(""):
        found = verify(options.file.absolute())
    print(
        f"{found.drill} drill of {found.began}: {'all equal' if found.ok else 'differences'}; signature good"
    )
    return 0 if found.ok else 1
