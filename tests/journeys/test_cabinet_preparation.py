"""From an empty agenda to a published one, by page only: the owner's office, an office asked, the clerk.

The owner and the office that is asked have no scripts; nobody needs any.
"""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from pendopo.cabinet.actions import bodies
from pendopo.cabinet.models import AgendaVersion, Dossier, Session
from pendopo.cabinet.testing.house import House, found, person
from pendopo.cabinet.values import DossierState, SessionState
from pendopo.foundation.actor import SYSTEM
from pendopo.foundation.clock import now
from pendopo.foundation.formats import zone
from pendopo.identity import testing as people
from tests.sitting import processes

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

PATIENCE = 20_000
WIDTHS = (360, 1280)
TITLE = "Layanan akta kelahiran di semua puskesmas"
POINT = "Bidan belum dilatih memakai aplikasinya"


@dataclass(frozen=True, slots=True)
class Somebody:
    """One person at one browser, and where pictures of what they see go."""

    page: Page
    name: str
    shots: Path

    def press(self, name: str, *, exact: bool = True) -> None:
        """Press a button or follow a link that looks like one, and wait for what comes."""
        found = self.page.get_by_role("button", name=name, exact=exact)
        (found if found.count() else self.page.get_by_role("link", name=name, exact=exact)).first.click()
        self.page.wait_for_load_state()

    def picture(self, name: str) -> None:
        """Keep the page on a phone and on a desk, in light and in dark; nothing stands out sideways."""
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": 740 if width < 800 else 900})
            for scheme in ("light", "dark"):
                self.page.emulate_media(color_scheme=scheme)
                file = self.shots / f"preparation-{name}-{width}-{scheme}.png"
                self.page.screenshot(path=file, full_page=True)
        self.page.emulate_media(color_scheme="light")

    def says(self, text: str) -> None:
        """Wait until the page says so."""
        expect(self.page.locator("main")).to_contain_text(text)


@pytest.mark.timeout(400)
def test_an_agenda_is_made_from_nothing_by_page_only(chromium: Browser, shots: Path) -> None:
    house = found("rapim-contoh")
    expect.set_options(timeout=PATIENCE)
    with processes() as running:

        def at(seat: str, *, scripts: bool) -> Somebody:
            return _somebody(chromium, running.base, house, seat, shots, scripts=scripts)

        owner, asked, clerk = (
            at("dukcapil", scripts=False),
            at("dinkes", scripts=False),
            at("risalah", scripts=True),
        )
        _opens_a_dossier(owner, house)
        _asks(owner)
        _answers(asked)
        _answers_the_point(owner)
        _settles(asked)
        _submits(owner)
        _plans(clerk, house)
        _opens_positions(clerk)
        _states_a_position(asked)
        _locks_and_opens_again(clerk)
    session = Session.objects.get()
    assert (session.state, session.reopened) == (SessionState.POSITIONS_OPEN, 1)
    assert AgendaVersion.objects.filter(session=session).count() == 1
    assert Dossier.objects.get(sealed_title__isnull=False, owner__code="dukcapil").state == (
        DossierState.POSITIONS_OPEN
    )


def _opens_a_dossier(owner: Somebody, house: House) -> None:
    owner.page.goto("/cabinet/")
    owner.press("Berkas")
    owner.says("Kursi Anda belum punya berkas")
    owner.picture("list-empty")
    owner.press("Buka berkas baru")
    owner.picture("form-empty")
    owner.page.get_by_label("Kebijakan dengan pilihan").check()
    owner.page.get_by_role("button", name="Buka sebagai rancangan").click()
    owner.says("Tulis judulnya.")
    owner.picture("form-refused")
    owner.page.get_by_label("Judul", exact=True).fill(TITLE)
    owner.page.get_by_label("Ringkasan").fill("Bayi yang lahir di puskesmas memperoleh akta sebelum pulang.")
    owner.page.get_by_label("Dasar hukum").fill("UU 24/2013")

    owner.page.locator("#choice-1").fill("Bidan mengajukan lewat pendopo")
    owner.page.get_by_label("Akibat pilihan 1").fill("Tanpa petugas tambahan; perlu pelatihan 62 bidan")
    owner.page.locator("#choice-2").fill("Petugas keliling dua hari sepekan")
    owner.page.locator("input[name=recommended][value='1']").check()
    owner.press("Buka sebagai rancangan")
    owner.says("Rancangan dibuka.")
    owner.page.get_by_label("Nama naskah").fill("Naskah kebijakan")
    paper = {"name": "naskah.pdf", "mimeType": "application/pdf", "buffer": house.paper()}
    owner.page.locator("input[name=file]").set_input_files(paper)  # type: ignore[arg-type]  # as Playwright says
    owner.press("Unggah")
    owner.says("Naskah ditambahkan.")
    owner.picture("work-draft")


