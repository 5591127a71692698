"""From facts to values: which source gives each field, and whether more is to come.

A field is *known*, *absent* (none of its sources applies, or it was left empty: a fact), or *pending* (a
question not answered yet, a register not asked yet).
"""

from dataclasses import dataclass
from enum import StrEnum

from pendopo.catalogue.definition.base import Value
from pendopo.catalogue.definition.data import Field, Lookup, Origin
from pendopo.catalogue.definition.expressions import Scope, field_type
from pendopo.catalogue.definition.names import COUNT, NUMBER, FieldName
from pendopo.catalogue.definition.pages import Page, Question
from pendopo.catalogue.definition.whole import Service
from pendopo.catalogue.form.facts import EMPTY, Facts
from pendopo.rules.api import ABSENT, Absent, Answer, CauseKind, Unknown, evaluate
from pendopo.rules.types import fits


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


_ABSENT = Resolved(Standing.ABSENT)
_PENDING = Resolved(Standing.PENDING)


class CircularDefinitionError(RuntimeError):
    """A field depends on itself; the references proof refuses such definitions."""


class Resolver:
    """Resolves fields and evaluates expressions over one set of facts, each at most once."""

    def __init__(self, service: Service, facts: Facts) -> None:
        self.service = service
        self.facts = facts
        self._values: dict[str, Resolved] = {}
        self._counts: dict[str, int | None] = {}
        self._busy: set[str] = set()
        self._asked = _questions(service)

    def evaluate(self, source: str | None, scope: Scope = None, index: int | None = None) -> Answer | None:
        """Evaluate an expression of the definition in a scope; None when there is no expression."""
        if source is None:
            return None
        expression = self.service.expression(source, scope)
        inputs: dict[str, Value | Absent] = {}
        for path in expression.reads - {"today"}:
            found = self._input(path, scope, index)
            if found is not None:
                inputs[path] = found
        return evaluate(expression, inputs, today=self.facts.today)

    def holds(self, source: str | None, scope: Scope = None, index: int | None = None) -> bool | None:
        """Whether a condition holds: None when that depends on what is still to come.

        Without a condition it holds. What is unknown only because it is absent for good does not hold.
        """
        answer = self.evaluate(source, scope, index)
        if answer is None:
            return True
        if isinstance(answer.value, Unknown):
            return None if any(cause.kind is CauseKind.MISSING for cause in answer.value.causes) else False
        return answer.value is True

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
            answer = self.evaluate(repeat.count)
            value = answer.value if answer is not None else None
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
        path = name.path(index if name.repeated else None)
        if path not in self._values:
            if path in self._busy:
                raise CircularDefinitionError(path)
            self._busy.add(path)
            self._values[path] = self._settle(name, field, index if name.repeated else None)
            self._busy.discard(path)
        return self._values[path]

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
        place = self._asked.get(reference)
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

    def _input(self, path: str, scope: Scope, index: int | None) -> Value | Absent | None:
        if scope is not None and path == NUMBER:
            return (index or 0) + 1
        if scope is not None and path == COUNT:
            return self.count(scope)
        resolved = self.resolve(path, index)
        if resolved.standing is Standing.ABSENT:
            return ABSENT
        return resolved.value

    def _settle(self, name: FieldName, field: Field, index: int | None) -> Resolved:
        """Take the first source that applies; stay pending while it is open whether one does."""
        for origin in field.origins:
            applies = self.holds(origin.when, name.scope, index)
            if applies is False:
                continue
            if applies is None:
                return _PENDING
            found = self._from(origin, name, field, index)
            if found is not None:
                return found
        return _ABSENT

    def _from(self, origin: Origin, name: FieldName, field: Field, index: int | None) -> Resolved | None:
        """Return what one source gives; None when it has nothing and the next one may be tried."""
        if origin.session is not None:
            value = self.facts.session.get(origin.session)
            return None if value is None else _known(value, OriginKind.SESSION)
        if origin.lookup is not None and origin.field is not None:
            return self._from_lookup(origin.lookup, origin.field, index)
        if origin.copy_of is not None:
            copied = self.resolve(origin.copy_of, index)
            return None if copied.standing is Standing.ABSENT else copied
        return self._from_question(name, field, index)

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

    def _from_question(self, name: FieldName, field: Field, index: int | None) -> Resolved | None:
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
        kind = field_type(field, dict(self.service.tables))
        if kind is not None and not fits(value, kind):
            return _PENDING
        return _known(value, OriginKind.APPLICANT)


def _known(value: Value, kind: OriginKind, lookup: str = "") -> Resolved:
    return Resolved(Standing.KNOWN, value, Provenance(kind, lookup))


def _questions(service: Service) -> dict[str, tuple[Page, Question]]:
    return {question.field: (page, question) for page in service.pages.pages for question in page.questions}
