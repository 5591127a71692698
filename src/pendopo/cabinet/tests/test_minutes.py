"""The minutes: what they tell, who approves them, who may read what of them."""

import io
import json
from pathlib import Path
from uuid import UUID

import pypdf
import pytest

from pendopo.agencies import api as agencies
from pendopo.cabinet import errors, minutes_print, minutes_rows
from pendopo.cabinet.actions import decisions, minutes
from pendopo.cabinet.actions.minutes import Words
from pendopo.cabinet.minutes import Content, Entry
from pendopo.cabinet.minutes_files import file_of
from pendopo.cabinet.models import Minutes
from pendopo.cabinet.tally import Result
from pendopo.cabinet.testing.house import House, person
from pendopo.cabinet.testing.walk import DEBATED, HIDDEN, PLAIN, Held, drafted, meeting, vote
from pendopo.cabinet.values import Outcome, SessionState
from pendopo.documents import api as documents
from pendopo.foundation.working_calendar import calendar
from pendopo.kernel.ids import uuid7
from pendopo.keys import api as keys
from pendopo_partners.authority import open_authority


@pytest.fixture
def held(rapim: House) -> Held:
    return drafted(meeting(rapim))


def last(session_id: UUID) -> Minutes:
    row = Minutes.objects.filter(session_id=session_id).order_by("-version").first()
    assert row is not None
    return row


def content(held: Held) -> Content:
    return minutes_rows.content_of(last(held.session.id))


def entry(held: Held, title: str) -> Entry:
    return next(one for one in content(held).entries if one.title == title)


def test_closing_a_session_drafts_its_minutes_once(rapim: House) -> None:
    held = meeting(rapim)
    assert minutes.draft(held.session.id)
    assert minutes.draft(held.session.id) is None
    held.session.refresh_from_db()
    assert held.session.state == SessionState.MINUTED


def test_they_are_due_in_the_working_days_of_the_body(held: Held) -> None:
    closed = content(held).closed_at
    assert last(held.session.id).due_at == calendar().add_working_days(closed, 3)


def test_they_say_who_was_there_and_that_a_quorum_was_reached(held: Held) -> None:
    there = {one.seat: one.stays for one in content(held).attendees}
    assert there["dinkes"][0].until is not None
    assert there["dinsos"] == ()
    assert content(held).quorum[-1].reached


def test_they_say_how_each_item_went(held: Held) -> None:
    plain, debated = entry(held, PLAIN), entry(held, DEBATED)
    assert plain.by_consent
    assert not debated.by_consent
    assert debated.outcome is Outcome.ADOPTED
    assert ("objection", "dinkes") in debated.reasons
    assert [speech.seat for speech in debated.speeches] == ["dinkes"]


def test_a_vote_is_told_with_its_tally_and_who_was_against(council: House) -> None:
    held = drafted(vote(council))
    motion = entry(held, DEBATED).motions[0]
    assert (motion.yes, motion.no, motion.abstain, motion.result) == (4, 2, 1, Result.CARRIED)
    assert motion.dissent == ("anggota-02", "anggota-03")


def test_a_new_text_is_a_new_version_without_the_approvals_of_the_old(rapim: House, held: Held) -> None:
    clerk = rapim.actor(rapim.clerk)
    minutes.approve(rapim.actor("bkad"), held.session.id, rapim.seats["bkad"], version=1)
    minutes.revise(clerk, held.session.id, Words({str(held.debated): "Dinkes meminta uji coba."}))
    assert last(held.session.id).version == 2
    assert not last(held.session.id).approvals.exists()
    assert entry(held, DEBATED).debate == "Dinkes meminta uji coba."


def test_who_approves_an_old_version_is_told_to_read_the_new_one(rapim: House, held: Held) -> None:
    minutes.revise(rapim.actor(rapim.clerk), held.session.id, Words())
    with pytest.raises(errors.DocumentsChanged):
        minutes.approve(rapim.actor("bkad"), held.session.id, rapim.seats["bkad"], version=1)


def test_a_remark_is_kept_and_is_no_approval(rapim: House, held: Held) -> None:
    minutes.approve(rapim.actor("bkad"), held.session.id, rapim.seats["bkad"], version=1, remark="Salah jam.")
    approval = last(held.session.id).approvals.get()
    assert not approval.approved
    assert b"Salah" not in bytes(approval.sealed_remark or b"Salah")


def test_a_member_does_not_sign_and_a_stranger_finds_no_session(rapim: House, held: Held) -> None:
    with pytest.raises(errors.NotTheClerk):
        minutes.sign(rapim.actor("bkad"), held.session.id, version=1)
    with pytest.raises(errors.NoSuchSession):
        minutes.sign(person(uuid7()), held.session.id, version=1)


def test_signed_minutes_do_not_change_any_more(rapim: House, held: Held) -> None:
    clerk = rapim.actor(rapim.clerk)
    minutes.sign(clerk, held.session.id, version=1)
    with pytest.raises(errors.StateDoesNotAllow):
        minutes.revise(clerk, held.session.id, Words())
    with pytest.raises(errors.StateDoesNotAllow):
        decisions.write_decision(clerk, held.debated, "Terlambat")


def test_the_printed_form_of_a_lower_class_has_neither_title_nor_number_of_the_secret_item(
    held: Held,
) -> None:
    whole = minutes_print.printed(
        content(held), frozenset(map(str, (held.plain, held.debated, held.secret))), 1
    )
    low = minutes_print.printed(content(held), frozenset(map(str, (held.plain, held.debated))), 1)
    assert HIDDEN in str(whole["content"])
    assert HIDDEN not in str(low["content"])
    assert len(json.loads(str(low["content"]))["items"]) == 2
    assert json.loads(str(low["content"]))["class"] == "Terbuka"


def test_the_sealed_files_hold_what_their_readers_may_read(rapim: House, held: Held, tmp_path: Path) -> None:
    agency = agencies.body(rapim.body.agency_id).code
    keys.ensure(f"seal:{agency}", "ES256")
    request = keys.certificate_request(f"seal:{agency}", "Segel CONTOH", organisation="Contoh")
    keys.install_certificate(f"seal:{agency}", open_authority(tmp_path).issue_for_seal(request))
    clerk = rapim.actor(rapim.clerk)
    decisions.write_decision(clerk, held.debated, "Bupati menyetujui pergeseran.")
    minutes.revise(clerk, held.session.id, Words({str(held.debated): "Dinkes meminta uji coba."}))
    minutes.sign(clerk, held.session.id, version=2)
    row = last(held.session.id)
    assert minutes.seal_files(row.id) == 2
    assert minutes.seal_files(row.id) == 2
    row.refresh_from_db()
    assert row.document_id
    low = documents.documents_of_case(file_of(row.id, frozenset(map(str, (held.plain, held.debated)))))
    assert DEBATED in text_of(low[0].id)
    assert HIDDEN not in text_of(low[0].id)
    assert HIDDEN in text_of(row.document_id)


def text_of(document_id: UUID) -> str:
    pages = pypdf.PdfReader(io.BytesIO(documents.read_document(document_id))).pages
    return " ".join(" ".join(page.extract_text().split()) for page in pages)