def _asks(owner: Somebody) -> None:
    owner.press("Minta pendapat kursi lain")
    health = owner.page.get_by_role("group", name="Kepala Dinas Kesehatan")
    health.get_by_label("Wajib", exact=True).check()
    owner.page.get_by_role("group", name="Kepala BKAD").get_by_label("Boleh", exact=True).check()
    owner.page.locator("select[name=days]").select_option("5")
    owner.picture("board-ask")
    owner.press("Minta pendapat")
    owner.says("Pendapat sudah diminta.")


def _answers(asked: Somebody) -> None:
    asked.page.goto("/cabinet/dossiers/?view=asked")
    asked.picture("list-asked")
    asked.page.get_by_role("link", name="Jawab", exact=True).click()
    asked.says(TITLE)
    asked.page.get_by_label("Setuju dengan syarat").check()
    asked.page.get_by_label("Butir 1", exact=True).fill(POINT)
    asked.page.get_by_label("Butir 2", exact=True).fill("Jaringan di dua puskesmas belum ada")
    asked.picture("question")
    asked.press("Kirim jawaban")
    asked.says("Jawaban Anda tercatat.")


def _answers_the_point(owner: Somebody) -> None:
    owner.page.goto("/cabinet/dossiers/")
    owner.page.get_by_role("link", name=TITLE).click()
    owner.press("Lihat koordinasi")
    owner.says("2 dari 2 butir masih berbeda")
    first = owner.page.locator("article").filter(has_text=POINT)
    first.get_by_label("Kami ikuti dan naskahnya diubah").check()
    first.get_by_label("Jawaban Anda").fill("Pelatihan masuk rencana 2027.")
    first.get_by_role("button", name="Simpan jawaban").click()
    owner.says("Jawaban Anda tercatat.")
    second = owner.page.locator("article").filter(has_text="Jaringan")
    second.get_by_label("Kami pertahankan naskahnya").check()
    second.get_by_label("Jawaban Anda").fill("Pengajuan dapat dikirim sesudah ada sinyal.")
    second.get_by_role("button", name="Simpan jawaban").click()
    expect(second).to_contain_text("mempertahankan naskah")
    owner.picture("board-points")


def _settles(asked: Somebody) -> None:
    asked.page.reload()
    point = asked.page.locator("article").filter(has_text=POINT)
    point.get_by_label("Apa yang menyelesaikannya?").fill("Rencana pelatihan cukup.")
    point.get_by_role("button", name="Selesai", exact=True).click()
    asked.says("1 dari 2 butir masih berbeda")
    asked.picture("board-settled")


def _submits(owner: Somebody) -> None:
    owner.page.reload()
    owner.press("Tutup putaran")
    owner.says("Putaran ditutup.")
    owner.press("Siapkan")
    owner.press("Ajukan ke sekretariat")
    owner.says("Berkas sudah di sekretariat.")
    owner.picture("work-submitted")
    owner.press("Riwayat")
    owner.says("Kepala Dinas Kesehatan: setuju dengan syarat")
    owner.picture("history")


