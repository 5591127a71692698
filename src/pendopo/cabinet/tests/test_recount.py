"""A vote counted again: green when nothing was touched, red for every single thing that was."""

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pendopo.cabinet import errors
from pendopo.cabinet.actions import ballots, decisions, session_live
from pendopo.cabinet.live import commands
from pendopo.cabinet.models import Ballot, Decision, Dossier, LiveEvent
from pendopo.cabinet.queries.recount import of_vote
from pendopo.cabinet.records.recount import Recount
from pendopo.cabinet.recount import Fault, Mark
from pendopo.cabinet.testing.browsers import at_seat
from pendopo.cabinet.testing.house import House
from pendopo.cabinet.testing.passkeys import plugged
from pendopo.cabinet.testing.walk import Held, drafted, vote
from pendopo.cabinet.values import Choice, Classification
from pendopo.foundation import crypto
from pendopo.foundation.models import AuditRow, Commitment
from pendopo.foundation.settings import current
from pendopo.identity import api as identity
from pendopo.keys import api as keys
from pendopo.ledger import api as ledger

PROGRAM = Path(__file__).parents[4] / "docs" / "tutorial" / "recount.py"
SIGNING = ("wakil-1", "wakil-2", "anggota-01")


@dataclass(frozen=True, slots=True)
class Voted:
    """A council that voted, and where its vote is."""

    house: House
    held: Held
    poll: UUID

    def again(self, seat: str = "wakil-1") -> Recount:
        """Count again with the eyes of a seat."""
        return of_vote(self.house.actor(seat), self.held.debated, self.poll, "id")

    def ballot(self, seat: str) -> Ballot:
        """The kept ballot of a seat."""
        return Ballot.objects.get(poll_id=self.poll, seat__code=seat)

    @property
    def address(self) -> str:
        """The page."""
        return f"/cabinet/items/{self.held.debated}/votes/{self.poll}/"


@pytest.fixture
def voted(council: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Voted]:
    monkeypatch.setenv("PENDOPO_CHECKPOINT_DIR", str(tmp_path / "checkpoints"))
    current.cache_clear()
    keys.ensure("checkpoint", "Ed25519")
    held = vote(council, *SIGNING)
    decisions.write_decision(council.actor("sekwan"), held.debated, "Disetujui.")
    while ledger.sequence():
        pass
    poll = Ballot.objects.first()
    assert poll is not None
    yield Voted(council, held, poll.poll_id)
    current.cache_clear()


def marks(view: Recount) -> dict[str, Mark]:
    return {one.kind: one.mark for one in view.checks}


def faults(view: Recount) -> dict[str, tuple[Fault, ...]]:
    return {one.seat: one.faults for one in view.ballots if one.faults}


def test_an_untouched_vote_is_green_in_every_check(voted: Voted) -> None:
    view = voted.again()
    assert set(marks(view).values()) == {Mark.HOLDS}
    assert (view.again.yes, view.again.no, view.again.abstain) == (4, 2, 1)
    assert view.again == view.counted
    assert (view.signed, view.unsigned) == (3, 4)
    assert view.holds


def _other_choice(voted: Voted) -> None:
    row = voted.ballot("ketua")
    said = json.loads(ballots.signed_statement(row)) | {"ballot": Choice.NO.value}
    text = ballots.statement(voted.held.session.id, str(voted.poll), "ketua", Choice.NO, str(said["papers"]))
    row.sealed_statement = crypto.seal(text, context=f"cabinet.ballot.statement:{row.id}")
    row.save()


def _other_choice_signed(voted: Voted) -> None:
    row = voted.ballot("wakil-1")
    papers = json.loads(ballots.signed_statement(row))["papers"]
    text = ballots.statement(voted.held.session.id, str(voted.poll), "wakil-1", Choice.NO, papers)
    row.sealed_statement = crypto.seal(text, context=f"cabinet.ballot.statement:{row.id}")
    row.save()


def _byte(voted: Voted) -> None:
    row = voted.ballot("wakil-1")
    blob = bytearray(row.sealed_statement)
    blob[-1] ^= 1
    row.sealed_statement = bytes(blob)
    row.save()


def _no_signature(voted: Voted) -> None:
    Ballot.objects.filter(id=voted.ballot("wakil-2").id).update(assertion=None)


def _somebody_elses(voted: Voted) -> None:
    Ballot.objects.filter(id=voted.ballot("wakil-2").id).update(
        by_subject_id=voted.house.actor("ketua").subject_id
    )


def _gone(voted: Voted) -> None:
    voted.ballot("anggota-04").delete()


