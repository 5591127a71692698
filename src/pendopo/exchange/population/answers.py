"""The office's answers on the wire, parsed strictly, and their translation to frozen records.

An unknown key, a missing key or a value of another type makes the whole answer invalid: half an answer about
a person is worse than none.
"""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from pendopo.exchange import records
from pendopo.kernel.nik import InvalidNik, Nik
from pendopo.kernel.sex import Sex

type Text = Annotated[str, StringConstraints(min_length=1, max_length=200)]
type CardNumber = Annotated[str, StringConstraints(pattern=r"^[0-9]{16}$")]


def _well_formed(text: str) -> str:
    try:
        return Nik.parse(text).value
    except InvalidNik as error:
        raise ValueError(error.reason.value) from None


type NikText = Annotated[CardNumber, AfterValidator(_well_formed)]


class Wire(BaseModel):
    """Base of everything that comes over the exchange."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class AddressAnswer(Wire):
    """An address."""

    street: Text
    rt: Annotated[str, StringConstraints(pattern=r"^\d{3}$")]
    rw: Annotated[str, StringConstraints(pattern=r"^\d{3}$")]
    village_code: Annotated[str, StringConstraints(pattern=r"^\d{2}\.\d{2}\.\d{2}\.\d{4}$")]
    village: Text
    district: Text
    regency: Text
    province: Text

    def record(self) -> records.Address:
        """Translate."""
        return records.Address(**self.model_dump())


class PersonAnswer(Wire):
    """A person with the fields that were shown; others are absent, not null."""

    nik: NikText
    name: Text | None = None
    sex: Sex | None = None
    birth_date: date | None = None
    birth_place: Text | None = None
    alive: bool | None = None
    marital_status: records.MaritalStatus | None = None
    citizenship: Literal["WNI", "WNA"] | None = None
    religion: Text | None = None
    occupation: Text | None = None
    address: AddressAnswer | None = None
    family_card: CardNumber | None = None
    email: Text | None = None
    phone: Text | None = None

    def record(self) -> records.Person:
        """Translate; a field counts as shown when the answer had its key."""
        return records.Person(
            nik=Nik.parse(self.nik),
            fields=frozenset(records.PersonField(name) for name in self.model_fields_set - {"nik"}),
            name=self.name,
            sex=self.sex,
            birth_date=self.birth_date,
            birth_place=self.birth_place,
            alive=self.alive,
            marital_status=self.marital_status,
            citizenship=self.citizenship,
            religion=self.religion,
            occupation=self.occupation,
            address=self.address.record() if self.address else None,
            family_card=self.family_card,
            email=self.email,
            phone=self.phone,
        )


class SpouseAnswer(Wire):
    """One side of a marriage."""

    nik: NikText | None
    name: Text

    def record(self) -> records.Spouse:
        """Translate."""
        return records.Spouse(Nik.parse(self.nik) if self.nik else None, self.name)


class MarriageAnswer(Wire):
    """A standing marriage."""

    husband: SpouseAnswer
    wife: SpouseAnswer
    married_on: date
    certificate: Text
    recorded_by: Literal["kua", "civil-registry"]

    def record(self) -> records.Marriage:
        """Translate."""
        return records.Marriage(
            self.husband.record(), self.wife.record(), self.married_on, self.certificate, self.recorded_by
        )


class MemberAnswer(Wire):
    """One line of a family card."""

    nik: NikText
    name: Text
    sex: Sex
    birth_date: date
    birth_place: Text
    relation: records.Relation
    marital_status: records.MaritalStatus
    alive: bool
    father_name: Text | None
    mother_name: Text | None

    def record(self) -> records.FamilyMember:
        """Translate."""
        return records.FamilyMember(
            nik=Nik.parse(self.nik),
            name=self.name,
            sex=self.sex,
            birth_date=self.birth_date,
            birth_place=self.birth_place,
            relation=self.relation,
            marital_status=self.marital_status,
            alive=self.alive,
            father_name=self.father_name,
            mother_name=self.mother_name,
        )


class FamilyAnswer(Wire):
    """A family card."""

    number: CardNumber
    version: Annotated[int, Field(ge=1)]
    issued_on: date
    address: AddressAnswer
    members: Annotated[list[MemberAnswer], Field(min_length=1, max_length=60)]
    marriages: list[MarriageAnswer]

    def record(self) -> records.Family:
        """Translate."""
        return records.Family(
            number=self.number,
            version=self.version,
            issued_on=self.issued_on,
            address=self.address.record(),
            members=tuple(member.record() for member in self.members),
            marriages=tuple(marriage.record() for marriage in self.marriages),
        )


class CertificateAnswer(Wire):
    """What a birth certificate says."""

    number: Text
    version: Annotated[int, Field(ge=1)]
    registered_on: date
    issued_on: date
    child_nik: NikText
    child_name: Text
    child_sex: Sex
    birth_date: date
    birth_place: Text
    birth_order: Annotated[int, Field(ge=1)]
    mother_name: Text
    father_name: Text | None
    parents_married: bool
    corrected: list[records.CorrectedField]

    def record(self) -> records.Certificate:
        """Translate."""
        return records.Certificate(
            number=self.number,
            version=self.version,
            registered_on=self.registered_on,
            issued_on=self.issued_on,
            child_nik=Nik.parse(self.child_nik),
            child_name=self.child_name,
            child_sex=self.child_sex,
            birth_date=self.birth_date,
            birth_place=self.birth_place,
            birth_order=self.birth_order,
            mother_name=self.mother_name,
            father_name=self.father_name,
            parents_married=self.parents_married,
            corrected=tuple(self.corrected),
        )


class BirthAnswer(Wire):
    """The office entered a child."""

    event_id: Text
    certificate: CertificateAnswer
    family_card: CardNumber
    family_card_version: Annotated[int, Field(ge=1)]
    registered_at: datetime

    def record(self) -> records.BirthRegistered:
        """Translate."""
        return records.BirthRegistered(
            self.event_id,
            self.certificate.record(),
            self.family_card,
            self.family_card_version,
            self.registered_at,
        )


class CorrectionAnswer(Wire):
    """The office corrected a certificate."""

    event_id: Text
    certificate: CertificateAnswer
    replaced: Text
    family_card: CardNumber
    family_card_version: Annotated[int, Field(ge=1)]
    corrected_at: datetime

    def record(self) -> records.BirthCorrected:
        """Translate."""
        return records.BirthCorrected(
            event_id=self.event_id,
            certificate=self.certificate.record(),
            replaced=self.replaced,
            family_card=self.family_card,
            family_card_version=self.family_card_version,
            corrected_at=self.corrected_at,
        )


class ProblemAnswer(BaseModel):
    """The part of an RFC 9457 problem document of the office that we act on."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    code: Annotated[str, StringConstraints(max_length=80)] = ""
    reason: Annotated[str, StringConstraints(max_length=80)] = ""
    reference: Annotated[str, StringConstraints(max_length=80)] = ""
