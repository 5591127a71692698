"""The way through every type of page: what anybody sees, what a mother sees, what officers see."""

import json
import re
from dataclasses import dataclass
from typing import override
from urllib.parse import urlsplit

from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, Page

from pendopo.entrypoints.walk.browser import Browser
from pendopo.entrypoints.walk.journey import Journey, Officer, Trail
from pendopo.entrypoints.walk.one_time_code import one_time_code
from pendopo.entrypoints.walk.story import STEPS, begin
from tests.journeys import people
from tests.journeys.inspection import DESKTOP, Inspector, Report
from tests.journeys.tour_cabinet import clerks_pages, members_pages
from tests.journeys.tour_evaluations import assessors_pages, coordinators_pages
from tests.journeys.tour_maturity import figures, publishers_pages

SERVICE = "/services/dukcapil/akta-kelahiran/"
APPLICATION = re.compile(r"/apply/dukcapil/akta-kelahiran/[0-9a-f-]{36}/")
UNKNOWN = "00000000-0000-7000-8000-000000000000"
UNKNOWN_CODE = "ABCDEFGHJKMNPQRSTVWXYZ2345"
UNTIL_CHECK = (
    "counter_signs_in",
    "activated_at_the_counter",
    "mother_makes_a_passkey",
    "mother_signs_in",
    "finds_the_service",
    "fills_in",
)
UNTIL_PAPER = ("registered_and_issued", "downloads_the_certificate", "anybody_checks_it", "sees_who_looked")


@dataclass
class Tour:
    """One run through the hall, and what it found."""

    journey: Journey
    chromium: Chromium
    report: Report

    def run(self) -> None:
        """Walk over HTTP as the demonstration does, and stop at each page on the way to look at it."""
        base, language = self.journey.base_url, self.journey.language
        with Browser(base, language) as citizen, Browser(base, language) as officer:
            with Browser(base, language) as counter:
                trail = begin(self.journey, citizen, officer, counter)
                _take(trail, UNTIL_CHECK)
                self._activation(trail)
            mother = self._tab(citizen.cookies)
            _application(mother, trail)
            _take(trail, ("sends",))
            _receipt(mother, trail)
            self._desk(trail)
            self.preparation()
            _take(trail, UNTIL_PAPER)
            _own_pages(mother, trail)
            mother.page.context.close()
            self._anybody(trail)
            self.evaluations()
            self._publisher()

    def _tab(
        self, cookies: dict[str, str] | None = None, *, private: bool = True, language: str = "id"
    ) -> Inspector:
        context = self._context(cookies or {})
        return Inspector(
            _page(context), self.journey.base_url, self.report, private=private, language=language
        )

    def _context(self, cookies: dict[str, str]) -> BrowserContext:
        base = self.journey.base_url
        context = self.chromium.new_context(locale="id-ID", base_url=base, viewport=DESKTOP)
        context.add_cookies([{"name": name, "value": value, "url": base} for name, value in cookies.items()])
        return context

    def _activation(self, trail: Trail) -> None:
        """A second mother comes to the counter, and chooses a password at home."""
        desk = self._tab(trail.counter.cookies)
        desk.audience = "officer"
        desk.visit("counter", "/counter/activation/")
        desk.refused("counter, nothing entered")
        other = _another_mother(self.journey, trail)
        desk.page.locator("input[name=nik]").fill(other["nik"])
        desk.send("counter, person found")
        for box in desk.page.locator("input[name=checked]").all():
            box.check()
        desk.send("counter, slip")
        code = desk.page.locator("[data-activation-code]").inner_text()
        desk.page.context.close()
        _activate(self._tab(), code, other["email"])

    def _desk(self, trail: Trail) -> None:
        verifier = self._officer("population_verifier")
        verifier.visit("desk", "/desk/")
        verifier.search("desk, nothing found", "2026-99-000000")
        verifier.search("desk, case to verify", trail.case_number)
        case = urlsplit(verifier.page.url).path
        verifier.visit("desk, take", f"{case}take/")
        verifier.send("desk, case verified")
        verifier.visit("desk, return", f"{case}return/")
        verifier.refused("desk, return without a reason")
        verifier.visit("desk, not found", f"/desk/cases/{UNKNOWN}/", 404)
        decider = self._officer("population_decider")
        decider.visit("desk, refuse", f"{case}refuse/")
        decider.refused("desk, refuse without a reason")
        decider.visit("desk, approve", f"{case}approve/")
        decider.send("desk, case decided")
        for one in (verifier, decider):
            one.page.context.close()

    def preparation(self) -> None:
        """Look at the pages on which the demonstration's session is prepared, as its clerk."""
        clerk = self._signed_in(self.journey.member("risalah"), "/cabinet/")
        clerk.audience = "officer"
        clerks_pages(clerk)
        clerk.page.context.close()
        member = self._signed_in(self.journey.member("bkad"), "/cabinet/")
        member.audience = "officer"
        members_pages(member)
        member.page.context.close()

    def _officer(self, role: str) -> Inspector:
        tab = self._signed_in(self.journey.officer(role), "/desk/")
        tab.audience = "officer"
        return tab

    def _signed_in(self, who: Officer, path: str) -> Inspector:
        tab = self._tab()
        outputs = self.journey.outputs
        guest = people.Visitor(tab.page.context, tab.page, self.journey.base_url, outputs, who.role)
        guest.seen = _Everything()
        people.officer_at(guest, who, path)
        return tab

    def evaluations(self) -> None:
        """Look at the demonstration's evaluations, as their coordinator and as an assessor."""
        coordinator = self._signed_in(self.journey.member("diskominfo"), "/desk/maturity/")
        coordinator.audience = "officer"
        assessment = coordinators_pages(coordinator)
        coordinator.page.context.close()
        assessor = self._signed_in(self.journey.member("asesor"), "/desk/maturity/")
        assessor.audience = "officer"
        assessors_pages(assessor, assessment)
        assessor.page.context.close()

    def _publisher(self) -> None:
        coordinator = self._signed_in(self.journey.member("diskominfo"), "/desk/maturity/")
        coordinator.audience = "officer"
        publishers_pages(coordinator)
        coordinator.page.context.close()

    def _anybody(self, trail: Trail) -> None:
        tab = self._tab(private=False)
        _public(tab, trail)
        figures(tab)
        tab.page.context.close()
        english = self._tab(private=False, language="en")
        for name, path in (
            ("home", "/"),
            ("service", SERVICE),
            ("verification", "/verify/"),
            ("track", "/track/"),
            ("design system", "/ui/"),
        ):
            english.visit(f"{name}, English", f"/en{path}")
        english.page.context.close()


