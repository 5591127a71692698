"""The restore drill: back up while it serves, restore elsewhere, compare, start, sign in, clean up.

The restored instance gets a folder and a database server of its own, gateways of its own and a mail server of
its own: nothing that it does reaches the living one or anybody outside.
"""

import json
import secrets
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import file_digest
from pathlib import Path

from pendopo.entrypoints import backup, deployments, instance, restoring, servers
from pendopo.entrypoints.deployments import Deployment
from pendopo.entrypoints.drills import comparing, files, report, tables
from pendopo.entrypoints.drills.comparing import Finding
from pendopo.entrypoints.errors import FrontDoorError
from pendopo.entrypoints.instants import Instant
from pendopo.entrypoints.places import Place, make_folder, state_root
from pendopo.entrypoints.stack import running_stack
from pendopo.entrypoints.telling import Teller
from pendopo.entrypoints.verbs.up import journey_through
from pendopo.entrypoints.walk.browser import Browser
from pendopo.entrypoints.walk.chapters.signing_in import sign_in_with_password
from pendopo_wire.canonical import Json

SIGNS_IN = ("counter", "/counter/activation/")
"""Who signs in after the restore, and where to."""


class NothingToDrillError(FrontDoorError):
    """There is no deployment here that could be drilled."""


@dataclass(slots=True)
class Observed:
    """The living instance at the instant of the backup."""

    databases: dict[str, tables.Database]
    files: files.Expected
    checkpoints: dict[str, Path]
    instant: str = ""
    held_ms: float = 0.0


@dataclass(frozen=True, slots=True)
class Archive:
    """A sealed archive and what opens it."""

    file: Path
    passphrase: str
    contents: backup.Contents


def run(here: Place, teller: Teller, *, is_started: bool = True) -> report.Report:
    """Drill this instance and return the report, written and signed; ``is_started`` may leave out the start.

    Raises ``FrontDoorError`` when the drill itself could not be carried out.
    """
    told = report.Report("restore", here.instance, datetime.now(UTC).isoformat(timespec="seconds"))
    told.facts["serving"] = _is_serving(here)
    with _elsewhere() as (work, there):
        archive, observed = take(here, work, teller)
        _tell_archive(told, archive, observed)
        restored(here, there, archive, teller)
        findings = judge(there, observed, teller, told.facts)
        if is_started:
            findings += start(there, teller, told.facts)
        with teller.step("folder and server removed"):
            _remove(there)
    told.findings = [asdict(finding) for finding in findings]
    told.ok = not findings
    told.steps = [{"name": name, "ms": spent} for name, spent in teller.times]
    told.seconds = teller.seconds
    _keep(here, told)
    return told


def take(here: Place, work: Path, teller: Teller) -> tuple[Archive, Observed]:
    """Back the living instance up into ``work`` and remember what it was."""
    urls = _urls(here)
    observed = Observed({}, files.Expected({}, ()), _newest_checkpoints(here, work))
    with teller.step("files of the living instance hashed"):
        before = files.listing(here.state)

    def observe(instant: Instant) -> None:
        observed.instant, observed.held_ms = instant.at, instant.held_ms
        for name, connection in instant.connections.items():
            with teller.step(f"every row of {name} hashed, inside the instant"):
                observed.databases[name] = tables.read(connection)

    file, passphrase = work / "drill.pendopo", secrets.token_urlsafe(24)
    with servers.running_server(here), teller.step("backup, sealed (all of it)"):
        contents = backup.save(backup.Source(here.state, urls), file, passphrase, observe=observe)
    observed.files = files.expected(before, files.listing(here.state))
    return Archive(file, passphrase, contents), observed


def restored(here: Place, there: Place, archive: Archive, teller: Teller) -> None:
    """Restore to an empty place and make sure that nothing there still names a database of the living one."""
    with instance.held(there), teller.step("restored to an empty folder and a server of its own"):
        restoring.restore_instance(there, archive.file, archive.passphrase, given=None)
    if set(_urls(here).values()) & set(_urls(there).values()):
        message = "the restored instance names a database of the living one; it was not started"
        raise FrontDoorError(message)


def judge(there: Place, observed: Observed, teller: Teller, facts: dict[str, Json]) -> list[Finding]:
    """Compare a restored, stopped instance with what was observed."""
    findings: list[Finding] = []
    with teller.step("files compared"):
        findings += comparing.files(observed.files, there.state)
    with servers.running_server(there, None):
        for name, url in _urls(there).items():
            with teller.step(f"every row of {name} compared"):
                findings += comparing.databases(name, observed.databases[name], tables.read_at(url))
        for deployment in deployments_of(there):
            name = deployment.name
            with teller.step(f"sealed rows, keys and seals of {name} opened"):
                opened, failed = open_all(deployment)
            facts[f"opened_{name}"] = opened
            findings += failed
            with teller.step(f"log of {name} verified against the copies outside"):
                log, wrong = _verify_log(deployment, observed.checkpoints.get(name))
            facts[f"log_{name}"] = log
            findings += wrong
    return findings


def start(there: Place, teller: Teller, facts: dict[str, Json]) -> list[Finding]:
    """Start the restored instance as ``up`` would, on ports of its own, and let an officer sign in."""
    try:
        with instance.held(there), running_stack(there, teller, None) as stack:
            with teller.step("an officer signs in"):
                role, page = SIGNS_IN
                officer = journey_through(stack, "id").officer(role)
                with Browser(stack.base_url) as browser:
                    sign_in_with_password(browser, officer, page)
                    browser.open(page)
            facts["signed_in"] = role
    except (FrontDoorError, RuntimeError) as error:
        return [Finding("does_not_start" if "signed_in" not in facts else "does_not_stop", str(error)[:300])]
    return []


