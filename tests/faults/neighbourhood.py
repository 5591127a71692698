"""People at their own browsers who do not give up when a page breaks: mothers, counter and desk officers.

They behave as people do: when an answer does not come they open the page again, see how far things are, and
go on from there. Each has a network address of their own, as the hall's limits on one address expect.
"""

import datetime as dt
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from pendopo.entrypoints.walk.authenticator import Authenticator
from pendopo.entrypoints.walk.browser import Browser, UnexpectedAnswerError
from pendopo.entrypoints.walk.chapters import applying, signing_in
from pendopo.entrypoints.walk.journey import Journey, Mother, Trail
from pendopo.entrypoints.walk.page import Page
from tests.faults.record import Deed, Notes

START = "/apply/dukcapil/akta-kelahiran/"
APPLICATION = re.compile(START + r"([0-9a-f-]{36})/")
CASE = re.compile(r"/my/cases/([0-9a-f-]{36})/")
BROKEN = (httpx.HTTPError, UnexpectedAnswerError)
PAUSE_SECONDS = 0.15
LONGER_PAUSE_SECONDS = 2.0
A_CODE_LATER_SECONDS = 31.0
"""A one-time code is taken once, and an officer's attempts are limited."""
PATIENCE_SECONDS = 1800.0
"""Longer than a whole run of faults: on a busy machine the hall is away most of that time."""
ANSWER_SECONDS = 25.0
DAYS_OLD = 5


class GaveUpError(RuntimeError):
    """Somebody tried for very long; the message says at what."""


def browser_at(base_url: str, place: int) -> Browser:
    """A browser on a machine of its own: ``place`` chooses an address of the loopback network."""
    browser = Browser(base_url)
    headers = dict(browser._client.headers)
    browser._client.close()
    transport = httpx.HTTPTransport(local_address=f"127.0.{1 + place // 250}.{1 + place % 250}")
    browser._client = httpx.Client(transport=transport, timeout=ANSWER_SECONDS, headers=headers)
    return browser


def persist(notes: Notes, what: str, step: Callable[[], bool], pause: float = PAUSE_SECONDS) -> None:
    """Repeat a step until it says that all is done; whatever breaks is counted and tried again."""
    until, last = time.monotonic() + PATIENCE_SECONDS, "it never came to an end"
    while time.monotonic() < until:
        try:
            if step():
                return
        except BROKEN as error:
            notes.broke(error)
            last = str(error)
            time.sleep(pause)
    raise GaveUpError(f"{what}: {last}")


