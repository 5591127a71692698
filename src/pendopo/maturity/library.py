"""The instruments of this hall: ``definitions/instruments/<id>.yaml`` read, proved and turned into types.

A file that does not fit raises :class:`UnusableInstrument` with all its defects. Files are read again when
they change.
"""

import hashlib
import json
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

from pydantic import ValidationError

from pendopo.foundation.settings import current
from pendopo.maturity import proof, schema
from pendopo.maturity.egdi import Method
from pendopo.maturity.errors import NoSuchInstrument, UnusableInstrument, WrongKind
from pendopo.maturity.instruments import (
    Aspect,
    Binding,
    Carry,
    Domain,
    External,
    Indicator,
    Instrument,
    MapStep,
    Scale,
)
from pendopo.maturity.other_files import MethodFile, SurveyFile, bands_of, provenance_of
from pendopo.maturity.plain_yaml import Plain, UnreadableYamlError, read
from pendopo.maturity.skm import Survey

KINDS = ("levels", "egdi", "survey")


def folder() -> Path:
    """Return where the instruments' files lie."""
    return current().definitions_dir / "instruments"


def ids(kind: str = "levels") -> tuple[str, ...]:
    """Return the ids of one kind, by name."""
    return tuple(path.stem for path in sorted(folder().glob("*.yaml")) if kind_of(path) == kind)


def instruments() -> tuple[Instrument, ...]:
    """Return every instrument that is computed from levels, oldest first."""
    found = [load(folder() / f"{name}.yaml") for name in ids()]
    return tuple(sorted(found, key=lambda one: (one.valid_from, one.id)))


def instrument(name: str) -> Instrument:
    """Return one instrument; raise ``NoSuchInstrument`` or, for EGDI and SKM, ``WrongKind``."""
    path = folder() / f"{name}.yaml"
    kind = kind_of(path) if name in _names() else None
    if kind is None:
        raise NoSuchInstrument(id=name, known=", ".join(ids()))
    if kind != "levels":
        raise WrongKind(id=name, hint=f"./pendopo maturity {'egdi' if kind == 'egdi' else 'skm'} --help")
    return load(path)


def method(name: str = "egdi") -> Method:
    """Return the UN index; raise ``UnusableInstrument``."""
    return _shaped(folder() / f"{name}.yaml", MethodFile).method()


def survey(name: str = "skm-2017") -> Survey:
    """Return a survey; raise ``NoSuchInstrument`` where there is none of this id."""
    if name not in ids("survey"):
        raise NoSuchInstrument(id=name, known=", ".join(ids("survey")))
    return _shaped(folder() / f"{name}.yaml", SurveyFile).survey()


def check(path: Path) -> None:
    """Prove one file of any kind; raise ``UnusableInstrument`` with all its defects."""
    match kind_of(path):
        case "egdi":
            _shaped(path, MethodFile)
        case "survey":
            _shaped(path, SurveyFile)
        case _:
            one = load(path)
            unknown = _unknown_sources(path, one)
            if unknown:
                raise UnusableInstrument(path.name, unknown)


def _unknown_sources(path: Path, one: Instrument) -> list[str]:
    if one.carried_from is None:
        return []
    earlier = path.with_name(f"{one.carried_from}.yaml")
    if not earlier.is_file():
        return [f"carried_from.instrument: there is no {earlier.name} beside it"]
    known = {each.number for each in load(earlier).indicators}
    return [
        f"carried_from.map.{carry.number}: {one.carried_from} has no indicator {number}"
        for carry in one.carries
        for number in carry.sources
        if number not in known
    ]


def _shaped[File: schema.Strict](path: Path, shape: type[File]) -> File:
    data = plain(path)
    try:
        return shape.model_validate(data)
    except ValidationError as error:
        raise UnusableInstrument(path.name, sentences(error, data)) from error


def _names() -> set[str]:
    return {path.stem for path in folder().glob("*.yaml")}


def kind_of(path: Path) -> str:
    """Return ``levels``, ``egdi`` or ``survey``; raise ``UnusableInstrument`` for anything else."""
    data = plain(path)
    kind = data.get("kind") if isinstance(data, dict) else None
    if kind not in KINDS or not isinstance(kind, str):
        raise UnusableInstrument(path.name, [f"kind: must be one of {', '.join(KINDS)}"])
    return kind


