"""Who and what on the exchange: X-Road identifiers (PR-REST 1.0.4, section 4).

``instance/class/member`` names a public body, one part more a subsystem (an information system), one
more a service. Each part is percent-encoded on its own; after decoding it may hold letters, digits and
``'()+,-.=?``, and it is never ``.`` or ``..``. Comparison is exact, case included.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Self, override
from urllib.parse import quote, unquote

from pendopo_wire.errors import IdentifierError

METASERVICES = frozenset(
    {
        "listClients",
        "listMethods",
        "allowedMethods",
        "getWsdl",
        "getOpenAPI",
        "getSecurityServerMetrics",
        "getSecurityServerOperationalData",
        "getSecurityServerHealthData",
        "listAccessRecords",
    },
)
"""Service codes that the gateway answers itself; a register may not use them."""

_PART = re.compile(r"(?:[^\W_]|['()+,\-.=?]){1,255}")
_PLAIN = "'()+,-.="


@lru_cache(maxsize=4096)
def _parts(text: str, count: int) -> tuple[str, ...]:
    pieces = text.split("/")
    if len(pieces) != count:
        raise IdentifierError(f"an identifier of this kind has {count} parts")
    try:
        return tuple(checked_part(unquote(piece, errors="strict")) for piece in pieces)
    except UnicodeDecodeError as error:
        raise IdentifierError("an identifier is percent-encoded UTF-8") from error


def checked_part(part: str) -> str:
    """Return a decoded identifier part, or raise ``IdentifierError``."""
    if _PART.fullmatch(part) is None or part in {".", ".."}:
        raise IdentifierError("an identifier part holds letters, digits and '()+,-.=? only")
    return part


@lru_cache(maxsize=4096)
def _encoded(*parts: str) -> str:
    return "/".join(quote(part, safe=_PLAIN) for part in parts)


@dataclass(frozen=True, slots=True, order=True)
class MemberId:
    """A public body on the exchange, such as ``ID-DEMO/GOV/DUKCAPIL-CONTOH``."""

    instance: str
    member_class: str
    member_code: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``instance/class/member``."""
        return cls(*_parts(text, 3))

    @override
    def __str__(self) -> str:
        return _encoded(self.instance, self.member_class, self.member_code)


@dataclass(frozen=True, slots=True, order=True)
class ServerId:
    """One gateway of a member, such as ``ID-DEMO/GOV/DUKCAPIL-CONTOH/GW1``."""

    member: MemberId
    code: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``instance/class/member/server``."""
        *member, code = _parts(text, 4)
        return cls(MemberId(*member), code)

    @override
    def __str__(self) -> str:
        owner = self.member
        return _encoded(owner.instance, owner.member_class, owner.member_code, self.code)


@dataclass(frozen=True, slots=True, order=True)
class SubsystemId:
    """One information system of a member, such as ``ID-DEMO/GOV/DUKCAPIL-CONTOH/KEPENDUDUKAN``."""

    member: MemberId
    code: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``instance/class/member/subsystem``."""
        *member, code = _parts(text, 4)
        return cls(MemberId(*member), code)

    @override
    def __str__(self) -> str:
        owner = self.member
        return _encoded(owner.instance, owner.member_class, owner.member_code, self.code)


@dataclass(frozen=True, slots=True, order=True)
class ServiceId:
    """One service of a subsystem, such as ``ID-DEMO/GOV/DUKCAPIL-CONTOH/KEPENDUDUKAN/population-v1``."""

    subsystem: SubsystemId
    code: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``instance/class/member/subsystem/service``."""
        *member, subsystem, code = _parts(text, 5)
        return cls(SubsystemId(MemberId(*member), subsystem), code)

    @property
    def is_metaservice(self) -> bool:
        """Whether the gateway itself answers, not an information system."""
        return self.code in METASERVICES

    @override
    def __str__(self) -> str:
        system, owner = self.subsystem, self.subsystem.member
        return _encoded(owner.instance, owner.member_class, owner.member_code, system.code, self.code)