def _forged(voted: Voted) -> None:
    """Somebody with the root key signs another choice with a key of their own."""
    row = voted.ballot("wakil-1")
    papers = json.loads(ballots.signed_statement(row))["papers"]
    text = ballots.statement(voted.held.session.id, str(voted.poll), "wakil-1", Choice.NO, papers)
    forger = voted.house.actor("anggota-05").subject_id
    assert forger is not None
    passkey = plugged(forger)
    evidence = identity.signed(forger, text, passkey.sign(identity.signature_options(forger, text)))
    row.sealed_statement = crypto.seal(text, context=f"cabinet.ballot.statement:{row.id}")
    row.assertion = crypto.seal(evidence, context=f"cabinet.ballot.assertion:{row.id}")
    row.save()


@pytest.mark.parametrize(
    ("plant", "seat", "found", "broken"),
    [
        (_other_choice, "ketua", {Fault.DIFFERS}, {"ballots", "count"}),
        (
            _other_choice_signed,
            "wakil-1",
            {Fault.DIFFERS, Fault.SIGNATURE},
            {"ballots", "signatures", "count"},
        ),
        (_byte, "wakil-1", {Fault.UNREADABLE, Fault.SIGNATURE}, {"ballots", "signatures", "count"}),
        (_no_signature, "wakil-2", {Fault.UNSIGNED_SINCE, Fault.LOG}, {"signatures", "ballot_log"}),
        (_somebody_elses, "wakil-2", {Fault.OTHER_PERSON, Fault.OTHER_KEY}, {"ballots", "signatures"}),
        (_gone, "anggota-04", {Fault.GONE}, {"ballots", "count"}),
        (
            _forged,
            "wakil-1",
            {Fault.DIFFERS, Fault.OTHER_KEY, Fault.LOG},
            {"ballots", "signatures", "count", "ballot_log"},
        ),
    ],
    ids=["choice", "signed-choice", "byte", "signature-removed", "person", "gone", "forged"],
)
def test_a_changed_ballot_row_is_red(
    voted: Voted, plant: Callable[[Voted], None], seat: str, found: set[Fault], broken: set[str]
) -> None:
    plant(voted)
    view = voted.again()
    assert not view.holds
    assert {name: set(those) for name, those in faults(view).items()} == {seat: found}
    assert {kind for kind, mark in marks(view).items() if mark is Mark.BROKEN} == broken
    page = at_seat(voted.house, "wakil-1").get(voted.address).content.decode()
    assert 'data-holds="no"' in page
    assert "TIDAK COCOK" in page
    assert "✗" in page


def test_a_removed_event_is_red(voted: Voted) -> None:
    LiveEvent.objects.filter(session=voted.held.session, kind="closed").delete()
    assert marks(voted.again())["events"] is Mark.BROKEN


def test_a_session_whose_record_cannot_be_read_says_so(voted: Voted) -> None:
    row = LiveEvent.objects.filter(session=voted.held.session, kind="ballot").first()
    assert row is not None
    row.sealed_event = bytes(row.sealed_event)[:-1] + b"x"
    row.save()
    with pytest.raises(errors.RecordBroken):
        voted.again()
    answer = at_seat(voted.house, "wakil-1").get(voted.address, headers={"Accept": "text/html"})
    assert answer.status_code == 409
    assert "tidak dapat dibaca utuh" in answer.content.decode()


def test_a_changed_decision_is_red(voted: Voted) -> None:
    Decision.objects.update(tally={"yes": 5, "no": 1, "abstain": 1, "entitled": 7})
    assert marks(voted.again())["decision"] is Mark.BROKEN


def test_a_changed_entry_of_the_log_is_red(voted: Voted) -> None:
    entry = AuditRow.objects.get(event="cabinet.decided", object_id=voted.held.debated)
    AuditRow.objects.filter(id=entry.id).update(
        detail=entry.detail | {"tally": {"yes": 6, "no": 0, "abstain": 1, "entitled": 7}}
    )
    assert marks(voted.again())["decision_log"] is Mark.BROKEN
    AuditRow.objects.filter(id=entry.id).update(detail=entry.detail | {"outcome": "rejected"})
    assert marks(voted.again())["decision_log"] is Mark.BROKEN
    Commitment.objects.filter(id=entry.commitment_id).update(digest=b"x" * 32)
    AuditRow.objects.filter(id=entry.id).update(detail=entry.detail)
    assert marks(voted.again())["decision_log"] is Mark.BROKEN


