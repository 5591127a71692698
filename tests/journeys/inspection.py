"""Looks at a page in a real browser: axe-core, and what axe cannot see; its weight; what its answer says."""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import ConsoleMessage, Page, Request, Response, ViewportSize

ROOT = Path(__file__).parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
CHECKS = f"globalThis.pendopoChecks = {Path(__file__).with_name('checks.js').read_text(encoding='utf-8')}"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Only what is wrong is worked out; no rule that is run needs the style sheets' text.
BRIEF: dict[str, object] = {"resultTypes": ["violations"], "selectors": False, "preload": False}
# The one rule of axe that carries wcag22aa is off by default.
RULES = BRIEF | {"runOnly": {"type": "tag", "values": TAGS}, "rules": {"target-size": {"enabled": True}}}
TARGETS = BRIEF | {"runOnly": {"type": "rule", "values": ["target-size"]}}

DESKTOP: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 320, "height": 640}
LARGE: ViewportSize = {"width": 640, "height": 800}

KILOBYTE = 1000
LIMITS = {"document": 14 * KILOBYTE, "stylesheet": 12 * KILOBYTE + 500, "script": 15 * KILOBYTE, "font": 0}
"""Bytes on the line by kind, for one page that is opened with an empty cache."""
WHOLE = 60 * KILOBYTE
MOST_REQUESTS = 8
PRIVATE = {"private", "no-store"}
QUERIES = re.compile(r'\bdb;desc="(\d+)"')
"""How the demonstration tells what a page cost its database (``Server-Timing``)."""
MOST_QUERIES = {"anybody": 11, "own": 17, "officer": 20, "dossier": 32}
"""For one page that is read; a dossier is papers, rounds, positions, readers and what followed. Sending
a form does more, and has its own measures in ``benchmarks``."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with one page."""

    kind: str
    page: str
    told: str


@dataclass(frozen=True, slots=True)
class Weighed:
    """One page's figures: bytes are those on the line, with headers."""

    page: str
    path: str
    status: int
    bytes: Mapping[str, int]
    requests: int
    violations: int
    controls: int
    audience: str
    queries: int | None
    """Statements on the database; None when the answer does not tell."""
    is_sent: bool
    """Whether it answered a form."""
    first_byte: float
    """Milliseconds until the answer began, on a machine that does other things too: shown, judged nowhere."""

    @property
    def whole(self) -> int:
        """Bytes of the first visit."""
        return sum(self.bytes.values())


@dataclass
class Report:
    """What all inspections found."""

    faults: list[Fault] = field(default_factory=list)
    weighed: list[Weighed] = field(default_factory=list)
    help: dict[tuple[str, ...], str] = field(default_factory=dict)

    def of(self, kind: str) -> list[str]:
        """Return the faults of a kind, as sentences."""
        return [f"{fault.page}: {fault.told}" for fault in self.faults if fault.kind == kind]

    def table(self) -> str:
        """Return all pages as a table in Markdown, the heaviest first."""
        kinds = ("document", "stylesheet", "script", "image")
        head = "| page | status | " + " | ".join(kinds)
        head += " | whole | requests | axe | tab stops | queries | first byte, ms |"
        lines = [head, "|" + "---|" * (head.count("|") - 1)]
        for one in sorted(self.weighed, key=lambda one: -one.whole):
            parts = " | ".join(str(one.bytes.get(kind, 0)) for kind in kinds)
            lines.append(
                f"| {one.page} | {one.status} | {parts} | {one.whole} | {one.requests} | {one.violations}"
                f" | {one.controls} | {_known(one.queries)} | {one.first_byte:.0f} |"
            )
        return "\n".join(lines) + "\n"

    def worst(self, most: int = 10) -> str:
        """Name the pages that ask most of the database, and those that weigh most."""
        asking = sorted(self.weighed, key=lambda one: -(one.queries or 0))[:most]
        heavy = sorted(self.weighed, key=lambda one: -one.whole)[:most]
        lines = ["| | most queries | | most bytes | |", "|---|---|---|---|---|"]
        for place, (one, other) in enumerate(zip(asking, heavy, strict=True), 1):
            sent = " (a form was sent)" if one.is_sent else ""
            lines.append(
                f"| {place} | {one.page}{sent} | {_known(one.queries)} | {other.page} | {other.whole} |"
            )
        return "\n".join(lines) + "\n"

    def write(self, path: Path) -> None:
        """Write the page of documentation, and the same figures as JSON beside it."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(
            f"{ABOUT}\n## The ten worst\n\n{self.worst()}\n## All\n\n{self.table()}", encoding="utf-8"
        )
        figures = [asdict(one) for one in self.weighed]
        path.with_suffix(".json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


ABOUT = """# Pages and what they cost

