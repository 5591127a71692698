"""Pages of the cabinet before, during and after a session, looked at as the tour looks at every page."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from uuid import UUID

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page

from pendopo.cabinet.actions import decisions, minutes, session_live
from pendopo.cabinet.actions.decisions import Order, Public
from pendopo.cabinet.live import commands
from pendopo.cabinet.models import Ballot, Publication, Task
from pendopo.cabinet.testing.browsers import seated
from pendopo.cabinet.testing.house import House, found
from pendopo.cabinet.testing.walk import COUNCIL, Held, drafted, vote
from pendopo.foundation.clock import today
from pendopo.foundation.formats import zone
from tests.journeys.inspection import AXE, DESKTOP, Inspector, Report
from tests.sitting import processes

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True), pytest.mark.timeout(1200)]

FEWEST_PAGES = 28
SIZES = (360, 820, 1280, 1920)


@dataclass(frozen=True, slots=True)
class Scene:
    """A council with a session behind it, one under way and one to come, and its people's browsers."""

    house: House
    held: Held
    poll: UUID
    running: UUID
    coming: UUID
    member: Client
    clerk: Client
    chair: Client


def scene() -> Scene:
    """Hold a vote and all that follows, open a second session up to a vote, plan a third."""
    house = found("dprd-contoh")
    member, clerk, chair = (
        seated(house, seat, n) for n, seat in enumerate(("wakil-1", "sekwan", "ketua"), 1)
    )
    held = drafted(vote(house, "wakil-1", "anggota-01"))
    acting = house.actor("sekwan")
    decision = decisions.write_decision(
        acting, held.debated, "Menetapkan jalan desa sebagai jalan kabupaten."
    )
    words = Public("Jalan desa menjadi jalan kabupaten", "Dua belas ruas ditetapkan.")
    decisions.publish(acting, decision, words)
    decisions.direct(acting, decision, "Segera.", [Order("wakil-1", "Menyiapkan peta ruas", today(zone()))])
    poll = Ballot.objects.values_list("poll_id", flat=True)[0]
    return Scene(house, held, poll, _under_way(house), _to_come(house), member, clerk, chair)


def _under_way(house: House) -> UUID:
    first = house.dossier("keputusan", "wakil-1", title="Panitia khusus air bersih")
    session = house.session(first, house.dossier("informasi", "wakil-2", title="Laporan keuangan"))
    house.open(session, *COUNCIL)
    item = session.items.get(dossier=first)
    lead = partial(session_live.lead, house.actor("ketua"), session.id)
    lead(partial(commands.open_item, item=str(item.id)))
    session_live.ask_floor(house.actor("anggota-02"), session.id, house.seats["anggota-02"])
    lead(partial(commands.put_motion, poll=session_live.new_poll(), item=str(item.id), question="Setuju?"))
    return session.id


def _to_come(house: House) -> UUID:
    return house.session(house.dossier("keputusan", "wakil-2", title="Tata tertib baru")).id


@dataclass(frozen=True, slots=True)
class Looking:
    """Opens tabs of people of the scene, and keeps pictures where ``PENDOPO_SHOTS`` says."""

    chromium: Browser
    base: str
    report: Report
    shots: Path

    def tab(self, client: Client | None, *, language: str = "id") -> Inspector:
        """Return a tab in which somebody is signed in, or nobody."""
        context = self.chromium.new_context(locale="id-ID", base_url=self.base, viewport=DESKTOP)
        if client is not None:
            cookies = client.cookies.items()
            context.add_cookies([{"name": k, "value": v.value, "url": self.base} for k, v in cookies])
        page = context.new_page()
        page.set_default_timeout(20_000)
        # A stream never ends, and its size is asked for: the pages say that the line is gone and work.
        page.route("**/live/ticket/**", lambda route: route.fulfill(status=503))
        tab = Inspector(page, self.base, self.report, private=client is not None, language=language)
        tab.audience = "anybody" if client is None else "officer"
        return tab

    def visit(self, tab: Inspector, name: str, path: str) -> None:
        """Inspect a page and keep it at four widths."""
        before = tab.audience
        tab.audience = "dossier" if name.startswith("dossier") else before
        tab.visit(name, path)
        tab.audience = before
        if os.environ.get("PENDOPO_SHOTS"):
            _pictures(tab.page, self.shots / f"cabinet-page-{name.replace(', ', '-').replace(' ', '_')}")


