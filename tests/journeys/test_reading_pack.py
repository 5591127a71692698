"""A member takes the papers of a session along on a tablet, and reads them where there is no network."""

import io
import zipfile
from pathlib import Path

import pikepdf
import pytest
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from pendopo.cabinet.models import Read
from pendopo.cabinet.testing.browsers import seated
from pendopo.cabinet.testing.house import House, found
from pendopo.cabinet.values import Classification
from tests.sitting import processes

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

TABLET: ViewportSize = {"width": 820, "height": 1180}
OPEN, CLOSED = "Tata cara pemutakhiran data", "Hasil uji keamanan sistem"
READER = "dibuka oleh Anggota 1"


def test_the_pack_is_read_from_disk_without_a_network(chromium: Browser, shots: Path, tmp_path: Path) -> None:
    house = found("rapim-contoh")
    session = house.session(
        house.dossier(title=OPEN),
        house.dossier(title=CLOSED, classification=Classification.LIMITED),
    )
    reader = seated(house, "dinkes")
    with processes() as running:
        context = chromium.new_context(
            base_url=running.base, locale="id-ID", viewport=TABLET, accept_downloads=True
        )
        _sign_in(context, reader, running.base)
        page = context.new_page()
        page.goto(f"/cabinet/sessions/{session.id}/agenda/")
        with page.expect_download() as waiting:
            page.get_by_role("button", name="Unduh paket baca").click()
        packed = tmp_path / "paket.zip"
        waiting.value.save_as(packed)
        context.close()
    folder = tmp_path / "paket"
    zipfile.ZipFile(packed).extractall(folder)
    _read_without_network(chromium, folder, shots)
    _marked(folder, house)


def _sign_in(context: BrowserContext, client: Client, base: str) -> None:
    cookies = client.cookies.items()
    context.add_cookies([{"name": name, "value": one.value, "url": base} for name, one in cookies])


def _read_without_network(chromium: Browser, folder: Path, shots: Path) -> None:
    context = chromium.new_context(viewport=TABLET, locale="id-ID", accept_downloads=True)
    context.set_offline(offline=True)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((folder / "index.html").as_uri())
    expect(page.locator(".line").first).to_contain_text(READER)
    expect(page.locator(".line").first).to_contain_text("Terbatas")
    page.locator("nav").get_by_role("link", name=CLOSED).click()
    expect(page.locator("#item-2")).to_be_in_viewport()
    page.locator("#item-2").get_by_role("link", name="Isi paket").click()
    expect(page.locator("#contents")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= TABLET["width"]
    page.screenshot(path=shots / "cabinet-reading-pack.png", full_page=True)
    links = [link.get_attribute("href") or "" for link in page.locator("main a[href^='papers/']").all()]
    for href in links:
        _opens(page, folder, href)
    assert len(links) == len(list((folder / "papers").iterdir()))
    own = ("file:", "chrome:", "chrome-extension:")  # the last two are the browser's own viewer of PDF
    assert [address for address in asked if not address.startswith(own)] == []
    context.close()


def _opens(page: Page, folder: Path, href: str) -> None:
    """Follow a link to a paper, see that it is there and a PDF, and come back."""
    page.locator(f"main a[href='{href}']").click()
    page.wait_for_url((folder / href).as_uri())
    assert (folder / href).read_bytes().startswith(b"%PDF")
    page.go_back()
    expect(page.locator("#contents")).to_be_visible()


def _marked(folder: Path, house: House) -> None:
    """The closed paper carries who opened it on its page, the open one is the original; both are read."""
    lines = [_page(path) for path in sorted((folder / "papers").iterdir())]
    assert [READER.encode() in one for one in lines] == [False, True]
    seat = house.seats["dinkes"]
    assert Read.objects.filter(seat_id=seat, document__isnull=False).count() == len(lines)


def _page(path: Path) -> bytes:
    with pikepdf.open(io.BytesIO(path.read_bytes())) as file:
        contents = file.pages[0].get("/Contents")
        parts = contents if isinstance(contents, pikepdf.Array) else [contents]
        return b"".join(part.read_bytes() for part in parts if part is not None)
