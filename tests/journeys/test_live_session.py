"""A council in session, seen by three at once: the clerk's desk, a member's tablet, the wall of the room."""

import base64
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
from pendopo.cabinet.values import Choice, Presence
from pendopo.identity import api as identity
from tests.sitting import processes

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

OTHERS = ("ketua", "wakil-2", "anggota-01", "anggota-02", "anggota-03")
MEMBER = "wakil-1"
TITLE = "Penetapan jalan desa sebagai jalan kabupaten"
PATIENCE = 20_000


@dataclass(frozen=True, slots=True)
class Seated:
    """Whose browser it is, and where the hall is."""

    base: str
    house: House
    seat: str


@pytest.mark.timeout(400)
def test_clerk_member_and_wall_follow_one_vote_without_loading_anew(chromium: Browser, shots: Path) -> None:
    house = found("dprd-contoh")
    session = house.session(
        house.dossier("keputusan", "wakil-1", title=TITLE),
        house.dossier("informasi", "wakil-2", title="Laporan"),
    )
    sessions.lock(house.actor("sekwan"), session.id)
    path = f"/cabinet/sessions/{session.id}/live/"
    expect.set_options(timeout=PATIENCE)
    with processes() as running:
        clerk = _page(chromium, Seated(running.base, house, "sekwan"), path + "clerk/", (1280, 900))
        wall = _page(chromium, Seated(running.base, house, "ketua"), path + "projector/", (1920, 1080))
        member = _page(chromium, Seated(running.base, house, MEMBER), path, (768, 1024))
        _plug_in_passkey(member, house.actor(MEMBER).subject_id)

        clerk.get_by_role("button", name="Buka sidang").click()
        expect(wall.locator(".cl-phase")).to_have_text("Berlangsung")
        for seat in OTHERS:
            session_live.attend(house.actor(seat), session.id, house.seats[seat], Presence.ROOM)
        member.get_by_role("button", name="Saya di ruangan").click()
        expect(wall.locator(".cl-quorum")).to_contain_text("6 dari 9 hadir")

        expect(clerk.locator(".cl-roll .is-room")).to_have_count(6)
        clerk.locator("button[name=item]").filter(has_text="Buka").first.click()
        expect(wall.locator(".cl-title")).to_have_text(TITLE)
        expect(member.locator(".cl-title")).to_have_text(TITLE)
        member.get_by_role("button", name="Minta bicara").click()
        clerk.get_by_role("button", name="Beri giliran").click()
        expect(wall.locator(".cl-speaking")).to_contain_text("Wakil ketua I")
        clerk.screenshot(path=shots / "cabinet-clerk-debate.png", full_page=True)
        wall.screenshot(path=shots / "cabinet-wall-debate.png")

        clerk.get_by_role("button", name="Mulai pemungutan suara").click()
        member.get_by_label("Setuju", exact=True).check()
        member.screenshot(path=shots / "cabinet-member-ballot.png", full_page=True)
        member.get_by_role("button", name="Tanda tangani dan kirim").click()
        expect(member.locator(".cl-done")).to_be_visible()
        _others_vote(house, session.id)
        expect(wall.locator(".cl-progress")).to_contain_text("6")
        expect(wall.locator(".cl-vote")).not_to_contain_text("Wakil ketua I")
        wall.screenshot(path=shots / "cabinet-wall-vote.png")

        expect(clerk.get_by_text("Semua yang berhak sudah memberi suara.")).to_be_visible()
        running.live.shoot()
        expect(member.locator("[data-line]")).to_be_visible()
        clerk.get_by_role("button", name="Tutup pemungutan suara").click()
        expect(clerk.get_by_role("button", name="Disetujui")).to_be_visible()
        running.live.start()
        expect(wall.locator(".cl-result")).to_have_text("Disetujui", timeout=PATIENCE)
        expect(member.locator("[data-line]")).to_be_hidden()
        wall.screenshot(path=shots / "cabinet-wall-result.png")
        clerk.screenshot(path=shots / "cabinet-clerk-result.png", full_page=True)

        clerk.get_by_role("button", name="Disetujui").click()
        expect(member.locator(".cl-line").first).to_contain_text("disetujui")
        member.screenshot(path=shots / "cabinet-member-after.png", full_page=True)
    _only_the_member_signed(session.id)


def _only_the_member_signed(session_id: UUID) -> None:
    row = Ballot.objects.get(seat__code=MEMBER)
    assert row.assertion is not None
    poll = next(iter(state_of(session_id).polls.values()))
    said = ballots.statement(session_id, poll.id, MEMBER, Choice.YES, poll.docset_hash)
    assert identity.signature_holds(said, bytes(row.assertion))
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