@dataclass(slots=True)
class Citizen:
    """A mother with a Digital ID, and the one birth that she reports."""

    journey: Journey
    notes: Notes
    mother: Mother
    place: int
    child: str
    trail: Trail = field(init=False)
    deed: Deed | None = None
    is_lost: bool = True

    def __post_init__(self) -> None:
        """Give her a browser and what she will answer."""
        browser = browser_at(self.journey.base_url, self.place)
        self.trail = _trail(self.journey, self.mother, self.child, browser)

    @property
    def browser(self) -> Browser:
        """Her own."""
        return self.trail.citizen

    def activate(self, counter: "Counter") -> None:
        """Get a Digital ID; a hall that is busy (503) is asked again, from the counter on."""
        persist(
            self.notes,
            f"Digital ID of {self.mother.name}",
            lambda: self._activate(counter),
            LONGER_PAUSE_SECONDS,
        )

    def _activate(self, counter: "Counter") -> bool:
        """Get a code at the counter, make a passkey on a new device, sign in."""
        self.trail.device = Authenticator(self.journey.base_url)
        self.trail.citizen = browser_at(self.journey.base_url, self.place)
        self.trail.activation_code = counter.activation_code(self.mother.nik)
        signing_in.mother_makes_a_passkey(self.trail)
        signing_in.mother_signs_in(self.trail)
        return True

    def apply(self) -> Deed:
        """Report the birth, however often a page breaks; return the deed."""
        self.deed = deed = self.notes.deed("application", self.mother.nik)
        persist(self.notes, f"application of {self.child}", self._next_page)
        return deed

    def look_back(self, *, decided: bool, patience: float) -> None:
        """After all is over: count her cases and, where it was decided, her certificates, from outside."""
        deed = self.deed
        if deed is None:
            return
        until = time.monotonic() + patience
        persist(self.notes, "my cases", lambda: self._count_cases(deed))
        while decided and deed.certificates_seen < 1:
            persist(self.notes, "my documents", lambda: self._count_documents(deed))
            if time.monotonic() > until:
                return
            time.sleep(PAUSE_SECONDS)

    def _next_page(self) -> bool:
        deed = self.deed
        if deed is None:
            raise GaveUpError("nothing was begun")
        if self.is_lost:
            self._find_back(deed)
        page, self.is_lost = self.browser.current, True
        path = urlsplit(page.url).path
        if found := APPLICATION.search(path):
            deed.draft = found[1]
        if path.endswith("/receipt/"):
            self._keep_receipt(deed, page)
            return True
        if path.endswith("/waiting/"):
            time.sleep(LONGER_PAUSE_SECONDS)  # look-ups are limited for each person
        form = applying._main_form(page)
        files = {name: applying._letter(self.trail) for name in form.names("file")}
        if "/p/check" in path:
            self.notes.sending(deed)
        self.browser.submit(applying._filled(self.trail, form), files)
        self.is_lost = False
        return False

    def _find_back(self, deed: Deed) -> None:
        """Open the application again; a sent one leads to its receipt."""
        if not deed.draft:
            page = self.browser.open(START)
            found = next((a for a, _ in page.links(START) if APPLICATION.search(a)), "")
            if not found:
                return
            deed.draft = (APPLICATION.search(found) or [""])[1]
        self.browser.open(f"{START}{deed.draft}/")

    def _keep_receipt(self, deed: Deed, page: Page) -> None:
        deed.number = page.data("case-number") or ""
        deed.case_url = page.url.removesuffix("receipt/")
        deed.acknowledged = bool(deed.number)

    def _count_cases(self, deed: Deed) -> bool:
        page = self.browser.open("/my/cases")
        deed.cases_seen = len({m[1] for a, _ in page.links("/my/cases/") if (m := CASE.search(a))})
        return True

    def _count_documents(self, deed: Deed) -> bool:
        page = self.browser.open("/my/documents")
        deed.certificates_seen = len({a for a, _ in page.links("/download.pdf")})
        return True


@dataclass(slots=True)
class Counter:
    """An officer at a counter who looks people up through the exchange."""

    journey: Journey
    notes: Notes
    place: int
    browser: Browser = field(init=False)

    def __post_init__(self) -> None:
        """Give the officer a browser."""
        self.browser = browser_at(self.journey.base_url, self.place)

    def arrive(self, code: str, email: str) -> None:
        """A new officer: activate with the code of the appointment, make a passkey, sign in."""
        persist(self.notes, "a new officer", lambda: self._arrive(code, email), LONGER_PAUSE_SECONDS)

    def _arrive(self, code: str, email: str) -> bool:
        device = Authenticator(self.journey.base_url)
        self.browser = browser_at(self.journey.base_url, self.place)
        self.browser.open("/activate/")
        self.browser.submit(self.browser.form("code").fill(code=code))
        self.browser.submit(self.browser.form("email").fill(email=email))
        self.browser.submit(self.browser.form("method").fill(method="passkey"))
        signing_in.use_passkey(self.browser, device)
        self.browser.open("/sign-in/?next=%2Fcounter%2Factivation%2F")
        signing_in.use_passkey(self.browser, device)
        return True

    def activation_code(self, nik: str) -> str:
        """Hand out an activation code, card and face compared."""
        self.browser.open("/counter/activation/")
        self.browser.submit(self.browser.form("nik").fill(nik=nik))
        slip = self.browser.submit(self.browser.form("checked").fill(checked=["card", "face"]))
        code = slip.root.first("", lambda e: "data-activation-code" in e.attributes)
        if code is None:
            raise UnexpectedAnswerError(f"“{slip.title}” shows no activation code")
        return code.text

    def look(self, nik: str) -> Deed:
        """Look one person up, once: what breaks is not tried again, so it happened once or not at all."""
        deed = self.notes.deed("look", nik)
        persist(self.notes, "counter", self._open_form)
        self.notes.sending(deed)
        try:
            page = self.browser.submit(self.browser.form("nik").fill(nik=nik))
            deed.acknowledged = page.form_with("checked") is not None
        except BROKEN as error:
            self.notes.broke(error)
        return deed

    def _open_form(self) -> bool:
        self.browser.open("/counter/activation/")
        return True