class _Everything(set[str]):
    """Every picture has been taken already."""

    @override
    def __contains__(self, _: object) -> bool:
        return True


def _page(context: BrowserContext) -> Page:
    page = context.new_page()
    page.set_default_timeout(15_000)
    return page


def _take(trail: Trail, steps: tuple[str, ...]) -> None:
    for name in steps:
        STEPS[name](trail)


def _another_mother(journey: Journey, trail: Trail) -> dict[str, str]:
    loaded: list[dict[str, str]] = json.loads(journey.people_file.read_text())["mothers"]
    return next(one for one in loaded[30:] if not one["used"] and one["nik"] != trail.mother.nik)


def _activate(tab: Inspector, code: str, email: str) -> None:
    page = tab.page
    tab.visit("activation, code", "/activate/")
    tab.refused("activation, wrong code")
    page.locator("input[name=code]").fill(code)
    tab.send("activation, address")
    page.locator("input[name=email]").fill("bukan alamat")
    tab.refused("activation, wrong address")
    page.locator("input[name=email]").fill(email)
    tab.send("activation, method")
    page.locator("input[name=method][value=passkey]").check()
    tab.send("activation, passkey")
    page.goto(f"{tab.base}/activate/method/")
    page.locator("input[name=method][value=password]").check()
    tab.send("activation, password")
    page.locator("input[name=password]").fill("x")
    tab.refused("activation, weak password")
    page.locator("input[name=password]").fill(people.PASSWORD)
    page.locator("input[name=password_again]").fill(people.PASSWORD)
    tab.send("activation, authenticator")
    secret = (page.locator("main pre").first.text_content() or "").strip()
    page.locator("input[name=code]").fill("000000")
    tab.refused("activation, wrong one-time code")
    page.locator("input[name=code]").fill(one_time_code(secret))
    tab.send("activation, done")
    page.context.close()


def _application(mother: Inspector, trail: Trail) -> None:
    """Every page of the application that the walk has just answered, and one answered badly."""
    found = APPLICATION.search(trail.citizen.current.url)
    assert found, trail.citizen.current.url
    draft = found.group()
    visited = [step.split()[1] for step in trail.citizen.visited]
    pages = list(dict.fromkeys(path for path in visited if f"{draft}p/" in path))
    mother.visit("application, begin", "/apply/dukcapil/akta-kelahiran/")
    for path in pages:
        mother.visit(f"application, {path.removesuffix('/').rpartition('/')[2]}", path)
    wrong = mother.page.locator("a[href*='/wrong/']")
    if wrong.count():
        mother.visit("application, register is wrong", wrong.first.get_attribute("href") or "")
    mother.visit("application, discard", f"{draft}discard/")
    mother.visit("application, waiting", f"{draft}waiting/")
    for path in pages:
        _answer_badly(mother, path)


