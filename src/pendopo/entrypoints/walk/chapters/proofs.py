"""She sees who looked at her data, each line with its proof; then the whole log is verified."""

import json
import re
import time

from pendopo.entrypoints.walk.browser import UnexpectedAnswerError
from pendopo.entrypoints.walk.journey import Trail
from pendopo.entrypoints.walk.page import Page

type Facts = dict[str, object]

PROVED_WITHIN_SECONDS = 30.0
ENTRY = re.compile(r"/my/access/[0-9a-f-]{36}/?$")
FEWEST_LOOKS = 3
"""The counter, the application and the verifying officer looked at least."""


def sees_who_looked(trail: Trail) -> Facts:
    """Every look is listed, and the list is provably whole."""
    until = time.monotonic() + PROVED_WITHIN_SECONDS
    page = trail.citizen.open("/my/access")
    while not _is_proved(page):
        if time.monotonic() > until:
            verdict, listed = page.data("completeness"), page.data("listed")
            message = f"“{page.title}” says “{verdict}” with {listed} lines"
            raise UnexpectedAnswerError(message)
        time.sleep(0.5)
        page = trail.citizen.open("/my/access")
    return {"looks": page.data("listed")}


def checks_a_proof(trail: Trail) -> Facts:
    """One line, its place in the log and the path to the signed root; she keeps the file."""
    links = [address for address, _ in trail.citizen.current.links("/my/access/")]
    own = [address for address in links if ENTRY.search(address)]
    page = trail.citizen.open(own[0])
    if page.data("holds") != "yes":
        message = f"the proof of “{page.title}” does not hold"
        raise UnexpectedAnswerError(message)
    file = next(address for address, _ in page.links("/proof.json"))
    trail.keep("bukti.json", trail.citizen.download(file).content)
    return {"index": int(page.data("leaf-index") or 0) + 1, "size": page.data("tree-size")}


def verifies_the_log(trail: Trail) -> Facts:
    """The verifier recomputes the log and holds it against the checkpoint that lies outside the database."""
    path = trail.keep("checkpoint.note", trail.journey.checkpoint_file.read_bytes())
    report = json.loads(trail.journey.verb("ledger", "verify", "--json", "--checkpoint", str(path)))
    if not report["ok"]:
        message = f"the log is not whole: {report['findings']}"
        raise UnexpectedAnswerError(message)
    return {"entries": report["size"], "path": path.name}


def _is_proved(page: Page) -> bool:
    return page.data("completeness") == "proved" and int(page.data("listed") or 0) >= FEWEST_LOOKS
