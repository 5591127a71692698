"""The hall's client and the office's real interface, with two real gateways between them.

Both rooms run in this process on one database (profile ``all``); the gateways are processes of their own and
know each other only through the signed registry snapshot.
"""

import dataclasses
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django import DjangoDbBlocker

from pendopo.exchange import access_records
from pendopo.exchange.actions.add_server import ServerFiles, add_server
from pendopo.exchange.actions.load import load
from pendopo.exchange.api import (
    BirthAttendant,
    BirthCommand,
    BirthPlaceKind,
    Child,
    CommandRefused,
    Context,
    CorrectedField,
    CorrectionCommand,
    ExchangeDenied,
    Father,
    Hop,
    MaritalStatus,
    MarriageProof,
    PersonField,
    PersonNotFound,
    PopulationAnswerInvalid,
    PopulationUnavailable,
    Relation,
    population,
    pseudonym,
)
from pendopo.exchange.gateway import http_client
from pendopo.exchange.models import Agreement, PullCursor, RejectedRecord
from pendopo.exchange.snapshots import write_snapshot
from pendopo.foundation.actor import SYSTEM
from pendopo.foundation.clock import today
from pendopo.foundation.settings import current
from pendopo.kernel.nik import Nik
from pendopo.kernel.sex import Sex
from pendopo.ledger import api as ledger
from pendopo.registers import queries
from pendopo.registers.actions.seed import seed, villages
from pendopo.registers.models import Birth
from pendopo.registers.synthetic import make
from pendopo.registers.synthetic.people import Cast
from tests.contracts.front import Front, office_front, office_server
from tests.contracts.gateways import Pair, make_pair, running

ACTIVATION = Context("identity.activation", SYSTEM, issue="AKT-1")
BIRTH = Context("civil-registration.birth", SYSTEM, issue="AK-2026-000001")
CORRECTION = Context("civil-registration.correction", SYSTEM, issue="PA-2026-000001")


# The hall's own writes are rolled back after each test; what the office enters, it commits.
pytestmark = pytest.mark.django_db


@dataclasses.dataclass(frozen=True, slots=True)
class Exchange:
    """Everything between the hall and the office, and who lives there."""

    pair: Pair
    front: Front
    cast: Cast


@pytest.fixture(scope="module")
def standing(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Exchange]:
    """Gateways, office and people, once for all tests here; what they commit is removed at the end."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch, office_server() as office:
        seed(people=240)
        with office_front(office) as front:
            pair = _pair(tmp_path_factory.mktemp("exchange"), front)
            patch.setenv("PENDOPO_GATEWAY_URL", pair.hall.url)
            patch.setenv("PENDOPO_GATEWAY_TOKEN_FILE", str(pair.hall_token))
            current.cache_clear()
            try:
                with running(pair):
                    yield Exchange(pair, front, make.cast(villages()))
            finally:
                http_client().close()
                call_command("flush", interactive=False, verbosity=0)
    current.cache_clear()


@pytest.fixture
def exchange(standing: Exchange) -> Iterator[Exchange]:
    yield standing
    standing.front.mood = "pass"


def _pair(folder: Path, front: Front) -> Pair:
    token_file = current().provider_token_file
    assert token_file is not None
    pair = make_pair(folder, f"http://127.0.0.1:{front.port}", token_file.read_text().strip())
    load(SYSTEM)
    for site in (pair.hall, pair.office):
        files = ServerFiles(
            (site.folder / "tls-chain.pem").read_bytes(), (site.folder / "signing-public.pem").read_bytes()
        )
        add_server(f"{site.member}/GW1", site.peer_address, files, SYSTEM)
    write_snapshot(pair.registry)
    return pair


def birth(mother: Nik, father: Nik | None) -> BirthCommand:
    child = Child(
        name="Sekar Ayu Lestari",
        sex=Sex.FEMALE,
        birth_date=today() - timedelta(days=1),
        birth_place_code="33.14",
        place_kind=BirthPlaceKind.HOSPITAL,
        attendant=BirthAttendant.MIDWIFE,
        birth_order=5,
        weight_grams=3100,
    )
    return BirthCommand(
        child=child,
        mother_nik=mother,
        father=Father(nik=father) if father else None,
        marriage_proof=MarriageProof.REGISTER if father else MarriageProof.NONE,
        applicant_nik=mother,
        case_number="AK-2026-000001",
        decided_at=datetime.now(UTC),
    )


def name_of(nik: Nik) -> str | None:
    return population.person(nik, fields=[PersonField.NAME], context=ACTIVATION).name


def pull_until(subject: Nik, count: int) -> list[ledger.AccessView]:
    """Pull as the worker does until a person has that many confirmed entries."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        access_records.pull_all()
        entries = ledger.access_of(pseudonym(subject))
        if len([entry for entry in entries if entry.confirmed]) >= count:
            return entries
        time.sleep(0.1)
    pytest.fail(f"only {len(ledger.access_of(pseudonym(subject)))} entries came")