@contextmanager
def _elsewhere() -> Iterator[tuple[Path, Place]]:
    """Make a work folder and name an empty place; both are gone afterwards."""
    base = make_folder(state_root(), 0o755)
    name = f"drill-{secrets.token_hex(4)}"
    there = Place(name, base / name)
    work = make_folder(base / f"{name}-work")
    try:
        yield work, there
    finally:
        shutil.rmtree(work, ignore_errors=True)
        _remove(there)


def _remove(there: Place) -> None:
    if there.state.exists():
        with suppress(FrontDoorError):
            servers.cluster_of(there).stop("immediate")
        shutil.rmtree(servers.cluster_of(there).sockets.parent, ignore_errors=True)
        shutil.rmtree(there.state, ignore_errors=True)


def _urls(here: Place) -> dict[str, str]:
    saved = {name: deployments.saved_settings(here.state, name) for name in deployments.NAMES}
    urls: dict[str, str] = {
        name: settings["PENDOPO_DATABASE_URL"] for name, settings in saved.items() if settings
    }
    if len(urls) != len(deployments.NAMES):
        message = f"{here.state} holds no demonstration to drill: begin with ./pendopo up"
        raise NothingToDrillError(message)
    return urls


def deployments_of(here: Place) -> list[Deployment]:
    """Return the deployments of an instance with the settings that were saved there."""
    return [
        Deployment(name, here.state / name, deployments.saved_settings(here.state, name) or {})
        for name in deployments.NAMES
    ]


def _newest_checkpoints(here: Place, work: Path) -> dict[str, Path]:
    """Keep a copy of each newest checkpoint as it was before the backup, as an auditor would have one."""
    kept: dict[str, Path] = {}
    for name in deployments.NAMES:
        newest = here.state / name / "checkpoints" / "latest"
        if newest.is_file():
            kept[name] = Path(shutil.copyfile(newest, work / f"{name}.checkpoint"))
    return kept


def open_all(deployment: Deployment) -> tuple[dict[str, int], list[Finding]]:
    """Open everything of a deployment: how many of what opened, and what did not."""
    finished = _python(deployment, "pendopo.entrypoints.drills.opening")
    try:
        answer = json.loads(finished.stdout)
    except ValueError:
        last = (finished.stderr.strip().splitlines() or ["no word"])[-1]
        return {}, [Finding("does_not_open", f"{deployment.name}: {last[:200]}")]
    failed = [Finding(code, f"{deployment.name}: {where}") for code, where in answer["failed"]]
    return answer["opened"], failed


def _verify_log(deployment: Deployment, kept: Path | None) -> tuple[dict[str, str | int], list[Finding]]:
    brought = ["--checkpoint", str(kept)] if kept else []
    finished = _python(deployment, "pendopo.entrypoints.cli", "ledger", "verify", "--json", *brought)
    try:
        answer = json.loads(finished.stdout)
    except ValueError:
        last = (finished.stderr.strip().splitlines() or ["no word"])[-1]
        return {}, [Finding("log_unreadable", f"{deployment.name}: {last[:200]}")]
    wrong = [
        Finding(f"log_{one['code']}", f"{deployment.name}: {one['where']}") for one in answer["findings"]
    ]
    facts = {key: answer[key] for key in ("size", "root", "checkpoints", "outside", "stamps")}
    return facts, wrong


def _python(deployment: Deployment, module: str, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", module, *words],
        check=False,
        env=deployment.environment | {"PENDOPO_DATABASE_POOL": "0"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        cwd="/",
    )


def _is_serving(here: Place) -> bool:
    saved = deployments.saved_settings(here.state, "hall") or {}
    try:
        address = f"{saved['PENDOPO_BASE_URL']}/livez"
        with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310  # our own address
            return bool(answer.status < 300)  # noqa: PLR2004  # HTTP's words for well
    except (OSError, KeyError, ValueError):
        return False


def _tell_archive(told: report.Report, archive: Archive, observed: Observed) -> None:
    with archive.file.open("rb") as file:
        digest = file_digest(file, "sha256").hexdigest()
    told.facts |= {
        "instant": observed.instant,
        "instant_held_ms": observed.held_ms,
        "archive_bytes": archive.file.stat().st_size,
        "archive_sha256": digest,
        "files_equal": len(observed.files.still),
        "files_moving": list(observed.files.moving),
        "databases": _summary(observed.databases),
    }


def _summary(found: Mapping[str, tables.Database]) -> Json:
    return {
        name: {
            "rows": sum(table.rows for table in database.tables.values()),
            "definitions": database.definitions_sha256,
            "tables": {key: [table.rows, table.sha256] for key, table in database.tables.items()},
        }
        for name, database in found.items()
    }


def _keep(here: Place, told: report.Report) -> None:
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    file = report.folder_of(here.state) / f"{told.drill}-{stamp}.json"
    report.write(told, file)
    hall = next(one for one in deployments_of(here) if one.name == "hall")
    with servers.running_server(here):
        finished = _python(hall, "pendopo.entrypoints.drills.signing", str(file))
    if finished.returncode:
        message = f"the report could not be signed: {finished.stderr.strip()[-300:]}"
        raise FrontDoorError(message)
    told.facts["file"] = str(file)
