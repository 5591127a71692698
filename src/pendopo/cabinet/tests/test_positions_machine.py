"""Before the session, as a state machine over the real tables: papers, positions, seals, classes.

What the machine did it also wrote down plainly; after each step the tables are held against that. Each rule
has a planted bug that the machine must find.
"""

import datetime as dt
import os
from collections.abc import Callable
from contextlib import ExitStack, suppress
from typing import override
from uuid import UUID

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import Phase as Step
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from pendopo.cabinet import agenda, docsets, errors, sealing, visibility
from pendopo.cabinet.actions import dossiers, positions, sessions
from pendopo.cabinet.actions.positions import Said
from pendopo.cabinet.models import Dossier, Position, Session
from pendopo.cabinet.positions import content_of
from pendopo.cabinet.standing import Standing, standing_of
from pendopo.cabinet.testing.house import found
from pendopo.cabinet.values import Classification, Role, SessionState, Stance
from pendopo.foundation.clock import now

MEMBERS = ("presiden", "wapres", "menkeu", "menpan", "menkes")
LOW = ("menpan", "menkes", "menkomdigi")
STANCES = (Stance.NO_OBJECTION, Stance.OBJECT, Stance.ABSTAIN)

members = st.sampled_from(MEMBERS)
matters = st.sampled_from(("open", "secret", "top", "narrow"))


class BeforeTheSession(RuleBasedStateMachine):
    """A cabinet with sealed positions and four dossiers of different classes."""

    def __init__(self) -> None:
        super().__init__()
        self.undo = ExitStack()
        outer = transaction.atomic()
        outer._from_testcase = True  # type: ignore[attr-defined]  # durable blocks may stand inside, as in Django's own test cases
        self.undo.enter_context(outer)
        self.house = found("sidang-paripurna")
        self.matters = {
            "open": self.house.dossier("rperpres", "menkeu"),
            "secret": self.house.dossier("rperpres", "menkeu", classification=Classification.SECRET),
            "top": self.house.dossier("rperpres", "menkeu", classification=Classification.TOP_SECRET),
            "narrow": self.house.dossier("rperpres", "menkeu", need_to_know=("menkes",)),
        }
        self.session = self.house.session(*self.matters.values())
        self.said: dict[tuple[str, str], tuple[Stance, str]] = {}
        self.said_on: dict[tuple[str, str], int] = {}
        self.version = dict.fromkeys(self.matters, 1)
        self.written = 0
        self.old: dict[str, str] = {}
        self.locked = False
        self.released = False

    @override
    def teardown(self) -> None:
        """Forget the example."""
        transaction.set_rollback(True)
        self.undo.close()

    def papers(self, name: str) -> str:
        """Return the hash of the papers in force, as the table has it."""
        return Dossier.objects.values_list("docset_hash", flat=True).get(id=self.matters[name].id)

    def allowed(self, seat: str, name: str) -> bool:
        """Say who may know of what, written down a second time."""
        ceiling = 2 if seat in LOW else 3
        level = {"open": 0, "secret": 2, "top": 3, "narrow": 0}[name]
        named = name != "narrow" or seat in {"menkes", "menkeu", "presiden", "seskab"}
        return level <= ceiling and named

    @rule(seat=members, name=matters, stance=st.sampled_from(STANCES), stale=st.booleans())
    def state(self, seat: str, name: str, stance: Stance, stale: bool) -> None:
        seen = self.old.get(name, "") if stale else self.papers(name)
        item = self.session.items.get(dossier=self.matters[name])
        with suppress(errors.CabinetError):
            said = Said(stance, seen)
            positions.state_position(self.house.actor(seat), item.id, self.house.seats[seat], said)
            assert not self.locked, "nothing is stated after the lock"
            assert self.allowed(seat, name), "nobody states on what they may not know"
            assert seen == self.papers(name), "on the papers in force"
            self.said[seat, name] = (stance, seen)
            self.said_on[seat, name] = self.version[name]
            self.written += 1

    @rule(name=matters)
    def replace_paper(self, name: str) -> None:
        matter = self.matters[name]
        self.old[name] = self.papers(name)
        self.version[name] += 1
        paper = matter.documents.filter(superseded_by=None).get().paper
        dossiers.replace_document(
            self.house.actor("seskab"), matter.id, paper, data=self.house.paper(), filename="baru.pdf"
        )

    @rule()
    def lock(self) -> None:
        with suppress(errors.CabinetError):
            sessions.lock(self.house.actor("presiden"), self.session.id)
            self.locked = self.released = True

    @rule()
    def reopen(self) -> None:
        with suppress(errors.CabinetError):
            until = now() + dt.timedelta(days=1)
            sessions.reopen(self.house.actor("seskab"), self.session.id, "Berkas menyusul", until)
            self.locked = False

    @invariant()
    def a_changed_paper_leaves_no_position_fresh(self) -> None:
        for name, matter in self.matters.items():
            fresh = Position.objects.filter(item__dossier=matter, docset_hash=self.papers(name))
            seats = set(fresh.values_list("seat__code", flat=True))
            now_said = {
                seat for (seat, one), on in self.said_on.items() if one == name and on == self.version[name]
            }
            assert seats <= now_said

    @invariant()
    def nothing_is_lost_and_nothing_appears(self) -> None:
        assert Position.objects.filter(item__session=self.session).count() == self.written

    @invariant()
    def sealed_positions_are_noise_before_the_lock(self) -> None:
        session = Session.objects.get(id=self.session.id)
        rows = list(Position.objects.filter(item__session=session))
        if self.released:
            return
        assert all(row.sealed_content is None and content_of(row) is None for row in rows)
        assert all(planned.matter.positions == {} for planned in agenda.plan(session))
        with pytest.raises(errors.StillSealed):
            sealing.release(session)
        with connection.cursor() as cursor:
            cursor.execute("SELECT coalesce(string_agg(p::text, ''), '') FROM cabinet_position AS p")
            dump = cursor.fetchone()[0]
        assert b"stance".hex() not in dump
        assert "stance" not in dump

    @invariant()
    def after_the_lock_everybody_reads_what_was_said(self) -> None:
        session = Session.objects.get(id=self.session.id)
        if session.state != SessionState.LOCKED:
            return
        for planned in agenda.plan(session):
            name = next(one for one, row in self.matters.items() if row.id == planned.item.dossier_id)
            heard = {seat: (one.stance, one.docset_hash) for seat, one in planned.matter.positions.items()}
            assert heard == {seat: said for (seat, one), said in self.said.items() if one == name}

    @invariant()
    def nothing_is_known_below_its_class(self) -> None:
        for seat, actor in self.house.people.items():
            known = set(
                visibility.items(standing_of(actor), self.session).values_list("dossier_id", flat=True)
            )
            assert known == {row.id for name, row in self.matters.items() if self.allowed(seat, name)}, seat


