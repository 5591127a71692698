"""A council in session on four screens: the desks of clerk and chair, a member's tablet, the room's wall."""

import base64
import re
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from uuid import UUID

import cbor2
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.apps import apps
from playwright.sync_api import Browser, Page, ViewportSize, expect

from pendopo.cabinet.actions import ballots, session_live, sessions
from pendopo.cabinet.actions.live import state_of
from pendopo.cabinet.models import Ballot
from pendopo.cabinet.testing.browsers import at_seat
from pendopo.cabinet.testing.house import House, found
from pendopo.cabinet.values import Choice, Presence, Stance
from pendopo.identity import api as identity
from tests.sitting import Processes, processes

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

OTHERS = ("ketua", "wakil-2", "anggota-01", "anggota-02", "anggota-03")
MEMBER = "wakil-1"
TITLE = "Penetapan jalan desa sebagai jalan kabupaten"
SECOND = "Pembentukan panitia khusus air bersih"
PATIENCE = 20_000


@dataclass(frozen=True, slots=True)
class Seated:
    """Whose browser it is, and where the hall is."""

    base: str
    house: House
    seat: str


@dataclass(frozen=True, slots=True)
class Room:
    """A council in session: its house, the session, four screens, and the processes behind them."""

    house: House
    session_id: UUID
    running: Processes
    clerk: Page
    chair: Page
    member: Page
    wall: Page
    shots: Path

    @property
    def screens(self) -> tuple[Page, ...]:
        """Everybody who looks on."""
        return self.clerk, self.chair, self.member, self.wall

    def picture(self, moment: str) -> None:
        """Keep all four screens as they are at a moment."""
        for name, page in (("clerk", self.clerk), ("chair", self.chair), ("member", self.member)):
            page.screenshot(path=self.shots / f"cabinet-{name}-{moment}.png", full_page=True)
        self.wall.screenshot(path=self.shots / f"cabinet-wall-{moment}.png")

    def arrive(self, *seats: str) -> None:
        """Let members say themselves that they are there."""
        for seat in seats:
            session_live.attend(
                self.house.actor(seat), self.session_id, self.house.seats[seat], Presence.ROOM
            )

    def leave(self, *seats: str) -> None:
        """Let members go."""
        for seat in seats:
            session_live.attend(
                self.house.actor(seat), self.session_id, self.house.seats[seat], Presence.ABSENT
            )


@pytest.mark.timeout(600)
def test_a_session_on_four_screens_from_arrival_to_close(chromium: Browser, shots: Path) -> None:
    house = found("dprd-contoh")
    first = house.dossier("keputusan", "wakil-1", title=TITLE)
    session = house.session(
        first,
        house.dossier("keputusan", "wakil-2", title=SECOND),
        house.dossier("informasi", "wakil-2", title="Laporan"),
    )
    house.say("wakil-2", session, first, Stance.NO_OBJECTION, speak=True)
    sessions.lock(house.actor("sekwan"), session.id)
    path = f"/cabinet/sessions/{session.id}/live/"
    expect.set_options(timeout=PATIENCE)
    with processes() as running:
        room = Room(
            house,
            session.id,
            running,
            clerk=_page(chromium, Seated(running.base, house, "sekwan"), path + "clerk/", (1280, 900)),
            chair=_page(chromium, Seated(running.base, house, "ketua"), path + "chair/", (1440, 900)),
            member=_page(chromium, Seated(running.base, house, MEMBER), path, (820, 1180)),
            wall=_page(chromium, Seated(running.base, house, "ketua"), path + "projector/", (1920, 1080)),
            shots=shots,
        )
        _plug_in_passkey(room.member, house.actor(MEMBER).subject_id)
        try:
            _arrival(room)
            _debate(room)
            _vote(room)
            _counted_again(room)
            _quorum_is_lost(room)
            _the_line_is_lost(room)
            _two_clerks(room, chromium, path)
            _close(room)
        except Exception:
            room.picture("failed")
            raise
    _only_the_member_signed(session.id)


def _arrival(room: Room) -> None:
    """The clerk opens and notes who is there; below the quorum nobody is told that there is one."""
    room.clerk.get_by_role("button", name="Buka sidang").click()
    for page in room.screens:
        expect(page.locator(".cl-phase")).to_have_text("Berlangsung")
        expect(page.locator(".cl-quorum")).to_contain_text("Belum kuorum")
    room.clerk.get_by_role("button", name="hadir Ketua", exact=False).first.click()
    expect(room.wall.locator(".cl-quorum")).to_contain_text("1 dari 9 hadir")
    room.arrive(*OTHERS[1:])
    room.member.get_by_role("button", name="Saya di ruangan").click()
    for page in room.screens:
        expect(page.locator(".cl-quorum")).to_contain_text("6 dari 9 hadir")
        expect(page.locator(".cl-quorum b")).to_have_text("Kuorum")
    expect(room.clerk.locator(".cl-roll .is-room")).to_have_count(6)
    room.picture("arrived")


