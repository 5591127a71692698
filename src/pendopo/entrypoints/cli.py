"""``./pendopo …``: the front door's own verbs, and each room's (``<room>/cli.py``) inside its deployment.

A room's verb runs with Django set up: in the environment that is there (an operator's deployment), or else
in that of this checkout's demonstration, whose database server is started for the time of the verb.
"""

import argparse
import ast
import importlib
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg

from pendopo.entrypoints import deployments, servers
from pendopo.entrypoints.errors import FrontDoorError
from pendopo.entrypoints.places import place
from pendopo.entrypoints.secret_files import key_file
from pendopo.foundation.settings import SettingsError
from pendopo.kernel.errors import PendopoError

ROOMS = Path(__file__).parents[1]
FRONT_VERBS = (
    "up",
    "dev",
    "test",
    "check",
    "assets",
    "docs",
    "bench",
    "init",
    "serve",
    "migrate",
    "db",
    "demo-seal",
    "demo-code",
    "drill",
    "sbom",
    "audit",
)
POPULATION_ROOMS = frozenset({"registers"})
ALIASES = {"service": "catalogue"}
INTERRUPTED = 130
CUT_SHORT = 141
HELP = frozenset({"-h", "--help"})
WITHOUT_A_HALL = {
    "maturity": frozenset({"index", "instruments", "check", "advise", "egdi", "skm"}),
}
"""Verbs that only compute: they need neither a database nor anything set up."""
SERVING = frozenset({"up", "dev", "serve"})

type Run = Callable[[argparse.Namespace], int]


class UsageError(FrontDoorError):
    """The command cannot be carried out as asked; the message says what to do instead."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 only for success."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    words[:1] = [ALIASES.get(word, word) for word in words[:1]]
    if not words or words[0] in {"-h", "--help", "help"}:
        sys.stdout.write(overview())
        return 0
    try:
        return _run(words)
    except (KeyboardInterrupt, BrokenPipeError) as error:
        return _left_off(error)
    except (FrontDoorError, SettingsError) as error:
        sys.stderr.write(f"pendopo: {error}\n")
        return 2
    except PendopoError as error:
        sys.stderr.write(f"pendopo: {_sentence(error)}\n")
        return 1
    except Exception as error:
        told = None if words[0] in SERVING else _cause(error)  # of a server the log needs the whole story
        if told is None:
            raise
        sys.stderr.write(f"pendopo: {told}\n")
        return 2


def _left_off(error: KeyboardInterrupt | BrokenPipeError) -> int:
    """Return the exit code of a verb that was ended from outside, as shells know it."""
    if isinstance(error, KeyboardInterrupt):
        return INTERRUPTED
    # Whoever read has enough, such as `head`; what is still in the buffer must not complain on the way out.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return CUT_SHORT


def _cause(error: Exception) -> str | None:
    """Return a sentence for what whoever typed the command got wrong; none when it is our own failure."""
    mistyped = (FileNotFoundError, PermissionError, IsADirectoryError, NotADirectoryError)
    if isinstance(error, mistyped) and error.filename is not None:
        return f"{error.filename}: {error.strerror}"
    if _is_unreachable_database(error):
        reason = str(error).partition("\n")[0]
        return f"the database of PENDOPO_DATABASE_URL cannot be used: {reason}"
    return None


def _is_unreachable_database(error: Exception) -> bool:
    """Tell whether no connection came about; what a server said about a statement has an SQLSTATE."""
    cause = error.__cause__ or error
    return isinstance(cause, psycopg.OperationalError) and cause.sqlstate is None


def _sentence(error: PendopoError) -> str:
    """Return a room's error in words, with the code for those who look it up. The command line is English."""
    from pendopo.foundation.text import t  # noqa: PLC0415  # reads all texts, which few commands need

    return f"{t(error.text_key, 'en', **error.params)} [{error.code}]"


def overview() -> str:
    """Return the page that ``--help`` prints: the front door's verbs, then one line a room."""
    text = (Path(__file__).parent / "overview.txt").read_text(encoding="utf-8")
    rooms = "".join(f"  ./pendopo {room:<20}{summary}\n" for room, summary in room_summaries())
    return f"{text}\nRooms (each tells more with --help; most answer as JSON with --json)\n{rooms}"