def _pictures(page: Page, stem: Path) -> None:
    for width in SIZES:
        page.set_viewport_size({"width": width, "height": 1080 if width == SIZES[-1] else 900})
        page.screenshot(path=f"{stem}-{width}.png", full_page=True)
    page.emulate_media(color_scheme="dark")
    page.screenshot(path=f"{stem}-dark.png", full_page=True)
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(DESKTOP)


@pytest.fixture
def looking(chromium: Browser, shots: Path) -> Iterator[tuple[Looking, Scene]]:
    if not (os.environ.get("PENDOPO_TEST_ALL") or os.environ.get("CI")):
        pytest.skip("looking at all pages takes some minutes: ./pendopo test --all, and in CI")
    if not AXE.is_file():
        pytest.skip("axe-core is not installed (npm ci)")
    made = scene()
    with processes() as running:
        yield Looking(chromium, running.base, Report(), shots), made


def test_the_pages_around_a_session_are_for_everybody(looking: tuple[Looking, Scene]) -> None:
    look, made = looking
    _members_pages(look, made)
    _desks(look, made)
    _the_public(look)
    report = look.report
    told = [f"{fault.kind}: {fault.page}: {fault.told}" for fault in report.faults]
    assert not told, "\n".join(told)
    assert len(report.weighed) >= FEWEST_PAGES


def _members_pages(look: Looking, made: Scene) -> None:
    tab = look.tab(made.member)
    item = f"/cabinet/items/{made.held.debated}/"
    dossier = made.held.session.items.get(id=made.held.debated).dossier_id
    for name, path in (
        ("home", "/cabinet/"),
        ("agenda", f"/cabinet/sessions/{made.coming}/agenda/"),
        ("dossier, decided", f"/cabinet/dossiers/{dossier}/"),
        ("deputies", "/cabinet/deputies/"),
        ("register", "/cabinet/register/"),
        ("decision", f"{item}decision/"),
        ("recount", f"{item}votes/{made.poll}/"),
        ("minutes", f"/cabinet/sessions/{made.held.session.id}/minutes/"),
        ("follow-up", "/cabinet/follow-up/"),
        ("task", f"/cabinet/tasks/{Task.objects.get().id}/"),
        ("outlook", "/cabinet/outlook/"),
        ("measure", "/cabinet/measure/"),
        ("simulation", "/cabinet/simulation/"),
        ("calendar", "/cabinet/calendar/"),
        ("live, ballot", f"/cabinet/sessions/{made.running}/live/"),
        ("live, closed", f"/cabinet/sessions/{made.held.session.id}/live/"),
    ):
        look.visit(tab, name, path)
    tab.page.goto(f"{tab.base}/cabinet/tasks/{Task.objects.get().id}/")
    tab.refused("task, report without words", "main form[method=post] button")
    english = look.tab(made.member, language="en")
    for name, path in (
        ("recount, English", f"/en{item}votes/{made.poll}/"),
        ("simulation, English", "/en/cabinet/simulation/"),
        ("live, English", f"/en/cabinet/sessions/{made.running}/live/"),
    ):
        look.visit(english, name, path)
    for one in (tab, english):
        one.page.context.close()


def _desks(look: Looking, made: Scene) -> None:
    live = f"/cabinet/sessions/{made.running}/live/"
    clerk, chair = look.tab(made.clerk), look.tab(made.chair)
    look.visit(clerk, "live, clerk", f"{live}clerk/")
    look.visit(clerk, "decision, clerk", f"/cabinet/items/{made.held.debated}/decision/")
    clerk.page.locator("textarea[name=order]").fill("Segera.")
    clerk.refused("decision, directive without tasks", "form[action$='/direct/'] button")
    look.visit(clerk, "minutes, clerk", f"/cabinet/sessions/{made.held.session.id}/minutes/")
    minutes.sign(made.house.actor("sekwan"), made.held.session.id, version=1)
    decisions.close_task(made.house.actor("sekwan"), Task.objects.get().id, done=False)
    dossier = made.held.session.items.get(id=made.held.debated).dossier_id
    look.visit(clerk, "dossier, to close", f"/cabinet/dossiers/{dossier}/")
    look.visit(chair, "live, chair", f"{live}chair/")
    look.visit(chair, "live, projector", f"{live}projector/")
    for one in (clerk, chair):
        one.page.context.close()


def _the_public(look: Looking) -> None:
    address = f"/cabinet/decisions/{Publication.objects.get().id}/"
    anybody, english = look.tab(None), look.tab(None, language="en")
    look.visit(anybody, "published", "/cabinet/decisions/")
    look.visit(anybody, "published, one", address)
    look.visit(english, "published, one, English", f"/en{address}")
    for one in (anybody, english):
        one.page.context.close()
