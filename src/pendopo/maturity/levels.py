"""Levels that somebody hands in, checked against the instrument; all faults are told at once. Pure.

JSON is one object, ``{"1": 3, "35": [3, 3, 2]}``. A table has a column for the number and one for the level;
rows of an indicator that is scored more than once are ``35``, ``35-2``, ``35-3``. Decimal commas and a
semicolon between columns are read too.
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation

from pendopo.maturity import errors
from pendopo.maturity.errors import BadLevels, MaturityError
from pendopo.maturity.index import Levels
from pendopo.maturity.instruments import Indicator, Instrument

type Given = Mapping[str, object]
"""As it came in: number or row (``35-2``) to a number, a text, or a list of them."""

NUMBER_COLUMNS = ("number", "nomor", "no", "indicator", "indikator")
LEVEL_COLUMNS = ("level", "tingkat", "nilai", "skor")
LONGEST = 20
EXAMPLE = '{"1": 3, "2": 4}'
_ROW = re.compile(r"^(?P<number>.+?)-(?P<row>[1-9])$")
_FIGURE = re.compile(r"^[0-9]{1,9}(?:[.,][0-9]{1,9})?$")


def read(instrument: Instrument, text: str) -> Levels:
    """Return the checked levels of a file; raise :class:`BadLevels` with every problem."""
    bare = text.removeprefix("\ufeff")
    given = from_json(bare) if bare.lstrip()[:1] in {"{", "["} else from_table(bare)
    return checked(instrument, given)


def from_json(text: str) -> Given:
    """Read one JSON object; raise :class:`BadLevels` where it is none or says something twice."""
    try:
        data = json.loads(
            text,
            object_pairs_hook=_Pairs,
            parse_float=str,
            parse_int=str,
            parse_constant=lambda word: word,
        )
    except json.JSONDecodeError as error:
        raise BadLevels([errors.NotReadable(form="JSON", line=error.lineno)]) from error
    except RecursionError as error:
        raise BadLevels([errors.NotReadable(form="JSON", line=1)]) from error
    if not isinstance(data, _Pairs):
        raise BadLevels([errors.NotAnObject(example=EXAMPLE)])
    return _once(data)


class _Pairs(list[tuple[str, object]]):
    """A JSON object as it was written, so that a key that stands twice is seen."""


def pairs(value: object) -> list[tuple[str, object]] | None:
    """Return the entries of an object inside what :func:`from_json` read, or none where it is none."""
    return list(value) if isinstance(value, _Pairs) else None


def from_table(text: str) -> Given:
    """Read a table with a head; raise :class:`BadLevels` where it has no such columns."""
    lines = text.splitlines()
    head = next((line for line in lines if line.strip()), "")
    delimiter = max(";\t,", key=head.count)
    reader = csv.reader(io.StringIO(text), delimiter=delimiter, strict=True)
    try:
        rows = list(reader)
    except csv.Error as error:
        raise BadLevels([errors.NotReadable(form="CSV", line=reader.line_num)]) from error
    filled = [row for row in rows if any(cell.strip() for cell in row)]
    names = [cell.strip().lower() for cell in filled[0]] if filled else []
    at = _column(names, NUMBER_COLUMNS)
    level_at = _column(names, LEVEL_COLUMNS)
    width = max(at, level_at) + 1
    return _once(
        (cells[at].strip(), cells[level_at].strip() or None)
        for cells in ([*row, *[""] * width] for row in filled[1:])
        if cells[at].strip()
    )


def _column(names: Sequence[str], known: tuple[str, ...]) -> int:
    for name in known:
        if name in names:
            return names.index(name)
    needed = f"{NUMBER_COLUMNS[0]}, {LEVEL_COLUMNS[0]}"
    raise BadLevels([errors.NoSuchColumn(column=known[0], needed=needed)])


def _once(pairs: Iterable[tuple[str, object]]) -> Given:
    found: dict[str, object] = {}
    twice: dict[str, None] = {}
    for key, value in pairs:
        if key in found:
            twice[key] = None
        found[key] = value
    if twice:
        raise BadLevels([errors.GivenTwice(number=key[:LONGEST]) for key in twice])
    return found


def checked(instrument: Instrument, given: Given) -> Levels:
    """Return the levels as numbers; raise :class:`BadLevels` with every problem in the instrument's order."""
    known = {one.number: one for one in instrument.indicators}
    rows: dict[str, dict[int, object]] = {}
    problems: list[MaturityError] = []
    for key, value in given.items():
        number, row = _place(key.strip(), known)
        if number not in known:
            problems.append(_unknown(instrument, number))
        elif row in rows.setdefault(number, {}):
            problems.append(errors.GivenTwice(number=key.strip()[:LONGEST]))
        elif value is not None:
            rows[number][row] = value
    levels: dict[str, Decimal | tuple[Decimal, ...]] = {}
    missing = []
    for one in instrument.indicators:
        values = _values(rows.get(one.number, {}))
        if values:
            found = [_level(instrument, one, value) for value in values]
            problems += [entry for entry in found if isinstance(entry, MaturityError)]
            fit = tuple(entry for entry in found if isinstance(entry, Decimal))
            problems += _rows(one, values)
            levels[one.number] = fit if one.rows > 1 else fit[0] if fit else Decimal()
        elif one.external is None or instrument.missing is None:
            missing.append(one.number)
    if missing:
        problems.append(errors.LevelMissing(n=len(missing), numbers=ranges(instrument, missing)))
    if problems:
        raise BadLevels(problems)
    return levels


