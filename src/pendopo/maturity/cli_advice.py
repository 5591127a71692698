"""``./pendopo maturity advise``: which indicators to raise for an effort, an aim, or year by year."""

import argparse
import json
from decimal import Decimal
from fractions import Fraction

from pendopo.maturity import advice, errors, library
from pendopo.maturity import levels as handed_in
from pendopo.maturity.advice import Plan, Situation
from pendopo.maturity.cli_input import add_levels, figure, guarded, pairs, read_text, whole
from pendopo.maturity.index import exact_text
from pendopo.maturity.instruments import Instrument


def register(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb."""
    advised = verbs.add_parser("advise", help="which indicators to raise: the best plan, proved")
    add_levels(advised)
    what = advised.add_mutually_exclusive_group(required=True)
    what.add_argument("--budget", type=int, help="the most index for this effort")
    what.add_argument("--reach", metavar="INDEX", help="the least effort for this index, e.g. 3.5")
    what.add_argument(
        "--predicate", metavar="KEY", help="the least effort for this predicate, e.g. sangat-baik"
    )
    what.add_argument("--years", nargs="+", metavar="YEAR=EFFORT", help="a plan for each year, e.g. 2027=20")
    what.add_argument("--aims", nargs="+", metavar="YEAR=INDEX", help="an index for each year, e.g. 2027=3.6")
    what.add_argument("--set", nargs="+", metavar="NUMBER=LEVEL", help="what if these levels were so")
    advised.add_argument(
        "--effort", metavar="FILE", help='JSON: {"12": {"3": 5}} is 5 for the step to level 3'
    )
    advised.add_argument("--keep", nargs="+", default=[], metavar="NUMBER", help="indicators that stay")
    advised.add_argument(
        "--ceiling", nargs="+", default=[], metavar="NUMBER=LEVEL", help="highest levels allowed"
    )
    advised.set_defaults(run=guarded(_advise))


def _advise(arguments: argparse.Namespace) -> int:
    instrument = library.instrument(arguments.instrument)
    given = handed_in.read(instrument, read_text(arguments.levels))
    situation = Situation(
        instrument,
        given,
        effort=_efforts(instrument, read_text(arguments.effort)) if arguments.effort else {},
        keep=frozenset(_known(instrument, number) for number in arguments.keep),
        ceilings=dict(_ceiling(instrument, *pair) for pair in pairs(arguments.ceiling)),
        year=arguments.year,
    )
    plans = _plans(situation, arguments)
    if arguments.json:
        told = {name: _told(plan) for name, plan in plans.items()}
        print(json.dumps(told.get("", told), ensure_ascii=False))
        return 0
    for name, plan in plans.items():
        _print(instrument, plan, name)
    return 0


def _plans(situation: Situation, arguments: argparse.Namespace) -> dict[str, Plan]:
    instrument = situation.instrument
    if arguments.years:
        budgets = {whole(year): whole(effort) for year, effort in pairs(arguments.years)}
        return {str(year): plan for year, plan in advice.by_year(situation, budgets).items()}
    if arguments.aims:
        aims = {whole(year): Fraction(figure(aim)) for year, aim in pairs(arguments.aims)}
        return {str(year): plan for year, plan in advice.aims_by_year(situation, aims).items()}
    if arguments.set:
        changed = {**handed_in.by_row(situation.levels), **dict(pairs(arguments.set))}
        return {"": advice.what_if(situation, handed_in.checked(instrument, changed))}
    if arguments.budget is not None:
        return {"": advice.most(situation, arguments.budget)}
    if arguments.predicate:
        aim = advice.aim_of(instrument, arguments.predicate, arguments.year)
        return {"": advice.reach(situation, aim)}
    return {"": advice.reach(situation, Fraction(figure(arguments.reach)))}


def _known(instrument: Instrument, number: str) -> str:
    if instrument.indicator(number) is None:
        numbers = handed_in.ranges(instrument, [one.number for one in instrument.indicators])
        raise errors.UnknownIndicator(number=number[:20], instrument=instrument.short.en, numbers=numbers)
    return number


def _ceiling(instrument: Instrument, number: str, level: str) -> tuple[str, Decimal]:
    scale, given = instrument.scale, figure(level)
    if not scale.low <= given <= scale.high:
        raise errors.LevelOutOfRange(
            number=_known(instrument, number),
            given=f"{given:f}",
            low=f"{scale.low:f}",
            high=f"{scale.high:f}",
        )
    return _known(instrument, number), given


def _efforts(instrument: Instrument, text: str) -> dict[str, dict[int, int]]:
    try:
        given = handed_in.from_json(text)
    except errors.BadLevels as error:
        # The same form and faults as a file of levels, but it is none: only the fault itself is told.
        raise error.problems[0] from error
    return {_known(instrument, number): _steps(instrument, number, steps) for number, steps in given.items()}


def _steps(instrument: Instrument, number: str, steps: object) -> dict[int, int]:
    told = handed_in.pairs(steps)
    if told is None:
        raise errors.NotAnEffortTable(number=number[:20])
    found = {whole(level): whole(str(effort)) for level, effort in told}
    for level in found:
        if level not in instrument.effort:
            low, high = min(instrument.effort), max(instrument.effort)
            raise errors.LevelOutOfRange(number=number[:20], given=level, low=low, high=high)
    return found


def _told(plan: Plan) -> dict[str, object]:
    return {
        "before": exact_text(plan.before.exact),
        "after": exact_text(plan.after.exact),
        "index": f"{plan.after.index:f}",
        "predicate": plan.after.predicate.name.id,
        "effort": plan.effort,
        "equal_plans": plan.equals,
        "raise": [
            {
                "number": one.number,
                "row": one.row,
                "from": f"{one.start:f}",
                "to": f"{one.to:f}",
                "effort": one.effort,
                "gain": exact_text(one.gain),
            }
            for one in plan.raises
        ],
        "exchangeable": [
            {"among": [_label(key) for key in one.among], "taken": [_label(key) for key in one.taken]}
            for one in plan.choices
        ],
    }


def _label(key: advice.RowKey) -> str:
    number, row = key
    return number if row == 1 else f"{number}-{row}"


def _print(instrument: Instrument, plan: Plan, name: str) -> None:
    head = f"{name}: " if name else ""
    print(
        f"{head}{plan.before.index} to {plan.after.index} ({plan.after.predicate.name.id}) "
        f"for {plan.effort} {instrument.effort_unit.en}"
    )
    for one in plan.raises:
        indicator = instrument.indicator(one.number)
        title = indicator.name.id if indicator else ""
        label = _label((one.number, one.row))
        gain = exact_text(one.gain)
        print(f"  {label:<6}{one.start:f} to {one.to:f}  effort {one.effort:<4} +{gain}  {title}")
    for choice in plan.choices:
        among = ", ".join(_label(key) for key in choice.among)
        print(f"  Exchangeable, the same effect for the same effort: {among}")
    if plan.equals > 1:
        print(f"  {plan.equals} plans are equally good; this one takes the first indicators.")
