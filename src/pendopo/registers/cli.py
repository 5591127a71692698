"""Verbs of ``./pendopo registers``: seed the demonstration's population office, name people and regions."""

import argparse
import dataclasses
import json

from pendopo.foundation.text import t
from pendopo.registers import regions
from pendopo.registers.actions.seed import seed
from pendopo.registers.demo import demo_cast
from pendopo.registers.synthetic.make import DEFAULT_PEOPLE, DEFAULT_SEED


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the room's verbs."""
    room = commands.add_parser("registers", help="the population register: regions, fiction for the demo")
    verbs = room.add_subparsers(dest="verb", required=True)
    seeding = verbs.add_parser("seed", help="load regions and fictitious people (refused in production)")
    seeding.add_argument("--people", type=int, default=DEFAULT_PEOPLE)
    seeding.add_argument("--seed", type=int, default=DEFAULT_SEED, help="the same seed makes the same people")
    seeding.add_argument("--json", action="store_true")
    seeding.set_defaults(run=_seed)
    cast = verbs.add_parser("demo-cast", help="print the people of the demonstration")
    cast.add_argument("--json", action="store_true")
    cast.set_defaults(run=_cast)
    area = verbs.add_parser("regions", help="load provinces, regencies, districts and villages")
    area.add_argument("--json", action="store_true")
    area.set_defaults(run=_regions)


def _seed(arguments: argparse.Namespace) -> int:
    done = seed(seed=arguments.seed, people=arguments.people)
    if arguments.json:
        print(json.dumps(dataclasses.asdict(done)))
    else:
        key = "registers.seed.done" if done.fresh else "registers.seed.already"
        values = {"people": done.people, "families": done.families, "seconds": f"{done.seconds:.1f}"}
        print(t(key, "en", **values))
    return 0


def _cast(arguments: argparse.Namespace) -> int:
    cast = dataclasses.asdict(demo_cast())
    if arguments.json:
        print(json.dumps(cast, ensure_ascii=False))
        return 0
    people = {**cast["officers"], "midwife": cast["midwife"], "single_mother": cast["single_mother"]}
    for part, person in [*people.items(), *((f"mother {n}", m) for n, m in enumerate(cast["mothers"], 1))]:
        print(f"{part:22} {person['nik']}  {person['name']}")
    return 0


def _regions(arguments: argparse.Namespace) -> int:
    count = regions.load_regions()
    print(json.dumps({"regions": count}) if arguments.json else t("registers.seed.regions", "en", n=count))
    return 0