@dataclass(slots=True)
class DeskOfficer:
    """An officer of the population office who takes one action on cases."""

    journey: Journey
    notes: Notes
    role: str
    action: str
    place: int
    browser: Browser = field(init=False)

    def __post_init__(self) -> None:
        """Give the officer a browser."""
        self.browser = browser_at(self.journey.base_url, self.place)

    def sign_in(self) -> None:
        """With NIK, password and one-time code; a hall that is busy (503) is asked again."""
        persist(self.notes, f"{self.role} signs in", self._sign_in, A_CODE_LATER_SECONDS)

    def _sign_in(self) -> bool:
        self.browser = browser_at(self.journey.base_url, self.place)
        signing_in.sign_in_with_password(self.browser, self.journey.officer(self.role), "/desk/")
        return True

    def act(self, number: str, deed: Deed | None = None) -> None:
        """Take the action on a case, however often a page breaks."""
        tried = [0]
        persist(self.notes, f"{self.action} {number}", lambda: self._act(number, deed, tried))
        if deed is not None:
            deed.acknowledged = True

    def _act(self, number: str, deed: Deed | None, tried: list[int]) -> bool:
        self.browser.open("/desk/")
        page = self.browser.submit(self.browser.form("number").fill(number=number))
        if "/desk/cases/" not in page.url:
            raise UnexpectedAnswerError(f"the desk does not find {number}: “{page.title}”")
        link = next((address for address, _ in page.links(f"/{self.action}/")), None)
        if link is None and tried[0]:
            return True  # an attempt whose answer was lost has arrived: the case is past this action
        if link is None:
            raise UnexpectedAnswerError(f"“{page.title}” does not offer “{self.action}”")
        self.browser.open(link)
        form = next(f for f in self.browser.current.forms() if f"/{self.action}/" in f.action)
        tried[0] += 1
        if deed is not None:
            self.notes.sending(deed)
        page = self.browser.submit(form)
        return not page.errors


def _trail(journey: Journey, mother: Mother, child: str, browser: Browser) -> Trail:
    """What a mother knows who reports the birth of one child of five days."""
    return Trail(
        journey,
        mother,
        citizen=browser,
        officer=browser,
        counter=browser,
        device=Authenticator(journey.base_url),
        child=child,
        born=(dt.datetime.now(dt.UTC).date() - dt.timedelta(days=DAYS_OLD)).isoformat(),
        answers={
            "relation": "mother",
            "kind": "one",
            "place_kind": "health-centre",
            "name": child,
            "sex": "female",
            "birth_time": "07.15",
            "birth_order": str(mother.children + 1),
            "weight_grams": "3100",
            "length_cm": "49",
            "proof": "letter",
        },
    )


def journey_of(base_url: str, cast_file: Path) -> Journey:
    """What these people are told: the address, and where the officers' secrets lie."""
    nowhere = Path("/nonexistent")
    return Journey(base_url, cast_file, nowhere, nowhere, nowhere, "id", nowhere, nowhere, lambda *_: "")
