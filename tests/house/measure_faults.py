"""Faults of the rooms that measures count over: each begins well, and can be planted and mended again.

They are in the rows, files and clocks of the room that counts, where they would happen.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import time_machine
import yaml
from django.db.models import Model

from pendopo.casework import models as cases
from pendopo.casework.states import CaseState, CommandKind, CommandState, CorrectionState, SurveyState
from pendopo.casework.survey import ELEMENTS
from pendopo.catalogue import store
from pendopo.catalogue.actions import publish
from pendopo.catalogue.definition.load import load
from pendopo.catalogue.models import ServiceVersion
from pendopo.documents.models import Content, IssuedDocument
from pendopo.documents.tests.builders import issue
from pendopo.exchange.actions.load import load as load_exchange
from pendopo.exchange.models import Agreement
from pendopo.foundation import drills
from pendopo.foundation.actor import SYSTEM
from pendopo.foundation.clock import now, today
from pendopo.foundation.models import AuditRow, Drill
from pendopo.foundation.settings import current
from pendopo.identity import testing as people
from pendopo.identity.actions.sessions import SIGNED_IN, SignIn, open_session
from pendopo.identity.assurance import Authentication
from pendopo.ledger import api as ledger
from pendopo.ledger.api import Side
from pendopo.ledger.tests.builders import entry
from pendopo.ledger.tests.test_stamps import grow

type Text = dict[str, Any]  # YAML as it is read

ENOUGH = 40
"""More than any binding asks to be counted."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What breaks a measure that stood well, and what mends it."""

    plant: Callable[[], object]
    mend: Callable[[], object]


def _flip(model: type[Model], good: dict[str, object], bad: dict[str, object]) -> Fault:
    rows = model._default_manager.all()
    return Fault(lambda: rows.update(**bad), lambda: rows.update(**good))


def _cases(**columns: object) -> None:
    sealed = dict.fromkeys(
        ("applicant_name", "pseudonym", "answers", "known", "remarks", "tracking_code", "tracking_index"), b""
    )
    cases.Case.objects.bulk_create(
        cases.Case(
            number=f"2026-99-{n:06d}",
            draft_id=uuid4(),
            service_version_id=uuid4(),
            agency="dukcapil",
            service="akta-kelahiran",
            body_id=uuid4(),
            subject_id=uuid4(),
            language="id",
            purpose="civil-registration.birth",
            state=CaseState.ISSUED,
            submitted_at=now(),
            closed_at=now(),
            **sealed,
            **columns,
        )
        for n in range(ENOUGH)
    )


def _on_time() -> Fault:
    _cases(promise_kept=True)
    return _flip(cases.Case, {"promise_kept": True}, {"promise_kept": False})


def _online() -> Fault:
    _cases(channel="web")
    return _flip(cases.Case, {"channel": "web"}, {"channel": "counter"})


def _survey_answered() -> Fault:
    _cases(survey=SurveyState.ANSWERED)
    return _flip(cases.Case, {"survey": SurveyState.ANSWERED}, {"survey": SurveyState.OPEN})


def _commands_answered() -> Fault:
    with time_machine.travel(now() - dt.timedelta(hours=3), tick=True):
        _cases()
        for n, case in enumerate(cases.Case.objects.all()):
            cases.RegisterCommand.objects.create(
                case=case, kind=CommandKind.BIRTH, child=0, key=f"k{n}", state=CommandState.DONE
            )
    return _flip(cases.RegisterCommand, {"state": CommandState.DONE}, {"state": CommandState.PENDING})


def _corrections_answered() -> Fault:
    with time_machine.travel(now() - dt.timedelta(days=9), tick=True):
        _cases()
        for case in cases.Case.objects.all():
            cases.Correction.objects.create(
                case=case,
                child=0,
                state=CorrectionState.REFUSED,
                changes=b"",
                reason=b"",
                requested_by=uuid4(),
                requested_by_officer=False,
            )
    at = now() - dt.timedelta(days=8)
    fault = _flip(cases.Correction, {"decided_at": at}, {"decided_at": None})
    fault.mend()
    return fault


def _satisfied() -> Fault:
    grades = dict.fromkeys(ELEMENTS, 4)
    cases.SurveyAnswer.objects.bulk_create(
        cases.SurveyAnswer(
            month=(today().replace(day=1) - dt.timedelta(days=40)).replace(day=1),
            agency="dukcapil",
            service="akta-kelahiran",
            channel="web",
            overall=4,
            **grades,
        )
        for _ in range(ENOUGH)
    )
    return _flip(cases.SurveyAnswer, {"overall": 4}, {"overall": 1})


def _satisfaction() -> Fault:
    _satisfied()
    kept = list(cases.SurveyAnswer.objects.all())
    rows = cases.SurveyAnswer.objects
    return Fault(lambda: rows.all().delete(), lambda: rows.bulk_create(kept))


def _republished(**changes: Callable[[Text], None]) -> Fault:
    """Let another text of the service be current, one that no proof looked at; changes are by file."""
    good = ServiceVersion.objects.get(current=True)
    files = dict(good.files)
    for name, change in {"service": lambda told: told.update(version="99.0.0"), **changes}.items():
        told = yaml.safe_load(files[f"{name}.yaml"])
        change(told)
        files[f"{name}.yaml"] = yaml.safe_dump(told)
    bad = publish._insert(load(files))

    def choose(chosen: UUID) -> None:
        ServiceVersion.objects.update(current=False)
        ServiceVersion.objects.filter(id=chosen).update(current=True)
        store.read_version.cache_clear()

    return Fault(lambda: choose(bad.id), lambda: choose(good.id))


