"""Many people ask for their own pages at once; every answer is searched for everybody else's markers."""

import asyncio
import random
import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import httpx

from tests.journeys.planting import SERVICE, marker

AT_ONCE = 24
MARKER = re.compile(r"mk(\d{3})[a-z]+km")
PRIVATE = {"private", "no-store"}


@dataclass(frozen=True, slots=True)
class Asked:
    """One address, and the marker that the person's own answer must hold; empty where none is sure."""

    path: str
    own: str = ""
    needs_private: bool = True


@dataclass(slots=True)
class Findings:
    """What the race saw."""

    answers: int = 0
    own_seen: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    foreign: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    shareable: list[str] = field(default_factory=list)
    cookies: dict[str, set[int]] = field(default_factory=dict)
    tags: dict[str, set[int]] = field(default_factory=dict)

    def shared(self) -> list[str]:
        """Return values of cookies and entity tags that more than one person was given."""
        both = {**self.cookies, **self.tags}
        return [value for value, given in both.items() if len(given) > 1]

    def told(self, people: int) -> str:
        """Return the figures in one line."""
        return (
            f"isolation race: {people} people, {self.answers} answers checked, "
            f"{self.own_seen} with the own marker, foreign markers = {len(self.foreign)}"
        )


def pages_of(number: int, person: dict[str, str]) -> list[Asked]:
    """Return the pages of one person, and some that everybody may see."""
    agency, code = SERVICE
    draft = f"/apply/{agency}/{code}/{person['draft']}/p"
    return [
        Asked("/my/cases/", marker(number, "case")),
        Asked("/en/my/cases/", marker(number, "case")),
        Asked(f"/my/cases/{person['case']}/", marker(number, "case")),
        Asked("/my/inbox/", marker(number, "note")),
        Asked(f"/my/inbox/{person['message']}/", marker(number, "note")),
        Asked("/my/contact/", marker(number, "mail")),
        Asked("/my/access/", marker(number, "look")),
        Asked("/my/access.json", marker(number, "look")),
        Asked(f"{draft}/child.0/", marker(number, "draft")),
        Asked("/my/data/"),
        Asked("/my/documents/"),
        Asked("/my/security/"),
        Asked(f"/apply/{agency}/{code}/"),
        Asked("/", needs_private=False),
        Asked("/services/?q=akta", needs_private=False),
    ]


def run(base: str, people: list[dict[str, str]], *, each: int, seed: int) -> Findings:
    """Let everybody ask ``each`` times, shuffled; return what was seen. The seed is told on failure."""
    asked = [
        (number, page)
        for number, person in enumerate(people)
        for page in _cycle(pages_of(number, person), each)
    ]
    random.Random(seed).shuffle(asked)  # noqa: S311  # an order, not a secret
    findings = Findings()
    with ThreadPoolExecutor(1) as apart:  # the browser's own loop may run in this thread
        apart.submit(asyncio.run, _run(base, people, asked, findings)).result()
    return findings


def _cycle(pages: list[Asked], each: int) -> list[Asked]:
    return [pages[number % len(pages)] for number in range(each)]


async def _run(
    base: str, people: list[dict[str, str]], asked: list[tuple[int, Asked]], findings: Findings
) -> None:
    waiting = asyncio.Queue[tuple[int, Asked]]()
    for one in asked:
        waiting.put_nowait(one)
    limits = httpx.Limits(max_connections=AT_ONCE, max_keepalive_connections=AT_ONCE)
    async with httpx.AsyncClient(base_url=base, timeout=60, limits=limits, trust_env=False) as client:
        await asyncio.gather(*(_work(client, people, waiting, findings) for _ in range(AT_ONCE)))


async def _work(
    client: httpx.AsyncClient,
    people: list[dict[str, str]],
    waiting: asyncio.Queue[tuple[int, Asked]],
    findings: Findings,
) -> None:
    while not waiting.empty():
        number, page = waiting.get_nowait()
        # A cookie jar would be shared between people; the header is the person.
        client.cookies.clear()
        headers = {"Cookie": people[number]["cookie"], "Accept": "text/html"}
        answer = await client.get(page.path, headers=headers)
        judge(findings, people, number, page, answer)


def judge(
    findings: Findings, people: list[dict[str, str]], number: int, page: Asked, answer: httpx.Response
) -> None:
    """Search one answer, head and body, for what is not this person's."""
    whole = answer.text + "".join(f"{name}: {value}\n" for name, value in answer.headers.items())
    where = f"person {number} at {page.path}"
    findings.answers += 1
    findings.statuses[answer.status_code] += 1
    findings.own_seen += page.own in whole if page.own else 0
    if page.own and page.own not in whole:
        findings.missing.append(f"{where}: {answer.status_code}")
    findings.foreign += [f"{where}: {found}" for found in MARKER.findall(whole) if int(found) != number]
    findings.foreign += [f"{where}: {what}" for what in _of_others(people, number, whole)]
    kept = answer.headers.get("Cache-Control", "")
    if page.needs_private and not PRIVATE.issubset(re.split(r",\s*", kept)):
        findings.shareable.append(f"{where}: {kept}")
    for value in answer.headers.get_list("Set-Cookie"):
        findings.cookies.setdefault(value.partition(";")[0], set()).add(number)
    if page.needs_private and "ETag" in answer.headers:
        findings.tags.setdefault(answer.headers["ETag"], set()).add(number)


def _of_others(people: list[dict[str, str]], number: int, whole: str) -> list[str]:
    """Return which secrets of somebody else the answer holds: NIK, session, subject."""
    return [
        f"{key} of {other}"
        for other, person in enumerate(people)
        for key in ("nik", "subject", "session")
        if other != number and _value(person, key) in whole
    ]


def _value(person: dict[str, str], key: str) -> str:
    return person["cookie"].partition("=")[2] if key == "session" else person[key]
