"""The door of the exchange.

``population`` holds the calls to the population office::

    population.person(nik, fields=[PersonField.NAME], context=Context("identity.activation", actor))
    population.family(nik, context=...)
    population.register_birth(command, context=..., idempotency_key=str(event.id))
    population.correct_birth(command, context=..., idempotency_key=str(event.id))

All four raise :class:`PopulationUnavailable` (retry later), :class:`ExchangeDenied` (configuration or law
says no) and, for questions, :class:`PersonNotFound` / :class:`FamilyNotFound`; for commands,
:class:`CommandRefused`. They do network I/O (a question at most 8 s, a command 35 s): never call them inside
a database transaction that holds locks.
"""

from pendopo.exchange import population
from pendopo.exchange.context import Context, name_actors_by
from pendopo.exchange.definitions import EndpointRule, is_granted
from pendopo.exchange.errors import (
    CommandRefused,
    ExchangeDenied,
    ExchangeError,
    ExchangeMisconfigured,
    FamilyNotFound,
    Hop,
    PersonNotFound,
    PopulationAnswerInvalid,
    PopulationUnavailable,
    UnknownPurpose,
)
from pendopo.exchange.pseudonyms import pseudonym
from pendopo.exchange.purposes import LegalBasis, Purpose, legal_basis, purpose, purposes
from pendopo.exchange.records import (
    Address,
    BirthAttendant,
    BirthCommand,
    BirthCorrected,
    BirthPlaceKind,
    BirthRegistered,
    Certificate,
    Child,
    CorrectedField,
    CorrectionCommand,
    Family,
    FamilyMember,
    Father,
    MaritalStatus,
    Marriage,
    MarriageProof,
    Person,
    PersonField,
    RefusalReason,
    Relation,
    Spouse,
)
from pendopo_wire.snapshot import Snapshot

__all__ = [
    "Address",
    "BirthAttendant",
    "BirthCommand",
    "BirthCorrected",
    "BirthPlaceKind",
    "BirthRegistered",
    "Certificate",
    "Child",
    "CommandRefused",
    "Context",
    "CorrectedField",
    "CorrectionCommand",
    "EndpointRule",
    "ExchangeDenied",
    "ExchangeError",
    "ExchangeMisconfigured",
    "Family",
    "FamilyMember",
    "FamilyNotFound",
    "Father",
    "Hop",
    "LegalBasis",
    "MaritalStatus",
    "Marriage",
    "MarriageProof",
    "Person",
    "PersonField",
    "PersonNotFound",
    "PopulationAnswerInvalid",
    "PopulationUnavailable",
    "Purpose",
    "RefusalReason",
    "Relation",
    "Spouse",
    "UnknownPurpose",
    "build_snapshot",
    "is_granted",
    "legal_basis",
    "name_actors_by",
    "population",
    "pseudonym",
    "purpose",
    "purposes",
]


def build_snapshot() -> Snapshot:
    """The registry of the exchange as it stands, unsigned (the hall only: needs the room's tables)."""
    # Imported here so that a register, which has no such tables, can use the rest of this door.
    from pendopo.exchange.snapshots import build_snapshot as build  # noqa: PLC0415

    return build()