def test_the_whole_interface_through_two_gateways(exchange: Exchange) -> None:
    mother = exchange.cast.mothers[0]
    assert mother.husband is not None
    everything = [PersonField.NAME, PersonField.SEX, PersonField.ALIVE, PersonField.ADDRESS]
    found = population.person(mother.nik, fields=everything, context=BIRTH)
    assert found.fields == set(everything)
    assert found.address is not None
    assert found.address.regency == "Kabupaten Sragen"
    family = population.family(mother.nik, context=BIRTH)
    line = family.member(mother.nik)
    assert line is not None
    assert (line.relation, line.marital_status) == (Relation.WIFE, MaritalStatus.MARRIED)
    assert family.marriage_of(mother.nik) == family.marriage_of(mother.husband)

    command = birth(mother.nik, mother.husband)
    done = population.register_birth(command, context=BIRTH, idempotency_key="k1")
    assert population.register_birth(command, context=BIRTH, idempotency_key="k1") == done
    assert done.certificate.father_name == mother.husband_name
    assert done.family_card_version == family.version + 1
    assert population.family(mother.nik, context=BIRTH).member(done.certificate.child_nik) is not None
    with pytest.raises(CommandRefused) as refused:
        population.register_birth(command, context=BIRTH, idempotency_key="k2")
    assert (refused.value.reason, refused.value.reference) == ("duplicate-birth", done.certificate.number)

    correction = CorrectionCommand(
        certificate=done.certificate.number,
        child_nik=done.certificate.child_nik,
        child_name="Sekar Ayu Lestary",
        birth_place_code=None,
        reason="Salah tulis",
        case_number="PA-2026-000001",
        decided_at=datetime.now(UTC),
    )
    fixed = population.correct_birth(correction, context=CORRECTION, idempotency_key="c1")
    assert fixed.certificate.corrected == (CorrectedField.CHILD_NAME,)
    assert fixed.certificate.full_number == f"{done.certificate.number}/2"


def test_every_look_reaches_the_ledger_once_and_both_sides_say_the_same(exchange: Exchange) -> None:
    mother = exchange.cast.mothers[7]
    assert mother.husband is not None
    name_of(mother.nik)
    population.family(mother.nik, context=BIRTH)
    entries = pull_until(mother.nik, 2)
    assert len(entries) == 2
    assert {entry.purpose for entry in entries} == {"identity.activation", "civil-registration.birth"}
    assert all(entry.confirmed and not entry.disputed for entry in entries)
    assert {entry.legal_basis for entry in entries} == {"permendagri-72-2022", "uu-23-2006"}
    looked = next(entry for entry in entries if entry.purpose == "identity.activation")
    assert set(looked.fields) == {"nik", "name"}
    assert looked.issue == "AKT-1"
    # Her husband was shown with the family card, though nobody asked about him.
    assert [entry.purpose for entry in pull_until(mother.husband, 1)] == ["civil-registration.birth"]
    PullCursor.objects.all().delete()
    access_records.pull_all()
    assert len(ledger.access_of(pseudonym(mother.nik))) == 2
    assert RejectedRecord.objects.count() == 0


def test_looks_made_while_the_puller_was_away_are_not_lost(exchange: Exchange) -> None:
    mother = exchange.cast.mothers[1]
    for _ in range(5):
        name_of(mother.nik)
    exchange.pair.hall.stop()
    access_records.pull_all()
    assert ledger.access_of(pseudonym(mother.nik)) == []
    exchange.pair.hall.start()
    assert len(pull_until(mother.nik, 5)) == 5