def _plans(clerk: Somebody, house: House) -> None:
    clerk.page.goto("/cabinet/")
    clerk.press("Sidang")
    clerk.picture("sessions-empty")
    clerk.press("Rencanakan sidang")
    day = (now() + dt.timedelta(days=4)).astimezone(zone())
    clerk.page.get_by_label("Judul dalam bahasa Indonesia").fill("Rapat pimpinan")
    clerk.page.get_by_label("Judul dalam bahasa Inggris").fill("Leadership meeting")
    for part, value in (("day", day.day), ("month", day.month), ("year", day.year)):
        clerk.page.locator(f"#day-{part}").fill(str(value))
    clerk.page.get_by_label("Tempat").fill("Pendopo Kabupaten Contoh")
    clerk.page.get_by_label("Lama").fill("45")
    clerk.picture("plan-form")
    clerk.page.locator("main form button[type=submit]").last.click()
    clerk.says("Sidang direncanakan.")
    house.dossier("informasi", "dinsos", title="Laporan triwulan III penurunan stunting")
    clerk.page.reload()
    clerk.picture("desk-empty")
    for title in (TITLE, "Laporan triwulan III"):
        ready = clerk.page.locator("section[aria-labelledby=ready] li").filter(has_text=title)
        if title != TITLE:
            ready.locator("select").select_option("information")
        ready.get_by_role("button", name="Masukkan ke agenda", exact=False).click()
        clerk.says("Berkas masuk agenda.")
    report = clerk.page.locator(".pp-plan > li").filter(has_text="Laporan")
    report.get_by_role("button", name="Naik", exact=False).click()
    expect(clerk.page.locator(".pp-plan > li").first).to_contain_text("Laporan")
    clerk.page.locator(".pp-plan > li").filter(has_text=TITLE).locator("summary").first.click()
    clerk.picture("desk")


def _opens_positions(clerk: Somebody) -> None:
    clerk.press("Terbitkan dan buka sikap")
    clerk.says("Agenda diterbitkan dan anggota diberi tahu.")
    clerk.picture("desk-open")
    clerk.press("Versi agenda")
    clerk.says("tanda tangan berlaku")
    clerk.picture("versions")
    clerk.page.goto("/cabinet/sessions/")
    clerk.picture("sessions")


def _states_a_position(asked: Somebody) -> None:
    asked.page.goto("/cabinet/")
    asked.says(TITLE)
    asked.page.get_by_role("button", name="Tidak keberatan").first.click()
    asked.says("Sikap Anda")
    asked.picture("home")


def _locks_and_opens_again(clerk: Somebody) -> None:
    clerk.page.get_by_role("link", name="Rapat pimpinan").first.click()
    clerk.press("Kunci sikap sekarang")
    clerk.says("Yang boleh lolos tanpa pembahasan tertera pada agenda.")
    clerk.picture("desk-locked")
    clerk.press("Buka lagi sikap")
    clerk.press("Buka lagi")
    clerk.says("Tulis isinya")
    clerk.picture("reopen-refused")
    clerk.page.get_by_label("Alasan").fill("Naskah pendamping menyusul.")
    clerk.press("Buka lagi")
    clerk.says("Dibuka lagi sesudah dikunci, karena")
    clerk.says("Naskah pendamping menyusul.")


def _somebody(  # a person has these parts
    chromium: Browser, base: str, house: House, seat: str, shots: Path, *, scripts: bool
) -> Somebody:
    context = chromium.new_context(
        base_url=base,
        locale="id-ID",
        viewport={"width": 1280, "height": 900},
        java_script_enabled=scripts,
    )
    cookies = _seated(house, seat).cookies
    context.add_cookies(
        [{"name": name, "value": morsel.value, "url": base} for name, morsel in cookies.items()]
    )
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    return Somebody(page, seat, shots)


def _seated(house: House, seat: str) -> Client:
    """Put somebody with a name in a seat, whom the history can tell of, and sign them in."""
    place = list(house.seats).index(seat) + 1
    who = people.a_person(people.a_nik(place), f"Pemangku {seat}", email=None)
    bodies.seat_person(house.body.code, seat, who.id, actor=SYSTEM)
    house.people[seat] = person(who.id)
    client = Client()
    people.sign_in(client, who.id)
    return client
