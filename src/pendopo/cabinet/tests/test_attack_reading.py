"""Reading without a trace, and silence taken for consent: what an insider tries before the session."""

import datetime as dt
from uuid import UUID, uuid4

import pytest

from pendopo.cabinet import agenda, errors
from pendopo.cabinet.actions import bodies, coordination, dossiers, packs, positions, sessions
from pendopo.cabinet.actions.coordination import Asked
from pendopo.cabinet.actions.dossiers import Text
from pendopo.cabinet.actions.positions import Said
from pendopo.cabinet.consent import Matter, Reason, ReasonCode, reasons_against
from pendopo.cabinet.models import CoordinationRequest, Dossier, Mandate, Read, Session
from pendopo.cabinet.testing.browsers import at_seat, browser, named
from pendopo.cabinet.testing.house import House, person
from pendopo.cabinet.values import Classification, Path, Scope, SilencePolicy, Stance
from pendopo.foundation.clock import now

pytestmark = pytest.mark.django_db


def stand_in(house: House, seat: str, *scopes: Scope) -> UUID:
    """Name somebody from outside as a deputy and return who it is."""
    subject = uuid4()
    bodies.delegate(
        house.actor(seat),
        house.seats[seat],
        to_subject_id=subject,
        scopes=scopes,
        valid_from=now() - dt.timedelta(minutes=1),
        valid_to=now() + dt.timedelta(days=1),
    )
    return subject


def everybody_agrees(house: House, session: Session, matter: Dossier, *but: str) -> None:
    for seat in house.people:
        if seat not in {house.clerk, *but}:
            house.say(seat, session, matter, Stance.NO_OBJECTION)


def reasons(session: Session, matter: Dossier) -> set[Reason]:
    """Return why the item is debated, as the lock has just decided."""
    item = session.items.get(dossier=matter)
    return {Reason(ReasonCode(code), seat) for code, seat in item.reasons}


def test_a_refused_form_shows_no_dossier_without_a_trace(rapim: House) -> None:
    matter = rapim.dossier()
    session = rapim.session(matter)
    item, client = session.items.get(), named(rapim, "dinkes")
    for page in ("position", "opinion"):
        before = Read.objects.filter(dossier=matter).count()
        answer = client.post(
            f"/cabinet/items/{item.id}/{page}/", {"seat": "x", "back": f"dossier:{matter.id}"}
        )
        assert "Ringkasan" in answer.content.decode(), "the dossier is shown"
        assert Read.objects.filter(dossier=matter).count() == before + 1, page


def test_a_forged_way_back_shows_no_dossier_above_the_sender(rapim: House) -> None:
    secret = rapim.dossier(title="Nama rahasia", classification=Classification.SECRET)
    plain = rapim.dossier()
    session = rapim.session(plain, secret)
    item = session.items.get(dossier=plain)
    answer = at_seat(rapim, "dinkes").post(
        f"/cabinet/items/{item.id}/position/", {"seat": "x", "back": f"dossier:{secret.id}"}
    )
    assert answer.status_code == 404
    assert "Nama rahasia" not in answer.content.decode()


@pytest.mark.parametrize("back", ["//evil.example/", "https://evil.example/", "dossier:x", "dossier:"])
def test_a_forged_way_back_leads_nowhere_else(rapim: House, back: str) -> None:
    matter = rapim.dossier()
    session = rapim.session(matter)
    item = session.items.get()
    answer = at_seat(rapim, "dinkes").post(
        f"/cabinet/items/{item.id}/position/",
        {
            "seat": rapim.seats["dinkes"],
            "papers": matter.docset_hash,
            "stance": "no_objection",
            "back": back,
        },
    )
    assert answer["Location"] == "/cabinet/?done=position"


@pytest.mark.parametrize("seat", ["risalah", "bupati", "diskominfo"])
def test_whoever_leads_or_owns_is_among_the_readers_of_a_narrow_matter(rapim: House, seat: str) -> None:
    matter = rapim.dossier(owner="diskominfo", need_to_know=("bkad",))
    named(rapim, seat).get(f"/cabinet/dossiers/{matter.id}/")
    read = Read.objects.get(dossier=matter)
    assert read.seat is not None
    assert read.seat.code == seat


def test_every_paper_of_a_pack_is_a_look_of_its_own(rapim: House) -> None:
    matter = rapim.dossier(need_to_know=("bkad",))
    session = rapim.session(matter)
    named(rapim, "risalah")
    packs.pack(rapim.actor("risalah"), session.id, "id")
    assert Read.objects.filter(dossier=matter, document__isnull=False).count() == 1


def test_what_a_deputy_without_the_say_reads_is_not_delivered(rapim: House) -> None:
    matter = rapim.dossier()
    session = rapim.session(matter)
    subject = stand_in(rapim, "dinkes", Scope.READ, Scope.SPEAK)
    everybody_agrees(rapim, session, matter, "dinkes")
    positions.record_read(person(subject), matter.id)
    assert Read.objects.filter(dossier=matter, seat=rapim.seats["dinkes"]).exists(), "it is recorded"
    sessions.lock(rapim.actor(rapim.clerk), session.id)
    assert reasons(session, matter) == {Reason(ReasonCode.SILENT, "dinkes")}


def test_an_objection_does_not_leave_with_the_minister_who_raised_it(rapim: House) -> None:
    matter = rapim.dossier()
    session = rapim.session(matter)
    everybody_agrees(rapim, session, matter, "dinkes")
    rapim.say("dinkes", session, matter, Stance.OBJECT)
    Mandate.objects.filter(seat=rapim.seats["dinkes"]).update(ends_at=now())
    sessions.lock(rapim.actor(rapim.clerk), session.id)
    assert reasons(session, matter) == {Reason(ReasonCode.OBJECTION, "dinkes")}


