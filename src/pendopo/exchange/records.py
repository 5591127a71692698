"""What the population office answers, and what the hall may command, as frozen values.

Field names follow the REST interface ``population-v1``. A field of :class:`Person` that was not asked, or
that the agreement does not allow, is ``None`` and absent from ``Person.fields``.
"""

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Literal

from pendopo.kernel.nik import Nik
from pendopo.kernel.sex import Sex


class PersonField(StrEnum):
    """Fields of a person that can be asked for. The NIK itself is always part of the answer."""

    NAME = "name"
    SEX = "sex"
    BIRTH_DATE = "birth_date"
    BIRTH_PLACE = "birth_place"
    ALIVE = "alive"
    MARITAL_STATUS = "marital_status"
    CITIZENSHIP = "citizenship"
    RELIGION = "religion"
    OCCUPATION = "occupation"
    ADDRESS = "address"
    FAMILY_CARD = "family_card"
    EMAIL = "email"
    PHONE = "phone"


class MaritalStatus(StrEnum):
    """Marital status as the family card knows it."""

    UNMARRIED = "unmarried"
    MARRIED = "married"
    MARRIED_UNRECORDED = "married-unrecorded"
    DIVORCED = "divorced"
    WIDOWED = "widowed"


class Relation(StrEnum):
    """Relation to the head of the family (*status hubungan dalam keluarga*)."""

    HEAD = "head"
    HUSBAND = "husband"
    WIFE = "wife"
    CHILD = "child"
    CHILD_IN_LAW = "child-in-law"
    GRANDCHILD = "grandchild"
    PARENT = "parent"
    PARENT_IN_LAW = "parent-in-law"
    OTHER_RELATIVE = "other-relative"


class RefusalReason(StrEnum):
    """Why the office refuses a command. Stable codes; screens translate ``exchange.refusals.<name>``."""

    MOTHER_NOT_FOUND = "mother-not-found"
    MOTHER_NOT_ALIVE = "mother-not-alive"
    MOTHER_NOT_FEMALE = "mother-not-female"
    MOTHER_AGE_IMPLAUSIBLE = "mother-age-implausible"
    MOTHER_WITHOUT_FAMILY_CARD = "mother-without-family-card"
    FATHER_NOT_FOUND = "father-not-found"
    FATHER_NOT_MALE = "father-not-male"
    FATHER_AGE_IMPLAUSIBLE = "father-age-implausible"
    FATHER_DIED_TOO_EARLY = "father-died-too-early"
    APPLICANT_NOT_FOUND = "applicant-not-found"
    FATHER_NEEDS_MARRIAGE_PROOF = "father-needs-marriage-proof"
    MARRIAGE_NOT_RECORDED = "marriage-not-recorded"
    CHILD_NAME_INVALID = "child-name-invalid"
    BIRTH_IN_FUTURE = "birth-in-future"
    BIRTH_TOO_CLOSE = "birth-too-close"
    BIRTH_ORDER_IMPLAUSIBLE = "birth-order-implausible"
    DUPLICATE_BIRTH = "duplicate-birth"
    UNKNOWN_REGION = "unknown-region"
    CERTIFICATE_NOT_FOUND = "certificate-not-found"
    CERTIFICATE_NOT_CURRENT = "certificate-not-current"
    NOTHING_TO_CORRECT = "nothing-to-correct"
    IDEMPOTENCY_KEY_REUSED = "idempotency-key-reused"


@dataclass(frozen=True, slots=True)
class Address:
    """Where a person lives. ``village_code`` is dotted, of the Ministry of Home Affairs."""

    street: str
    rt: str
    rw: str
    village_code: str
    village: str
    district: str
    regency: str
    province: str


@dataclass(frozen=True, slots=True)
class Person:
    """One person, with only the fields that were asked and allowed (``fields`` says which those are)."""

    nik: Nik
    fields: frozenset[PersonField]
    name: str | None = None
    sex: Sex | None = None
    birth_date: date | None = None
    birth_place: str | None = None
    alive: bool | None = None
    marital_status: MaritalStatus | None = None
    citizenship: Literal["WNI", "WNA"] | None = None
    religion: str | None = None
    occupation: str | None = None
    address: Address | None = None
    family_card: str | None = None
    email: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class Spouse:
    """One side of a marriage. ``nik`` is None for a person whom the register does not know."""

    nik: Nik | None
    name: str


@dataclass(frozen=True, slots=True)
class Marriage:
    """A marriage that stands today. ``certificate`` is the number of the *buku nikah* or civil deed."""

    husband: Spouse
    wife: Spouse
    married_on: date
    certificate: str
    recorded_by: Literal["kua", "civil-registry"]


