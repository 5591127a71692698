"""Reads HTML into a flat list of elements: enough to ask what points where."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import override


@dataclass(slots=True)
class Element:
    """A start tag with its attributes and the text that stood inside it (children included)."""

    tag: str
    attributes: dict[str, str]
    text: str = ""


@dataclass(slots=True)
class Markup(HTMLParser):
    """``Markup.read(html).all("a")``."""

    elements: list[Element] = field(default_factory=list)
    open: list[Element] = field(default_factory=list)

    VOID = frozenset({"input", "br", "hr", "img", "meta", "link", "path", "rect", "circle"})

    @classmethod
    def read(cls, html: str) -> "Markup":
        page = cls()
        HTMLParser.__init__(page)
        page.feed(html)
        return page

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"{tag} repeats an attribute: {names}"
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.elements.append(element)
        if tag not in self.VOID:
            self.open.append(element)

    @override
    def handle_endtag(self, tag: str) -> None:
        if tag in self.VOID:
            return
        assert self.open, f"</{tag}> closes nothing"
        assert self.open[-1].tag == tag, f"</{tag}> closes <{self.open[-1].tag}>"
        self.open.pop()

    @override
    def handle_data(self, data: str) -> None:
        for element in self.open:
            element.text += data

    def all(self, tag: str, **attributes: str) -> list[Element]:
        wanted = {name.replace("_", "-").rstrip("-"): value for name, value in attributes.items()}
        return [
            element
            for element in self.elements
            if element.tag == tag
            and all(element.attributes.get(name) == value for name, value in wanted.items())
        ]

    def one(self, tag: str, **attributes: str) -> Element:
        found = self.all(tag, **attributes)
        assert len(found) == 1, f"{len(found)} × <{tag} {attributes}>"
        return found[0]

    def ids(self) -> list[str]:
        return [element.attributes["id"] for element in self.elements if "id" in element.attributes]

    def broken_references(self) -> list[str]:
        """Return what points to an id that is not on the page."""
        known = set(self.ids())
        pointers = [
            reference
            for element in self.elements
            for name in ("for", "aria-describedby", "aria-labelledby")
            for reference in element.attributes.get(name, "").split()
        ]
        pointers += [
            element.attributes["href"][1:]
            for element in self.elements
            if element.tag == "a" and element.attributes.get("href", "").startswith("#")
        ]
        return [pointer for pointer in pointers if pointer not in known]
