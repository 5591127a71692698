"""``./pendopo maturity egdi`` and ``skm``: what is computed from components and from answers."""

import argparse
import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from pendopo.maturity import egdi, errors, library, skm, tables
from pendopo.maturity.cli_input import figure, guarded, pairs, read_text
from pendopo.maturity.egdi import COMPONENTS, Country, Edition, Method, Standing, WhatIf
from pendopo.maturity.index import exact_text, half_up

BUNDLED = 2022
TABLE = Path(__file__).parent / "data" / "egdi-2022.csv"


def register(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verbs."""
    world = verbs.add_parser(
        "egdi", help="the UN's EGDI: a value, a table with ranks, a what-if, a component"
    )
    world.add_argument("--edition", type=int, default=BUNDLED, help="year of the survey, default 2022")
    world.add_argument("--table", help="CSV of country, osi, tii, hci; default: the UN's of 2022")
    world.add_argument("--country", help="one country, in English; with a component: what if it were so")
    for name in COMPONENTS:
        world.add_argument(f"--{name}", metavar="0..1", help=f"{name.upper()} of the value or the what-if")
    world.add_argument("--raw", help="CSV of country and raw indicators: one component of all countries")
    world.add_argument("--component", choices=COMPONENTS, help="which component --raw is, for a what-if")
    world.add_argument(
        "--set", nargs="+", default=[], metavar="INDICATOR=FIGURE", help="raw indicators of --country"
    )
    world.add_argument("--json", action="store_true", help="one JSON document")
    world.set_defaults(run=guarded(_egdi))

    people = verbs.add_parser("skm", help="the satisfaction index of a survey's answers")
    people.add_argument(
        "--answers", required=True, help="CSV with a column for each element; - is standard input"
    )
    people.add_argument("--survey", default="skm-2017", help="id of the survey, default skm-2017")
    people.add_argument("--weight", help="ninth (1/9), two-places (0.11) or three-places (0.111)")
    people.add_argument("--users", type=int, help="how many people used the service")
    people.add_argument("--json", action="store_true", help="one JSON document")
    people.set_defaults(run=guarded(_skm))


def _egdi(arguments: argparse.Namespace) -> int:
    method = library.method()
    if arguments.set and not (arguments.raw and arguments.component and arguments.country):
        raise errors.GoesWith(given="--set", needed="--raw, --component, --country")
    if arguments.raw and not (arguments.country and arguments.component):
        return _component(method, tables.raw(read_text(arguments.raw)), as_json=arguments.json)
    edition = method.edition(arguments.edition)
    given = {name: figure(getattr(arguments, name)) for name in COMPONENTS if getattr(arguments, name)}
    if given and not arguments.country:
        return _value(method, edition, given, as_json=arguments.json)
    if arguments.table is None and arguments.edition != BUNDLED:
        raise errors.NoTable(year=arguments.edition, bundled=BUNDLED)
    countries = tables.countries(
        read_text(arguments.table) if arguments.table else TABLE.read_text(encoding="utf-8")
    )
    if arguments.country and arguments.raw:
        changes = {name.lower(): figure(value) for name, value in pairs(arguments.set)}
        raw = tables.raw(read_text(arguments.raw))
        found = egdi.what_if_raw(
            method,
            edition,
            countries,
            name=arguments.country,
            stretched=arguments.component,
            raw=raw,
            changes=changes,
        )
        return _what_if(found, as_json=arguments.json)
    if arguments.country:
        found = egdi.what_if(method, edition, countries, arguments.country, given)
        return _what_if(found, as_json=arguments.json)
    standings = egdi.ranked(method, edition, countries)
    if arguments.json:
        print(json.dumps([_standing(one) for one in standings], ensure_ascii=False))
        return 0
    for one in standings:
        print(f"{one.rank:>4}  {one.country.name:<56}{one.value}  {one.band.name.en}")
    return 0


def _value(method: Method, edition: Edition, given: dict[str, Decimal], *, as_json: bool) -> int:
    missing = [name.upper() for name in COMPONENTS if name not in given]
    if missing:
        raise errors.ComponentMissing(missing=", ".join(missing))
    exact = egdi.value(edition, Country("", given["osi"], given["tii"], given["hci"]))
    value, band = half_up(exact, method.places), method.band(exact)
    told = {
        "edition": edition.year,
        "egdi": f"{value:f}",
        "exact": exact_text(exact),
        "band": band.key,
    }
    print(json.dumps(told) if as_json else f"EGDI {edition.year}: {value} ({band.name.en})")
    return 0


def _what_if(found: WhatIf, *, as_json: bool) -> int:
    if as_json:
        told = {
            "before": _standing(found.before),
            "after": _standing(found.after),
            "passed": list(found.passed),
            "passed_by": list(found.passed_by),
            "of": found.of,
        }
        print(json.dumps(told, ensure_ascii=False))
        return 0
    changed = found.before.exact != found.after.exact
    for label, one in (("now", found.before), ("then", found.after))[: 2 if changed else 1]:
        parts = ", ".join(f"{name.upper()} {_printed(one.country, name)}" for name in COMPONENTS)
        place = f"rank {one.rank} of {found.of}, {one.band.name.en} ({parts})"
        print(f"{one.country.name}, {label}: {one.value}, {place}")
    if found.passed:
        print(f"  passes {', '.join(found.passed)}")
    if found.passed_by:
        print(f"  is passed by {', '.join(found.passed_by)}")
    return 0


def _standing(one: Standing) -> dict[str, object]:
    here = one.country
    return {
        "country": here.name,
        "rank": one.rank,
        "egdi": f"{one.value:f}",
        "exact": exact_text(one.exact),
        "band": one.band.key,
        **{name: _printed(here, name) for name in COMPONENTS},
    }


def _printed(country: Country, name: str) -> str:
    """Write a component with at most as many places as the UN's table has."""
    return f"{half_up(Fraction(country.component(name)), 5):f}"


def _component(method: Method, raw: dict[str, dict[str, Decimal]], *, as_json: bool) -> int:
    found = {
        country: half_up(Fraction(value), method.places)
        for country, value in egdi.component(method, raw).items()
    }
    if as_json:
        print(json.dumps({country: f"{value:f}" for country, value in found.items()}, ensure_ascii=False))
        return 0
    for country, value in sorted(found.items(), key=lambda one: (-one[1], one[0])):
        print(f"{value}  {country}")
    return 0


def _skm(arguments: argparse.Namespace) -> int:
    survey = library.survey(arguments.survey)
    answers = tables.answers(survey, read_text(arguments.answers))
    found = skm.compute(survey, answers.complete, weight=arguments.weight, population=arguments.users)
    if arguments.json:
        told = {
            "answers": found.answers,
            "incomplete": answers.incomplete,
            "needed": found.needed,
            "weight": found.weight,
            "index": f"{found.index:f}",
            "exact": exact_text(found.exact),
            "converted": f"{found.converted:f}",
            "grade": found.grade.key,
            "interval": [f"{found.low:f}", f"{found.high:f}"],
            "confidence": exact_text(survey.sample.confidence, 2),
            "elements": {
                one.element.key: {
                    "mean": f"{one.mean:f}",
                    "converted": f"{one.converted:f}",
                    "grade": one.grade.key,
                }
                for one in found.elements
            },
        }
        print(json.dumps(told, ensure_ascii=False))
        return 0
    print(f"SKM {found.index}, converted {found.converted}: {found.grade.key} ({found.grade.name.id})")
    confidence = half_up(survey.sample.confidence * 100, 0)
    print(
        f"  {found.answers} complete answers, {answers.incomplete} incomplete left out, {found.needed} needed"
    )
    print(f"  with {confidence} % confidence between {found.low} and {found.high}")
    for one in found.elements:
        print(f"  {one.element.key}  {one.mean}  {one.converted:>6}  {one.grade.key}  {one.element.name.id}")
    return 0
