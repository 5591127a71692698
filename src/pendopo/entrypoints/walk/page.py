"""A page as a person's browser would see it: elements, links, forms and what they would send.

Reads HTML with the standard library; no script runs. Good for pages that are well nested, which ours must be.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import override
from urllib.parse import urljoin

VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
BLOCKS = frozenset(
    {"p", "div", "li", "h1", "h2", "h3", "dt", "dd", "tr", "br", "section", "form", "label", "legend"}
)
UNREAD = frozenset({"script", "style", "template"})


@dataclass(slots=True)
class Element:
    """One element; ``content`` holds texts and elements in their order."""

    tag: str
    attributes: dict[str, str]
    content: "list[Element | str]" = field(default_factory=list)

    def get(self, name: str, default: str = "") -> str:
        """Return an attribute."""
        return self.attributes.get(name, default)

    @property
    def classes(self) -> frozenset[str]:
        """The element's classes."""
        return frozenset(self.get("class").split())

    @property
    def text(self) -> str:
        """The text that a reader would hear, with spaces collapsed."""
        return " ".join("".join(self.pieces()).split())

    def all(self, tag: str = "", where: "Callable[[Element], bool] | None" = None) -> "Iterator[Element]":
        """Yield descendants with this tag (any when empty) that satisfy a condition, in document order."""
        for child in self.content:
            if isinstance(child, Element):
                if (not tag or child.tag == tag) and (where is None or where(child)):
                    yield child
                yield from child.all(tag, where)

    def first(self, tag: str = "", where: "Callable[[Element], bool] | None" = None) -> "Element | None":
        """Return the first such descendant."""
        return next(self.all(tag, where), None)

    def pieces(self) -> Iterator[str]:
        """Yield the texts in it, with a space at the edges of blocks; hidden parts are left out."""
        for child in self.content:
            if isinstance(child, str):
                yield child
            elif child.tag not in UNREAD and "hidden" not in child.attributes:
                edge = " " if child.tag in BLOCKS else ""
                yield edge
                yield from child.pieces()
                yield edge


@dataclass(frozen=True, slots=True)
class Form:
    """A form with the values that it would send now; ``fill`` gives another one with changes."""

    element: Element
    action: str
    method: str
    is_multipart: bool
    values: dict[str, list[str]]

    @property
    def controls(self) -> list[Element]:
        """Inputs, selects, text areas and buttons."""
        return [e for e in self.element.all() if e.tag in {"input", "select", "textarea", "button"}]

    def names(self, kind: str = "") -> list[str]:
        """Names of the fields, of one input type when given, each once and without the token."""
        found = [e.get("name") for e in self.controls if not kind or e.get("type") == kind]
        return [name for name in dict.fromkeys(found) if name and name != "csrfmiddlewaretoken"]

    def options(self, name: str) -> list[tuple[str, str]]:
        """Return (value, what is written beside it) of radios, check boxes or a select."""
        found = []
        for control in self.controls:
            if control.get("name") == name and control.tag == "select":
                found += [(option.get("value", option.text), option.text) for option in control.all("option")]
            elif control.get("name") == name and control.get("type") in {"radio", "checkbox"}:
                found.append((control.get("value", "on"), self._label(control)))
        return found

    def fill(self, **values: str | list[str]) -> "Form":
        """Return the form with these fields set."""
        return self.with_values(values)

    def with_values(self, values: Mapping[str, str | list[str]]) -> "Form":
        """Return the form with these fields set, whatever their names."""
        filled = {name: [value] if isinstance(value, str) else value for name, value in values.items()}
        return Form(self.element, self.action, self.method, self.is_multipart, self.values | filled)

    def press(self, name: str, value: str) -> "Form":
        """Return the form as sent by this button."""
        return Form(self.element, self.action, self.method, self.is_multipart, {**self.values, name: [value]})

    def _label(self, control: Element) -> str:
        label = self.element.first("label", lambda e: e.get("for") == control.get("id"))
        return label.text if label else ""


@dataclass(frozen=True, slots=True)
class Page:
    """An HTML page that was fetched from ``url``."""

    url: str
    status: int
    root: Element

    @property
    def title(self) -> str:
        """The text of the page's first heading, or its title."""
        heading = self.root.first("h1") or self.root.first("title")
        return heading.text if heading else ""

    @property
    def text(self) -> str:
        """All text of the body."""
        body = self.root.first("body")
        return (body or self.root).text

    @property
    def errors(self) -> list[str]:
        """Sentences of the error summary."""
        summary = self.root.first("", lambda e: any("error-summary" in name for name in e.classes))
        return [link.text for link in summary.all("a")] if summary else []

    def links(self, containing: str = "") -> list[tuple[str, str]]:
        """Return (absolute address, text) of links whose address contains this."""
        return [
            (urljoin(self.url, link.get("href")), link.text)
            for link in self.root.all("a", lambda e: containing in e.get("href") and bool(e.get("href")))
        ]

    def link_named(self, *words: str) -> str | None:
        """Return the address of the first link whose text contains one of these words, in any case."""
        for address, text in self.links():
            if any(word.casefold() in text.casefold() for word in words):
                return address
        return None

    def forms(self) -> list[Form]:
        """Return the page's forms."""
        return [self._form(element) for element in self.root.all("form")]

    def form_with(self, *names: str) -> Form | None:
        """Return the first form that has all these fields."""
        for form in self.forms():
            if set(names) <= {control.get("name") for control in form.controls}:
                return form
        return None

    def data(self, name: str) -> str | None:
        """Return the first ``data-<name>`` on the page."""
        found = self.root.first("", lambda e: f"data-{name}" in e.attributes)
        return found.get(f"data-{name}") if found else None

    def _form(self, element: Element) -> Form:
        return Form(
            element,
            action=urljoin(self.url, element.get("action") or self.url),
            method=element.get("method", "get").lower(),
            is_multipart="multipart" in element.get("enctype"),
            values=_values(element),
        )


def parse(url: str, status: int, html: str) -> Page:
    """Read a page."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return Page(url, status, reader.root)


def _values(form: Element) -> dict[str, list[str]]:
    """What a browser would send if nothing were touched and no button pressed."""
    values: dict[str, list[str]] = {}
    for control in form.all():
        name = control.get("name")
        if name and "disabled" not in control.attributes:
            for value in _value(control):
                values.setdefault(name, []).append(value)
    return values


def _value(control: Element) -> list[str]:
    kind = control.get("type", "text")
    if control.tag == "textarea":
        return ["".join(piece for piece in control.content if isinstance(piece, str)).lstrip("\n")]
    if control.tag == "select":
        options = list(control.all("option"))
        chosen = [option for option in options if "selected" in option.attributes] or options[:1]
        return [option.get("value", option.text) for option in chosen]
    if control.tag != "input" or kind in {"submit", "button", "image", "file", "reset"}:
        return []
    if kind in {"radio", "checkbox"}:
        return [control.get("value", "on")] if "checked" in control.attributes else []
    return [control.get("value")]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("", {})
        self.open = [self.root]

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].content.append(element)
        if tag not in VOID:
            self.open.append(element)

    @override
    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].content.append(Element(tag, {name: value or "" for name, value in attrs}))

    @override
    def handle_endtag(self, tag: str) -> None:
        for index in range(len(self.open) - 1, 0, -1):
            if self.open[index].tag == tag:
                del self.open[index:]
                return

    @override
    def handle_data(self, data: str) -> None:
        self.open[-1].content.append(data)
