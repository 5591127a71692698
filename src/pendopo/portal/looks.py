"""Who looked at a person's data, in words: entries of the ledger with bodies, purposes and fields named.

Nothing is judged here and nothing is left out: an entry whose body, purpose or field has no name in this hall
is shown with its code.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from uuid import UUID

from pendopo.agencies import api as agencies
from pendopo.exchange import api as exchange
from pendopo.foundation.text import has_text, t
from pendopo.ledger import api as ledger


class Who(StrEnum):
    """What kind of reader an entry names."""

    OWN = "own"
    OFFICER = "officer"
    BODY = "body"
    ERASED = "erased"


@dataclass(frozen=True, slots=True)
class Look:
    """One line of the list.

    ``legal_basis_verified`` is None when this hall does not know the basis. ``draft`` looks belong to an
    application that had no number yet. ``proved`` is false for the first second of an entry's life, before it
    has its place in the log. ``act`` names what an officer did with an application (the ending of a key of
    ``portal.access.acts``), as far as the fields tell; empty for other looks.
    """

    id: UUID
    at: dt.datetime
    who: Who
    reader: str
    title: str
    act: str
    giver: str
    fields: tuple[str, ...]
    purpose: str
    legal_basis: str
    legal_basis_verified: bool | None
    issue: str | None
    draft: bool
    confirmed: bool
    disputed: bool
    proved: bool


@dataclass(frozen=True, slots=True)
class Bundle:
    """Looks that follow each other and say the same, as when a page is opened again. Newest first."""

    looks: tuple[Look, ...]

    @property
    def newest(self) -> Look:
        """The look that speaks for all."""
        return self.looks[0]

    @property
    def oldest(self) -> Look:
        """The look that began it."""
        return self.looks[-1]


def bundled(looks: Iterable[Look]) -> list[Bundle]:
    """Gather neighbours that differ in their time only. None is left out, each keeps its own proof."""
    return [Bundle(tuple(same)) for _, same in groupby(looks, _said)]


def _said(look: Look) -> tuple[object, ...]:
    return (
        *(look.who, look.reader, look.title, look.giver, look.fields),
        *(look.purpose, look.legal_basis, look.issue, look.draft, look.disputed),
    )


@dataclass(frozen=True, slots=True)
class _Names:
    members: Mapping[str, agencies.Body]
    bodies: Mapping[UUID, agencies.Body]
    posts: Mapping[UUID, agencies.Post]
    lang: str

    def body(self, body_id: UUID | None) -> str:
        known = self.bodies.get(body_id) if body_id else None
        return known.name(self.lang) if known else ""

    def member(self, subsystem: str) -> str:
        """Return the name of the body behind a subsystem identifier, or the identifier itself."""
        known = self.members.get(subsystem.rpartition("/")[0])
        return known.name(self.lang) if known else subsystem

    def post(self, post_id: UUID | None) -> str:
        known = self.posts.get(post_id) if post_id else None
        return known.title(self.lang) if known else ""


def described(entries: Sequence[ledger.AccessView], lang: str) -> list[Look]:
    """Put entries into words; two queries, however many entries there are."""
    bodies = agencies.bodies()
    names = _Names(
        members={body.member_id: body for body in bodies if body.member_id},
        bodies={body.id: body for body in bodies},
        posts=agencies.posts_by_id(entry.post_id for entry in entries if entry.post_id),
        lang=lang,
    )
    return [_described(entry, names) for entry in entries]


def _described(entry: ledger.AccessView, names: _Names) -> Look:
    who, reader, title = _reader(entry, names)
    basis = exchange.legal_basis(entry.legal_basis) if entry.legal_basis else None
    draft = _is_uuid(entry.issue)
    return Look(
        id=entry.id,
        at=entry.at,
        who=who,
        reader=reader,
        title=title,
        act=_act(entry) if who is Who.OFFICER else "",
        giver=names.member(entry.provider) if entry.provider else "",
        fields=_field_names(entry.fields, names.lang),
        purpose=_purpose(entry.purpose, names.lang),
        legal_basis=basis.citation if basis else entry.legal_basis,
        legal_basis_verified=basis.verified if basis else None,
        issue=None if draft else entry.issue,
        draft=draft,
        confirmed=entry.confirmed,
        disputed=entry.disputed,
        proved=entry.leaf_index is not None,
    )


def _reader(entry: ledger.AccessView, names: _Names) -> tuple[Who, str, str]:
    if entry.erased:
        return Who.ERASED, "", ""
    if entry.own:
        return Who.OWN, "", ""
    if entry.body_id is not None:
        return Who.OFFICER, names.body(entry.body_id), names.post(entry.post_id)
    return Who.BODY, names.member(entry.consumer) if entry.consumer else "", ""


def _act(entry: ledger.AccessView) -> str:
    """Return what an officer did with an application: the widest field tells it."""
    if not entry.issue:
        return ""
    return next((act for act in ("application", "evidence", "name") if act in entry.fields), "")


def _is_uuid(issue: str | None) -> bool:
    """Say whether the issue is a draft: only applications that were sent have a number for people."""
    try:
        UUID(issue or "")
    except ValueError:
        return False
    return True


def _purpose(code: str, lang: str) -> str:
    """Return what people call a purpose; its code when another member made it."""
    try:
        return exchange.purpose(code).name("en" if lang == "en" else "id") if code else ""
    except exchange.UnknownPurpose:
        return code


def _field_names(codes: Sequence[str], lang: str) -> tuple[str, ...]:
    """Return fields by name, those of a person in the order in which people say them, then the others."""
    said = {"nik": -1} | {field.value: place for place, field in enumerate(exchange.PersonField)}
    ordered = sorted(codes, key=lambda code: said.get(code.rpartition(".")[2], len(said)))
    return tuple(dict.fromkeys(field_name(code, lang) for code in ordered))


def field_name(code: str, lang: str) -> str:
    """Return what people call a field; definitions use paths, so ``mother.birth_date`` is a birth date."""
    last = code.rpartition(".")[2]
    key = f"portal.fields.{last}"
    return t(key, lang) if has_text(key) else code
