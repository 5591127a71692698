"""The endpoints of ``population-v1``. Questions are POST too, so that no NIK stands in an address."""

from collections.abc import Sequence

from django.core.exceptions import SuspiciousOperation
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from pendopo.exchange.api import pseudonym
from pendopo.foundation import problems
from pendopo.foundation.actor import Actor, ActorKind
from pendopo.foundation.audit import audit, event_type
from pendopo.foundation.commitments import JSON
from pendopo.foundation.logs import get, request_id
from pendopo.kernel.errors import PendopoError
from pendopo.kernel.nik import Nik
from pendopo.registers import queries
from pendopo.registers.actions.correct_birth import correct_birth
from pendopo.registers.actions.register_birth import register_birth
from pendopo.registers.commands import CREATED, Outcome, once
from pendopo.registers.errors import Denied, RegisterError, RequestInvalid, Unauthenticated
from pendopo.registers.rest import bodies, schemas
from pendopo.registers.rest.envelope import (
    Envelope,
    GatewayToken,
    idempotency_key,
    open_envelope,
    parse_nik,
    require_subjects,
)

PERSON_SHOWN = event_type("registers.person_shown", "The office answered a question about a person")
FAMILY_SHOWN = event_type("registers.family_shown", "The office answered a question about a family")
GATEWAY = Actor(ActorKind.SERVICE)
FAMILY_FIELDS = ("family_card", "address", "members", "marriage")
COMMAND_FIELDS = ("certificate", "family_card")
PROBLEMS = {400: schemas.Problem, 401: schemas.Problem, 403: schemas.Problem}
QUESTION_PROBLEMS = {**PROBLEMS, 404: schemas.Problem}
COMMAND_PROBLEMS = {**PROBLEMS, 409: schemas.Problem, 422: schemas.Problem}

log = get(__name__)
api = NinjaAPI(
    title="Population register",
    version="1.0.0",
    urls_namespace="population",
    auth=GatewayToken(),
    docs_url=None,
    openapi_url=None,
)


@api.post("/persons", response={200: schemas.PersonOut, **QUESTION_PROBLEMS}, operation_id="person")
def person(request: HttpRequest, body: schemas.PersonQuestion) -> HttpResponse:
    """Show some fields of one person, no more than the purpose allows."""
    envelope = open_envelope(request, "/persons")
    nik = parse_nik(body.nik, "nik")
    shown = require_subjects(envelope, [nik])
    fields = frozenset(body.fields)
    if not fields <= envelope.purpose.person_fields:
        raise Denied("field")
    found = queries.person(nik, fields)
    _audit(PERSON_SHOWN, envelope, len(shown))
    return _answer(bodies.person_json(found), shown, ["nik", *sorted(field.value for field in fields)])


@api.post("/families", response={200: schemas.FamilyOut, **QUESTION_PROBLEMS}, operation_id="family")
def family(request: HttpRequest, body: schemas.FamilyQuestion) -> HttpResponse:
    """Show the family card of one person; every member is a person whose data is shown."""
    envelope = open_envelope(request, "/families")
    nik = parse_nik(body.nik, "nik")
    require_subjects(envelope, [nik])
    found = queries.family(nik)
    members: list[Nik] = [member.nik for member in found.members]
    spouses = [side.nik for marriage in found.marriages for side in (marriage.husband, marriage.wife)]
    shown = tuple(dict.fromkeys(pseudonym(one) for one in [*members, *filter(None, spouses)]))
    _audit(FAMILY_SHOWN, envelope, len(shown))
    return _answer(bodies.family_json(found), shown, FAMILY_FIELDS)


@api.post("/births", response={201: schemas.BirthOut, **COMMAND_PROBLEMS}, operation_id="register_birth")
def births(request: HttpRequest, body: schemas.BirthIn) -> HttpResponse:
    """Enter one child (needs an Idempotency-Key)."""
    envelope = open_envelope(request, "/births")
    command = bodies.birth_command(body)
    named = [command.mother_nik, command.applicant_nik]
    if command.father is not None and command.father.nik is not None:
        named.append(command.father.nik)
    subjects = require_subjects(envelope, named)

    def act() -> Outcome:
        entered = register_birth(command, GATEWAY)
        shown = (*subjects, pseudonym(entered.certificate.child_nik))
        return Outcome(CREATED, bodies.birth_json(entered), shown)

    outcome = once(
        envelope.client, idempotency_key(request), b"births\n" + body.model_dump_json().encode(), act
    )
    return _answer(outcome.body, outcome.subjects, COMMAND_FIELDS, CREATED)