def _debate(room: Room) -> None:
    """Who announced it beforehand stands on the list when the item opens; the chair gives the floor."""
    room.clerk.get_by_role("button", name=re.compile("^Buka ")).first.click()
    for page in room.screens:
        expect(page.locator(".cl-title")).to_have_text(TITLE)
    expect(room.wall.locator(".cl-turns li")).to_have_text(["Wakil ketua II"])
    room.member.get_by_role("button", name="Minta bicara").click()
    expect(room.chair.locator(".cl-speakers .cl-holds li")).to_have_count(2)
    room.chair.get_by_role("button", name="Beri giliran Wakil ketua II", exact=True).click()
    expect(room.wall.locator(".cl-speaking")).to_contain_text("Wakil ketua II")
    room.picture("debate")
    room.clerk.get_by_role("button", name="Beri giliran Wakil ketua I", exact=True).click()
    expect(room.member.get_by_text("Giliran Anda berbicara.")).to_be_visible()
    room.clerk.get_by_role("button", name="Selesai bicara").click()
    expect(room.wall.locator(".cl-speaking")).to_have_count(0)


def _vote(room: Room) -> None:
    """A named ballot with a passkey; no choice is read before the close; the result is everywhere."""
    room.clerk.get_by_role("button", name="Mulai pemungutan suara").click()
    room.member.get_by_label("Setuju", exact=True).check()
    room.member.screenshot(path=room.shots / "cabinet-member-ballot.png", full_page=True)
    room.member.get_by_role("button", name="Tanda tangani dan kirim").click()
    expect(room.member.locator(".cl-done")).to_be_visible()
    _others_vote(room.house, room.session_id)
    expect(room.wall.locator(".cl-progress")).to_contain_text("6")
    expect(room.wall.locator(".cl-vote")).not_to_contain_text("Wakil ketua I")
    expect(room.clerk.get_by_text("Semua yang berhak sudah memberi suara.")).to_be_visible()
    room.picture("vote")
    room.clerk.get_by_role("button", name="Tutup pemungutan suara").click()
    for page in room.screens:
        expect(page.locator(".cl-result")).to_have_text("Disetujui")
    room.picture("result")
    room.chair.get_by_role("button", name="Disetujui").click()
    expect(room.member.locator(".cl-line").first).to_contain_text("disetujui")


def _counted_again(room: Room) -> None:
    """A member counts the vote again from where they are, and comes back to a page that is up to date."""
    room.member.get_by_role("link", name="Hitung ulang suara ini").click()
    expect(room.member.locator("[data-holds=yes]")).to_be_visible()
    expect(room.member.get_by_text("1 dari 6 suara bertanda tangan")).to_be_visible()
    room.member.screenshot(path=room.shots / "cabinet-member-recount.png", full_page=True)
    room.member.go_back()
    expect(room.member.locator(".cl-phase")).to_have_text("Berlangsung")


def _quorum_is_lost(room: Room) -> None:
    """Without a quorum nothing is put to the vote and nothing decided; the screens say so."""
    room.clerk.get_by_role("button", name=re.compile("^Buka ")).first.click()
    expect(room.member.locator(".cl-title")).to_have_text(SECOND)
    room.leave("anggota-01", "anggota-02", "anggota-03")
    for page in room.screens:
        expect(page.locator(".cl-quorum")).to_contain_text("Belum kuorum")
    room.clerk.get_by_role("button", name="Mulai pemungutan suara").click()
    expect(room.clerk.locator("[data-refused]")).to_contain_text("belum mencapai kuorum")
    expect(room.clerk.locator("[data-refused]")).to_be_focused()
    room.chair.get_by_role("button", name="Disetujui").click()
    expect(room.chair.locator("[data-refused]")).to_contain_text("belum mencapai kuorum")
    room.picture("no-quorum")


def _the_line_is_lost(room: Room) -> None:
    """The live process dies; once it is back every screen shows what happened, without loading anew."""
    room.running.live.shoot()
    for page in room.screens:
        expect(page.locator("[data-line]")).to_be_visible()
    room.arrive("anggota-01", "anggota-02")
    room.member.get_by_role("button", name="Minta bicara").click()
    expect(room.member.get_by_text("Anda menunggu giliran.")).to_be_visible()
    room.running.live.start()
    for page in room.screens:
        expect(page.locator("[data-line]")).to_be_hidden()
        expect(page.locator(".cl-quorum")).to_contain_text("5 dari 9 hadir")
    expect(room.wall.locator(".cl-turns li")).to_have_text(["Wakil ketua I"])
    expect(room.clerk.locator(".cl-speakers .cl-holds li")).to_have_count(1)


