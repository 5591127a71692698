"""The gallery of components: every macro of ``ui/components.html`` in its states, with its call.

An example is a piece of template in ``templates/ui/gallery/<group>.html`` below a line
``{#@ macro: state #}``; it is shown as it is written, and rendered as a page would render it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from django.template import engines
from jinja2 import nodes
from markupsafe import Markup

TEMPLATES = Path(__file__).with_name("templates") / "ui"
GROUPS = ("forms", "telling", "records", "paper", "desk")
HEAD = re.compile(r"^\{#@ (?P<macro>[a-z_]+): (?P<state>[a-z]+) #\}$", re.MULTILINE)
IMPORT = '{% import "ui/components.html" as ui with context %}'


@dataclass(frozen=True, slots=True)
class Example:
    """One macro in one state: the source as it is written in a page."""

    macro: str
    state: str
    source: str
    place: int


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a macro; ``default`` is its source, None when it must be given."""

    name: str
    default: str | None


def _environment() -> jinja2.Environment:
    found: jinja2.Environment = engines["jinja2"].env  # type: ignore[attr-defined]  # Jinja's own environment
    return found


@cache
def examples(group: str) -> tuple[Example, ...]:
    """Return the examples of a group in their order."""
    text = (TEMPLATES / "gallery" / f"{group}.html").read_text(encoding="utf-8")
    heads = list(HEAD.finditer(text))
    ends = [*(head.start() for head in heads[1:]), len(text)]
    return tuple(
        Example(head["macro"], head["state"], text[head.end() : end].strip(), place)
        for place, (head, end) in enumerate(zip(heads, ends, strict=True))
    )


@cache
def macros() -> dict[str, tuple[Parameter, ...]]:
    """Return every public macro of the components with its parameters, read from the file itself."""
    source = (TEMPLATES / "components.html").read_text(encoding="utf-8")
    parsed = _environment().parse(source)
    return {
        macro.name: _parameters(macro)
        for macro in parsed.find_all(nodes.Macro)
        if not macro.name.startswith("_")
    }


def _parameters(macro: nodes.Macro) -> tuple[Parameter, ...]:
    names = [argument.name for argument in macro.args]
    required = len(names) - len(macro.defaults)
    defaults = [None] * required + [_written(default) for default in macro.defaults]
    return tuple(Parameter(name, default) for name, default in zip(names, defaults, strict=True))


def _written(default: nodes.Expr) -> str:
    value = default.as_const()
    return "none" if value is None else f'"{value}"' if isinstance(value, str) else str(value).lower()


@cache
def _compiled(source: str) -> jinja2.Template:
    return _environment().from_string(IMPORT + source)


def rendered(example: Example, names: Mapping[str, Any]) -> Markup:
    """Render an example. Several stand on one page: none takes the focus, and each pattern has its own id."""
    html = _compiled(example.source).render(names)
    html = html.replace(" autofocus", "")
    html = re.sub(r"\b(kawung-[a-z]+|error-summary)\b", rf"\1-{example.place}", html)
    return Markup(html)  # noqa: S704  # made by our own templates, which escape