@api.post(
    "/births/{certificate}/corrections",
    response={201: schemas.CorrectionOut, **COMMAND_PROBLEMS},
    operation_id="correct_birth",
)
def corrections(request: HttpRequest, certificate: str, body: schemas.CorrectionIn) -> HttpResponse:
    """Correct an issued certificate (needs an Idempotency-Key)."""
    envelope = open_envelope(request, "/births/*/corrections")
    command = bodies.correction_command(certificate, body)
    subjects = require_subjects(envelope, [command.child_nik])

    def act() -> Outcome:
        return Outcome(CREATED, bodies.correction_json(correct_birth(command, GATEWAY)), subjects)

    prefix = f"corrections/{certificate}\n".encode()
    outcome = once(envelope.client, idempotency_key(request), prefix + body.model_dump_json().encode(), act)
    return _answer(outcome.body, outcome.subjects, COMMAND_FIELDS, CREATED)


def _audit(event: str, envelope: Envelope, persons: int) -> None:
    detail: dict[str, JSON] = {
        "client": envelope.client,
        "purpose": envelope.purpose.code,
        "persons": persons,
    }
    with transaction.atomic():
        audit(event, actor=GATEWAY, detail=detail)


def _answer(body: str, subjects: Sequence[str], fields: Sequence[str], status: int = 200) -> HttpResponse:
    """An answer that names whose data it shows and which fields, for the access record."""
    response = HttpResponse(body, status=status, content_type="application/json")
    response["X-Exchange-Subjects"] = ",".join(subjects)
    response["X-Exchange-Fields"] = ",".join(fields)
    response["Cache-Control"] = "no-store"
    return response


def _problem(error: PendopoError) -> HttpResponse:
    document = schemas.Problem(
        type=f"urn:pendopo:error:{error.code}",
        title=problems.sentence(error, "en"),
        status=error.status,
        code=error.code,
        reason=error.reason if isinstance(error, RegisterError) else "",
        reference=error.reference if isinstance(error, RegisterError) else "",
        instance=f"urn:pendopo:request:{request_id()}",
    )
    body = document.model_dump_json()
    response = HttpResponse(body, status=error.status, content_type="application/problem+json")
    response["Cache-Control"] = "no-store"
    return response


@api.exception_handler(PendopoError)
def _expected(_: HttpRequest, error: PendopoError) -> HttpResponse:
    return _problem(error)


@api.exception_handler(AuthenticationError)
def _unauthenticated(_: HttpRequest, __: AuthenticationError) -> HttpResponse:
    response = _problem(Unauthenticated())
    response["WWW-Authenticate"] = "Bearer"
    return response


@api.exception_handler(ValidationError)
def _invalid(_: HttpRequest, error: ValidationError) -> HttpResponse:
    """Name the place of the first error. Its text would quote the value, which is personal data."""
    places = [".".join(str(part) for part in item["loc"][2:]) for item in error.errors]
    return _problem(RequestInvalid(places[0] if places and places[0] else "body"))


@api.exception_handler(HttpError)
def _unreadable(_: HttpRequest, __: HttpError) -> HttpResponse:
    return _problem(RequestInvalid("body"))


@api.exception_handler(SuspiciousOperation)
def _suspicious(_: HttpRequest, __: SuspiciousOperation) -> HttpResponse:
    """A body beyond what Django reads into memory, or headers that cannot be."""
    return _problem(RequestInvalid("body"))


@api.exception_handler(Exception)
def _unexpected(_: HttpRequest, error: Exception) -> HttpResponse:
    """A bug answers like one, without its text; the stack goes to the log."""
    log.error("register_failed", error=type(error).__name__, exc_info=error)
    return _problem(RegisterError())
