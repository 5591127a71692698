"""The demo's people: officers with posts, and citizens who already have a Digital ID.

Everybody enters as in life, by a question to the population office through both gateways; only the counter
is skipped, which is why this refuses to run anywhere but in a demo. What they sign in with is made at random
once and kept in one file, so that ``up`` can print it and a second run changes nothing.
"""

import base64
import json
import os
import secrets
from pathlib import Path
from typing import Final

from django.db import transaction
from pydantic import BaseModel, ConfigDict, Field

from pendopo.agencies import api as agencies
from pendopo.agencies.api import Permission
from pendopo.foundation.actor import SYSTEM
from pendopo.foundation.clock import now
from pendopo.foundation.settings import current
from pendopo.identity import queries, totp
from pendopo.identity.actions import credentials
from pendopo.identity.actions.counter import OFFICER_PURPOSE, PURPOSE, read_name
from pendopo.identity.actions.subjects import ensure_subject, write_contact
from pendopo.identity.assurance import Proofing
from pendopo.kernel.nik import Nik

WORDS: Final = (
    *("angin", "awan", "bambu", "batu", "bening", "bulan", "bukit", "cahaya", "cempaka", "danau", "embun"),
    *("fajar", "gading", "gula", "hujan", "jati", "jalan", "kayu", "kelapa", "kenanga", "kopi", "kunyit"),
    *("langit", "laut", "lebah", "lesung", "mawar", "melati", "merpati", "nira", "ombak", "padi", "pagi"),
    *("pandan", "perahu", "pinang", "rumput", "sawah", "senja", "serai", "sungai", "tanah", "tebu", "teras"),
)


class _Person(BaseModel):
    """A member of the cast, as the register's ``demo-cast`` prints her."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    nik: str
    name: str
    birth_date: str
    email: str | None = None
    phone: str | None = None
    family_card: str | None = None
    used: bool = False


class _Cast(BaseModel):
    """The whole cast. ``used`` mothers have registered a birth in an earlier walk."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    mothers: list[_Person] = Field(min_length=1)
    single_mother: _Person
    mother_of_unknown_husband: _Person
    midwife: _Person
    officers: dict[str, _Person]
    leaders: dict[str, _Person] = {}


class Member(BaseModel):
    """A person who can sign in. ``totp_secret`` is Base32; ``sign_in`` is what to type first: the NIK."""

    model_config = ConfigDict(frozen=True)

    role: str
    name: str
    nik: str
    sign_in: str
    password: str
    totp_secret: str
    post: str = ""
    body: str = ""


class Newcomer(BaseModel):
    """A citizen who has no Digital ID yet: the walk takes her to the counter."""

    model_config = ConfigDict(frozen=True)

    role: str
    name: str
    nik: str
    kk: str
    birth_date: str
    email: str
    phone: str


class People(BaseModel):
    """The file that ``seed-demo`` writes."""

    model_config = ConfigDict(frozen=True)

    officers: list[Member] = []
    members: list[Member] = []
    citizens: list[Newcomer] = []


class NotADemoError(RuntimeError):
    """This hall is not a demo."""


class UnknownRoleError(LookupError):
    """The cast names an officer for whom this hall has no post."""


class _Office(BaseModel):
    body: str
    title_id: str
    title_en: str
    permissions: tuple[Permission, ...]


OFFICES: Final = {
    "administrator": _Office(
        body="pemda-contoh",
        title_id="Administrator Pendopo",
        title_en="Administrator of the hall",
        permissions=(Permission.HALL_MANAGE, Permission.BODY_MANAGE),
    ),
    "population_verifier": _Office(
        body="dukcapil",
        title_id="Verifikator Pencatatan Sipil",
        title_en="Civil registration verifier",
        permissions=(Permission.CASE_READ, Permission.CASE_VERIFY, Permission.CASE_RETURN),
    ),
    "population_decider": _Office(
        body="dukcapil",
        title_id="Pejabat Pencatatan Sipil",
        title_en="Civil registrar",
        permissions=(
            Permission.CASE_READ,
            Permission.CASE_VERIFY,
            Permission.CASE_RETURN,
            Permission.CASE_DECIDE,
            Permission.DOCUMENT_REVOKE,
        ),
    ),
    "counter": _Office(
        body="dukcapil",
        title_id="Petugas Loket Aktivasi",
        title_en="Activation counter officer",
        permissions=(Permission.ACTIVATION_PERFORM,),
    ),
    "dinsos": _Office(
        body="dinsos",
        title_id="Analis Perlindungan Sosial",
        title_en="Social protection analyst",
        permissions=(Permission.CASE_READ, Permission.CASE_VERIFY, Permission.CASE_DECIDE),
    ),
}