ONCE = settings(
    max_examples=6,
    stateful_step_count=12,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    database=None,
)
HUNT = settings(ONCE, max_examples=40, derandomize=True, phases=[Step.generate], print_blob=False)


@pytest.mark.django_db
def test_papers_positions_seals_and_classes_hold() -> None:
    run_state_machine_as_test(BeforeTheSession, settings=ONCE)


def _always_the_same(_papers: object) -> str:
    return "0" * 64


def _every_dossier(standing: Standing) -> object:
    return Dossier.objects.filter(body_id__in={one.body_id for one in standing.holdings})


def _by_class_alone(standing: Standing) -> object:
    ceiling = max(one.ceiling for one in standing.holdings)
    assert all(one.role in Role for one in standing.holdings)
    return Dossier.objects.filter(classification__lte=ceiling)


def _not_sealed(_session: Session) -> bool:
    return False


def _unlocked(session_id: UUID) -> Session:
    row = Session.objects.get(id=session_id)
    row.state, row.lock_at = SessionState.POSITIONS_OPEN, now() + dt.timedelta(days=1)
    return row


PLANTED: dict[str, tuple[object, str, Callable[..., object]]] = {
    "a changed paper has the same hash": (docsets, "docset_hash", _always_the_same),
    "class is forgotten": (visibility, "dossiers", _every_dossier),
    "need to know is forgotten": (visibility, "dossiers", _by_class_alone),
    "positions are written in the open": (positions, "_is_sealed", _not_sealed),
    "the lock is not looked at": (positions, "_shared", _unlocked),
}


@pytest.mark.skipif(
    not os.environ.get("PENDOPO_TEST_ALL"), reason="the hunts take minutes: ./pendopo test --all"
)
@pytest.mark.django_db
@pytest.mark.parametrize("bug", PLANTED)
def test_the_machine_finds_a_planted_bug(bug: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module, name, broken = PLANTED[bug]
    monkeypatch.setattr(module, name, broken)
    with pytest.raises((AssertionError, errors.CabinetError)):
        run_state_machine_as_test(BeforeTheSession, settings=HUNT)