def plain(path: Path) -> Plain:
    """Return the file's contents as texts; raise ``UnusableInstrument``."""
    try:
        stat = path.stat()
        return _read(path, stat.st_mtime_ns, stat.st_size)
    except (OSError, UnicodeDecodeError) as error:
        raise UnusableInstrument(path.name, ["the file cannot be read"]) from error
    except UnreadableYamlError as error:
        raise UnusableInstrument(path.name, [str(error)]) from error


@lru_cache(maxsize=32)
def _read(path: Path, _changed: int, _size: int) -> Plain:
    return read(path.read_text(encoding="utf-8"))


def load(path: Path) -> Instrument:
    """Read one file of kind ``levels``; raise ``UnusableInstrument`` with all its defects."""
    stat = path.stat()
    return _load(path, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=32)
def _load(path: Path, _changed: int, _size: int) -> Instrument:
    file = _shaped(path, schema.InstrumentFile)
    found = proof.defects(file)
    if file.id != path.stem:
        found.append(f"id: is “{file.id}”, but the file is called {path.name}")
    if found:
        raise UnusableInstrument(path.name, found)
    return build(file)


def sentences(error: ValidationError, data: Plain) -> list[str]:
    """Return each defect of shape with its place, list entries named by their key or number."""
    return [f"{_place(entry['loc'], data)}: {entry['msg']}" for entry in error.errors()]


def _place(location: tuple[str | int, ...], data: Plain) -> str:
    parts, here = [], data
    for step in location:
        named = str(step)
        if isinstance(here, list) and isinstance(step, int) and step < len(here):
            below = here[step]
            if isinstance(below, dict):
                named = str(below.get("key") or below.get("number") or step + 1)
            here = below
        elif isinstance(here, dict) and str(step) in here:
            here = here[str(step)]
        parts.append(named)
    return ".".join(parts)


def build(file: schema.InstrumentFile) -> Instrument:
    """Turn a proved file into the room's types."""
    carries = file.carried_from
    return Instrument(
        id=file.id,
        title=file.title.text(),
        short=file.short.text(),
        legal=file.legal.text(),
        valid_from=file.valid_from,
        valid_to=file.valid_to,
        scale=Scale(file.scale.low, file.scale.high, file.scale.step),
        cumulative=file.cumulative,
        missing=file.missing,
        places=file.places,
        bands=bands_of(file.bands),
        rules=dict(file.predicate_of.years),
        rule=file.predicate_of.default,
        domains=tuple(_domain(one) for one in file.domains),
        levels={key: {n: name.text() for n, name in names.items()} for key, names in file.levels.items()},
        effort=dict(file.effort.to),
        effort_unit=file.effort.unit.text(),
        provenance=provenance_of(file.provenance),
        carried_from=carries.instrument if carries else None,
        carries=tuple(
            Carry(one.number, one.sources, one.note.text()) for one in (carries.map if carries else ())
        ),
        digest=_digest(file),
    )


def _digest(file: schema.InstrumentFile) -> str:
    told = json.dumps(file.model_dump(mode="json"), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest()


def _domain(file: schema.DomainFile) -> Domain:
    return Domain(
        file.key, file.name.text(), Fraction(file.weight), tuple(_aspect(one) for one in file.aspects)
    )


def _aspect(file: schema.AspectFile) -> Aspect:
    return Aspect(
        key=file.key,
        name=file.name.text(),
        weight=Fraction(file.weight),
        indicators=tuple(_indicator(file, one) for one in file.indicators),
        note=file.note.text() if file.note else None,
    )


def _indicator(aspect: schema.AspectFile, file: schema.IndicatorFile) -> Indicator:
    return Indicator(
        number=file.number,
        name=file.name.text(),
        weight=proof.shared_weight(aspect, file),
        capability=file.capability,
        criteria={level: words.text() for level, words in sorted(file.criteria.items())},
        rows=file.rows,
        external=_external(file.external) if file.external else None,
        evidence=tuple(
            Binding(one.measure, one.level, one.says.text(), one.at_least, one.at_most, one.over)
            for one in file.evidence
        ),
        named=file.named,
    )


def _external(file: schema.ExternalFile) -> External:
    steps = tuple(MapStep(one.level, one.up_to, one.inclusive) for one in file.steps)
    return External(file.name.text(), file.owner.text(), steps)
