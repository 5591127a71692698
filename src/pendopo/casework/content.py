"""What an application says: answers, what registers answered, and the applicant's remarks on that.

The same three sealed columns stand on a draft and on a case, each bound to its row. Answers are kept in the
encoding of ``catalogue`` (the definition types them); register answers keep their types in the JSON itself,
because a definition of a later version may read them differently.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from pendopo.casework import sealed
from pendopo.casework.models import Case, Draft
from pendopo.casework.sealed import Json
from pendopo.catalogue import api as catalogue
from pendopo.catalogue.api import KnownAnswer, Service, Value
from pendopo.foundation.crypto import SealBrokenError


@dataclass(frozen=True, slots=True)
class Known:
    """What a register answered to one look-up about ``nik``.

    ``values`` None means: asked, and there is no such record. ``subject`` is the pseudonym of whom it was
    about; ``own`` says that this is the applicant or somebody on the applicant's family card, so that the
    answer may be shown in full. ``members`` are the pseudonyms on such a card.
    """

    nik: str
    values: Mapping[str, Value] | None
    read_at: dt.datetime
    subject: str
    own: bool
    purpose: str
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Content:
    """Everything said in one application. Paths as in ``catalogue``."""

    answers: Mapping[str, Value] = field(default_factory=dict)
    known: Mapping[str, Known] = field(default_factory=dict)
    remarks: Mapping[str, str] = field(default_factory=dict)

    def with_answers(self, changes: Mapping[str, Value | None]) -> "Content":
        """Return the content after a page was saved; None takes an answer away."""
        merged = {**self.answers, **changes}
        return replace(self, answers={path: value for path, value in merged.items() if value is not None})

    def with_known(self, key: str, answer: Known) -> "Content":
        """Return the content with one more register answer."""
        return replace(self, known={**self.known, key: answer})

    def with_remark(self, path: str, text: str) -> "Content":
        """Return the content with the applicant's remark on a register value; an empty text takes it away."""
        kept = {**self.remarks, path: text}
        return replace(self, remarks={key: value for key, value in kept.items() if value})

    def register_answers(self) -> dict[str, KnownAnswer]:
        """Return the register answers in the shape that ``catalogue`` interprets."""
        return {key: KnownAnswer(answer.nik, answer.values) for key, answer in self.known.items()}


type Holder = Draft | Case


def read(row: Holder, service: Service) -> "Content":
    """Open the three columns of a row. Raises ``SealBrokenError`` when one was tampered with."""
    table = _table(row)
    answers = _object(sealed.open_json(row.answers, column=f"{table}.answers", row=row.id))
    known = _object(sealed.open_json(row.known, column=f"{table}.known", row=row.id))
    remarks = _object(sealed.open_json(row.remarks, column=f"{table}.remarks", row=row.id))
    return Content(
        answers=catalogue.decode_values(service, _scalars(answers)),
        known={key: _decode_known(value) for key, value in known.items()},
        remarks={key: str(value) for key, value in remarks.items()},
    )


def write(row: Holder, content: Content) -> None:
    """Seal the content into the row; the caller saves it."""
    table = _table(row)
    row.answers = sealed.seal(
        dict(catalogue.encode_values(content.answers)), column=f"{table}.answers", row=row.id
    )
    known: dict[str, Json] = {key: _encode_known(value) for key, value in content.known.items()}
    row.known = sealed.seal(known, column=f"{table}.known", row=row.id)
    row.remarks = sealed.seal(dict(content.remarks), column=f"{table}.remarks", row=row.id)


def _table(row: Holder) -> str:
    return "draft" if isinstance(row, Draft) else "case"


def _object(value: Json) -> dict[str, Json]:
    if not isinstance(value, dict):
        raise SealBrokenError
    return value


def _scalars(raw: Mapping[str, Json]) -> dict[str, str | int | bool]:
    return {path: value for path, value in raw.items() if isinstance(value, str | int | bool)}


def _encode_known(answer: Known) -> Json:
    values: Json = None
    if answer.values is not None:
        values = {name: _encode(value) for name, value in answer.values.items()}
    return {
        "nik": answer.nik,
        "values": values,
        "read_at": answer.read_at.isoformat(),
        "subject": answer.subject,
        "own": answer.own,
        "purpose": answer.purpose,
        "members": list(answer.members),
    }


def _decode_known(raw: Json) -> Known:
    entry = _object(raw)
    values, members = entry["values"], entry["members"]
    return Known(
        nik=str(entry["nik"]),
        values=None if values is None else {name: _decode(value) for name, value in _object(values).items()},
        read_at=dt.datetime.fromisoformat(str(entry["read_at"])),
        subject=str(entry["subject"]),
        own=entry["own"] is True,
        purpose=str(entry["purpose"]),
        members=tuple(str(member) for member in members) if isinstance(members, list) else (),
    )


def _encode(value: Value) -> Json:
    if isinstance(value, dt.date):
        return {"date": value.isoformat()}
    if isinstance(value, dt.time):
        return {"time": value.isoformat()}
    return value


def _decode(raw: Json) -> Value:
    if isinstance(raw, dict):
        if "date" in raw:
            return dt.date.fromisoformat(str(raw["date"]))
        return dt.time.fromisoformat(str(raw["time"]))
    if isinstance(raw, str | int | bool):
        return raw
    raise SealBrokenError
