"""Somebody with a copy of the database: what its rows tell of positions and ballots without the root key."""

from functools import partial

import pytest
from django.db import connection
from psycopg import sql

from pendopo.cabinet.actions import ballots, session_live, sessions
from pendopo.cabinet.live import commands
from pendopo.cabinet.models import Ballot, LiveEvent, Position, Session
from pendopo.cabinet.positions import content_of
from pendopo.cabinet.testing.house import House
from pendopo.cabinet.values import Choice, Stance
from pendopo.foundation.outbox import deliver_due
from pendopo.identity import api as identity

pytestmark = pytest.mark.django_db

SAID = {
    "menkeu": (Stance.OBJECT, True),
    "menpan": (Stance.NO_OBJECTION, False),
    "menkes": (Stance.ABSTAIN, False),
    "wapres": (Stance.RECUSED, False),
    "mendagri": (Stance.NO_OBJECTION, True),
}
MEMBERS = ("ketua", "wakil-1", "wakil-2", "anggota-01", "anggota-02", "anggota-03", "anggota-04")


def dumped() -> str:
    """Return every row of every table as text, as ``pg_dump`` would."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        tables = [sql.Identifier(name) for (name,) in cursor.fetchall()]
        found = []
        for table in tables:
            cursor.execute(
                sql.SQL("SELECT coalesce(string_agg(t::text, ' '), '') FROM {} AS t").format(table)
            )
            found.append(cursor.fetchone()[0])
    return "\n".join(found)


def sealed_session(house: House) -> Session:
    """Open positions on one item and let five seats say five different things."""
    matter = house.dossier("rperpres", "menkeu")
    session = house.session(matter)
    for seat, (stance, speaks) in SAID.items():
        house.say(seat, session, matter, stance, speak=speaks)
    return Session.objects.get(id=session.id)


def test_the_length_of_a_sealed_position_does_not_tell_the_stance(sidang: House) -> None:
    session = sealed_session(sidang)
    rows = Position.objects.filter(item__session=session)
    assert len({len(bytes(row.envelope or b"")) for row in rows}) == 1


def test_no_row_of_any_table_tells_a_stance_before_the_lock(
    sidang: House, capfd: pytest.CaptureFixture[str]
) -> None:
    sealed_session(sidang)
    deliver_due()
    printed = capfd.readouterr()
    seen = dumped() + printed.out + printed.err
    assert "cabinet.position_stated" in seen, "the audit rows are part of it"
    for word in ("no_objection", "abstain", "recused", "wants_to_speak"):
        assert word not in seen
        assert word.encode().hex() not in seen


def test_the_length_of_an_opened_position_does_not_tell_the_stance_either(sidang: House) -> None:
    session = sealed_session(sidang)
    sessions.lock(sidang.actor("presiden"), session.id)
    rows = list(Position.objects.filter(item__session=session).select_related("seat"))
    assert {row.seat.code: content.stance for row in rows if (content := content_of(row))} == {
        seat: stance for seat, (stance, _) in SAID.items()
    }
    assert len({len(bytes(row.sealed_content or b"")) for row in rows}) == 1


def test_the_length_of_a_ballot_does_not_tell_the_choice(council: House) -> None:
    matter = council.dossier("keputusan", "wakil-1")
    session = council.session(matter)
    council.open(session, *MEMBERS)
    item, poll = str(session.items.get().id), session_live.new_poll()
    lead = partial(session_live.lead, council.actor("ketua"), session.id)
    lead(partial(commands.open_item, item=item))
    lead(partial(commands.put_motion, poll=poll, item=item, question="Setuju?"))
    choices = [*Choice, *Choice]
    for seat, choice in zip(MEMBERS, choices, strict=False):
        ballots.cast(
            council.actor(seat),
            session.id,
            poll,
            seat_id=council.seats[seat],
            choice=choice,
            docset_hash=matter.docset_hash,
            answer=None,
        )
    kept = list(Ballot.objects.filter(session=session).select_related("seat"))
    events = LiveEvent.objects.filter(session=session, kind="ballot")
    assert len({len(bytes(row.sealed_statement)) for row in kept}) == 1
    assert len({len(bytes(row.sealed_event)) for row in events}) == 1
    said = {row.seat.code: ballots.signed_statement(row) for row in kept}
    for seat, choice in zip(MEMBERS, choices, strict=False):
        whole = ballots.statement(session.id, poll, seat, choice, matter.docset_hash)
        assert said[seat] == whole, "padding is gone when the statement is checked"
        assert not identity.signature_holds(whole, b"{}")