def seed(cast_file: Path, out: Path) -> People:
    """Bring the cast in and write ``out`` (0600). Raises the exchange's errors, :class:`NotADemoError`."""
    if not current().demo or current().production:
        raise NotADemoError
    cast = _Cast.model_validate_json(cast_file.read_bytes())
    known = _known(out)
    people = People(
        officers=[_officer(role, person, known) for role, person in cast.officers.items()],
        members=[
            _member(role, person, known)
            for role, person in (("midwife", cast.midwife), *cast.leaders.items())
        ],
        citizens=_newcomers(cast),
    )
    _write(out, people)
    return people


def _newcomers(cast: _Cast) -> list[Newcomer]:
    """The walk's mother is the first who has not registered a birth yet; the others stay for trying out."""
    fresh = [person for person in cast.mothers if not person.used] or cast.mothers
    named = [("mother", fresh[0]), *((f"mother_{n}", person) for n, person in enumerate(fresh[1:], 2))]
    others = [
        ("single_mother", cast.single_mother),
        ("mother_of_unknown_husband", cast.mother_of_unknown_husband),
    ]
    return [
        Newcomer(
            role=role,
            name=person.name,
            nik=person.nik,
            kk=person.family_card or "",
            birth_date=person.birth_date,
            email=person.email or "",
            phone=person.phone or "",
        )
        for role, person in (*named, *others)
    ]


def _officer(role: str, person: _Person, known: dict[str, Member]) -> Member:
    office = OFFICES.get(role)
    if office is None:
        raise UnknownRoleError(role)
    member = _member(role, person, known)
    row = queries.subject_row_by_nik(Nik.parse(person.nik))
    body = agencies.body_by_code(office.body)
    if row is not None and not any(post.body_id == body.id for post in agencies.posts_of(row.id)):
        agencies.appoint(
            row.id,
            body=body,
            title_id=office.title_id,
            title_en=office.title_en,
            permissions=office.permissions,
            actor=SYSTEM,
        )
    return member.model_copy(update={"post": office.title_id, "body": office.body})


def _member(role: str, person: _Person, known: dict[str, Member]) -> Member:
    """Activate a person, unless she is, with the password and secret of the file."""
    nik = Nik.parse(person.nik)
    row = queries.subject_row_by_nik(nik)
    before = known.get(person.nik)
    if before is not None and row is not None and credentials.has_password(row.id):
        return before.model_copy(update={"role": role})
    purpose = OFFICER_PURPOSE if role in OFFICES else PURPOSE
    name = read_name(nik, purpose=purpose, actor=SYSTEM)
    password = "-".join(secrets.choice(WORDS) for _ in range(4))
    secret = totp.new_secret()
    with transaction.atomic(durable=True):
        subject = ensure_subject(nik, name, proofing=Proofing.IN_PERSON)
        subject.activated_at = subject.activated_at or now()
        subject.save(update_fields=["activated_at"])
        credentials.store_password(subject.id, password)
        credentials.store_totp(subject.id, secret, 0)
        if person.email:
            write_contact(subject.id, person.email)
    encoded = base64.b32encode(secret).decode()
    return Member(
        role=role, name=name, nik=nik.value, sign_in=nik.value, password=password, totp_secret=encoded
    )


def _known(out: Path) -> dict[str, Member]:
    if not out.is_file():
        return {}
    people = People.model_validate_json(out.read_bytes())
    return {member.nik: member for member in (*people.officers, *people.members)}


def _write(out: Path, people: People) -> None:
    """Write beside, then rename: a reader never sees half a file, and nobody else may read it."""
    beside = out.with_suffix(".new")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(people.model_dump(), file, ensure_ascii=False, indent=2)
    beside.replace(out)