def _wholly_online() -> Fault:
    def at_the_counter(told: Text) -> None:
        told.update(channels=["counter"], version="99.0.0")

    return _republished(service=at_the_counter)


def _connected() -> Fault:
    def asking_nobody(told: Text) -> None:
        told["lookups"] = {}

    def telling_nobody(told: Text) -> None:
        told["commands"] = {}

    return _republished(data=asking_nobody, flow=telling_nobody)


def _once_only() -> Fault:
    def ask_everything(told: Text) -> None:
        for group in told["groups"].values():
            for one in group["fields"].values():
                one["origins"] = [{"ask": True}]

    return _republished(data=ask_everything)


def _stamped() -> Fault:
    with time_machine.travel(now() - dt.timedelta(minutes=30), tick=True):
        issue()
    fault = _flip(IssuedDocument, {"stamped_at": now()}, {"stamped_at": None})
    fault.mend()
    return fault


def _whole() -> Fault:
    issue()
    held = Content.objects.get(id=IssuedDocument.objects.get().content_id)
    sealed = bytes(held.sealed)
    return _flip(Content, {"sealed": sealed}, {"sealed": sealed[:-1] + bytes([sealed[-1] ^ 1])})


def _agreed() -> Fault:
    load_exchange(SYSTEM)
    return _flip(
        Agreement,
        {"valid_to": today() + dt.timedelta(days=90)},
        {"valid_to": today() - dt.timedelta(days=1)},
    )


def _drilled() -> Fault:
    for n in range(3):
        began = now() - dt.timedelta(days=n + 1)
        drills.record(drills.Outcome(drills.RESTORE, began, 9.0, ok=True, findings=0, sha256=f"{n:064x}"))
    recent, long_ago = now() - dt.timedelta(days=1), now() - dt.timedelta(days=400)
    return _flip(Drill, {"began_at": recent}, {"began_at": long_ago})


def _passkeys() -> Fault:
    subject = people.a_person(people.a_nik(77), "Rina Kartika", email=None).id

    def sign_in(*how: str) -> None:
        for _ in range(ENOUGH):
            open_session(SignIn(subject, Authentication.TWO_FACTORS, (*how, "mfa"), now()))

    sign_in("pop", "user")
    before = list(AuditRow.objects.values_list("id", flat=True))

    def plant() -> None:
        sign_in("pwd", "otp")
        sign_in("pwd", "otp")

    later = AuditRow.objects.exclude(id__in=before).filter(event=SIGNED_IN)
    return Fault(plant, lambda: later.all().delete())


def _both_sides() -> Fault:
    numbers, alone = count(), list[str]()

    def told(message: str, side: Side) -> None:
        ledger.record_access(entry("sari", message_id=message, side=side, statement=f"{side}.b.c"))

    def exchange(minutes_ago: int) -> list[str]:
        """Let the hall tell of messages; what the office tells of them comes later, or never."""
        messages = [f"m{next(numbers)}" for _ in range(ENOUGH)]
        with time_machine.travel(now() - dt.timedelta(minutes=minutes_ago), tick=True):
            for message in messages:
                told(message, "consumer")
        return messages

    def mend() -> None:
        while alone:
            told(alone.pop(), "provider")

    alone += exchange(20)
    mend()
    return Fault(lambda: alone.extend(exchange(10)), mend)


def _sequenced() -> Fault:
    def entries() -> None:
        with time_machine.travel(now() - dt.timedelta(minutes=1), tick=True):
            for _ in range(ENOUGH):
                ledger.record_access(entry("sari"))

    entries()
    _sequence_all()
    return Fault(entries, _sequence_all)


def _sequence_all() -> None:
    while ledger.sequence():
        pass


def _log_stamped() -> Fault:
    grow(3)
    folder = current().checkpoint_dir

    def stamp() -> None:
        for path in list(folder.iterdir()):
            if path.stem.isdigit():
                path.with_suffix(".tst").write_bytes(b"a token")

    def lose() -> None:
        for path in folder.glob("*.tst"):
            path.unlink()

    stamp()
    return Fault(lose, stamp)


FAULTS: dict[str, Callable[[], Fault]] = {
    "casework.commands-answered": _commands_answered,
    "casework.corrections-answered": _corrections_answered,
    "casework.on-time": _on_time,
    "casework.online": _online,
    "casework.satisfaction": _satisfaction,
    "casework.satisfied": _satisfied,
    "casework.survey-answered": _survey_answered,
    "catalogue.connected": _connected,
    "catalogue.once-only": _once_only,
    "catalogue.wholly-online": _wholly_online,
    "documents.stamped": _stamped,
    "documents.whole": _whole,
    "exchange.agreed": _agreed,
    "foundation.restore-drill": _drilled,
    "identity.passkeys": _passkeys,
    "ledger.both-sides": _both_sides,
    "ledger.sequenced": _sequenced,
    "ledger.stamped": _log_stamped,
}