def _place(key: str, known: Mapping[str, Indicator]) -> tuple[str, int]:
    match = _ROW.match(key)
    if key not in known and match is not None and match["number"] in known:
        return match["number"], int(match["row"])
    return key, 1


def _values(rows: Mapping[int, object]) -> list[object]:
    found: list[object] = []
    for row in sorted(rows):
        value = rows[row]
        found += value if isinstance(value, list) and not isinstance(value, _Pairs) else [value]
    return found


def _rows(one: Indicator, values: Sequence[object]) -> list[MaturityError]:
    if len(values) == one.rows:
        return []
    return [errors.WrongRows(n=one.rows, number=one.number, given=len(values))]


def _unknown(instrument: Instrument, number: str) -> MaturityError:
    all_numbers = [one.number for one in instrument.indicators]
    return errors.UnknownIndicator(
        number=number[:LONGEST], instrument=instrument.short.en, numbers=ranges(instrument, all_numbers)
    )


def _level(instrument: Instrument, one: Indicator, value: object) -> Decimal | MaturityError:
    scale = instrument.scale
    level = decimal(value)
    if level is None:
        return errors.LevelNotANumber(number=one.number, example=f"{scale.high:f}")
    if not scale.low <= level <= scale.high:
        return errors.LevelOutOfRange(
            number=one.number, given=f"{level:f}", low=f"{scale.low:f}", high=f"{scale.high:f}"
        )
    if not scale.fits(level):
        return errors.LevelOffStep(
            number=one.number, given=f"{level:f}", step=f"{scale.step:f}", instrument=instrument.short.en
        )
    return level


def decimal(value: object) -> Decimal | None:
    """Return a figure written in either country's manner (``3.5``, ``3,5``), or none."""
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        return None
    text = str(value).strip()
    if not _FIGURE.match(text.removeprefix("-")):
        return None
    try:
        return Decimal(text.replace(",", ".")) or Decimal()  # no “-0”
    except InvalidOperation:
        return None


def by_row(levels: Levels) -> dict[str, Decimal]:
    """Return levels as a table has them: ``35``, ``35-2``, ``35-3`` for one that is scored three times."""
    found: dict[str, Decimal] = {}
    for number, level in levels.items():
        for row, figure in enumerate(level if isinstance(level, tuple) else (level,), 1):
            found[number if row == 1 else f"{number}-{row}"] = figure
    return found


def ranges(instrument: Instrument, numbers: Sequence[str]) -> str:
    """Write numbers shortly: neighbours of the instrument as ``3-7``."""
    order = [one.number for one in instrument.indicators]
    places = sorted(order.index(number) for number in numbers)
    runs: list[list[int]] = []
    for place in places:
        if runs and place == runs[-1][-1] + 1:
            runs[-1].append(place)
        else:
            runs.append([place])
    return ", ".join(order[run[0]] if len(run) == 1 else f"{order[run[0]]}-{order[run[-1]]}" for run in runs)
