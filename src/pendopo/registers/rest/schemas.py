"""JSON of ``population-v1``: what may come in, and what goes out. Unknown keys are refused both ways."""

from datetime import date, datetime, time
from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from pendopo.exchange.api import (
    BirthAttendant,
    BirthPlaceKind,
    CorrectedField,
    MaritalStatus,
    MarriageProof,
    PersonField,
    Relation,
)
from pendopo.kernel.sex import Sex

type NikText = Annotated[str, StringConstraints(pattern=r"^[0-9]{16}$")]
type RegencyCode = Annotated[str, StringConstraints(pattern=r"^\d{2}\.\d{2}$")]
type Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
type CaseNumber = Annotated[str, StringConstraints(min_length=1, max_length=60)]


class Strict(BaseModel):
    """Base of all bodies."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class PersonQuestion(Strict):
    """``POST /persons``: some fields of one person."""

    nik: NikText
    fields: Annotated[list[PersonField], Field(min_length=1, max_length=len(PersonField))]


class FamilyQuestion(Strict):
    """``POST /families``: the family card of one person."""

    nik: NikText


class ChildIn(Strict):
    """The child to enter."""

    name: Name
    sex: Sex
    birth_date: date
    birth_time: time | None = None
    birth_place_code: RegencyCode
    place_kind: BirthPlaceKind
    attendant: BirthAttendant
    birth_order: Annotated[int, Field(ge=1, le=30)]
    delivery_order: Annotated[int, Field(ge=1, le=9)] = 1
    delivery_count: Annotated[int, Field(ge=1, le=9)] = 1
    weight_grams: Annotated[int, Field(ge=200, le=9000)] | None = None
    length_millimetres: Annotated[int, Field(ge=150, le=750)] | None = None

    @model_validator(mode="after")
    def within_delivery(self) -> Self:
        """The third of two children does not exist."""
        if self.delivery_order > self.delivery_count:
            raise ValueError("delivery_order exceeds delivery_count")
        return self


class FatherIn(Strict):
    """The father: by NIK or, without one, by name as stated."""

    nik: NikText | None = None
    stated_name: Name | None = None

    @model_validator(mode="after")
    def one_of_both(self) -> Self:
        """Exactly one of the two."""
        if (self.nik is None) == (self.stated_name is None):
            raise ValueError("either nik or stated_name")
        return self


class BirthIn(Strict):
    """``POST /births``."""

    child: ChildIn
    mother_nik: NikText
    father: FatherIn | None = None
    marriage_proof: MarriageProof
    applicant_nik: NikText
    case_number: CaseNumber
    decided_at: AwareDatetime


class CorrectionIn(Strict):
    """``POST /births/{certificate}/corrections``."""

    child_nik: NikText
    child_name: Name | None = None
    birth_place_code: RegencyCode | None = None
    reason: Annotated[str, StringConstraints(min_length=3, max_length=500)]
    case_number: CaseNumber
    decided_at: AwareDatetime


class AddressOut(Strict):
    """An address with the names of its regions."""

    street: str
    rt: str
    rw: str
    village_code: str
    village: str
    district: str
    regency: str
    province: str


class PersonOut(Strict):
    """A person; fields that were not asked are absent."""

    nik: str
    name: str | None = None
    sex: Sex | None = None
    birth_date: date | None = None
    birth_place: str | None = None
    alive: bool | None = None
    marital_status: MaritalStatus | None = None
    citizenship: Literal["WNI", "WNA"] | None = None
    religion: str | None = None
    occupation: str | None = None
    address: AddressOut | None = None
    family_card: str | None = None
    email: str | None = None
    phone: str | None = None


class MemberOut(Strict):
    """One line of a family card."""

    nik: str
    name: str
    sex: Sex
    birth_date: date
    birth_place: str
    relation: Relation
    marital_status: MaritalStatus
    alive: bool
    father_name: str | None
    mother_name: str | None


class SpouseOut(Strict):
    """One side of a marriage; ``nik`` is null for a person unknown here."""

    nik: str | None
    name: str


class MarriageOut(Strict):
    """A standing marriage of a member of the family."""

    husband: SpouseOut
    wife: SpouseOut
    married_on: date
    certificate: str
    recorded_by: Literal["kua", "civil-registry"]


class FamilyOut(Strict):
    """A family card in its current version."""

    number: str
    version: int
    issued_on: date
    address: AddressOut
    members: list[MemberOut]
    marriages: list[MarriageOut]


class CertificateOut(Strict):
    """What a birth certificate says."""

    number: str
    version: int
    registered_on: date
    issued_on: date
    child_nik: str
    child_name: str
    child_sex: Sex
    birth_date: date
    birth_place: str
    birth_order: int
    mother_name: str
    father_name: str | None
    parents_married: bool
    corrected: list[CorrectedField]


class BirthOut(Strict):
    """The child was entered."""

    event_id: str
    certificate: CertificateOut
    family_card: str
    family_card_version: int
    registered_at: datetime


class CorrectionOut(Strict):
    """The certificate was corrected; ``replaced`` is the number of the issue that no longer holds."""

    event_id: str
    certificate: CertificateOut
    replaced: str
    family_card: str
    family_card_version: int
    corrected_at: datetime


class Problem(BaseModel):
    """RFC 9457 problem document."""

    type: str
    title: str
    status: int
    code: str
    reason: str = ""
    reference: str = ""
    instance: str
