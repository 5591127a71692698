"""``./pendopo check``: lint, types, contracts, templates, migrations, licences; each named and timed."""

import argparse
import json

from pendopo.entrypoints import checking


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb."""
    parser = commands.add_parser("check", help=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these (see --list)")
    parser.add_argument("--list", action="store_true", help="name the checks and leave")
    parser.add_argument("--json", action="store_true", help="one JSON line a check")
    parser.set_defaults(run=_check)


def _check(options: argparse.Namespace) -> int:
    with checking.workspace() as folder:
        wanted = [c for c in checking.checks(folder) if not options.names or c.name in options.names]
        if options.list:
            print("\n".join(check.name for check in wanted))
            return 0
        unknown = set(options.names) - {check.name for check in wanted}
        if unknown:
            print(f"no such check: {', '.join(sorted(unknown))}; ./pendopo check --list names them")
            return 2
        outcomes = [_tell(checking.run(check), as_json=options.json) for check in wanted]
    failed = [outcome.check.name for outcome in outcomes if not outcome.passed]
    if not options.json:
        total = sum(outcome.seconds for outcome in outcomes)
        verdict = f"failed: {', '.join(failed)}" if failed else "all well"
        print(f"{len(outcomes)} checks, {verdict}, {total:.1f} s")
    return 1 if failed else 0


def _tell(outcome: checking.Outcome, *, as_json: bool) -> checking.Outcome:
    if as_json:
        row = {"check": outcome.check.name, "passed": outcome.passed, "seconds": round(outcome.seconds, 2)}
        print(json.dumps(row), flush=True)
        return outcome
    verdict = "ok" if outcome.passed else "FAILED"
    print(f"  {outcome.check.name:<22}{verdict:<8}{outcome.seconds:>6.1f} s", flush=True)
    if not outcome.passed:
        print("\n".join(f"    {line}" for line in outcome.said.splitlines()[-40:]), flush=True)
    return outcome