def test_what_waits_for_its_place_is_neither_green_nor_red(council: House) -> None:
    held = vote(council)
    poll = Ballot.objects.first()
    assert poll is not None
    view = Voted(council, held, poll.poll_id).again()
    assert marks(view)["decision_log"] is Mark.OPEN
    assert marks(view)["ballot_log"] is Mark.OPEN
    assert marks(view)["signatures"] is Mark.OPEN
    assert view.holds


def test_a_vote_is_counted_again_only_when_it_is_closed(council: House) -> None:
    matter = council.dossier("keputusan", "wakil-1", title="Jalan desa")
    session = council.session(matter)
    council.open(session, "ketua", "wakil-1", "wakil-2", "anggota-01", "anggota-02")
    item, poll = session.items.get(), session_live.new_poll()
    chair = council.actor("ketua")
    session_live.lead(chair, session.id, lambda state, stamp: commands.open_item(state, stamp, str(item.id)))
    session_live.lead(
        chair,
        session.id,
        lambda state, stamp: commands.put_motion(state, stamp, poll, str(item.id), "Setuju?"),
    )
    with pytest.raises(errors.PollOpen):
        of_vote(chair, item.id, UUID(poll), "id")
    with pytest.raises(errors.NoSuchItem):
        of_vote(chair, item.id, UUID(int=1), "id")


def test_who_may_not_know_of_the_item_finds_no_vote(voted: Voted) -> None:
    Dossier.objects.filter(items__id=voted.held.debated).update(classification=Classification.TOP_SECRET)
    client = at_seat(voted.house, "anggota-02")
    assert client.get(voted.address).status_code == 404
    assert client.get(f"{voted.address}recount.json").status_code == 404


def test_the_page_says_it_in_words_and_leads_on(voted: Voted) -> None:
    client = at_seat(voted.house, "anggota-02")
    page = client.get(voted.address).content.decode()
    assert 'data-holds="yes"' in page
    assert "Cocok: hitungan ulang sama" in page
    assert "3 dari 7 suara bertanda tangan" in page
    assert "recount.json" in page
    assert "adalah catatan nomor" in re.sub(r"<[^>]+>", "", page)
    drafted(voted.held)
    minutes = client.get(f"/cabinet/sessions/{voted.held.session.id}/minutes/").content.decode()
    assert voted.address in minutes
    decision = client.get(f"/cabinet/items/{voted.held.debated}/decision/").content.decode()
    assert voted.address in decision


def test_an_outsider_counts_again_with_the_file_alone(voted: Voted, tmp_path: Path) -> None:
    answer = at_seat(voted.house, "wakil-1").get(f"{voted.address}recount.json")
    assert "attachment" in answer["Content-Disposition"]
    assert AuditRow.objects.filter(event="cabinet.exported", detail__form="recount").count() == 1
    file = json.loads(answer.content)
    code, told = _run(tmp_path, file)
    assert code == 0, told
    assert "yes 4, no 2, abstain 1 (3 signed)" in told
    assert "the decision is entry" in told
    assert str(voted.house.actor("wakil-1").subject_id) not in answer.content.decode()


@pytest.mark.parametrize("change", ["choice", "signature", "seat", "count", "log"])
def test_the_program_refuses_a_changed_file(voted: Voted, tmp_path: Path, change: str) -> None:
    file = json.loads(at_seat(voted.house, "wakil-1").get(f"{voted.address}recount.json").content)
    signed = next(one for one in file["ballots"] if one["signature"])
    match change:
        case "choice":
            signed["statement"] = signed["statement"].replace('"yes"', '"no"')
        case "signature":
            other = next(one for one in file["ballots"] if one["signature"] and one is not signed)
            signed["signature"] = other["signature"]
        case "seat":
            signed["seat"] = "anggota-09"
        case "count":
            file["counted"]["yes"] = 5
        case _:
            file["decision"]["record"]["detail"]["tally"]["yes"] = 5
    code, told = _run(tmp_path, file)
    assert code == 1
    assert "WRONG" in told


def _run(folder: Path, file: dict[str, object]) -> tuple[int, str]:
    path = folder / "suara.json"
    path.write_text(json.dumps(file), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-I", str(PROGRAM), str(path)], check=False, capture_output=True, text=True
    )
    return done.returncode, done.stdout + done.stderr


def test_many_signatures_ask_the_database_as_often_as_few(council: House) -> None:
    def asked(*signing: str) -> int:
        held = vote(council, *signing)
        poll = Ballot.objects.filter(session=held.session)[0].poll_id
        with CaptureQueriesContext(connection) as found:
            assert of_vote(council.actor("ketua"), held.debated, poll, "id").signed == len(signing)
        return len(found)

    assert asked("wakil-1") == asked(*SIGNING)