def room_summaries() -> Iterator[tuple[str, str]]:
    """Yield each room that has verbs with the first line of its ``cli.py``, without importing it."""
    for file in sorted(ROOMS.glob("*/cli.py")):
        if file.parent.name != "entrypoints":
            docstring = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
            first = docstring.partition("\n")[0]
            yield file.parent.name, first.partition(": ")[2] or first


def _run(words: list[str]) -> int:
    if words[0] in FRONT_VERBS:
        module = importlib.import_module(f"pendopo.entrypoints.verbs.{words[0].replace('-', '_')}")
        return _parse(module, words)
    if not (ROOMS / words[0] / "cli.py").is_file() or words[0] == "entrypoints":
        message = f"there is no verb “{words[0]}”; ./pendopo --help lists them"
        raise UsageError(message)
    if words[:2] == ["keys", "recover"] and "DJANGO_SETTINGS_MODULE" not in os.environ:
        return _parse(importlib.import_module("pendopo.entrypoints.verbs.recover"), words)
    if HELP & set(words) or WITHOUT_A_HALL.get(words[0], frozenset()) & set(words[1:2]):
        with words_only():
            return _parse(importlib.import_module(f"pendopo.{words[0]}.cli"), words)
    with deployment_environment(words[0]):
        return _parse(importlib.import_module(f"pendopo.{words[0]}.cli"), words)


def _parse(module: object, words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./pendopo", description="See ./pendopo --help for all verbs.")
    commands = parser.add_subparsers(required=True, metavar="VERB")
    register = module.register  # type: ignore[attr-defined]  # every verb module and every room's cli has one
    register(commands)
    verb = commands.choices[words[0]]
    verb.description = verb.description or (module.__doc__ or "").replace("``", "")
    options, rest = parser.parse_known_args(words)
    if rest and not getattr(options, "takes_rest", False):
        verb.error(f"unrecognised: {' '.join(rest)}")
    options.rest = rest
    run: Run = options.run
    return run(options)


@contextmanager
def words_only() -> Iterator[None]:
    """Set up Django for help and for what only computes, in the environment that is there or in one of air.

    No database is asked and nothing is kept, so a room explains itself before anything is set up.
    """
    with TemporaryDirectory(prefix="pendopo-help-") as folder:
        if "PENDOPO_STATE_DIR" not in os.environ:
            key = key_file(Path(folder) / "root.key")
            os.environ |= {
                "PENDOPO_PROFILE": "all",
                "PENDOPO_STATE_DIR": folder,
                "PENDOPO_ROOT_KEY_FILE": str(key),
                "PENDOPO_DATABASE_URL": "postgresql://nobody@127.0.0.1:9/nothing",
                "PENDOPO_BASE_URL": "http://localhost",
            }
        os.environ["PENDOPO_DATABASE_POOL"] = "0"
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pendopo.entrypoints.settings")
        import django  # noqa: PLC0415  # only verbs of rooms need it, and only now is its environment there

        django.setup()
        yield


@contextmanager
def deployment_environment(room: str, *, pooled: bool = False) -> Iterator[None]:
    """Set up Django for a room's deployment; an embedded database server runs inside the block.

    A verb uses one connection for a moment, so unless ``pooled`` it gets no pool of them.
    """
    with ExitStack() as stack:
        if "PENDOPO_STATE_DIR" not in os.environ:
            here = place()
            name: deployments.Name = "population" if room in POPULATION_ROOMS else "hall"
            saved = deployments.saved_settings(here.state, name)
            if saved is None:
                message = (
                    "nothing is set up here yet: begin with ./pendopo up (demonstration) or ./pendopo init"
                )
                raise UsageError(message)
            if servers.is_embedded(here):
                stack.enter_context(servers.running_server(here))
            os.environ.update(saved)
        if not pooled:
            os.environ["PENDOPO_DATABASE_POOL"] = "0"
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pendopo.entrypoints.settings")
        import django  # noqa: PLC0415  # only verbs of rooms need it, and only now is its environment there

        django.setup()
        yield


if __name__ == "__main__":
    raise SystemExit(main())
