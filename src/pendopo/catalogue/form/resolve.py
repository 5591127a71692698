"""From facts to values: which source gives each field, and whether more is to come.

A field is *known*, *absent* (none of its sources applies, or it was left empty: a fact), or *pending* (a
question not answered yet, a register not asked yet).
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from pendopo.catalogue.definition.base import Value
from pendopo.catalogue.definition.data import Field, Lookup, Origin
from pendopo.catalogue.definition.expressions import Scope
from pendopo.catalogue.definition.names import COUNT, NUMBER, FieldName
from pendopo.catalogue.definition.whole import Service
from pendopo.catalogue.form.facts import EMPTY, Facts
from pendopo.rules.api import ABSENT, Absent, CauseKind, Reader, Unknown
from pendopo.rules.api import Value as RuleValue


class OriginKind(StrEnum):
    """Who gave a value."""

    SESSION = "session"
    REGISTER = "register"
    APPLICANT = "applicant"


class Standing(StrEnum):
    """Whether a field has its value."""

    KNOWN = "known"
    ABSENT = "absent"
    PENDING = "pending"


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a value came from; ``lookup`` is the key of the register's answer, else empty."""

    kind: OriginKind
    lookup: str = ""


@dataclass(frozen=True, slots=True)
class Resolved:
    """A field as it stands. ``waits_for`` is the lookup that would settle a pending one, if it is one."""

    standing: Standing
    value: Value | None = None
    provenance: Provenance | None = None
    waits_for: str = ""


TODAY = "today"
_ABSENT = Resolved(Standing.ABSENT)
_PENDING = Resolved(Standing.PENDING)


class CircularDefinitionError(RuntimeError):
    """A field depends on itself; the references proof refuses such definitions."""


