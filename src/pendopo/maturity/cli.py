"""Verbs of ``./pendopo maturity``: the index from levels, instruments, advice, EGDI, SKM; no hall needed."""

import argparse
import json
import sys
from fractions import Fraction
from pathlib import Path

from pendopo.maturity import cli_advice, cli_assess, cli_published, cli_surveys, errors, index, library
from pendopo.maturity import levels as handed_in
from pendopo.maturity.cli_input import add_levels, guarded, read_text
from pendopo.maturity.index import Outcome, exact_text, half_up
from pendopo.maturity.instruments import Instrument

MARKS = "verified: read in the named text · derived · third-party · unverified: recalled · own: ours"


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verbs of this room."""
    room = commands.add_parser("maturity", help="maturity indices: SPBE, Pemdi, EGDI, SKM")
    verbs = room.add_subparsers(dest="verb", required=True)

    computed = verbs.add_parser("index", help="the index of given levels, exactly")
    add_levels(computed)
    computed.set_defaults(run=guarded(_index))

    listed = verbs.add_parser("instruments", help="list instruments, or tell one with its sources")
    listed.add_argument("id", nargs="?", help="id of an instrument, e.g. spbe-2020")
    listed.add_argument("--json", action="store_true", help="one JSON document")
    listed.set_defaults(run=guarded(_instruments))

    checked = verbs.add_parser("check", help="prove instrument files; all of them unless some are named")
    checked.add_argument("files", nargs="*", type=Path, help="files of definitions/instruments")
    checked.set_defaults(run=guarded(_check))
    cli_advice.register(verbs)
    cli_surveys.register(verbs)
    cli_assess.register(verbs)
    cli_published.register(verbs)


def _index(arguments: argparse.Namespace) -> int:
    instrument = library.instrument(arguments.instrument)
    given = handed_in.read(instrument, read_text(arguments.levels))
    outcome = index.compute(instrument, given, year=arguments.year)
    if arguments.json:
        print(json.dumps(as_json(instrument, outcome), ensure_ascii=False))
        return 0
    print(f"{instrument.title.en}: {outcome.index} ({exact_text(outcome.exact)} unrounded)")
    print(f"Predicate {outcome.predicate.name.id}, from the {outcome.rule.value} index")
    for domain in instrument.domains:
        print(f"  {domain.key:<4}{domain.name.id:<62}{outcome.domains[domain.key].value:>6}")
        for aspect in domain.aspects:
            print(f"    {aspect.key:<4}{aspect.name.id:<60}{outcome.aspects[aspect.key].value:>6}")
    absent = [one.number for one in instrument.indicators if one.number not in given]
    if absent:
        print(f"Missing external indices counted as {instrument.missing}: {', '.join(absent)}")
    if not instrument.verified:
        print("Not all of this instrument was read in the law: ./pendopo maturity instruments", instrument.id)
    return 0


def as_json(instrument: Instrument, outcome: Outcome) -> dict[str, object]:
    """Return an outcome as texts: figures for people rounded once, ``exact`` without loss."""
    return {
        "index": f"{outcome.index:f}",
        "exact": exact_text(outcome.exact),
        "predicate": outcome.predicate.name.id,
        "domains": {one.key: f"{outcome.domains[one.key].value:f}" for one in instrument.domains},
        "aspects": {one.key: f"{outcome.aspects[one.key].value:f}" for one in instrument.aspects},
        "contributions": [
            {
                "number": one.number,
                "level": exact_text(one.level, 0),
                "weight": exact_text(one.weight, 2),
                "points": exact_text(one.points),
                "share": f"{half_up(one.share, 6):f}",
                "possible": exact_text(one.possible),
            }
            for one in outcome.contributions
        ],
    }


def _instruments(arguments: argparse.Namespace) -> int:
    chosen = [library.instrument(arguments.id)] if arguments.id else list(library.instruments())
    if arguments.json:
        print(json.dumps([_told(one) for one in chosen], ensure_ascii=False))
        return 0
    for one in chosen:
        sure = "" if one.verified else "  (not verified)"
        print(f"{one.id:<14}{one.title.en}, {one.valid_from} to {one.valid_to or 'now'}{sure}")
    if arguments.id:
        for entry in chosen[0].provenance:
            print(f"  {entry.part:<12}{entry.mark:<13}{entry.source.en}")
        print(MARKS)
    else:
        others = ", ".join([*library.ids("egdi"), *library.ids("survey")])
        print(f"Not from levels: {others} (./pendopo maturity egdi, ./pendopo maturity skm)")
    return 0


def _told(one: Instrument) -> dict[str, object]:
    return {
        "id": one.id,
        "title": one.title.id,
        "legal": one.legal.id,
        "verified": one.verified,
        "valid_from": one.valid_from.isoformat(),
        "valid_to": one.valid_to.isoformat() if one.valid_to else None,
        "sha256": one.digest,
        "indicators": [
            {"number": each.number, "name": each.name.id, "weight": exact_text(Fraction(each.weight), 2)}
            for each in one.indicators
        ],
        "provenance": {entry.part: entry.mark.value for entry in one.provenance},
    }


def _check(arguments: argparse.Namespace) -> int:
    files: list[Path] = arguments.files or sorted(library.folder().glob("*.yaml"))
    bad = 0
    for path in files:
        try:
            library.check(path)
        except errors.UnusableInstrument as error:
            bad += 1
            print(
                "\n".join([f"pendopo: {path.name}", *(f"  {one}" for one in error.defects)]), file=sys.stderr
            )
        else:
            print(f"{path.name}: fits")
    return 1 if bad else 0