def _two_clerks(room: Room, chromium: Browser, path: str) -> None:
    """A second desk whose line is cut acts on what it last saw: it is told, and then it may."""
    second = _page(chromium, Seated(room.running.base, room.house, "sekwan"), path + "clerk/", (1280, 900))
    expect(second.locator(".cl-title")).to_have_text(SECOND)
    second.route("**/live/ticket/**", lambda route: route.abort())
    second.evaluate("window.stop()")
    second.reload()
    expect(second.locator("[data-line]")).to_be_visible()
    room.clerk.get_by_role("button", name="Skors sidang").click()
    expect(room.wall.locator(".cl-phase")).to_have_text("Diskors")
    second.get_by_role("button", name="Skors sidang").click()
    expect(second.locator("[data-refused]")).to_contain_text("Orang lain mengubah sidang")
    second.get_by_role("button", name="Lanjutkan sidang").click()
    for page in room.screens:
        expect(page.locator(".cl-phase")).to_have_text("Berlangsung")
    second.context.close()


def _close(room: Room) -> None:
    """The desk is worked by keyboard alone; events of others do not take the focus away."""
    room.clerk.get_by_role("button", name=re.compile("^Buka ")).first.focus()
    room.leave("anggota-02")
    expect(room.clerk.locator(".cl-quorum")).to_contain_text("4 dari 9 hadir")
    expect(room.clerk.get_by_role("button", name=re.compile("^Buka ")).first).to_be_focused()
    room.clerk.keyboard.press("Enter")
    expect(room.wall.locator(".cl-title")).to_have_text(SECOND)
    room.clerk.get_by_role("button", name="Tunda").focus()
    room.clerk.keyboard.press("Enter")
    expect(room.member.locator(".cl-line").nth(1)).to_contain_text("ditunda")
    expect(room.clerk.get_by_role("button", name="Tunda")).to_have_count(0)
    room.clerk.locator("#closing summary").focus()
    room.clerk.keyboard.press("Enter")
    expect(room.clerk.locator("#closing button")).to_be_visible()
    room.clerk.locator("#closing button").focus()
    room.clerk.keyboard.press("Enter")
    for page in room.screens:
        expect(page.locator(".cl-phase")).to_have_text("Selesai")
    room.picture("closed")


def _only_the_member_signed(session_id: UUID) -> None:
    row = Ballot.objects.get(seat__code=MEMBER)
    evidence = ballots.evidence_of(row)
    assert evidence is not None
    poll = next(iter(state_of(session_id).polls.values()))
    said = ballots.statement(session_id, poll.id, MEMBER, Choice.YES, poll.docset_hash)
    assert identity.signature_holds(said, evidence)
    assert Ballot.objects.filter(assertion__isnull=True).count() == len(OTHERS)


def _others_vote(house: House, session_id: UUID) -> None:
    poll = next(iter(state_of(session_id).polls.values()))
    for seat in OTHERS:
        choice = Choice.NO if seat == "wakil-2" else Choice.YES
        ballots.cast(
            house.actor(seat),
            session_id,
            poll.id,
            seat_id=house.seats[seat],
            choice=choice,
            docset_hash=poll.docset_hash,
            answer=None,
        )


def _page(chromium: Browser, who: Seated, path: str, size: tuple[int, int]) -> Page:
    """Open a page in a browser in which the holder of a seat is signed in."""
    view: ViewportSize = {"width": size[0], "height": size[1]}
    context = chromium.new_context(base_url=who.base, locale="id-ID", viewport=view)
    cookies = at_seat(who.house, who.seat).cookies
    context.add_cookies(
        [{"name": name, "value": morsel.value, "url": who.base} for name, morsel in cookies.items()]
    )
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.on("pageerror", partial(_fail, who.seat))
    page.goto(path)
    return page


def _fail(seat: str, error: object) -> None:
    raise AssertionError(seat, error)


def _plug_in_passkey(page: Page, subject_id: UUID | None) -> None:
    """Give the page's device a passkey that the hall knows as this person's."""
    assert subject_id is not None
    key, credential_id = ec.generate_private_key(ec.SECP256R1()), b"member" * 4
    numbers = key.public_key().public_numbers()
    cose = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)}
    apps.get_model("identity", "Passkey").objects.create(
        subject_id=subject_id,
        credential_id=credential_id,
        public_key=cbor2.dumps(cose),
        sign_count=0,
        label="tablet",
        backed_up=False,
    )
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    plugged = device.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    private = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    credential = {
        "credentialId": base64.b64encode(credential_id).decode(),
        "isResidentCredential": False,
        "rpId": "localhost",
        "privateKey": base64.b64encode(private).decode(),
        "signCount": 0,
    }
    device.send(
        "WebAuthn.addCredential", {"authenticatorId": plugged["authenticatorId"], "credential": credential}
    )