class Resolver:
    """Resolves fields and evaluates expressions over one set of facts, each at most once."""

    def __init__(self, service: Service, facts: Facts) -> None:
        self.service = service
        self.facts = facts
        self._values: dict[tuple[str, int | None], Resolved] = {}
        self._answers: dict[tuple[str, Scope, int | None], RuleValue] = {}
        self._readers: dict[tuple[Scope, int | None], Reader] = {}
        self._counts: dict[str, int | None] = {}
        self._busy: set[tuple[str, int | None]] = set()

    def evaluate(self, source: str, scope: Scope = None, index: int | None = None) -> RuleValue:
        """Return the value of an expression of the definition in a scope, unknown ones with their causes."""
        key = (source, scope, index)
        value = self._answers.get(key)
        if value is None:
            value = self._answers[key] = self.service.expression(source, scope).run(
                self._reader(scope, index)
            )
        return value

    def holds(self, source: str | None, scope: Scope = None, index: int | None = None) -> bool | None:
        """Whether a condition holds: None when that depends on what is still to come.

        Without a condition it holds. What is unknown only because it is absent for good does not hold.
        """
        if source is None:
            return True
        value = self.evaluate(source, scope, index)
        if isinstance(value, Unknown):
            return None if any(cause.kind is CauseKind.MISSING for cause in value.causes) else False
        return value is True

    def count(self, scope: Scope) -> int | None:
        """Return how many items a repeat group has; None while that is not known; 1 at the top."""
        if scope is None:
            return 1
        if scope not in self._counts:
            group = self.service.data.groups[scope]
            repeat = group.repeat
            if repeat is None:
                message = f"{scope} does not repeat"
                raise ValueError(message)
            value = self.evaluate(repeat.count)
            self._counts[scope] = min(max(value, 0), repeat.max) if type(value) is int else None
        return self._counts[scope]

    def indices(self, scope: Scope) -> tuple[int | None, ...]:
        """Return the indices of a scope's items; ``(None,)`` at the top, empty while not known."""
        if scope is None:
            return (None,)
        return tuple(range(self.count(scope) or 0))

    def resolve(self, reference: str, index: int | None = None) -> Resolved:
        """Resolve the field that expressions call ``reference``."""
        name, field = self.service.fields.get(reference)
        key = (reference, index if name.repeated else None)
        found = self._values.get(key)
        if found is None:
            if key in self._busy:
                raise CircularDefinitionError(reference)
            self._busy.add(key)
            found = self._values[key] = self._settle(name, field, key[1])
            self._busy.discard(key)
        return found

    def value(self, reference: str, index: int | None = None) -> Value | None:
        """Return the value of a field, None when it has none (yet)."""
        return self.resolve(reference, index).value

    def lookup_key(self, lookup_id: str, index: int | None) -> str:
        """Return the key under which the answer to a lookup is kept."""
        return lookup_id if self.lookup_scope(lookup_id) is None else f"{lookup_id}.{index}"

    def lookup_scope(self, lookup_id: str) -> Scope:
        """Return the repeat group for whose items a lookup runs."""
        lookup = self.service.data.lookups[lookup_id]
        return self.service.fields.get(lookup.key)[0].scope

    def lookup_nik(self, lookup: Lookup, scope: Scope, index: int | None) -> str | None:
        """Return the NIK that a lookup asks about now; None when it does not apply (yet)."""
        if self.holds(lookup.when, scope, index) is not True:
            return None
        key = self.value(lookup.key, index)
        return key if isinstance(key, str) else None

    def question_applies(self, reference: str, index: int | None) -> bool | None:
        """Whether a field is asked: its page and its question apply. False for a field on no page."""
        place = self.service.questions.get(reference)
        if place is None:
            return False
        page, question = place
        here = index if page.repeat else None
        page_holds = self.holds(page.when, page.repeat, here)
        if page_holds is False:
            return False
        question_holds = self.holds(question.when, page.repeat, here)
        if question_holds is False:
            return False
        return True if page_holds and question_holds else None

    def _reader(self, scope: Scope, index: int | None) -> Reader:
        """Return what expressions of a scope read with."""
        key = (scope, index)
        if key not in self._readers:
            read: Callable[[str], Value | Absent | None] = partial(self._input, scope, index)
            self._readers[key] = read
        return self._readers[key]

    def _input(self, scope: Scope, index: int | None, path: str) -> Value | Absent | None:
        if path == TODAY:
            return self.facts.today
        if scope is not None and path == NUMBER:
            return (index or 0) + 1
        if scope is not None and path == COUNT:
            return self.count(scope)
        resolved = self.resolve(path, index)
        return ABSENT if resolved.standing is Standing.ABSENT else resolved.value

    def _settle(self, name: FieldName, field: Field, index: int | None) -> Resolved:
        """Take the first source that applies; stay pending while it is open whether one does."""
        for origin in field.origins:
            applies = self.holds(origin.when, name.scope, index)
            if applies is False:
                continue
            if applies is None:
                return _PENDING
            found = self._from(origin, name, index)
            if found is not None:
                return found
        return _ABSENT

    def _from(self, origin: Origin, name: FieldName, index: int | None) -> Resolved | None:
        """Return what one source gives; None when it has nothing and the next one may be tried."""
        if origin.session is not None:
            value = self.facts.session.get(origin.session)
            return None if value is None else _known(value, OriginKind.SESSION)
        if origin.lookup is not None and origin.field is not None:
            return self._from_lookup(origin.lookup, origin.field, index)
        if origin.copy_of is not None:
            copied = self.resolve(origin.copy_of, index)
            return None if copied.standing is Standing.ABSENT else copied
        return self._from_question(name, index)

    def _from_lookup(self, lookup_id: str, answer_field: str, index: int | None) -> Resolved | None:
        lookup = self.service.data.lookups[lookup_id]
        scope = self.lookup_scope(lookup_id)
        here = index if scope else None
        applies = self.holds(lookup.when, scope, here)
        if applies is False:
            return None
        key = self.resolve(lookup.key, here)
        if key.standing is Standing.ABSENT:
            return None
        if applies is None or key.standing is Standing.PENDING:
            return _PENDING
        name = self.lookup_key(lookup_id, here)
        answer = self.facts.known.get(name)
        if answer is None or answer.nik != key.value:
            return Resolved(Standing.PENDING, waits_for=name)
        value = (answer.values or {}).get(answer_field)
        return None if value is None else _known(value, OriginKind.REGISTER, name)

    def _from_question(self, name: FieldName, index: int | None) -> Resolved | None:
        applies = self.question_applies(name.reference, index)
        if applies is False:
            return None
        if applies is None:
            return _PENDING
        value = self.facts.answers.get(name.path(index))
        if value is None:
            return _PENDING
        if value == EMPTY:
            return _ABSENT
        if not self.service.fits(name.reference, value):
            return _PENDING
        return _known(value, OriginKind.APPLICANT)


def _known(value: Value, kind: OriginKind, lookup: str = "") -> Resolved:
    return Resolved(Standing.KNOWN, value, Provenance(kind, lookup))
