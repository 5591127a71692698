"""Ask the package indexes themselves what they know against the pinned packages.

The addresses are those that the installers use, asked of pip and npm; none stands here. PyPI's JSON API tells
``vulnerabilities`` of a release; npm's registry answers a list of packages at once
(``/-/npm/v1/security/advisories/bulk``). A package whose index did not answer was not audited, and that is
said. An index that has no such API for the first package is not asked about the others.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from urllib.parse import quote

import httpx

from pendopo.entrypoints import advisories
from pendopo.entrypoints.advisories import Finding
from pendopo.entrypoints.assets import node_program
from pendopo.entrypoints.locks import Pinned

TIMEOUT_SECONDS = 15.0
AT_ONCE = 4
OK = 200
PIP_ASKS = "from pip._internal.models.index import PyPI; print(PyPI.pypi_url)"


@dataclass(slots=True)
class Audit:
    """What was asked and found. ``silent`` names packages that nobody answered for, with the reason."""

    audited: int = 0
    findings: list[Finding] = field(default_factory=list)
    silent: dict[str, str] = field(default_factory=dict)
    source: str = ""

    @property
    def code(self) -> int:
        """Exit code: 1 for findings, 2 when something was not audited, 0 only when all was and is well."""
        return 1 if self.findings else 2 if self.silent or not self.audited else 0


def by_files(parts: Sequence[Pinned], files: Sequence[Path]) -> Audit:
    """Audit against given OSV files; an ecosystem that no record speaks of counts as not audited."""
    shelf = advisories.read(files)
    audit = Audit(source=f"{shelf.count} records of {', '.join(file.name for file in files)}")
    for part in parts:
        if part.kind in shelf.kinds:
            audit.audited += 1
            audit.findings += advisories.about(part, shelf)
        else:
            audit.silent[part.purl] = f"no record in the given files speaks of {part.kind}"
    return audit


def by_indexes(parts: Sequence[Pinned], progress: Callable[[int, int], None]) -> Audit:
    """Audit at the indexes that the installers use."""
    audit = Audit(source="the package indexes")
    python = [part for part in parts if part.kind == "pypi"]
    with (
        _client() as client,
        ThreadPoolExecutor(AT_ONCE) as pool,
    ):
        base = pypi_base()
        first = [_ask_pypi(client, base, part) for part in python[:1]]
        is_deaf = any(isinstance(answer, str) for answer in first)
        rest = (
            first * (len(python) - 1)
            if is_deaf
            else pool.map(lambda one: _ask_pypi(client, base, one), python[1:])
        )
        answers = chain(first, rest)
        for number, (part, answer) in enumerate(zip(python, answers, strict=True), start=1):
            _take(audit, part, answer)
            progress(number, len(python))
        _ask_npm(client, audit, [part for part in parts if part.kind == "npm"])
    return audit


def _client() -> httpx.Client:
    return httpx.Client(timeout=TIMEOUT_SECONDS, follow_redirects=True)


def _take(audit: Audit, part: Pinned, answer: "list[Finding] | str") -> None:
    if isinstance(answer, str):
        audit.silent[part.purl] = answer
        return
    audit.audited += 1
    audit.findings += answer


def pypi_base() -> str:
    """Return the JSON API beside pip's index, or nothing when pip cannot be asked."""
    index = (
        os.environ.get("PIP_INDEX_URL")
        or os.environ.get("UV_DEFAULT_INDEX")
        or _said("config", "get", "global.index-url")
    )
    if index:
        return index.rstrip("/").removesuffix("/simple") + "/pypi"
    return _output([_python(), "-c", PIP_ASKS])


def npm_base() -> str:
    """Return npm's registry, or nothing when npm cannot be asked."""
    node = node_program()
    npm = node.parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return _output([str(node), str(npm), "config", "get", "registry"])


def _python() -> str:
    """The interpreter behind ours, which has pip where our own environment has none."""
    return str(Path(sys.base_prefix) / "bin" / "python3")


def _said(*words: str) -> str:
    return _output([_python(), "-m", "pip", *words])


def _output(command: list[str]) -> str:
    try:
        told = subprocess.run(command, check=True, capture_output=True, text=True, timeout=30)
    except (OSError, subprocess.SubprocessError):
        return ""
    return told.stdout.strip()


def _ask_pypi(client: httpx.Client, base: str, part: Pinned) -> "list[Finding] | str":
    if not base:
        return "pip could not be asked for its index"
    try:
        answer = client.get(f"{base}/{quote(part.name)}/{quote(part.version)}/json")
        if answer.status_code != OK:
            return f"the index answered {answer.status_code}"
        told = answer.json()["vulnerabilities"]
    except httpx.HTTPError as error:
        return f"the index did not answer ({type(error).__name__})"
    except (ValueError, KeyError, TypeError):
        return "the index tells nothing about vulnerabilities"
    return [
        Finding(
            part.name,
            part.version,
            one["id"],
            tuple(one.get("fixed_in", ())),
            str(one.get("summary") or "")[:120],
        )
        for one in told
        if not one.get("withdrawn")
    ]


def _ask_npm(client: httpx.Client, audit: Audit, parts: Sequence[Pinned]) -> None:
    base = npm_base().rstrip("/")
    wanted: dict[str, list[str]] = {}
    for part in parts:
        wanted.setdefault(part.name, []).append(part.version)
    try:
        answer = client.post(
            f"{base}/-/npm/v1/security/advisories/bulk",
            content=json.dumps(wanted),
            headers={"Content-Type": "application/json"},
        )
        reason = "" if answer.status_code == OK else f"the registry answered {answer.status_code}"
        told = answer.json() if not reason else {}
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        reason, told = f"the registry did not answer ({type(error).__name__})", {}
    for part in parts:
        if reason:
            audit.silent[part.purl] = reason
            continue
        audit.audited += 1
        audit.findings += [
            Finding(
                part.name,
                part.version,
                str(one.get("url") or one["id"]),
                (str(one.get("vulnerable_versions", "")),),
                str(one["title"])[:120],
            )
            for one in told.get(part.name, ())
        ]