def test_an_empty_seat_is_not_silent(rapim: House) -> None:
    matter = rapim.dossier()
    session = rapim.session(matter)
    everybody_agrees(rapim, session, matter, "dinkes")
    Mandate.objects.filter(seat=rapim.seats["dinkes"]).update(ends_at=now())
    sessions.lock(rapim.actor(rapim.clerk), session.id)
    assert session.items.get().path == Path.CONSENT


def test_a_mandate_that_ends_later_is_asked_until_then(rapim: House) -> None:
    matter = rapim.dossier()
    session = rapim.session(matter)
    Mandate.objects.filter(seat=rapim.seats["dinkes"]).update(ends_at=now() + dt.timedelta(days=9))
    everybody_agrees(rapim, session, matter, "dinkes")
    planned = agenda.plan(Session.objects.get(id=session.id))[0]
    assert Reason(ReasonCode.SILENT, "dinkes") in planned.reasons


def test_where_nobody_is_asked_nobody_consents() -> None:
    nobody = Matter(
        docset_hash="",
        locked=True,
        type_allows_consent=True,
        classification=Classification.OPEN,
        room_ceiling=Classification.OPEN,
        silence=SilencePolicy.CONSENT_AFTER_DELIVERY,
        seats=(),
    )
    assert reasons_against(nobody) == (Reason(ReasonCode.SILENT),)


def test_the_chair_has_a_say_on_a_matter_that_few_need_to_know(rapim: House) -> None:
    matter = rapim.dossier(owner="diskominfo", need_to_know=("bkad",))
    session = rapim.session(matter)
    for seat in ("bupati", "bkad", "diskominfo"):
        rapim.say(seat, session, matter, Stance.NO_OBJECTION)
    with pytest.raises(errors.NoSuchItem):
        rapim.say("dinkes", session, matter, Stance.OBJECT)
    sessions.lock(rapim.actor(rapim.clerk), session.id)
    assert session.items.get().path == Path.CONSENT


@pytest.mark.parametrize("scope", [Scope.READ, Scope.SPEAK, Scope.VOTE])
def test_a_deputy_states_only_with_that_scope(rapim: House, scope: Scope) -> None:
    matter = rapim.dossier()
    session = rapim.session(matter)
    subject = stand_in(rapim, "dinkes", scope)
    item = session.items.get()
    said = Said(Stance.OBJECT, matter.docset_hash)
    with pytest.raises(errors.NotYourSeat):
        positions.state_position(person(subject), item.id, rapim.seats["dinkes"], said)
    answer = browser(subject).post(
        f"/cabinet/items/{item.id}/opinion/",
        {"seat": rapim.seats["dinkes"], "papers": matter.docset_hash, "text": "Tidak", "classification": 0},
    )
    assert answer.status_code == 403
    assert not item.opinions.exists()


def test_what_a_browser_fetches_ahead_counts_as_read_by_nobody(rapim: House) -> None:
    matter = rapim.dossier()
    client = named(rapim, "dinkes")
    for address in (f"/cabinet/dossiers/{matter.id}/", f"/cabinet/papers/{matter.documents.get().id}/"):
        ahead = client.get(address, headers={"Sec-Purpose": "prefetch;prerender"})
        assert ahead.status_code == 503
        assert not Read.objects.exists()


def test_nobody_floods_a_dossier_and_what_was_typed_is_kept(rapim: House) -> None:
    matter = rapim.dossier()
    session = rapim.session(matter)
    item, client = session.items.get(), named(rapim, "dinkes")
    sent = {
        "seat": rapim.seats["dinkes"],
        "papers": matter.docset_hash,
        "text": "Pendapat yang panjang",
        "classification": 0,
        "back": f"dossier:{matter.id}",
    }
    answers = [client.post(f"/cabinet/items/{item.id}/opinion/", sent) for _ in range(61)]
    assert [answer.status_code for answer in answers] == [303] * 60 + [429]
    assert "Pendapat yang panjang" in answers[-1].content.decode()


def test_the_work_on_a_closed_matter_is_not_looked_at_without_a_trace(rapim: House) -> None:
    clerk = rapim.actor("risalah")
    text = Text(title="Rancangan", summary="Ringkasan", classification=Classification.SECRET)
    made = dossiers.open_dossier(clerk, "rapim-contoh", item_type="perbup", owner_seat="bkad", text=text)
    dossiers.add_document(clerk, made, name="Naskah", data=rapim.paper(), filename="naskah.pdf")
    coordination.open_round(clerk, made, Asked(mandatory=("sekda",)))
    asked = CoordinationRequest.objects.get()
    looks = {
        "risalah": [
            f"/cabinet/dossiers/{made}/{page}/" for page in ("work", "edit", "history", "coordination")
        ],
        "sekda": [f"/cabinet/requests/{asked.id}/", f"/cabinet/dossiers/{made}/coordination/"],
    }
    for serial, (seat, addresses) in enumerate(looks.items(), start=1):
        client = named(rapim, seat, serial)
        for address in addresses:
            before = Read.objects.filter(seat__code=seat).count()
            assert client.get(address).status_code == 200, address
            assert Read.objects.filter(seat__code=seat).count() == before + 1, address
    papers = Dossier.objects.get(id=made).docset_hash
    assert not Read.objects.filter(docset_hash=papers).exists(), "none of it hands the papers over"