def _answer_badly(mother: Inspector, path: str) -> None:
    name = path.removesuffix("/").rpartition("/")[2]
    page = mother.page
    page.goto(mother.base + path)
    form = page.locator("main form[method=post]").last
    boxes = form.locator("input[type=text]:visible, textarea:visible")
    if name == "check" or not boxes.count():
        return
    for box in boxes.all():
        box.fill("")
    mother.refused(
        f"application, {name}, nothing entered", "main form[method=post]:has(input[type=text]) button"
    )


def _receipt(mother: Inspector, trail: Trail) -> None:
    case = urlsplit(trail.case_url).path
    mother.visit("receipt", f"{case}receipt/")
    mother.visit("case, sent", case)
    mother.visit("cases", "/my/cases/")


def _own_pages(mother: Inspector, trail: Trail) -> None:
    mother.visit("home, signed in", "/")
    mother.visit("service, signed in", SERVICE)
    mother.visit("case, issued", urlsplit(trail.case_url).path)
    mother.visit("case, correction", f"{urlsplit(trail.case_url).path}correct/0/")
    mother.refused("case, correction without words")
    mother.visit("rating", f"{urlsplit(trail.case_url).path}rating/")
    mother.send("rating, nine elements", ".pd-grades button")
    mother.send("rating, thanks")
    for name, path in (
        ("data", "/my/data/"),
        ("documents", "/my/documents/"),
        ("inbox", "/my/inbox/"),
        ("message", "main a[href*='/my/inbox/']"),
        ("who looked", "/my/access/"),
        ("proof", "main a[href*='/my/access/']:not([href$='.json'])"),
        ("contact", "/my/contact/"),
        ("sign out", "/sign-out/"),
        ("security", "/my/security/"),
        ("security, passkey", "/my/security/passkey/"),
        ("security, password", "/my/security/password/"),
        ("security, authenticator", "/my/security/authenticator/"),
        ("own page not found", f"/my/cases/{UNKNOWN}/"),
    ):
        mother.visit(name, _address(mother, path), 404 if "not found" in name else 200)
    mother.page.goto(f"{mother.base}/my/security/password/")
    mother.page.locator("input[name=password]").fill("x")
    mother.refused("security, weak password")
    mother.language = "en"
    for name, path in (
        ("cases", "/my/cases/"),
        ("who looked", "/my/access/"),
        ("documents", "/my/documents/"),
    ):
        mother.visit(f"{name}, English", f"/en{path}")


def _address(mother: Inspector, path: str) -> str:
    """Return the path, or where the first such link of the open page leads."""
    return path if path.startswith("/") else mother.page.locator(path).first.get_attribute("href") or ""


def _public(tab: Inspector, trail: Trail) -> None:
    for name, path, status in (
        ("home", "/", 200),
        ("services", "/services/", 200),
        ("services, search", "/services/?q=bikin+akte+anak", 200),
        ("services, nothing found", "/services/?q=zzzzzz", 200),
        ("service", SERVICE, 200),
        ("service standard", f"{SERVICE}standard/", 200),
        ("life event", "/life-events/anak-lahir/", 200),
        ("about", "/about/", 200),
        ("how it works", "/how-it-works/", 200),
        ("figures", "/figures/", 200),
        ("rating, nothing to fill in", "/rating/thanks/?over=1", 200),
        ("design system", "/ui/", 200),
        ("design system, forms", "/ui/forms/", 200),
        ("design system, messages", "/ui/telling/", 200),
        ("design system, records", "/ui/records/", 200),
        ("design system, paper", "/ui/paper/", 200),
        ("design system, desk", "/ui/desk/", 200),
        ("accessibility", "/accessibility/", 200),
        ("verification", "/verify/", 200),
        ("verification, valid", urlsplit(trail.verification_url).path, 200),
        ("verification, unknown", f"/verify/{UNKNOWN_CODE}", 404),
        ("track", "/track/", 200),
        ("not found", "/tidak-ada/", 404),
        ("sign in, out of order", "/id/sign-in/", 400),
        ("sign in", "/sign-in/", 200),
    ):
        tab.visit(name, path, status)
    tab.refused("sign in, refused", "form:has(input[name=password]) button")
    tab.page.goto(f"{tab.base}/track/")
    tab.refused("track, nothing entered")
    tab.page.locator("input[name=number]").fill(trail.case_number)
    tab.page.locator("input[name=code]").fill(trail.tracking_code)
    tab.private = True
    tab.send("tracked")
    tab.private = False
    tab.page.goto(f"{tab.base}/verify/")
    tab.page.context.clear_cookies()
    tab.send("form expired", "main form[method=post] button")