Every type of page and state, opened by the tour of `tests/journeys` in a real browser with an empty cache, on
the demonstration. Bytes are those on the line, headers too; *axe* counts violations of WCAG 2.2 AA and best
practice; *queries* are statements on the database for the page alone; *first byte* is for orientation, on
two busy cores. Written by:

    PENDOPO_PAGES=docs/reference/pages.md ./pendopo test --all tests/journeys/test_pages.py
"""


def _known(number: int | None) -> str:
    return "–" if number is None else str(number)


def ask(page: Page, question: str) -> Any:  # what the browser answers is JSON
    """Evaluate one of the page checks."""
    return page.evaluate(f"globalThis.pendopoChecks.{question}()")


def run_axe(page: Page, options: Mapping[str, object]) -> list[str]:
    """Return axe-core's violations, each with the elements that it names."""
    found = page.evaluate("options => axe.run(document, options)", dict(options))["violations"]
    return [f"{one['id']}: {[node['html'][:140] for node in one['nodes'][:3]]}" for one in found]


def prepare(page: Page) -> None:
    """Bring axe-core and the checks into the page; the page's own rules do not bind the debugger."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    page.evaluate(CHECKS)


def reflow(page: Page) -> list[str]:
    """Narrow as a phone, then with letters twice as large: nothing sideways, nothing cut, all text grown."""
    faults = _narrow(page, PHONE, "at 320 px")
    faults += [f"at 320 px: {one}" for one in run_axe(page, TARGETS)]
    page.set_viewport_size(LARGE)
    faults += [f"does not grow with the reader's letters: {one}" for one in ask(page, "stuck")]
    faults += _narrow(page, LARGE, "at 200 % text")
    faults += [f"cut at 200 % text: {one}" for one in ask(page, "cut")]
    page.evaluate("document.documentElement.style.fontSize = ''")
    page.set_viewport_size(DESKTOP)
    return faults


def preferences(page: Page) -> list[str]:
    """Ask the page again as somebody who wants no motion, and as somebody with colours of her own."""
    page.emulate_media(reduced_motion="reduce", forced_colors="active")
    faults: list[str] = [*ask(page, "motion"), *ask(page, "forced")]
    page.emulate_media(reduced_motion="no-preference", forced_colors="none")
    return faults


def _cost(answer: Response | None) -> tuple[int | None, float]:
    """Return the queries that the answer tells, and the milliseconds until it began."""
    if answer is None:
        return None, 0.0
    found = QUERIES.search(answer.header_value("server-timing") or "")
    timing = answer.request.timing
    return int(found[1]) if found else None, max(timing["responseStart"] - timing["requestStart"], 0.0)


def _narrow(page: Page, size: ViewportSize, told: str) -> list[str]:
    page.set_viewport_size(size)
    width = ask(page, "width")
    return [f"{width} px wide {told}: {ask(page, 'widest')}"] if width > size["width"] else []


def walk_by_keyboard(page: Page) -> list[str]:
    """Press Tab through the page: everything is reached, in order, in sight."""
    controls = ask(page, "begin")
    faults: list[str] = []
    for _ in range(controls + 2):
        page.keyboard.press("Tab")
        faults += ask(page, "step")
    faults += ask(page, "missed")
    return faults


class Inspector:
    """Inspects the pages that one person sees in one tab; every page counts as a first visit."""

    def __init__(self, page: Page, base: str, report: Report, *, private: bool, language: str = "id") -> None:
        """Listen to what the tab asks and complains; ``private``: no answer may be kept."""
        self.page, self.base, self.report = page, base, report
        self.private, self.language = private, language
        self.audience = "own" if private else "anybody"
        self.seen: set[str] = set()
        self._is_sent = False
        self._requests: list[Request] = []
        self._told: list[str] = []
        self._icons: dict[str, int] = {}
        page.on("request", lambda request: self._requests.append(request))  # noqa: PLW0108  # Playwright marks it
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self._told.append(str(error)))
        line = page.context.new_cdp_session(page)
        line.send("Network.enable")
        line.send("Network.setCacheDisabled", {"cacheDisabled": True})

    def visit(self, name: str, path: str, status: int = 200) -> None:
        """Open an address of the hall and inspect what it answers."""
        self._forget()
        self._is_sent = False
        answer = self.page.goto(self.base + path)
        if answer is None or answer.status != status:
            self._fault("status", name, f"{path} answered {answer.status if answer else None}, not {status}")
        self.here(name, answer, by_keyboard=True)

    def send(self, name: str, button: str = "main form[method=post] button") -> None:
        """Press a button, wait for the answer, and inspect it."""
        self._forget()
        self._is_sent = True
        with self.page.expect_navigation() as waiting:
            self.page.locator(button).first.click()
        self.here(name, waiting.value)

    def search(self, name: str, typed: str) -> None:
        """Type into the page's search, press Enter, and inspect the answer."""
        self._forget()
        self._is_sent = True
        field = self.page.locator("form[role=search] input[type=search]")
        field.fill(typed)
        with self.page.expect_navigation() as waiting:
            field.press("Enter")
        self.here(name, waiting.value)

    def refused(self, name: str, button: str = "main form[method=post] button") -> None:
        """Press a button on a form that cannot be right; the answer begins with what to mend."""
        self.send(name, button)
        for told in ask(self.page, "summary"):
            self._fault("errors", name, told)

    def here(self, name: str, answer: Response | None, *, by_keyboard: bool = False) -> None:
        """Inspect the page that is open."""
        if name in self.seen:
            return
        self.seen.add(name)
        self.page.wait_for_load_state("load")
        self._answered(name, answer)
        weight, count = self._weigh()
        prepare(self.page)
        controls = ask(self.page, "begin")
        if by_keyboard:
            self._faults("keyboard", name, walk_by_keyboard(self.page))
        violations = run_axe(self.page, RULES)
        self._faults("axe", name, violations)
        self._faults("fields", name, ask(self.page, "fields"))
        if self.page.locator("html").get_attribute("lang") != self.language:
            self._fault("language", name, f"is not marked as {self.language}")
        self._faults("language", name, ask(self.page, "languages"))
        self._faults("reflow", name, reflow(self.page))
        self._faults("preferences", name, preferences(self.page))
        self._faults("console", name, self._told)
        self._keep_help(name)
        status = answer.status if answer else 0
        path = self.page.url.removeprefix(self.base).split("?")[0]
        queries, first_byte = _cost(answer)
        self.report.weighed.append(
            Weighed(
                name,
                path,
                status,
                weight,
                count,
                len(violations),
                controls,
                audience=self.audience,
                queries=queries,
                is_sent=self._is_sent,
                first_byte=first_byte,
            )
        )
        self._judge(name, weight, count)
        most = MOST_QUERIES[self.audience]
        if queries is not None and queries > most and not self._is_sent:
            self._fault("queries", name, f"{queries} queries > {most}")

    def _forget(self) -> None:
        self._requests.clear()
        self._told.clear()

    def _hear(self, message: ConsoleMessage) -> None:
        # The browser calls an error page's own status an error, too.
        if message.type == "error" and "the server responded with a status" not in message.text:
            self._told.append(message.text)

    def _answered(self, name: str, answer: Response | None) -> None:
        if answer is None:
            return
        said = {part.strip() for part in (answer.header_value("cache-control") or "").split(",")}
        if self.private and not said >= PRIVATE:
            self._fault("caches", name, f"Cache-Control: {answer.header_value('cache-control')}")
        if "default-src 'none'" not in (answer.header_value("content-security-policy") or ""):
            self._fault("console", name, "no Content-Security-Policy")

    def _weigh(self) -> tuple[dict[str, int], int]:
        weight: dict[str, int] = {}
        asked = [request for request in self._requests if request.redirected_to is None]
        # A browser without a window does not always ask for the page's icon; it is counted once for all.
        icons = self.page.locator("link[rel=icon]").evaluate_all("nodes => nodes.map(node => node.href)")
        asked = [request for request in asked if request.url not in icons]
        for request in asked:
            if request.response() is None:
                continue
            sizes = request.sizes()
            size = sizes["responseBodySize"] + sizes["responseHeadersSize"]
            weight[request.resource_type] = weight.get(request.resource_type, 0) + size
            if not f"{request.url}/".startswith(f"{self.base}/"):
                self._fault("third-party", request.url, "is not the hall")
        weight["image"] = weight.get("image", 0) + sum(map(self._icon, icons))
        return weight, len(asked) + len(icons)

    def _icon(self, address: str) -> int:
        if address not in self._icons:
            answer = self.page.context.request.get(address)
            self._icons[address] = int(answer.headers.get("content-length", 0))
        return self._icons[address]

    def _judge(self, name: str, weight: Mapping[str, int], count: int) -> None:
        for kind, limit in LIMITS.items():
            if weight.get(kind, 0) > limit:
                self._fault("weight", name, f"{kind} {weight[kind]} > {limit} bytes")
        if sum(weight.values()) > WHOLE:
            self._fault("weight", name, f"first visit {sum(weight.values())} > {WHOLE} bytes")
        if count > MOST_REQUESTS:
            self._fault("weight", name, f"{count} requests > {MOST_REQUESTS}")

    def _keep_help(self, name: str) -> None:
        found = tuple(ask(self.page, "help"))
        if found:
            self.report.help.setdefault(found, name)

    def _faults(self, kind: str, name: str, told: list[str]) -> None:
        for one in told:
            self._fault(kind, name, one)

    def _fault(self, kind: str, name: str, told: str) -> None:
        self.report.faults.append(Fault(kind, name, told))