def test_a_refused_question_is_told_as_such(exchange: Exchange) -> None:
    mother = exchange.cast.mothers[2]
    stranger = Nik.parse(mother.nik.value[:12] + "9998")
    with pytest.raises(PersonNotFound):
        name_of(stranger)
    with pytest.raises(ExchangeDenied) as by_office:
        population.person(mother.nik, fields=[PersonField.RELIGION], context=BIRTH)
    assert (by_office.value.hop, by_office.value.reason) == (Hop.POPULATION_OFFICE, "field")
    with pytest.raises(ExchangeDenied) as by_gateway:
        population.family(mother.nik, context=ACTIVATION)
    assert by_gateway.value.hop in {Hop.OWN_GATEWAY, Hop.REMOTE_GATEWAY}
    basis = dataclasses.replace(ACTIVATION, legal_basis="perpres-96-2018")
    with pytest.raises(ExchangeDenied):
        population.person(mother.nik, fields=[PersonField.NAME], context=basis)


def test_a_withdrawn_agreement_closes_the_door_within_seconds(exchange: Exchange) -> None:
    mother = exchange.cast.mothers[2]
    assert name_of(mother.nik)
    Agreement.objects.filter(purpose="identity.activation").update(withdrawn_at=datetime.now(UTC))
    write_snapshot(exchange.pair.registry)
    assert _within_seconds(lambda: not _answers(mother.nik))
    load(SYSTEM)
    write_snapshot(exchange.pair.registry)
    assert _within_seconds(lambda: _answers(mother.nik))


def _answers(nik: Nik) -> bool:
    try:
        return name_of(nik) is not None
    except ExchangeDenied:
        return False


def _within_seconds(holds: Callable[[], bool]) -> bool:
    """Whether something becomes true within ten seconds, which is how soon gateways must obey."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.2)
    return False


@pytest.mark.parametrize("mood", ["slow", "cut"])
def test_an_office_that_does_not_answer_means_later(exchange: Exchange, mood: str) -> None:
    mother = exchange.cast.mothers[3]
    exchange.front.mood = mood  # type: ignore[assignment]  # one of the moods
    with pytest.raises(PopulationUnavailable) as caught:
        name_of(mother.nik)
    assert caught.value.hop is Hop.POPULATION_OFFICE
    exchange.front.mood = "pass"
    assert name_of(mother.nik)


def test_an_office_that_answers_wrongly_is_not_believed(exchange: Exchange) -> None:
    mother = exchange.cast.mothers[3]
    exchange.front.mood = "nonsense"
    with pytest.raises(PopulationAnswerInvalid):
        name_of(mother.nik)
    exchange.front.mood = "broken"
    with pytest.raises(PopulationAnswerInvalid) as caught:
        name_of(mother.nik)
    assert (caught.value.hop, caught.value.cause) == (Hop.POPULATION_OFFICE, "status-500")


def test_a_lost_answer_enters_no_second_child(exchange: Exchange) -> None:
    """The office acted and its answer was lost: the hall repeats with the same key and gets that child."""
    mother = exchange.cast.mothers[4]
    command = birth(mother.nik, mother.husband)
    exchange.front.mood = "late-answer-lost"
    with pytest.raises(PopulationUnavailable):
        population.register_birth(command, context=BIRTH, idempotency_key="lost-1")
    assert _births_of(mother.nik) == 1
    exchange.front.mood = "pass"
    done = population.register_birth(command, context=BIRTH, idempotency_key="lost-1")
    assert _births_of(mother.nik) == 1
    assert population.family(mother.nik, context=BIRTH).member(done.certificate.child_nik) is not None


def _births_of(mother: Nik) -> int:
    row = queries.find(mother)
    return Birth.objects.filter(mother=row).count()


def test_which_gateway_is_down_is_told(exchange: Exchange) -> None:
    mother = exchange.cast.mothers[5]
    exchange.pair.office.stop()
    with pytest.raises(PopulationUnavailable) as remote:
        name_of(mother.nik)
    assert remote.value.hop is Hop.REMOTE_GATEWAY
    exchange.pair.hall.stop()
    with pytest.raises(PopulationUnavailable) as own:
        name_of(mother.nik)
    assert own.value.hop is Hop.OWN_GATEWAY
    exchange.pair.office.start()
    exchange.pair.hall.start()
    assert name_of(mother.nik)


def test_no_nik_stands_in_a_gateway_log_or_spool(exchange: Exchange) -> None:
    mother = exchange.cast.mothers[6]
    name_of(mother.nik)
    for site in (exchange.pair.hall, exchange.pair.office):
        for file in site.folder.rglob("*"):
            if file.is_file():
                assert mother.nik.value.encode() not in file.read_bytes(), file