@dataclass(frozen=True, slots=True)
class FamilyMember:
    """One line of the family card."""

    nik: Nik
    name: str
    sex: Sex
    birth_date: date
    birth_place: str
    relation: Relation
    marital_status: MaritalStatus
    alive: bool
    father_name: str | None
    mother_name: str | None


@dataclass(frozen=True, slots=True)
class Family:
    """The family card (KK) on which the person asked about stands, in its current version."""

    number: str
    version: int
    issued_on: date
    address: Address
    members: tuple[FamilyMember, ...]
    marriages: tuple[Marriage, ...]

    def member(self, nik: Nik) -> FamilyMember | None:
        """The line of one person, or None."""
        return next((member for member in self.members if member.nik == nik), None)

    def marriage_of(self, nik: Nik) -> Marriage | None:
        """The standing marriage of one person, or None."""
        return next((m for m in self.marriages if nik in (m.husband.nik, m.wife.nik)), None)


class BirthPlaceKind(StrEnum):
    """Kind of place where a child was born (form F-2.01)."""

    HOSPITAL = "hospital"
    HEALTH_CENTRE = "health-centre"
    CLINIC = "clinic"
    HOME = "home"
    OTHER = "other"


class BirthAttendant(StrEnum):
    """Who attended the birth (form F-2.01)."""

    DOCTOR = "doctor"
    MIDWIFE = "midwife"
    TRADITIONAL = "traditional"
    OTHER = "other"


class MarriageProof(StrEnum):
    """What stands for the parents' marriage.

    ``REGISTER``: the register itself knows the marriage. ``DOCUMENT``: an officer saw the certificate.
    ``STATEMENT``: a statement of absolute responsibility (SPTJM) replaces it. ``NONE``: the child is recorded
    as a child of the mother.
    """

    REGISTER = "register"
    DOCUMENT = "document"
    STATEMENT = "statement"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Father:
    """The father as declared: by NIK when he has one, else by name as stated."""

    nik: Nik | None = None
    stated_name: str | None = None


@dataclass(frozen=True, slots=True)
class Child:
    """The child to register. ``delivery_order`` is 1 for a single birth, 1..n among twins of one delivery.

    ``birth_order`` is the number of this child among the mother's children (*anak ke-*).
    ``birth_place_code`` is the dotted regency code of the place of birth; ``birth_time`` is local time.
    """

    name: str
    sex: Sex
    birth_date: date
    birth_place_code: str
    place_kind: BirthPlaceKind
    attendant: BirthAttendant
    birth_order: int
    birth_time: time | None = None
    delivery_order: int = 1
    delivery_count: int = 1
    weight_grams: int | None = None
    length_millimetres: int | None = None


@dataclass(frozen=True, slots=True)
class BirthCommand:
    """Register one birth that an officer has approved. Twins are one command each."""

    child: Child
    mother_nik: Nik
    father: Father | None
    marriage_proof: MarriageProof
    applicant_nik: Nik
    case_number: str
    decided_at: datetime


class CorrectedField(StrEnum):
    """What a later issue of a certificate corrected."""

    CHILD_NAME = "child_name"
    BIRTH_PLACE = "birth_place"


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a birth certificate says, as the register holds it. The number stays; ``version`` counts issues.

    ``corrected`` lists what this issue changed against the one before; empty for the first.
    """

    number: str
    version: int
    registered_on: date
    issued_on: date
    child_nik: Nik
    child_name: str
    child_sex: Sex
    birth_date: date
    birth_place: str
    birth_order: int
    mother_name: str
    father_name: str | None
    parents_married: bool
    corrected: tuple[CorrectedField, ...] = ()

    @property
    def full_number(self) -> str:
        """Number as printed: with ``/n`` from the second issue on, so each issue has its own."""
        return self.number if self.version == 1 else f"{self.number}/{self.version}"


@dataclass(frozen=True, slots=True)
class BirthRegistered:
    """The office entered the child: new NIK, certificate and family card version."""

    event_id: str
    certificate: Certificate
    family_card: str
    family_card_version: int
    registered_at: datetime


@dataclass(frozen=True, slots=True)
class CorrectionCommand:
    """Correct an issued birth certificate. At least one of the two values must be given and differ.

    ``certificate`` is the plain number (without version). ``child_nik`` lets the office check the subject.
    """

    certificate: str
    child_nik: Nik
    child_name: str | None
    birth_place_code: str | None
    reason: str
    case_number: str
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class BirthCorrected:
    """The office corrected the entry; ``certificate`` is the new issue, ``replaced`` the old number."""

    event_id: str
    certificate: Certificate
    replaced: str
    family_card: str
    family_card_version: int
    corrected_at: datetime
