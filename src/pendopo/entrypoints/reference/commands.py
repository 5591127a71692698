"""Every verb and option of ``./pendopo``, read from the parsers themselves."""

import argparse
import importlib
from collections.abc import Iterator
from types import ModuleType

from pendopo.entrypoints import cli
from pendopo.entrypoints.reference.rooms import TOLD_BY_CODE, table

HEAD = f"""# Commands

{TOLD_BY_CODE}
`--help` at any point prints the same. Exit code 0 means success, 1 that a room refused, 2 that the command
could not be carried out as asked, 130 that it was interrupted. `service` is another word for `catalogue`.
"""


def page() -> str:
    """Return the page: the front door's verbs in the order of ``--help``, then each room's."""
    rooms = [importlib.import_module(f"pendopo.{name}.cli") for name, _ in cli.room_summaries()]
    front = [
        importlib.import_module(f"pendopo.entrypoints.verbs.{name.replace('-', '_')}")
        for name in cli.FRONT_VERBS
    ]
    sections = [HEAD, "## Front door\n", *map(_module, front), "## Rooms\n", *map(_module, rooms)]
    return "\n".join(sections)


def _module(module: ModuleType) -> str:
    """Return the section of what one module registers: its verbs, then theirs."""
    parser = argparse.ArgumentParser(prog="./pendopo")
    module.register(parser.add_subparsers(metavar="VERB"))
    return "\n".join(_section(words, said, one) for words, said, one in _verbs(parser))


def _verbs(
    parser: argparse.ArgumentParser, before: str = ""
) -> Iterator[tuple[str, str, argparse.ArgumentParser]]:
    """Yield words, help and parser of each verb below, parents first."""
    for action in parser._actions:  # noqa: SLF001  # argparse has no public list of what was added
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001  # nor a public name of this class
            said = {entry.dest: entry.help or "" for entry in action._choices_actions}  # noqa: SLF001  # same
            for name, one in action.choices.items():
                words = f"{before} {name}".strip()
                yield words, said.get(name, ""), one
                yield from _verbs(one, words)


def _section(words: str, said: str, parser: argparse.ArgumentParser) -> str:
    head = f"{'###' if ' ' not in words else '####'} {words}\n"
    sentence = (said.partition(": ")[2] if said.startswith("``") else said).strip()
    told = f"\n{sentence[:1].upper()}{sentence[1:].rstrip('.')}.\n" if sentence else ""
    rows = [_row(action) for action in parser._actions if _is_told(action)]  # noqa: SLF001  # as above
    return head + told + (f"\n{table(('word', 'meaning'), rows)}" if rows else "")


def _is_told(action: argparse.Action) -> bool:
    """Leave out ``--help`` and the place where the next verb stands, which get their own sections."""
    return not isinstance(action, argparse._HelpAction | argparse._SubParsersAction)  # noqa: SLF001  # as above


def _row(action: argparse.Action) -> tuple[str, str]:
    said = (action.help or "") % {**vars(action), "prog": "./pendopo"}
    notes = []
    if action.choices:
        notes.append("one of " + ", ".join(f"`{choice}`" for choice in action.choices))
    if action.option_strings and action.required:
        notes.append("required")
    if _has_default(action) and "default" not in said:
        notes.append(f"default `{action.default}`")
    return f"`{_form(action)}`", "; ".join(filter(None, [said, *notes]))


def _has_default(action: argparse.Action) -> bool:
    return action.nargs != 0 and action.default not in (None, [], argparse.SUPPRESS)


def _form(action: argparse.Action) -> str:
    """Return how the word is typed."""
    value = action.metavar if isinstance(action.metavar, str) else action.dest.upper()
    if not action.option_strings:
        return f"[{value} ...]" if action.nargs == "*" else f"{value} ..." if action.nargs == "+" else value
    name = ", ".join(action.option_strings)
    return name if action.nargs == 0 else f"{name} {value}"
